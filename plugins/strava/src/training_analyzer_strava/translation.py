"""From Strava's documents to an activity: pure, from a summary alone or with its streams."""

from collections.abc import Sequence
from typing import Any

from training_analyzer.sdk import Activity, BadData, RawDocument, Summary
from training_analyzer_strava.payloads import SummaryActivity, parsed, read_as
from training_analyzer_strava.sports import VIRTUAL, sport_of
from training_analyzer_strava.streams import samples_from

SUMMARY = "summary"
DETAIL = "detail"
"""One activity as Strava describes it when it is asked for alone: the fields of a summary, and more."""
STREAMS = "streams"
ONLY_IN_DETAIL = ("description", "calories", "perceived_exertion", "gear")
LARGEST_OFFSET_S = 14 * 3600  # Kiribati; the largest that the time zone database knows


def translate(documents: Sequence[RawDocument]) -> Activity:
    """
    Return the activity. Raises `BadData` where the documents make no sense.

    A summary is newer than a detailed description, which replaced the one before; what a summary never
    holds is taken from the description.
    """
    of_kind = {document.kind: document for document in documents}
    bodies = {kind: parsed(of_kind[kind]) for kind in (SUMMARY, DETAIL) if kind in of_kind}
    if not bodies:
        raise BadData("There is no summary of this activity.")
    said = read_as(SummaryActivity, _described(bodies.get(SUMMARY), bodies.get(DETAIL)))
    sport_name = said.sport_type or said.type or ""
    power_is_measured = said.device_watts is True
    samples = None
    if STREAMS in of_kind:
        samples = samples_from(of_kind[STREAMS], power_is_measured=power_is_measured)
    return Activity(
        sport=sport_of(sport_name),
        sport_name=sport_name,
        title=said.name or "",
        description=said.description or "",
        started_at=said.start_date,
        utc_offset_s=_utc_offset_s(said),
        utc_offset_is_guessed=said.utc_offset is None and said.start_date_local is None,
        elapsed_s=said.elapsed_time,
        moving_s=said.moving_time,
        distance_m=said.distance or None,  # Strava writes 0 where there is none
        ascent_m=said.total_elevation_gain,
        indoor=said.trainer is True or sport_name in VIRTUAL,
        manual=said.manual is True,
        private=said.private is True or said.visibility == "only_me",
        device=said.device_name or "",
        gear=(said.gear.name if said.gear is not None else None) or said.gear_id or "",
        summary=Summary(
            average_heart_rate_bpm=said.average_heartrate or None,
            max_heart_rate_bpm=said.max_heartrate or None,
            average_power_w=said.average_watts,
            weighted_power_w=said.weighted_average_watts,
            power_is_measured=power_is_measured,
            work_kj=said.kilojoules,
            average_cadence_rpm=said.average_cadence,
            calories_kcal=said.calories,
            perceived_exertion=said.perceived_exertion,
            max_power_w=said.max_watts,
            max_speed_mps=said.max_speed or None,
        ),
        samples=samples,
    )


def _described(summary: Any, detail: Any) -> Any:
    if summary is None or not isinstance(detail, dict):
        return detail if summary is None else summary
    extras = {key: detail[key] for key in ONLY_IN_DETAIL if key in detail}
    return {**extras, **summary} if isinstance(summary, dict) else summary


def _utc_offset_s(said: SummaryActivity) -> int:
    """
    Return what the local clock was ahead of UTC.

    `timezone` also names an offset, but one that knows no summer time.
    """
    offset_s = said.utc_offset
    if offset_s is None and said.start_date_local is not None:
        offset_s = (said.start_date_local - said.start_date).total_seconds()
    if offset_s is None:
        return 0
    if abs(offset_s) > LARGEST_OFFSET_S:
        raise BadData("Strava's SummaryActivity makes no sense: utc_offset is no time zone's.")
    return round(offset_s)
