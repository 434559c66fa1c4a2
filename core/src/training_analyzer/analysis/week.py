"""What is known of an athlete's week before anything is said about it: aggregated numbers only."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

import numpy as np

from training_analyzer.domain.activity import Column, Sport
from training_analyzer.domain.metric import DailySeries

WEEK_DAYS = 7
BEFORE_DAYS = 28
"""The four weeks before: the athlete's own baseline."""
COMPARED_DAYS = WEEK_DAYS + BEFORE_DAYS


class Role(StrEnum):
    """What a daily series means here. Which metric plays which part is configuration."""

    LOAD = "load"
    FITNESS = "fitness"
    FATIGUE = "fatigue"
    FORM = "form"


@dataclass(frozen=True, slots=True)
class ActivityFact:
    """One activity as a row of numbers. It has no name, no place, no id."""

    sport: Sport
    local_date: date
    moving_s: float
    distance_m: float | None
    load: float | None
    estimated: bool
    """The load rests on an estimate."""
    ai_permitted: bool
    """The terms of every recording that contributed permit showing it to an AI backend."""


@dataclass(frozen=True, slots=True)
class WeekInput:
    """
    Seven days that end on `last_day`, and what they are compared with.

    `series`: a series that is absent yields no facts. A day without training has load 0; NaN
    means not known. `activities`: those of the compared days at least; earlier ones do no harm.
    `history_days`: from the athlete's first activity to `last_day`, both included.
    """

    last_day: date
    series: Mapping[Role, DailySeries]
    activities: Sequence[ActivityFact]
    history_days: int
    older_denied: int
    """
    How many activities that are *not* among `activities` went into the series from recordings
    whose terms forbid AI. There is no default: whoever asks has to have looked.
    """

    @property
    def first_day(self) -> date:
        return self.last_day - timedelta(days=WEEK_DAYS - 1)

    @property
    def has_baseline(self) -> bool:
        return self.history_days >= COMPARED_DAYS

    def this_week(self) -> list[ActivityFact]:
        return list(self._between(self.first_day, self.last_day))

    def weeks_before(self) -> list[ActivityFact]:
        return list(
            self._between(self.first_day - timedelta(days=BEFORE_DAYS), self.first_day - timedelta(1))
        )

    def compared(self) -> list[ActivityFact]:
        """Return every activity that the facts of a week may speak of."""
        return [*self.weeks_before(), *self.this_week()]

    def values(self, role: Role, days_ago: int, days: int) -> Column | None:
        """Return `days` values up to and including `days_ago`; None unless all of them are known."""
        series = self.series.get(role)
        if series is None:
            return None
        end = (self.last_day - series.first_day).days - days_ago + 1
        if end - days < 0 or end > series.values.size:
            return None
        values = series.values[end - days : end]
        return values if bool(np.isfinite(values).all()) else None

    def value(self, role: Role, days_ago: int = 0) -> float | None:
        values = self.values(role, days_ago, 1)
        return None if values is None else float(values[0])

    def _between(self, first: date, last: date) -> Iterator[ActivityFact]:
        return (activity for activity in self.activities if first <= activity.local_date <= last)
