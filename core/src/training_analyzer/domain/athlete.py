"""What the calculations need to know about the athlete, as of a day."""

from enum import StrEnum

from pydantic import PositiveFloat

from training_analyzer.domain.values import Value


class Sex(StrEnum):
    """Which of the published, sex-specific constants apply."""

    FEMALE = "female"
    MALE = "male"


class Thresholds(Value):
    """
    What was true of the athlete on one day, in one sport. None: not known.

    Power in watts, heart rate in beats per minute, pace as speed in metres per second.
    """

    functional_threshold_power_w: PositiveFloat | None = None
    threshold_heart_rate_bpm: PositiveFloat | None = None
    max_heart_rate_bpm: PositiveFloat | None = None
    resting_heart_rate_bpm: PositiveFloat | None = None
    threshold_speed_mps: PositiveFloat | None = None
    critical_power_w: PositiveFloat | None = None
    anaerobic_capacity_j: PositiveFloat | None = None
    weight_kg: PositiveFloat | None = None
    heart_rate_zones_bpm: tuple[PositiveFloat, ...] | None = None
    """Where each zone above the first begins, ascending."""
    power_zones_w: tuple[PositiveFloat, ...] | None = None


class Athlete(Value):
    """The athlete on the day of an activity."""

    sex: Sex | None = None
    birth_year: int | None = None
    thresholds: Thresholds = Thresholds()
