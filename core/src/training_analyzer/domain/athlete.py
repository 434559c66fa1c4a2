"""What the calculations need to know about the athlete, as of a day."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from itertools import pairwise
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import AfterValidator, Field, PositiveFloat, StringConstraints, model_validator

from training_analyzer.domain.insight import Confidence
from training_analyzer.domain.sport import Sport
from training_analyzer.domain.values import Value


class Sex(StrEnum):
    """Which of the published, sex-specific constants apply."""

    FEMALE = "female"
    MALE = "male"


def _ascending(bounds: tuple[float, ...]) -> tuple[float, ...]:
    if any(upper <= lower for lower, upper in pairwise(bounds)):
        raise ValueError("zones are given by where each begins, ascending")
    return bounds


ZoneBounds = Annotated[
    tuple[PositiveFloat, ...], Field(min_length=1, max_length=20), AfterValidator(_ascending)
]
"""Where each zone above the first begins, ascending."""


class Thresholds(Value):
    """
    What was true of the athlete on one day, in one sport. None: not known.

    Power in watts, heart rate in beats per minute, pace as speed in metres per second.
    """

    functional_threshold_power_w: PositiveFloat | None = None
    """FTP: the power that can be held for about an hour."""
    threshold_heart_rate_bpm: PositiveFloat | None = None
    """The heart rate of an effort of about an hour."""
    max_heart_rate_bpm: PositiveFloat | None = None
    """The highest that the heart can beat."""
    resting_heart_rate_bpm: PositiveFloat | None = None
    """In the morning, lying down."""
    threshold_speed_mps: PositiveFloat | None = None
    """The speed that can be held for about an hour."""
    critical_power_w: PositiveFloat | None = None
    """CP: the asymptote of power over duration."""
    anaerobic_capacity_j: PositiveFloat | None = None
    """W': the work that can be done above critical power."""
    weight_kg: PositiveFloat | None = None
    """Of the body."""
    heart_rate_zones_bpm: ZoneBounds | None = None
    """Where each zone of heart rate above the first begins, ascending."""
    power_zones_w: ZoneBounds | None = None
    """Where each zone of power above the first begins, ascending."""
    pace_zones_mps: ZoneBounds | None = None
    """Where each zone of speed above the first begins, ascending."""
    first_ventilatory_threshold_bpm: PositiveFloat | None = None
    """VT1, the heart rate from which breathing quickens: where Lucia's middle zone begins."""
    second_ventilatory_threshold_bpm: PositiveFloat | None = None
    """VT2, the heart rate from which breathing runs away: where Lucia's highest zone begins."""


class Athlete(Value):
    """The athlete on the day of an activity."""

    sex: Sex | None = None
    birth_year: int | None = None
    thresholds: Thresholds = Thresholds()


class Evidence(Value):
    """What a suggestion rests on: an effort, or what a service says."""

    text: str
    """In words for the athlete: `5 min at 312 W`."""
    day: date | None = None
    """Of the effort; null where no one day is meant."""
    activity_id: UUID | None = None
    """The activity with the effort; null where no one activity is meant."""
    start_s: float | None = None
    """Where the effort began, in seconds since the start of the activity."""


class ThresholdSuggestion(Value):
    """
    Thresholds that could hold from a day on. The athlete accepts or dismisses it; nobody else does.

    `values`: fields of `Thresholds` that belong together, such as critical power and W' of one fit.
    `method`: how they were found, such as `work_time_linear`. Each source suggests one set of values
    for a sport and a method.
    """

    values: Annotated[Mapping[str, float | tuple[float, ...]], Field(min_length=1)]
    sport: Sport | None = None
    """None: in every sport."""
    valid_from: date
    method: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
    confidence: Confidence
    explanation: str
    """One or two sentences for the athlete: where it comes from, and how sure it is."""
    evidence: tuple[Evidence, ...] = ()

    @model_validator(mode="after")
    def _are_thresholds(self) -> Self:
        values: dict[str, Any] = dict(self.values)
        Thresholds(**values)
        return self
