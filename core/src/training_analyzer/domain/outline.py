"""What a recording says of when and where it was made: enough to tell whether two are of one session."""

from collections.abc import Sequence
from typing import Final, Self

import numpy as np

from training_analyzer.domain.activity import Activity, Channel, Samples
from training_analyzer.domain.sport import Sport
from training_analyzer.domain.values import Value

PAUSE_S: Final = 60.0
"""A longer gap between readings is a time of which the recording claims nothing."""
SPARSE_STEPS: Final = 10.0
"""Of recordings with few readings, such as one for each length of a pool: so many usual steps are a pause."""
MOST_CLAIMED_S: Final = 30 * 86_400.0
"""Nobody is under way for longer: whoever says so has a wrong clock."""
MOST_STRETCHES: Final = 100
"""A recording with more pauses has its shortest ones closed."""

Stretch = tuple[float, float]
"""From when to when something was recorded, in Unix seconds."""


class Box(Value):
    """The places of a recording: everything lies between these."""

    south_deg: float
    west_deg: float
    north_deg: float
    east_deg: float


class Outline(Value):
    """
    One recording, without its readings.

    `stretches` are disjoint and in order. `active_s` is what was recorded or, where only a summary is
    known, the moving time. A summary does not say where its pauses lay: of a long one, as when nobody
    pressed stop, no more is claimed than its moving time again. `readings` counts points of time, 0
    for a summary. `utc_offset_s` is None where the recording itself says no local time.
    """

    sport: Sport
    stretches: tuple[Stretch, ...]
    active_s: float
    channels: tuple[Channel, ...] = ()
    readings: int = 0
    box: Box | None = None
    manual: bool = False
    private: bool = False
    utc_offset_s: int | None = None

    @classmethod
    def of(cls, activity: Activity) -> Self:
        """Outline an activity as it was translated."""
        began = activity.started_at.timestamp()
        samples = activity.samples
        offset_s = None if activity.utc_offset_is_guessed else activity.utc_offset_s
        if samples is None or len(samples) < 2:  # noqa: PLR2004 - one reading spans no time
            active_s = min(max(activity.moving_s, 1.0), MOST_CLAIMED_S)
            claimed_s = min(max(activity.elapsed_s, active_s), 2 * active_s + PAUSE_S)
            return cls(
                sport=activity.sport,
                stretches=((began, began + claimed_s),),
                active_s=active_s,
                manual=activity.manual,
                private=activity.private,
                utc_offset_s=offset_s,
            )
        stretches = tuple((began + first, began + last) for first, last in _stretches(samples))
        return cls(
            sport=activity.sport,
            stretches=stretches,
            active_s=sum(last - first for first, last in stretches),
            channels=tuple(
                sorted(channel for channel in samples.channels if samples.get(channel) is not None)
            ),
            readings=len(samples),
            box=_box(samples),
            manual=activity.manual,
            private=activity.private,
            utc_offset_s=offset_s,
        )

    @property
    def begins_s(self) -> float:
        return self.stretches[0][0]

    @property
    def ends_s(self) -> float:
        return self.stretches[-1][1]

    @property
    def recorded_s(self) -> float:
        """How much time it claims: more than `active_s` where only a summary is known."""
        return sum(last - first for first, last in self.stretches)


def _stretches(samples: Samples) -> Sequence[Stretch]:
    seconds = samples.seconds
    steps = np.diff(seconds)
    pauses = np.flatnonzero(steps > PAUSE_S)
    if pauses.size:
        pauses = pauses[steps[pauses] > SPARSE_STEPS * np.median(steps)]
    if pauses.size >= MOST_STRETCHES:
        by_length = pauses[np.argsort(steps[pauses], kind="stable")]
        pauses = np.sort(by_length[-(MOST_STRETCHES - 1) :])
    begins = [0, *(pauses + 1).tolist()]
    ends = [*pauses.tolist(), seconds.size - 1]
    # A lone reading between two pauses claims a second, so that no stretch is empty.
    return [
        (float(seconds[begin]), max(float(seconds[end]), float(seconds[begin]) + 1.0))
        for begin, end in zip(begins, ends, strict=True)
    ]


def _box(samples: Samples) -> Box | None:
    latitude, longitude = samples.get(Channel.LATITUDE_DEG), samples.get(Channel.LONGITUDE_DEG)
    if latitude is None or longitude is None:
        return None
    return Box(
        south_deg=float(np.fmin.reduce(latitude)),
        west_deg=float(np.fmin.reduce(longitude)),
        north_deg=float(np.fmax.reduce(latitude)),
        east_deg=float(np.fmax.reduce(longitude)),
    )
