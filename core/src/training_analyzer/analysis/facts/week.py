"""The facts of a week, beside the four weeks before."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from math import floor

from training_analyzer.analysis.facts.balance import fitness_facts, form_facts
from training_analyzer.analysis.facts.making import (
    MIN_HOURS_COMPARED,
    MIN_LOAD_COMPARED,
    SPORTS_WITH_DISTANCE,
    estimated_share,
    hours,
    intensity_shares,
    kilometres,
    load,
    load_per_hour,
    longest_hours,
    number,
    of_sport,
    percent,
    record,
    training_days,
)
from training_analyzer.analysis.training import (
    BEFORE_DAYS,
    BEFORE_WEEKS,
    COMPARED_DAYS,
    WEEK_DAYS,
    Role,
    Session,
    Training,
)
from training_analyzer.domain.insight import Fact
from training_analyzer.domain.sport import Sport

HARD_DAY = 1.3
"""A day is hard from this multiple of the load of a usual training day. Our choice."""
RECORD_DAYS = 180
MIN_TRAINING_DAYS = 6
"""Of fewer days in four weeks no week is usual."""
BREAK_DAYS = 10
RETURN_DAYS = 14
"""For so long a first session after a break is the beginning of a return."""
MIN_SESSIONS_SHARED = 3
"""Of fewer sessions one is always a large share."""
LONG_RUN_DAYS = 30
MIN_RUN_M = 3000


def week_facts(given: Training) -> tuple[Fact, ...]:
    """Return the week's facts in a fixed order; what is not known is left out."""
    return (
        *load_facts(given),
        *volume_facts(given),
        *_intensity(given),
        *_zones(given),
        *_rhythm(given),
        *_hard_days(given),
        *_longest(given),
        *_distances(given),
        *fitness_facts(given),
        *form_facts(given),
        *_record(given),
        *quality_facts(given, COMPARED_DAYS),
    )


def load_facts(given: Training) -> Iterator[Fact]:
    week = given.values(Role.LOAD, WEEK_DAYS)
    if week is None:
        return
    total = float(week.sum())
    yield number("load_week", total)
    before = given.values(Role.LOAD, BEFORE_DAYS, ago=WEEK_DAYS)
    if before is None:
        return
    usual = float(before.sum()) / BEFORE_WEEKS
    yield number("load_week_ago", float(before[-WEEK_DAYS:].sum()))
    yield number("load_usual", usual)
    if usual >= MIN_LOAD_COMPARED and int((before > 0).sum()) >= MIN_TRAINING_DAYS:
        yield percent("load_change", total, usual)


def volume_facts(given: Training) -> Iterator[Fact]:
    week, before = _this_week(given), _weeks_before(given)
    yield number("sessions_week", len(week), "sessions")
    yield number("time_week", hours(week), "h", decimals=1)
    if not given.knows(COMPARED_DAYS):
        return
    usual = hours(before) / BEFORE_WEEKS
    yield number("sessions_before", len(before), "sessions")
    yield number("time_usual", usual, "h", decimals=1)
    if usual >= MIN_HOURS_COMPARED:
        yield percent("time_change", hours(week), usual)


def _intensity(given: Training) -> Iterator[Fact]:
    now, usual = load_per_hour(_this_week(given)), load_per_hour(_weeks_before(given))
    if now is not None and usual is not None and given.knows(COMPARED_DAYS):
        yield number("intensity_week", now)
        yield number("intensity_usual", usual)
        yield percent("intensity_change", now, usual)


def _zones(given: Training) -> Iterator[Fact]:
    now = intensity_shares(_this_week(given))
    if now is None:
        return
    easy, moderate, hard = now
    yield number("easy_share", easy, "%")
    yield number("moderate_share", moderate, "%")
    yield number("hard_share", hard, "%")
    usual = intensity_shares(_weeks_before(given))
    if usual is not None and given.knows(COMPARED_DAYS):
        yield number("easy_share_usual", usual[0], "%")


def _rhythm(given: Training) -> Iterator[Fact]:
    if given.knows(WEEK_DAYS):
        yield number("rest_days", WEEK_DAYS - training_days(_this_week(given)), "rest days")
    if given.knows(COMPARED_DAYS):
        usual = (BEFORE_DAYS - training_days(_weeks_before(given))) / BEFORE_WEEKS
        yield number("rest_days_usual", usual, "rest days", decimals=1)
    since_last = given.days_since_last()
    if since_last is not None:
        yield number("days_since_last", since_last, "days")
    yield from break_facts(given)
    monotony = given.value(Role.MONOTONY)
    if monotony is not None and len(_this_week(given)) >= MIN_SESSIONS_SHARED:
        yield number("monotony", monotony, decimals=1)


def break_facts(given: Training) -> Iterator[Fact]:
    """Yield how long a break was, if its end is so recent that it explains what is seen now."""
    days = sorted({session.local_date for session in given.sessions if session.local_date <= given.last_day})
    recent = given.last_day - timedelta(days=RETURN_DAYS)
    breaks = [
        (later - earlier).days - 1
        for earlier, later in pairwise(days)
        if later > recent and (later - earlier).days > BREAK_DAYS and _was_regular(days, until=earlier)
    ]
    if breaks:
        yield number("break_days", max(breaks), "days")


def _was_regular(days: list[date], *, until: date) -> bool:
    """Return whether training had been frequent before; otherwise a gap is no break."""
    return sum(until - timedelta(days=BEFORE_DAYS) < day <= until for day in days) >= MIN_TRAINING_DAYS


def hard_days(given: Training, days: int) -> list[date] | None:
    """Return the days of the last `days` that were hard for this athlete; None without a baseline."""
    before = _weeks_before(given)
    if not given.knows(COMPARED_DAYS) or training_days(before) < BEFORE_WEEKS:
        return None
    usual = load(before) / training_days(before)
    by_day: dict[date, float] = {}
    for session in given.last(days):
        by_day[session.local_date] = by_day.get(session.local_date, 0.0) + (session.load or 0.0)
    return sorted(day for day, total in by_day.items() if usual > 0 and total >= HARD_DAY * usual)


def longest_run(days: list[date]) -> int:
    """Return how many of the days follow one another at most."""
    longest = current = 0
    for place, day in enumerate(days):
        current = current + 1 if place and (day - days[place - 1]).days == 1 else 1
        longest = max(longest, current)
    return longest


def _hard_days(given: Training) -> Iterator[Fact]:
    hard = hard_days(given, WEEK_DAYS)
    if hard is None:
        return
    yield number("hard_days", len(hard), "hard days")
    yield number("hard_days_in_row", longest_run(hard), "hard days")
    others = [session for session in _this_week(given) if session.local_date not in hard]
    shares = intensity_shares(others)
    if hard and shares is not None:
        yield number("other_days_easy_share", shares[0], "%")


def _longest(given: Training) -> Iterator[Fact]:
    week, before = _this_week(given), _weeks_before(given)
    longest, total = longest_hours(week), hours(week)
    if not longest:
        return
    yield number("longest_week", longest, "h", decimals=1)
    yield number("longest_share", 100 * longest / total, "%")
    if given.knows(COMPARED_DAYS) and longest_hours(before) >= MIN_HOURS_COMPARED:
        yield number("longest_before", longest_hours(before), "h", decimals=1)
        yield percent("longest_change", longest, longest_hours(before))
    yield from _long_run(given)


def _long_run(given: Training) -> Iterator[Fact]:
    """Yield the longest run of the week beside the longest of the thirty days before it."""
    runs = [session for session in of_sport(_this_week(given), Sport.RUN) if session.distance_m]
    if not runs:
        return
    longest = max(runs, key=lambda run: run.distance_m or 0)
    distance = longest.distance_m or 0
    yield number("long_run", distance / 1000, "km", decimals=1)
    if len(runs) >= MIN_SESSIONS_SHARED:
        yield number("long_run_share", 100 * distance / (1000 * kilometres(runs, Sport.RUN)), "%")
    first_day = longest.local_date - timedelta(days=LONG_RUN_DAYS)
    former = max(
        (
            run.distance_m or 0
            for run in of_sport(given.sessions, Sport.RUN)
            if first_day <= run.local_date < longest.local_date
        ),
        default=0,
    )
    if former >= MIN_RUN_M:
        yield number("long_run_before", former / 1000, "km", decimals=1)
        yield percent("long_run_change", distance, former)


def _distances(given: Training) -> Iterator[Fact]:
    week, before = _this_week(given), _weeks_before(given)
    for sport in SPORTS_WITH_DISTANCE:
        distance, usual = kilometres(week, sport), kilometres(before, sport) / BEFORE_WEEKS
        if not distance:
            continue
        yield number(f"{sport.value}_distance", distance, "km", decimals=1)
        if given.knows(COMPARED_DAYS) and usual >= 1:
            yield percent(f"{sport.value}_distance_change", distance, usual)


def _record(given: Training) -> Iterator[Fact]:
    if given.knows(COMPARED_DAYS):
        yield from record(_this_week(given), given.last(RECORD_DAYS, ago=WEEK_DAYS))


MIN_SESSIONS_READ = 4
STALE_DAYS = 90


def quality_facts(given: Training, days: int) -> Iterator[Fact]:
    """Yield what limits the trust in the other facts."""
    sessions = given.last(days)
    yield number("history_days", given.history_days, "days")
    yield number("estimated_share", 100 * estimated_share(sessions), "%")
    without = sum(not session.has_readings for session in sessions)
    if without and len(sessions) >= MIN_SESSIONS_READ:
        yield number("sessions_without_readings", without, "sessions")
        yield number("without_readings_share", 100 * without / len(sessions), "%")
    if given.threshold_age_days is not None and given.threshold_age_days >= STALE_DAYS:
        yield number("threshold_age", given.threshold_age_days, "days")
    yield from coverage_facts(given)


def coverage_facts(given: Training) -> Iterator[Fact]:
    """Yield how much is left out, where something is."""
    if given.covered is not None:
        covered, of, share = given.covered
        yield number("sessions_covered", covered)
        yield number("sessions_known", of, "sessions")
        yield number("load_covered", floor(100 * share), "%")


def _this_week(given: Training) -> list[Session]:
    return given.last(WEEK_DAYS)


def _weeks_before(given: Training) -> list[Session]:
    return given.last(BEFORE_DAYS, ago=WEEK_DAYS)
