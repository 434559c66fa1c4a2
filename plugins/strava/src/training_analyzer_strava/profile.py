"""What Strava knows of the athlete's body: threshold power, weight and zones, as suggestions."""

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import pairwise
from typing import Any, Final

from training_analyzer.sdk import BadData, Confidence, RawDocument, Sport, ThresholdSuggestion
from training_analyzer_strava.payloads import AthleteZones, DetailedAthlete, Zones, read_as

WHOLE_PROFILE: Final = "profile:read_all"
"""The scope without which Strava tells neither threshold power nor weight nor zones."""
ATHLETE: Final = "athlete"
ZONES: Final = "zones"


def suggestions_of(documents: Sequence[RawDocument], received_on: date) -> Iterable[ThresholdSuggestion]:
    """Return what the documents say. Raises `BadData` where they make no sense."""
    bodies = {document.kind: _json(document) for document in documents}
    if ATHLETE in bodies:
        yield from _of_athlete(read_as(DetailedAthlete, bodies[ATHLETE]), received_on)
    if ZONES in bodies:
        yield from _of_zones(read_as(AthleteZones, bodies[ZONES]), received_on)


def _of_athlete(athlete: DetailedAthlete, received_on: date) -> Iterator[ThresholdSuggestion]:
    if athlete.ftp:
        yield ThresholdSuggestion(
            values={"functional_threshold_power_w": athlete.ftp},
            sport=Sport.RIDE,
            valid_from=received_on,
            method="profile_ftp",
            confidence=Confidence.MEDIUM,
            explanation="The threshold power of your Strava profile. Strava does not say since when.",
        )
    if athlete.weight:
        yield ThresholdSuggestion(
            values={"weight_kg": athlete.weight},
            valid_from=received_on,
            method="profile_weight",
            confidence=Confidence.MEDIUM,
            explanation="The weight of your Strava profile. Strava does not say since when.",
        )


def _of_zones(zones: AthleteZones, received_on: date) -> Iterator[ThresholdSuggestion]:
    heart_rate, power = _bounds(zones.heart_rate), _bounds(zones.power)
    if heart_rate and zones.heart_rate is not None:
        own = bool(zones.heart_rate.custom_zones)
        yield ThresholdSuggestion(
            values={"heart_rate_zones_bpm": heart_rate},
            valid_from=received_on,
            method="profile_heart_rate_zones",
            confidence=Confidence.HIGH if own else Confidence.LOW,
            explanation="The heart-rate zones that you drew at Strava."
            if own
            else "The heart-rate zones that Strava made from your maximum heart rate, or from your age.",
        )
    if power:
        yield ThresholdSuggestion(
            values={"power_zones_w": power},
            sport=Sport.RIDE,
            valid_from=received_on,
            method="profile_power_zones",
            confidence=Confidence.MEDIUM,
            explanation="The power zones of your Strava profile.",
        )


def _bounds(zones: Zones | None) -> tuple[float, ...]:
    """Return where each zone above the first begins; nothing where they are out of order."""
    begins = tuple(zone.min for zone in (zones.zones or [])[1:]) if zones is not None else ()
    ascending = all(lower < upper for lower, upper in pairwise(begins))
    return begins if ascending and all(bound > 0 for bound in begins) else ()


def _json(document: RawDocument) -> Any:
    try:
        return json.loads(document.body)
    except ValueError as error:
        raise BadData(f"Strava's {document.kind} is no JSON.") from error
