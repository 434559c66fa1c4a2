"""What can be true of a body and of a session, and what cannot: to find slips of hands and of devices."""

from collections.abc import Iterator
from typing import Final

from training_analyzer.domain.athlete import Thresholds
from training_analyzer.domain.sport import Sport

HEART_RATE_BPM: Final = (20.0, 250.0)
"""From elite rowers asleep to a child's maximum, with room on both sides."""
POWER_W: Final = (20.0, 1000.0)
"""For thresholds. The hour record was ridden at about 450 W; hand cyclists begin low."""
SPEED_MPS: Final = (0.1, 12.0)
"""From a first swim to a sprint that nobody holds for an hour."""

RANGES: Final = {
    "functional_threshold_power_w": (*POWER_W, "W"),
    "critical_power_w": (*POWER_W, "W"),
    "anaerobic_capacity_j": (1000.0, 100_000.0, "J"),
    "threshold_heart_rate_bpm": (*HEART_RATE_BPM, "bpm"),
    "max_heart_rate_bpm": (*HEART_RATE_BPM, "bpm"),
    "resting_heart_rate_bpm": (*HEART_RATE_BPM, "bpm"),
    "first_ventilatory_threshold_bpm": (*HEART_RATE_BPM, "bpm"),
    "second_ventilatory_threshold_bpm": (*HEART_RATE_BPM, "bpm"),
    "threshold_speed_mps": (*SPEED_MPS, "m/s"),
    "weight_kg": (15.0, 400.0, "kg"),
    "heart_rate_zones_bpm": (*HEART_RATE_BPM, "bpm"),
    "power_zones_w": (1.0, 2500.0, "W"),
    "pace_zones_mps": (*SPEED_MPS, "m/s"),
}
"""Lowest, highest and unit of each field of `Thresholds`."""

FASTEST_SESSION_MPS: Final = {
    Sport.RIDE: 20.0,
    Sport.RUN: 9.3,
    Sport.SWIM: 2.4,
    Sport.WALK: 12.5,
    Sport.HIKE: 12.5,
    Sport.ROW: 6.5,
    Sport.NORDIC_SKI: 30.0,
    Sport.ALPINE_SKI: 71.0,
    Sport.STRENGTH: 71.0,
    Sport.OTHER: 71.0,
}
"""
No session is faster on average. Ride: the hour record is 15.8 m/s; downhill, some more. Run: 400 m in
43.03 s is 9.3 m/s. Swim: 50 m in 20.9 s. Row: 2,000 m in 318 s. Walk, hike: they may be runs in part; Bolt
ran 12.4 m/s. Ski: downhill records of 255 km/h. Elsewhere nothing is known of how people move.
"""
LONGEST_SESSION_S: Final = 14 * 86_400
"""The longest races across a continent end within two weeks; a clock that jumped does not."""

YOUNGEST: Final = 5
"""Years. Nobody younger registers; a year of birth after that is a slip of the hand."""

_ORDER: Final = (
    ("resting_heart_rate_bpm", "threshold_heart_rate_bpm"),
    ("resting_heart_rate_bpm", "first_ventilatory_threshold_bpm"),
    ("resting_heart_rate_bpm", "max_heart_rate_bpm"),
    ("first_ventilatory_threshold_bpm", "second_ventilatory_threshold_bpm"),
    ("second_ventilatory_threshold_bpm", "max_heart_rate_bpm"),
    ("threshold_heart_rate_bpm", "max_heart_rate_bpm"),
)


def out_of_range(name: str, value: float | tuple[float, ...] | list[float]) -> str | None:
    """Say what is wrong with a value; None where a body can have it."""
    lowest, highest, unit = RANGES[name]
    numbers = value if isinstance(value, tuple | list) else (value,)
    if all(lowest <= number <= highest for number in numbers):
        return None
    return f"{name} lies between {lowest:g} and {highest:g} {unit}"


def born_too_late(birth_year: int, *, year: int) -> str | None:
    """Say what is wrong with a year of birth in this year; None where an athlete can have it."""
    latest = year - YOUNGEST
    return None if birth_year <= latest else f"The year of birth is {latest} at the latest"


def contradictions(thresholds: Thresholds) -> Iterator[str]:
    """Yield what cannot be true of one body at one time."""
    for lower, upper in _ORDER:
        low, high = getattr(thresholds, lower), getattr(thresholds, upper)
        if low is not None and high is not None and low >= high:
            yield f"{lower} ({low:g}) has to be below {upper} ({high:g})"
