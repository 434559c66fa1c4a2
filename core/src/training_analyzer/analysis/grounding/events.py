"""Kinds of events: a marathon is no half marathon, and a time trial no gran fondo."""

from typing import Final

from training_analyzer.analysis.grounding.evidence import Evidence
from training_analyzer.analysis.grounding.labels import MARATHONS

_LENGTHS: Final = {
    "marathon": MARATHONS["marathon"],
    "half_marathon": MARATHONS["half marathon"],
    "half_distance": 113_000.0,
    "ironman": 226_000.0,
    "olympic": 51_500.0,
}
"""How long the events are that have a length of their own."""
LEGS: Final = {
    "triathlon": frozenset({"swim", "ride", "run"}),
    "duathlon": frozenset({"ride", "run"}),
}
"""What somebody trains for whose race is of no kind that a fact names."""
_TRIATHLONS: Final = frozenset({"sprint_distance", "olympic", "half_distance", "ironman"})
KINDS: Final = (
    frozenset(
        {
            "time_trial",
            "gran_fondo",
            "ultra",
            "meet",
            "regatta",
            "criterium",
            "road_race",
            "stage_race",
            "gravel_race",
            "trail_race",
            "ski_race",
        }
    )
    | _TRIATHLONS
    | _LENGTHS.keys()
    | LEGS.keys()
)
_RACE: Final = frozenset({"race"})
_ABOUT: Final = 200.0
_BEYOND_A_MARATHON: Final = 43_000.0


def is_of_another_kind(named: frozenset[str], evidence: Evidence) -> bool:
    """As in "Your half marathon", where the race is a marathon; its length or its sports may say it, too."""
    kinds = named & _TRIATHLONS or named & KINDS
    if not kinds:
        return False
    known = evidence.things & KINDS
    if known & _TRIATHLONS:
        known |= {"triathlon"}
    if kinds & known:
        return False
    if not known and evidence.concepts >= _RACE and any(_is_trained_for(kind, evidence) for kind in kinds):
        return False
    lengths = [r.values[0] for r in evidence.of(_RACE) if r.dimension == "length" and r.values]
    return not any(_is_as_long(kind, length) for kind in kinds for length in lengths)


def _is_trained_for(kind: str, evidence: Evidence) -> bool:
    return kind in LEGS and LEGS[kind] <= evidence.sports


def _is_as_long(kind: str, length: float) -> bool:
    if kind == "ultra":
        return length > _BEYOND_A_MARATHON
    return kind in _LENGTHS and abs(length - _LENGTHS[kind]) < _ABOUT
