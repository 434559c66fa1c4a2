"""The facts of four weeks as a block, beside the four weeks before them."""

from collections.abc import Iterator
from itertools import pairwise

from training_analyzer.analysis.facts.balance import fitness_facts, form_facts
from training_analyzer.analysis.facts.making import (
    MIN_HOURS_COMPARED,
    MIN_LOAD_COMPARED,
    SPORTS_WITH_DISTANCE,
    hours,
    intensity_shares,
    kilometres,
    longest_hours,
    number,
    percent,
    points,
    record,
    training_days,
    typical,
)
from training_analyzer.analysis.facts.week import (
    RECORD_DAYS,
    break_facts,
    quality_facts,
)
from training_analyzer.analysis.training import BEFORE_WEEKS, WEEK_DAYS, Measure, Role, Session, Training
from training_analyzer.domain.insight import Fact
from training_analyzer.domain.sport import Sport

MONTH_DAYS = 28
TWO_MONTHS_DAYS = 2 * MONTH_DAYS
SESSIONS_OF_A_REGULAR_WEEK = 3
MIN_COMPARABLE = 4
"""Fewer sessions than these have no typical decoupling."""
STEADY_S = 3600
"""Decoupling and efficiency say little of shorter sessions."""
FLAT_DECOUPLING = 1.0


def month_facts(given: Training) -> tuple[Fact, ...]:
    """Return the block's facts in a fixed order."""
    return (
        *_load(given),
        *_volume(given),
        *_weeks(given),
        *break_facts(given),
        *_zones(given),
        *_endurance(given),
        *_distances(given),
        *fitness_facts(given),
        *form_facts(given),
        *_record(given),
        *quality_facts(given, TWO_MONTHS_DAYS),
    )


def _load(given: Training) -> Iterator[Fact]:
    now = given.values(Role.LOAD, MONTH_DAYS)
    if now is None:
        return
    total = float(now.sum())
    yield number("load_month", total)
    before = given.values(Role.LOAD, MONTH_DAYS, ago=MONTH_DAYS)
    if before is not None and float(before.sum()) >= MIN_LOAD_COMPARED * BEFORE_WEEKS:
        yield number("load_month_before", float(before.sum()))
        yield percent("load_month_change", total, float(before.sum()))
    weeks = now.reshape(BEFORE_WEEKS, WEEK_DAYS).sum(axis=1)
    if total > 0:
        mean_of_others = (total - weeks.min()) / (BEFORE_WEEKS - 1)
        yield number("lightest_week_share", 100 * float(weeks.min()) / float(mean_of_others), "%")


def _volume(given: Training) -> Iterator[Fact]:
    now, before = given.last(MONTH_DAYS), given.last(MONTH_DAYS, ago=MONTH_DAYS)
    yield number("sessions_month", len(now), "sessions")
    yield number("time_month", hours(now), "h", decimals=1)
    if now:
        yield number("longest_month", longest_hours(now), "h", decimals=1)
    if not given.knows(TWO_MONTHS_DAYS):
        return
    yield number("sessions_month_before", len(before), "sessions")
    if hours(before) >= MIN_HOURS_COMPARED * BEFORE_WEEKS:
        yield number("time_month_before", hours(before), "h", decimals=1)
        yield percent("time_month_change", hours(now), hours(before))
        yield percent("longest_month_change", longest_hours(now), longest_hours(before))


def _weeks(given: Training) -> Iterator[Fact]:
    if not given.knows(MONTH_DAYS):
        return
    weeks = [given.last(WEEK_DAYS, ago=WEEK_DAYS * place) for place in range(BEFORE_WEEKS)]
    regular = sum(training_days(week) >= SESSIONS_OF_A_REGULAR_WEEK for week in weeks)
    yield number("regular_weeks", regular, "weeks")
    days = sorted({session.local_date for session in given.last(MONTH_DAYS)})
    if len(days) > 1:
        gap = max(
            (given.last_day - days[-1]).days,
            *((later - earlier).days - 1 for earlier, later in pairwise(days)),
        )
        yield number("longest_gap", gap, "days")


def _zones(given: Training) -> Iterator[Fact]:
    now = intensity_shares(given.last(MONTH_DAYS))
    if now is None:
        return
    for name, share in zip(("easy", "moderate", "hard"), now, strict=True):
        yield number(f"{name}_share_month", share, "%")
    before = intensity_shares(given.last(MONTH_DAYS, ago=MONTH_DAYS))
    if before is not None and given.knows(TWO_MONTHS_DAYS):
        yield number("easy_share_month_before", before[0], "%")


def _endurance(given: Training) -> Iterator[Fact]:
    """Yield what a heartbeat gives, in the sport that has most long sessions with readings."""
    for sport in _by_time(given):
        now = _long(given.last(MONTH_DAYS), sport)
        before = _long(given.last(MONTH_DAYS, ago=MONTH_DAYS), sport)
        drift, drift_before = (
            typical(some, Measure.DECOUPLING, at_least=MIN_COMPARABLE) for some in (now, before)
        )
        if drift is None:
            continue
        yield number("decoupling_month", drift, "%", decimals=1)
        if drift_before is not None:
            yield number("decoupling_month_before", drift_before, "%", decimals=1)
            yield points(
                "decoupling_month_change", drift, drift_before, decimals=1, flat_below=FLAT_DECOUPLING
            )
        gain, gain_before = (
            typical(some, Measure.EFFICIENCY, at_least=MIN_COMPARABLE) for some in (now, before)
        )
        if gain is not None and gain_before:
            yield percent("efficiency_month_change", gain, gain_before)
        return


def _by_time(given: Training) -> list[Sport]:
    sessions = given.last(MONTH_DAYS)
    return sorted(
        {session.sport for session in sessions},
        key=lambda sport: (-hours(_long(sessions, sport)), sport),
    )


def _long(sessions: list[Session], sport: Sport) -> list[Session]:
    return [session for session in sessions if session.sport is sport and session.moving_s >= STEADY_S]


def _distances(given: Training) -> Iterator[Fact]:
    now, before = given.last(MONTH_DAYS), given.last(MONTH_DAYS, ago=MONTH_DAYS)
    for sport in SPORTS_WITH_DISTANCE:
        distance, former = kilometres(now, sport), kilometres(before, sport)
        if not distance:
            continue
        yield number(f"{sport.value}_distance_month", distance, "km", decimals=1)
        if given.knows(TWO_MONTHS_DAYS) and former >= BEFORE_WEEKS:
            yield percent(f"{sport.value}_distance_month_change", distance, former)


def _record(given: Training) -> Iterator[Fact]:
    if given.knows(TWO_MONTHS_DAYS):
        yield from record(given.last(MONTH_DAYS), given.last(RECORD_DAYS, ago=MONTH_DAYS))
