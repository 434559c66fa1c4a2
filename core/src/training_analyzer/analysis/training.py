"""What is known of an athlete's training up to a day: aggregated numbers, no names, places or readings."""

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

import numpy as np

from training_analyzer.domain.activity import Column
from training_analyzer.domain.metric import DailySeries
from training_analyzer.domain.sport import Sport

WEEK_DAYS = 7
BEFORE_DAYS = 28
"""The four weeks before: the athlete's own baseline."""
COMPARED_DAYS = WEEK_DAYS + BEFORE_DAYS
BEFORE_WEEKS = BEFORE_DAYS // WEEK_DAYS


class Role(StrEnum):
    """What a daily series means here. Which metric plays which part is configuration."""

    LOAD = "load"
    FITNESS = "fitness"
    FATIGUE = "fatigue"
    FORM = "form"
    MONOTONY = "monotony"
    STRAIN = "strain"
    LOAD_RATIO = "load_ratio"


class Measure(StrEnum):
    """What a number of one session means here."""

    EASY_S = "easy_s"
    MODERATE_S = "moderate_s"
    HARD_S = "hard_s"
    DECOUPLING = "decoupling"
    """In per cent: how much less a heartbeat gave in the second half."""
    EFFICIENCY = "efficiency"
    """Output per heartbeat, in a unit of the sport: good for comparing with itself."""


class Best(StrEnum):
    """An effort whose best is a record."""

    POWER_5MIN = "power_5min"
    POWER_20MIN = "power_20min"
    POWER_60MIN = "power_60min"
    RUN_5K = "run_5k"
    RUN_10K = "run_10k"
    RUN_HALF = "run_half"


@dataclass(frozen=True, slots=True)
class Session:
    """One activity as a row of numbers. It has no name and no place."""

    sport: Sport
    local_date: date
    moving_s: float
    distance_m: float | None
    load: float | None
    estimated: bool
    """The load rests on an estimate."""
    ai_permitted: bool
    """The terms of every recording that contributed permit showing it to an AI backend."""
    ascent_m: float | None = None
    measures: Mapping[Measure, float] = field(default_factory=dict)
    bests: Mapping[Best, float] = field(default_factory=dict)
    """Watts, or seconds for a distance."""
    has_readings: bool = True
    """It was recorded second by second, not only summed up."""
    key: str = ""
    """Which one it is: to find it by. Never a fact."""


@dataclass(frozen=True, slots=True)
class Training:
    """
    Everything that an insight may be made from, as of the end of `last_day`.

    `series`: a series that is absent yields no facts. A day without training has load 0; NaN
    means not known. `sessions`: oldest first. `history_days`: from the athlete's first session to
    `last_day`, both included. `threshold_age_days`: how long ago the newest threshold was set.
    """

    last_day: date
    series: Mapping[Role, DailySeries]
    sessions: Sequence[Session]
    history_days: int
    older_denied: int
    """
    How many sessions that are *not* among `sessions` went into the series from recordings whose
    terms forbid AI. There is no default: whoever asks has to have looked.
    """
    threshold_age_days: int | None = None
    permitted_threshold_age_days: int | None = None
    """The same of those that the permitted sessions rest on."""
    denied_thresholds: Mapping[str, str] = field(default_factory=dict)
    """
    Those that the permitted sessions rest on and that come from data whose terms forbid AI, each with
    whose.
    """
    permitted_series: Mapping[Role, DailySeries] | None = None
    """The series as they would be if the permitted sessions were all there are."""
    covered: tuple[int, int, float] | None = None
    """Where sessions were left out: how many are covered, of how many, and their share of the load."""
    last_before: date | None = None
    """Where there are no `sessions`, because all are older: the day of the last one."""

    @classmethod
    def nothing(cls, last_day: date) -> "Training":
        """Return the training of somebody of whom nothing is known yet."""
        return cls(last_day=last_day, series={}, sessions=(), history_days=0, older_denied=0)

    def last(self, days: int, *, ago: int = 0) -> list[Session]:
        """Return the sessions of `days` days that end `ago` days before the last day."""
        last = self.last_day - timedelta(days=ago)
        first = last - timedelta(days=days - 1)
        return [session for session in self.sessions if first <= session.local_date <= last]

    def days_since_last(self) -> int | None:
        """Return how many days ago the last session was; None where nobody knows of one."""
        days = (session.local_date for session in self.sessions if session.local_date <= self.last_day)
        newest = max(days, default=self.last_before)
        return None if newest is None else (self.last_day - newest).days

    def knows(self, days: int) -> bool:
        """Return whether the athlete had begun so many days ago."""
        return self.history_days >= days

    def values(self, role: Role, days: int, *, ago: int = 0) -> Column | None:
        """Return `days` values that end `ago` days before the last day; None unless all are known."""
        series = self.series.get(role)
        if series is None:
            return None
        end = (self.last_day - series.first_day).days - ago + 1
        if end - days < 0 or end > series.values.size:
            return None
        values = series.values[end - days : end]
        return values if bool(np.isfinite(values).all()) else None

    def known_values(self, role: Role, days: int, *, ago: int = 0) -> Column:
        """Return those of `days` values that are known."""
        series = self.series.get(role)
        if series is None:
            return np.empty(0)
        end = max(0, (self.last_day - series.first_day).days - ago + 1)
        values = series.values[max(0, end - days) : end]
        return values[np.isfinite(values)]

    def value(self, role: Role, *, ago: int = 0) -> float | None:
        values = self.values(role, 1, ago=ago)
        return None if values is None else float(values[0])

    def form(self) -> float | None:
        """Return the form that the last day leaves for the next one."""
        forms = self.forms(1)
        return None if forms is None else float(forms[0])

    def forms(self, days: int, *, ago: int = 0) -> Column | None:
        """Return the form that each of `days` days left; None unless all are known."""
        fitness, fatigue = (self.values(role, days, ago=ago) for role in (Role.FITNESS, Role.FATIGUE))
        return None if fitness is None or fatigue is None else fitness - fatigue

    def known_forms(self, days: int) -> Column:
        """
        Return the form that each of `days` days left, where it is known: fitness less fatigue.

        The series of form holds what the day before left, which is what counts before a session. Told of
        a day that is over, it would not know of that day's own sessions.
        """
        fitness, fatigue = (self.known_values(role, days) for role in (Role.FITNESS, Role.FATIGUE))
        known = min(fitness.size, fatigue.size)
        return fitness[fitness.size - known :] - fatigue[fatigue.size - known :]

    def until(self, day: date) -> "Training":
        """Return the training up to a day, that day included."""
        later = (self.last_day - day).days
        return dataclasses.replace(
            self,
            last_day=day,
            sessions=[session for session in self.sessions if session.local_date <= day],
            history_days=self.history_days - later,
            threshold_age_days=_age_before(self.threshold_age_days, later),
            permitted_threshold_age_days=_age_before(self.permitted_threshold_age_days, later),
        )

    def without_empty_last_day(self) -> "Training":
        """
        Return the training up to the last day, or the one before while the last has no session.

        A day that has just begun is no day of rest: whoever counted it as one would compare six days with
        seven.
        """
        if self.history_days > 1 and not self.last(1):
            return self.until(self.last_day - timedelta(days=1))
        return self

    def as_of(self, key: str) -> "tuple[Training, Session] | None":
        """Return the training up to one session, and that session; None where there is no such one."""
        for place, session in enumerate(self.sessions):
            if session.key == key:
                then = self.until(session.local_date)
                return dataclasses.replace(then, sessions=self.sessions[: place + 1]), session
        return None


def _age_before(age_days: int | None, days: int) -> int | None:
    """Return how old it was some days before: of one set since, nobody knows how old its former was."""
    return None if age_days is None or age_days < days else age_days - days
