"""
Made-up training: weeks of planned sessions become what an insight is written from.

None of it is taken from a recording of anybody. Everything follows from a seed.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

import numpy as np

from training_analyzer.analysis.training import Best, Measure, Role, Session, Training
from training_analyzer.domain.activity import Column
from training_analyzer.domain.metric import DailySeries
from training_analyzer.domain.sport import Sport

LAST_DAY = date(2026, 11, 22)
"""A Sunday."""

EASY, STEADY, MIDDLE, HARD = (0.94, 0.05, 0.01), (0.82, 0.15, 0.03), (0.35, 0.6, 0.05), (0.55, 0.2, 0.25)
VERY_HARD = (0.6, 0.05, 0.35)
"""Shares of easy, moderate and hard time."""
LOAD_PER_HOUR = {EASY: 45.0, STEADY: 58.0, MIDDLE: 72.0, HARD: 82.0, VERY_HARD: 86.0}


@dataclass(frozen=True, slots=True)
class Planned:
    """A session of a made-up week: on which day, which sport, how long, how hard."""

    day: int
    hours: float
    mix: tuple[float, float, float] = EASY
    sport: Sport = Sport.RIDE


Week = Sequence[Planned]
RIDER: Week = (
    Planned(1, 1.25, HARD),
    Planned(2, 1.0),
    Planned(3, 1.25, STEADY),
    Planned(5, 2.5),
    Planned(6, 1.5, STEADY),
)
RUNNER: Week = (
    Planned(1, 0.8, EASY, Sport.RUN),
    Planned(2, 0.9, HARD, Sport.RUN),
    Planned(4, 0.8, EASY, Sport.RUN),
    Planned(6, 1.6, STEADY, Sport.RUN),
)
SWIMMER: Week = tuple(Planned(day, 1.0, EASY, Sport.SWIM) for day in (0, 2, 4))
TRIATHLETE: Week = (
    Planned(0, 1.0, EASY, Sport.SWIM),
    Planned(1, 1.0, HARD, Sport.RIDE),
    Planned(2, 0.8, EASY, Sport.RUN),
    Planned(3, 1.0, STEADY, Sport.SWIM),
    Planned(5, 2.5, STEADY, Sport.RIDE),
    Planned(6, 1.3, EASY, Sport.RUN),
)
NOTHING: Week = ()
KM_PER_HOUR = {Sport.RIDE: 28.0, Sport.RUN: 11.0, Sport.SWIM: 2.6}


def scaled(week: Week, factor: float) -> Week:
    """Return the week with longer or shorter sessions."""
    return [replace(planned, hours=planned.hours * factor) for planned in week]


def mixed(week: Week, mix: tuple[float, float, float]) -> Week:
    """Return the week with every session at one intensity."""
    return [replace(planned, mix=mix) for planned in week]


@dataclass(frozen=True)
class Made:
    """What is made up besides the weeks."""

    decoupling: Callable[[int], float] = lambda _week: 4.0
    """Per cent, by weeks before the last."""
    efficiency: Callable[[int], float] = lambda _week: 1.6
    power_20min: Callable[[int], float] = lambda _week: 250.0
    bests: Mapping[Best, Callable[[int], float]] = field(default_factory=dict)
    """More of hard sessions, in watts or seconds, by weeks before the last."""
    estimated: Callable[[int], bool] = lambda _days_ago: False
    denied: Callable[[int], bool] = lambda _days_ago: False
    readings: Callable[[int], bool] = lambda _days_ago: True
    threshold_age_days: int | None = 30
    zones: bool = True
    noise: float = 0.08
    cut_days: int = 0
    """So many days of the last week have not happened yet."""
    without: Sequence[Role] = field(default=())


def training(weeks: Sequence[Week], made: Made | None = None, *, seed: int = 1) -> Training:
    """Return the training of an athlete who did these weeks, the last of which ends on `LAST_DAY`."""
    made = made or Made()
    chance = np.random.default_rng(seed)
    first_day = LAST_DAY - timedelta(days=7 * len(weeks) - 1)
    sessions = [
        _session(
            made,
            planned,
            first_day + timedelta(days=7 * number + planned.day),
            len(weeks) - 1 - number,
            chance,
        )
        for number, week in enumerate(weeks)
        for planned in sorted(week, key=lambda planned: planned.day)
    ]
    started = sessions[0].local_date if sessions else first_day
    size = (LAST_DAY - started).days + 1
    return Training(
        last_day=LAST_DAY,
        series=series_of(sessions, started, size, made.without),
        permitted_series=series_of(
            [one for one in sessions if one.ai_permitted], started, size, made.without
        ),
        sessions=sessions,
        history_days=size,
        older_denied=0,
        threshold_age_days=made.threshold_age_days,
        permitted_threshold_age_days=made.threshold_age_days,
    )


def known_on(given: Training, day: date, *, until: date) -> Training:
    """Return what is known on a day, while the sessions up to `until` have happened."""
    sessions = [session for session in given.sessions if session.local_date <= until]
    started = given.sessions[0].local_date
    size = (day - started).days + 1
    return replace(
        given,
        last_day=day,
        sessions=sessions,
        history_days=size,
        series=series_of(sessions, started, size),
        permitted_series=series_of([one for one in sessions if one.ai_permitted], started, size),
    )


def _session(made: Made, planned: Planned, day: date, weeks_ago: int, chance: np.random.Generator) -> Session:
    hours = planned.hours * float(1 + made.noise * chance.standard_normal())
    ago = (LAST_DAY - day).days
    load_per_hour = LOAD_PER_HOUR[planned.mix] * float(1 + made.noise / 2 * chance.standard_normal())
    readings = made.readings(ago)
    measures: dict[Measure, float] = {}
    bests: dict[Best, float] = {}
    if readings and made.zones:
        for zone, share in zip(
            (Measure.EASY_S, Measure.MODERATE_S, Measure.HARD_S), planned.mix, strict=True
        ):
            measures[zone] = 3600 * hours * share
    if readings and planned.sport is not Sport.SWIM:
        measures[Measure.DECOUPLING] = made.decoupling(weeks_ago) + float(chance.normal(0, 0.7))
        measures[Measure.EFFICIENCY] = made.efficiency(weeks_ago) * float(
            1 + 0.015 * chance.standard_normal()
        )
    if readings and planned.sport is Sport.RIDE and planned.mix is HARD:
        bests[Best.POWER_20MIN] = made.power_20min(weeks_ago) * float(
            1 - 0.04 * abs(chance.standard_normal())
        )
    if readings and planned.mix is HARD:
        bests |= {
            best: of_week(weeks_ago)
            for best, of_week in made.bests.items()
            if best.startswith("run_") is (planned.sport is Sport.RUN)
        }
    speed = KM_PER_HOUR.get(planned.sport)
    return Session(
        sport=planned.sport,
        local_date=day,
        moving_s=3600 * hours,
        distance_m=None if speed is None else 1000 * speed * hours,
        load=load_per_hour * hours,
        estimated=made.estimated(ago),
        ai_permitted=not made.denied(ago),
        measures=measures,
        bests=bests,
        has_readings=readings,
        key=f"session-{day.isoformat()}-{planned.sport}",
    )


def series_of(
    sessions: Sequence[Session], first_day: date, days: int, without: Sequence[Role] = ()
) -> dict[Role, DailySeries]:
    """Return the daily series that these sessions add up to, by the usual averages."""
    loads = np.zeros(days)
    for session in sessions:
        loads[(session.local_date - first_day).days] += session.load or 0.0
    fitness, fatigue = average(loads, 42), average(loads, 7)
    form = np.concatenate([[np.nan], (fitness - fatigue)[:-1]])
    week, month = _rolling(loads, 7), _rolling(loads, 28)
    monotony = np.full(days, np.nan)
    for day in range(6, days):
        deviation = loads[day - 6 : day + 1].std(ddof=1)
        if deviation > 0:
            monotony[day] = week[day] / deviation
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(month > 0, week / month, np.nan)
    made = {
        Role.LOAD: loads,
        Role.FITNESS: fitness,
        Role.FATIGUE: fatigue,
        Role.FORM: form,
        Role.MONOTONY: monotony,
        Role.STRAIN: 7 * week * monotony,
        Role.LOAD_RATIO: ratio,
    }
    return {
        role: DailySeries(key=f"made_up.{role}", first_day=first_day, values=values)
        for role, values in made.items()
        if role not in without
    }


def average(loads: Column, days: int) -> Column:
    """Return the exponential average with this time constant, from 0."""
    averages = np.zeros_like(loads)
    state = 0.0
    for day, load in enumerate(loads):
        state += (load - state) * (1 - np.exp(-1 / days))
        averages[day] = state
    return averages


def _rolling(loads: Column, days: int) -> Column:
    means = np.full_like(loads, np.nan)
    for day in range(days - 1, loads.size):
        means[day] = loads[day - days + 1 : day + 1].mean()
    return means
