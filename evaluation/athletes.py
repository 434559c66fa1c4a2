"""Made-up athletes, one for each situation that an insight should do justice to. None of them is a person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import numpy as np

from training_analyzer.analysis.facts import week_context
from training_analyzer.analysis.week import ActivityFact, Role, WeekInput
from training_analyzer.domain.activity import Sport
from training_analyzer.domain.insight import Context, Coverage, Fact, InsightKind
from training_analyzer.domain.metric import Column, DailySeries

LAST_DAY: Final = date(2026, 11, 22)
USUAL: Final = (0, 60, 0, 80, 0, 120, 40)
EVERY_DAY: Final = (60, 80, 60, 90, 70, 150, 90)
NOTHING: Final = (0,) * 7
LOAD_PER_HOUR: Final = 60.0


@dataclass(frozen=True, slots=True)
class Subject:
    """What an insight is to be written about, and the facts of which it must mention one each."""

    name: str
    context: Context
    must_mention: tuple[frozenset[str], ...]


def subjects() -> Mapping[str, Subject]:
    """Return every athlete and every kind of insight, by name."""
    found = (*(_week(name, *told) for name, told in _WEEKS.items()), *_other_kinds())
    return {subject.name: subject for subject in found}


def _times(factor: float, weeks: int = 1) -> list[tuple[float, ...]]:
    return [tuple(load * factor for load in USUAL)] * weeks


# The weeks, the load of an hour in the last one, the share that is estimated, what must be mentioned.
_WEEKS: Final[dict[str, tuple[Sequence[Sequence[float]], float, float, tuple[str, ...]]]] = {
    "overreaching": (
        [*_times(1, 16), *_times(1.4, 3), EVERY_DAY],
        60,
        0,
        ("load_change load_week", "form rest_days"),
    ),
    "detraining": (
        [*_times(1, 16), *_times(0.45, 4)],
        60,
        0,
        ("load_change load_week", "fitness_change_month"),
    ),
    "returning": ([*_times(1, 16), *[NOTHING] * 4, *_times(0.3)], 60, 0, ("sessions_week time_week",)),
    "tapering": ([*_times(1.5, 16), *_times(0.9), *_times(0.5)], 60, 0, ("load_change load_week", "form")),
    "steady": ([*_times(1, 20)], 60, 0, ("load_week load_usual",)),
    "too hard on easy days": ([*_times(1, 19), *_times(1.3)], 80, 0, ("intensity_change intensity_week",)),
    "missing data": ([*_times(1, 6)], 60, 0.6, ("estimated_share",)),
    "inactive": ([*_times(1, 18), NOTHING], 60, 0, ("days_since_last sessions_before",)),
}


def _week(
    name: str, weeks: Sequence[Sequence[float]], hour: float, estimated: float, must: Sequence[str]
) -> Subject:
    context = week_context(made_up(weeks, load_per_hour=hour, estimated=estimated))
    return Subject(name, context, tuple(frozenset(ids.split()) for ids in must))


def made_up(weeks: Sequence[Sequence[float]], *, load_per_hour: float, estimated: float) -> WeekInput:
    """Make an athlete from the loads of their days; `load_per_hour` is that of the last week."""
    loads = np.array([load for week in weeks for load in week], dtype=np.float64)
    first_day = LAST_DAY - timedelta(days=loads.size - 1)
    days = [day for day, load in enumerate(loads) if load > 0]
    activities = [
        ActivityFact(
            sport=Sport.RUN if day % 3 == 0 else Sport.RIDE,
            local_date=first_day + timedelta(days=day),
            moving_s=3600 * float(loads[day]) / (load_per_hour if day >= loads.size - 7 else LOAD_PER_HOUR),
            distance_m=float(loads[day]) * 300,
            load=float(loads[day]),
            estimated=number >= len(days) * (1 - estimated),
            ai_permitted=True,
        )
        for number, day in enumerate(days)
    ]
    fitness, fatigue = _average(loads, 42), _average(loads, 7)
    form = np.concatenate([[0.0], (fitness - fatigue)[:-1]])
    columns = {Role.LOAD: loads, Role.FITNESS: fitness, Role.FATIGUE: fatigue, Role.FORM: form}
    return WeekInput(
        last_day=LAST_DAY,
        series={
            role: DailySeries(key=f"made_up.{role}", first_day=first_day, values=values)
            for role, values in columns.items()
        },
        activities=activities,
        history_days=int(loads.size),
        older_denied=0,
    )


def _average(loads: Column, days: int) -> Column:
    averages = np.zeros_like(loads)
    state = 0.0
    for day, load in enumerate(loads):
        state += (load - state) * (1 - np.exp(-1 / days))
        averages[day] = state
    return averages


def _other_kinds() -> tuple[Subject, ...]:
    """Facts of the kinds that are not a week, as a person might have set them down."""
    return (
        _subject(
            InsightKind.ACTIVITY,
            "a long ride",
            (
                Fact(id="moving_time", label="moving time of the ride", value=5.7, unit="h", decimals=1),
                Fact(
                    id="moving_time_change",
                    label="moving time against usual rides",
                    value=39,
                    unit="%",
                    direction="up",
                ),
                Fact(id="load", label="load of the ride", value=287),
                Fact(
                    id="decoupling",
                    label="decoupling of power and heart rate",
                    value=6.4,
                    unit="%",
                    decimals=1,
                ),
                Fact(
                    id="decoupling_change",
                    label="decoupling against usual rides",
                    value=2.3,
                    unit="points",
                    decimals=1,
                    direction="up",
                ),
            ),
            "moving_time_change",
            "decoupling decoupling_change",
        ),
        _subject(
            InsightKind.STATE,
            "tired but rising",
            (
                Fact(id="fitness", label="fitness", value=68),
                Fact(
                    id="fitness_change",
                    label="fitness against a week ago",
                    value=6.2,
                    unit="points",
                    direction="up",
                ),
                Fact(id="fatigue", label="fatigue", value=92),
                Fact(id="form", label="form, fitness less fatigue", value=-23),
                Fact(id="monotony", label="monotony of the last seven days", value=2.1, decimals=1),
            ),
            "form",
            "fitness_change",
        ),
        _subject(
            InsightKind.MONTH,
            "a month of building",
            (
                Fact(id="load_month", label="load of the month", value=2140),
                Fact(
                    id="load_month_change",
                    label="load against the month before",
                    value=20,
                    unit="%",
                    direction="up",
                ),
                Fact(id="sessions_month", label="sessions of the month", value=22, unit="sessions"),
                Fact(id="easy_share", label="share of the time at low intensity", value=78, unit="%"),
                Fact(
                    id="rising_weeks",
                    label="weeks in a row in which load rose",
                    value=3,
                    unit="weeks",
                    direction="up",
                ),
            ),
            "load_month load_month_change",
            "easy_share rising_weeks",
        ),
        _subject(
            InsightKind.QUESTION,
            "ready for a hard day?",
            (
                Fact(id="fitness", label="fitness", value=72),
                Fact(id="fatigue", label="fatigue", value=64),
                Fact(id="form", label="form, fitness less fatigue", value=8),
                Fact(
                    id="form_change", label="form against a week ago", value=9, unit="points", direction="up"
                ),
            ),
            "form",
        ),
    )


def _subject(kind: InsightKind, name: str, facts: tuple[Fact, ...], *must: str) -> Subject:
    coverage = Coverage(
        activities=30, activities_covered=30, load_share=1, estimated_share=0, history_days=200
    )
    context = Context(
        kind=kind,
        first_day=LAST_DAY - timedelta(days=27),
        last_day=LAST_DAY,
        facts=facts,
        rules=(),
        coverage=coverage,
        question="Am I ready for a hard day?" if kind is InsightKind.QUESTION else "",
    )
    return Subject(name, context, tuple(frozenset(ids.split()) for ids in must))
