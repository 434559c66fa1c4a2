"""What was recorded through an activity, second by second."""

import difflib
from typing import Annotated, Final

from fastapi import APIRouter, Query, Response
from pydantic_core import to_json

from training_analyzer.api.answers.samples import UNITS, SampledRecording, SamplesAnswer
from training_analyzer.api.dependencies import MayRead
from training_analyzer.api.openapi import problems
from training_analyzer.api.paths import ActivityId
from training_analyzer.api.problems import Kind, invalid
from training_analyzer.domain.activity import Activity, Channel, Samples
from training_analyzer.domain.errors import NotPossible
from training_analyzer.processing import sampling
from training_analyzer.processing.sessions import kept_of, recording_of
from training_analyzer.storage.recordings import Recording

MOST_POINTS: Final = 100_000
"""In one answer: 27 hours at one a second."""
COARSEST_S: Final = 3600

router = APIRouter(
    prefix="/activities/{activity_id}", tags=["activities"], responses=problems(Kind.UNAUTHENTICATED)
)


@router.get("/samples", response_model=SamplesAnswer, responses=problems(Kind.NOT_FOUND, Kind.NOT_POSSIBLE))
def read_samples(
    *,
    session: MayRead,
    activity_id: ActivityId,
    channels: Annotated[
        str | None,
        Query(
            max_length=500,
            description="Names separated by commas, with or without their unit: `power_w` or `power`. "
            "Default: all that the recording has.",
        ),
    ] = None,
    resolution_s: Annotated[
        int | None,
        Query(
            ge=1,
            le=COARSEST_S,
            description="One point for each so many seconds: the mean of the readings in them. "
            f"Default: as recorded, which is refused above {MOST_POINTS} points.",
        ),
    ] = None,
    recording_id: Annotated[
        int | None,
        Query(alias="recording", ge=1, le=2**63 - 1, description="Default: the one that leads."),
    ] = None,
) -> Response:
    """Return the samples as columns, as they were recorded: nothing is cleaned, nothing filled in."""
    with session.transaction() as tx:
        recording = recording_of(tx, activity_id, recording_id)
        kept = kept_of(tx, recording, session.runtime.registry.providers)
    activity = kept.session()
    samples = _samples(activity, recording)
    samples = sampling.chosen(samples, _channels(channels, sampling.recorded(samples)))
    _check_size(samples, resolution_s)
    if resolution_s is not None:
        samples = sampling.thinned(samples, resolution_s)
    answer = {
        "recording": SampledRecording(
            id=recording.id,
            provider=recording.provider,
            external_id=recording.external_id,
            started_at=activity.started_at,
            left_out=samples.left_out,
        ),
        "resolution_s": resolution_s,
        "seconds": samples.seconds.tolist(),
        "channels": {
            channel: {"unit": UNITS[channel], "values": readings.tolist()}
            for channel, readings in samples.channels.items()
        },
    }
    return Response(to_json(answer, inf_nan_mode="null"), media_type="application/json")


def _samples(activity: Activity, recording: Recording) -> Samples:
    if activity.samples is not None and len(activity.samples):
        return activity.samples
    if recording.wants_fetch:
        raise NotPossible("Only its summary is here so far. Its samples are still to be fetched: ask later.")
    raise NotPossible(f"What came of it through {recording.provider} is a summary, without samples.")


def _channels(wanted: str | None, there: list[Channel]) -> list[Channel]:
    """Return the channels of these names, without repetitions. Raises Problem that lists those there are."""
    if wanted is None:
        return there
    by_name = {_short(channel): channel for channel in there} | {channel.value: channel for channel in there}
    names = [name for name in (part.strip() for part in wanted.split(",")) if name]
    for name in names:
        if name not in by_name:
            close = difflib.get_close_matches(name, by_name, n=1)
            hint = f"Did you mean {close[0]}? " if close else ""
            listed = ", ".join(there) or "none with a reading"
            raise invalid("query", "channels", f"This recording has no {name!r}. {hint}There are: {listed}.")
    if not names:
        raise invalid("query", "channels", f"Name one or more. There are: {', '.join(there)}.")
    return list(dict.fromkeys(by_name[name] for name in names))


def _short(channel: Channel) -> str:
    """Return the name without its unit."""
    return channel.value.rpartition("_")[0] or channel.value


def _check_size(samples: Samples, resolution_s: int | None) -> None:
    points = len(samples) if resolution_s is None else sampling.points(samples, resolution_s)
    if points <= MOST_POINTS:
        return
    enough_s = resolution_s or 1
    while sampling.points(samples, enough_s) > MOST_POINTS:
        enough_s *= 2
    raise invalid(
        "query",
        "resolution_s",
        f"That is {points:,} points, and an answer holds {MOST_POINTS:,}. Ask with resolution_s={enough_s}.",
    )
