"""Weeks, months and years, each against the one before."""

from datetime import date
from typing import Self

from training_analyzer.api.answers.answer import Answer
from training_analyzer.domain.sport import Sport
from training_analyzer.processing.periods import Period, Value
from training_analyzer.storage.periods import Totals, Zones


class ZonesAnswer(Answer):
    """Seconds in each zone, of the method in which most of the time was spent: each numbers its own."""

    method: str
    """How the zones were drawn: by which threshold, in how many."""
    bounds: list[float] | None
    """Null where the bounds were not the same within the whole period."""
    seconds: list[float]
    """In each zone, from the lowest on."""


class PeriodValueAnswer(Answer):
    """One metric over the period."""

    value: float | ZonesAnswer
    """A number, or the time in zones."""
    activities: int
    """How many have a value."""
    estimated_share: float | None
    """Of a sum: how much of it rests on estimates. Null for what is no sum."""
    change: float | None
    """Against the period before; null where there is nothing to compare with, and for zones."""

    @classmethod
    def of(cls, value: Value, before: Value | None) -> Self:
        change: float | None = None
        if before is not None and not isinstance(value.value, Zones) and not isinstance(before.value, Zones):
            change = value.value - before.value
        return cls(
            value=ZonesAnswer.model_validate(value.value) if isinstance(value.value, Zones) else value.value,
            activities=value.activities,
            estimated_share=value.estimated_share,
            change=change,
        )


class DerivedAnswer(Answer):
    """What follows from the sums: a share, a ratio, an index; or the reason why there is none."""

    value: float | None
    """Null where there is none."""
    reason: str | None
    """Why there is none; null where there is one."""


class TotalsAnswer(Answer):
    """What a stretch of days comes to."""

    first: date
    """The first day."""
    last: date
    """The last day."""
    activities: int
    """How many began on these days."""
    unsound: int
    """Of how many the time or the distance cannot be true: it is left out of the sums."""
    moving_s: float
    """Without pauses."""
    elapsed_s: float
    """Pauses included."""
    distance_m: float | None
    """Of the activities that state it; null where there are some and none does."""
    ascent_m: float | None
    """As the distance. What was computed from altitudes is the metric `metrics_default.ascent`."""

    @classmethod
    def of(cls, totals: Totals) -> Self:
        return cls(
            first=totals.span.first,
            last=totals.span.last,
            activities=totals.activities,
            unsound=totals.unsound,
            moving_s=totals.moving_s,
            elapsed_s=totals.elapsed_s,
            distance_m=totals.distance_m,
            ascent_m=totals.ascent_m,
        )


class PeriodAnswer(Answer):
    """What one sport comes to in a period."""

    sport: Sport | None
    """Null: all sports together."""
    is_over: bool
    """False: it goes on, and is held against as many days of the period before."""
    totals: TotalsAnswer
    """Of this period."""
    before: TotalsAnswer
    """Of the period before, or of as many days of it."""
    metrics: dict[str, PeriodValueAnswer]
    """By the key of the metric."""
    derived: dict[str, DerivedAnswer]
    """What follows from the sums, by key."""

    @classmethod
    def of(cls, period: Period) -> Self:
        return cls(
            sport=period.totals.sport,
            is_over=period.is_over,
            totals=TotalsAnswer.of(period.totals),
            before=TotalsAnswer.of(period.before),
            metrics={
                key: PeriodValueAnswer.of(value, period.values_before.get(key))
                for key, value in period.values.items()
            },
            derived={
                one.key: DerivedAnswer(
                    value=one.value if isinstance(one.value, float | int) else None, reason=one.reason
                )
                for one in period.derived
            },
        )


class PeriodList(Answer):
    """Periods, oldest first; of each, all sports together first, then each that was done in it."""

    items: list[PeriodAnswer]
    """In order; of each period, all sports together first."""
    history_days: int
    """How many days are known up to today: below 42, fitness is still warming up."""
    estimated_share: float | None
    """How much of the load of the whole history still rests on estimates; null where there is no load."""
