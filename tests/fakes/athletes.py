"""
Made-up athletes, for reading what is written about them and for measuring who writes it.

None of them is taken from a recording of anybody. Everything follows from a seed.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cache

import numpy as np

from training_analyzer.analysis.training import Best, Measure, Role, Session, Training
from training_analyzer.domain.activity import Column
from training_analyzer.domain.metric import DailySeries
from training_analyzer.domain.sport import Sport

LAST_DAY = date(2026, 11, 22)
"""A Sunday."""

EASY, STEADY, MIDDLE, HARD = (0.94, 0.05, 0.01), (0.82, 0.15, 0.03), (0.35, 0.6, 0.05), (0.55, 0.2, 0.25)
"""Shares of easy, moderate and hard time."""
LOAD_PER_HOUR = {EASY: 45.0, STEADY: 58.0, MIDDLE: 72.0, HARD: 82.0}


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


@dataclass(frozen=True)
class MadeUp:
    """An athlete with a story."""

    name: str
    story: str
    training: Training


@cache
def made_up_athletes() -> tuple[MadeUp, ...]:
    """Return athletes in the situations that insights are for, always the same ones."""
    return tuple(_made_up())


def _made_up() -> Iterator[MadeUp]:
    year = [RIDER] * 40
    three_to_one = [scaled(RIDER, factor) for _ in range(10) for factor in (1.0, 1.1, 1.2, 0.6)]

    def one(name: str, story: str, weeks: Sequence[Week], made: Made | None = None) -> MadeUp:
        return MadeUp(name, story, training(weeks, made, seed=len(name)))

    yield one("steady", "Five rides a week, all year, nothing special.", year)
    yield one(
        "overreaching",
        "Three weeks of ever more, the last without a rest day.",
        [*year, scaled(RIDER, 1.3), scaled(RIDER, 1.7), [Planned(day, 2.2, STEADY) for day in range(7)]],
    )
    yield one(
        "detraining",
        "Six weeks with less and less.",
        [*year, *(scaled(RIDER, f) for f in (0.7, 0.6, 0.5, 0.4, 0.3, 0.3))],
    )
    yield one(
        "returning",
        "Three weeks off with an illness, now the first rides again.",
        [*year, NOTHING, NOTHING, NOTHING, scaled(RIDER[1:4], 0.6)],
    )
    yield one(
        "long_break", "Seven weeks off, and one week back.", [*year, *[NOTHING] * 7, scaled(RIDER, 0.5)]
    )
    yield one("stopped", "Trained all year, and stopped two months ago.", [*year, *[NOTHING] * 9])
    yield one(
        "tapering",
        "A big block, then two weeks with half the volume and the hard efforts kept.",
        [
            *year,
            *[scaled(RIDER, 1.3)] * 4,
            [*[Planned(day, 0.8, HARD) for day in (1, 3)], Planned(4, 0.8), Planned(6, 1.2, STEADY)],
            [*[Planned(day, 0.7, HARD) for day in (1, 3)], Planned(4, 0.7), Planned(6, 0.8)],
        ],
    )
    polar: Week = (
        Planned(1, 1.4, (0.6, 0.05, 0.35)),
        Planned(2, 1.2),
        Planned(4, 1.4, (0.6, 0.05, 0.35)),
        Planned(5, 3.0),
        Planned(6, 1.5),
    )
    LOAD_PER_HOUR[(0.6, 0.05, 0.35)] = 86.0
    yield one("polarised", "Two very hard sessions a week, everything else easy.", [polar] * 30)
    grey = [replace(planned, mix=MIDDLE if planned.mix is not HARD else HARD) for planned in RIDER]
    yield one("too_hard_on_easy_days", "Every easy ride turns into tempo.", [*[RIDER] * 26, *[grey] * 6])
    yield one("all_easy", "Only easy rides, many of them.", [mixed(RIDER, EASY)] * 30)
    yield one(
        "missing_data",
        "The sensor has not worked for two months: loads are estimated.",
        year,
        Made(estimated=lambda ago: ago < 60, readings=lambda ago: ago >= 60, threshold_age_days=250),
    )
    yield one("first_week", "Registered this week.", [RUNNER])
    yield one("five_weeks", "A beginner after five weeks.", [scaled(RUNNER, 0.6)] * 5)
    yield one("swimmer", "Three swims a week, and nothing else.", [SWIMMER] * 30, Made(zones=False))
    yield one(
        "run_jump",
        "A runner whose long run grew by half at once.",
        [*[RUNNER] * 25, [*RUNNER[:3], Planned(6, 2.4, STEADY, Sport.RUN)]],
    )
    yield one(
        "run_record",
        "The fastest five kilometres of the year.",
        [RUNNER] * 30,
        Made(bests={Best.RUN_5K: lambda week: 1380.0 if week == 0 else 1440.0 + week}),
    )
    yield one(
        "run_records",
        "The fastest ten kilometres and half marathon of the year, in one race.",
        [*[RUNNER] * 25, *[scaled(RUNNER, 0.7)] * 2, [*RUNNER[:1], Planned(6, 1.7, HARD, Sport.RUN)]],
        Made(
            bests={
                Best.RUN_10K: lambda week: 2760.0 if week == 0 else 2880.0 + week,
                Best.RUN_HALF: lambda week: 6000.0 if week == 0 else 6300.0 + week,
            }
        ),
    )
    yield one(
        "ride_records",
        "The best five minutes and the best hour of the year.",
        year,
        Made(
            bests={
                Best.POWER_5MIN: lambda week: 330.0 if week == 0 else 312.0,
                Best.POWER_60MIN: lambda week: 236.0 if week == 0 else 225.0,
            }
        ),
    )
    yield one("block_training", "Three weeks up, one week easy: this is the easy one.", three_to_one)
    yield one(
        "no_easy_week",
        "Six weeks at the same high level, without letting go.",
        [*year[:24], *[scaled(RIDER, 1.45)] * 6],
    )
    yield one(
        "ramping",
        "Coming up briskly from a low base.",
        [*[scaled(RIDER, 0.5)] * 14, *(scaled(RIDER, f) for f in (0.7, 0.9, 1.1, 1.3))],
    )
    yield one(
        "monotonous",
        "The same ride every day.",
        [*[scaled(RIDER, 0.9)] * 20, *[[Planned(day, 1.4, STEADY) for day in range(7)]] * 2],
        Made(noise=0.05),
    )
    yield one(
        "hard_in_a_row",
        "Three hard days back to back.",
        [
            *[RIDER] * 25,
            [Planned(2, 1.8, HARD), Planned(3, 1.7, HARD), Planned(4, 1.6, HARD), Planned(6, 0.8)],
        ],
    )
    yield one(
        "record",
        "The best twenty minutes of the year.",
        year,
        Made(power_20min=lambda week: 268.0 if week == 0 else 250.0),
    )
    yield one(
        "fitter_heart",
        "Two months of base: the heart drifts less.",
        year,
        Made(
            decoupling=lambda week: 2.5 if week < 4 else 5.5,
            efficiency=lambda week: 1.74 if week < 4 else 1.6,
        ),
    )
    yield one(
        "drifting",
        "Hot, tired weeks: the heart drifts more.",
        year,
        Made(decoupling=lambda week: 8.5 if week < 4 else 4.0),
    )
    yield one(
        "weekend_only",
        "Works a lot: rides on weekends only.",
        [[Planned(5, 3.0, STEADY), Planned(6, 2.0)]] * 30,
    )
    yield one(
        "one_long_ride",
        "A quiet week and one enormous ride.",
        [*[RIDER] * 25, [Planned(1, 0.8), Planned(2, 0.7), Planned(5, 5.5, STEADY)]],
    )
    yield one("triathlete", "Three sports, steady.", [TRIATHLETE] * 30)
    yield one("holiday", "A week at the sea, without the bike.", [*year, NOTHING])
    yield one(
        "more_hours",
        "More hours than usual, and easier ones.",
        [*year, [Planned(day, 1.9) for day in (0, 2, 3, 5, 6)]],
    )
    yield one("harder_hours", "The same hours, but hard.", [*year, mixed(RIDER, HARD)])
    yield one(
        "sparse",
        "A ride every now and then.",
        [[Planned(6, 1.5)] if week % 2 else NOTHING for week in range(30)],
    )
    yield one(
        "mixed_sources",
        "Nearly everything is their own, some rides are not for an AI.",
        year,
        Made(denied=lambda ago: ago % 30 == 1),
    )
