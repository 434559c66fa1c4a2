"""The facts of a week: every number that may be said, compared with the athlete's own baseline."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Literal

from training_analyzer.analysis.rules import fire
from training_analyzer.analysis.week import BEFORE_DAYS, WEEK_DAYS, ActivityFact, Role, WeekInput
from training_analyzer.domain.activity import Sport
from training_analyzer.domain.insight import Context, Coverage, Fact, InsightKind

BEFORE_WEEKS = BEFORE_DAYS // WEEK_DAYS

# Below these a change is called flat. Our choice: training varies by more from week to week anyway.
FLAT_PERCENT = 5.0
FLAT_POINTS = 1.0

MIN_LOAD_COMPARED = 20.0
"""A usual week below this is hardly training: a percentage of it would be large and mean nothing."""
MIN_HOURS_COMPARED = 0.5

SPORTS_WITH_DISTANCE = (Sport.RIDE, Sport.RUN, Sport.SWIM)


def week_context(given: WeekInput) -> Context:
    """Return all facts and fired rules of the week, from every recording. For the rules' own words."""
    facts = week_facts(given)
    coverage = coverage_of(given)
    return Context(
        kind=InsightKind.WEEK,
        first_day=given.first_day,
        last_day=given.last_day,
        facts=facts,
        rules=fire(facts),
        coverage=coverage,
    )


def week_facts(given: WeekInput) -> tuple[Fact, ...]:
    """Return the week's facts in a fixed order; what is not known is left out."""
    return (
        *_load(given),
        *_volume(given),
        *_intensity(given),
        *_rhythm(given),
        *_longest(given),
        *_distances(given),
        *_fitness(given),
        *_form(given),
        *_quality(given),
    )


def coverage_of(given: WeekInput) -> Coverage:
    """Return what the facts rest on, where all recordings may be used."""
    compared = given.compared()
    return Coverage(
        activities=len(compared),
        activities_covered=len(compared),
        load_share=1.0,
        estimated_share=_estimated_share(compared),
        history_days=given.history_days,
    )


def _load(given: WeekInput) -> Iterator[Fact]:
    week = given.values(Role.LOAD, 0, WEEK_DAYS)
    if week is None:
        return
    load = float(week.sum())
    yield Fact(id="load_week", label="training load of the week", value=load)
    before = given.values(Role.LOAD, WEEK_DAYS, BEFORE_DAYS)
    if before is None:
        return
    usual = float(before.sum()) / BEFORE_WEEKS
    yield Fact(id="load_usual", label="usual weekly load, averaged over the four weeks before", value=usual)
    if usual >= MIN_LOAD_COMPARED:
        yield _percent("load_change", "weekly load against the four weeks before", load, usual)


def _volume(given: WeekInput) -> Iterator[Fact]:
    week, before = given.this_week(), given.weeks_before()
    yield _count("sessions_week", "sessions of the week", len(week), "session")
    yield Fact(id="time_week", label="moving time of the week", value=_hours(week), unit="h", decimals=1)
    if not given.has_baseline:
        return
    usual = _hours(before) / BEFORE_WEEKS
    yield _count("sessions_before", "sessions of the four weeks before", len(before), "session")
    yield Fact(
        id="time_usual",
        label="average weekly time of the four weeks before",
        value=usual,
        unit="h",
        decimals=1,
    )
    if usual >= MIN_HOURS_COMPARED:
        yield _percent("time_change", "weekly time against the four weeks before", _hours(week), usual)


def _intensity(given: WeekInput) -> Iterator[Fact]:
    now, usual = _load_per_hour(given.this_week()), _load_per_hour(given.weeks_before())
    if now is not None and usual is not None and given.has_baseline:
        yield Fact(id="intensity_week", label="load per hour of the week", value=now)
        yield Fact(id="intensity_usual", label="load per hour of the four weeks before", value=usual)
        yield _percent("intensity_change", "load per hour against the four weeks before", now, usual)


def _rhythm(given: WeekInput) -> Iterator[Fact]:
    if given.history_days >= WEEK_DAYS:
        rest_days = WEEK_DAYS - _training_days(given.this_week())
        yield _count("rest_days", "days of the week without training", rest_days, "rest day")
    if given.has_baseline:
        usual = (BEFORE_DAYS - _training_days(given.weeks_before())) / BEFORE_WEEKS
        yield Fact(
            id="rest_days_usual",
            label="average rest days per week in the four weeks before",
            value=usual,
            unit="rest days",
            decimals=1,
        )
    days = [activity.local_date for activity in given.activities if activity.local_date <= given.last_day]
    if days:
        since = (given.last_day - max(days)).days
        yield _count("days_since_last", "days since the last session", since, "day")


def _longest(given: WeekInput) -> Iterator[Fact]:
    week, before = given.this_week(), given.weeks_before()
    longest, total = _longest_hours(week), _hours(week)
    if not longest:
        return
    yield Fact(id="longest_week", label="longest session of the week", value=longest, unit="h", decimals=1)
    yield Fact(
        id="longest_share",
        label="the longest session's share of the week's time",
        value=100 * longest / total,
        unit="%",
    )
    if given.has_baseline and _longest_hours(before) >= MIN_HOURS_COMPARED:
        label = "longest session of the four weeks before"
        yield Fact(id="longest_before", label=label, value=_longest_hours(before), unit="h", decimals=1)
        yield _percent(
            "longest_change", f"longest session against the {label}", longest, _longest_hours(before)
        )


def _distances(given: WeekInput) -> Iterator[Fact]:
    week, before = given.this_week(), given.weeks_before()
    for sport in SPORTS_WITH_DISTANCE:
        distance, usual = _kilometres(week, sport), _kilometres(before, sport) / BEFORE_WEEKS
        if not distance:
            continue
        label = f"{sport.value} distance of the week"
        yield Fact(id=f"{sport.value}_distance", label=label, value=distance, unit="km", decimals=1)
        if given.has_baseline and usual >= 1:
            label = f"{sport.value} distance against the four weeks before"
            yield _percent(f"{sport.value}_distance_change", label, distance, usual)


def _fitness(given: WeekInput) -> Iterator[Fact]:
    fitness, fatigue = given.value(Role.FITNESS), given.value(Role.FATIGUE)
    if fitness is not None:
        yield Fact(id="fitness", label="fitness, the load that six weeks have built up", value=fitness)
        for fact_id, label, days_ago in (
            ("fitness_change", "fitness against a week ago", WEEK_DAYS),
            ("fitness_change_month", "fitness against four weeks ago", BEFORE_DAYS),
        ):
            earlier = given.value(Role.FITNESS, days_ago)
            if earlier is not None:
                yield _points(fact_id, label, fitness, earlier)
    if fatigue is not None:
        yield Fact(id="fatigue", label="fatigue, the load that the last days have left", value=fatigue)


def _form(given: WeekInput) -> Iterator[Fact]:
    form = given.value(Role.FORM)
    if form is None:
        return
    yield Fact(id="form", label="form, fitness less fatigue", value=form)
    before = given.values(Role.FORM, WEEK_DAYS, BEFORE_DAYS)
    if before is not None:
        usual = float(before.mean())
        yield Fact(id="form_usual", label="average form of the four weeks before", value=usual)
        yield _points("form_change", "form against the four weeks before", form, usual)


def _quality(given: WeekInput) -> Iterator[Fact]:
    yield _count("history_days", "days of history", given.history_days, "day")
    share = 100 * _estimated_share(given.compared())
    label = "share of the load of the last five weeks that is estimated"
    yield Fact(id="estimated_share", label=label, value=share, unit="%")


def _percent(fact_id: str, label: str, now: float, usual: float) -> Fact:
    change = 100 * (now - usual) / usual
    return _change(fact_id, label, change, unit="%", flat_below=FLAT_PERCENT)


def _points(fact_id: str, label: str, now: float, earlier: float) -> Fact:
    change = now - earlier
    return _change(fact_id, label, change, unit="points", flat_below=FLAT_POINTS)


def _change(fact_id: str, label: str, change: float, *, unit: str, flat_below: float) -> Fact:
    """Return a change as its size and its direction: nobody writes "down -18%"."""
    direction: Literal["up", "down", "flat"] = "up" if change > 0 else "down"
    if abs(change) < flat_below:
        direction = "flat"
    return Fact(id=fact_id, label=label, value=abs(change), unit=unit, direction=direction)


def _count(fact_id: str, label: str, count: int, noun: str) -> Fact:
    return Fact(id=fact_id, label=label, value=count, unit=f"{noun}s")


def _hours(activities: Iterable[ActivityFact]) -> float:
    return sum(activity.moving_s for activity in activities) / 3600


def _longest_hours(activities: Iterable[ActivityFact]) -> float:
    return max((activity.moving_s for activity in activities), default=0.0) / 3600


def _kilometres(activities: Iterable[ActivityFact], sport: Sport) -> float:
    return sum(activity.distance_m or 0.0 for activity in activities if activity.sport is sport) / 1000


def _training_days(activities: Iterable[ActivityFact]) -> int:
    return len({activity.local_date for activity in activities})


def _load_per_hour(activities: Sequence[ActivityFact]) -> float | None:
    loaded = [activity for activity in activities if activity.load is not None]
    hours = _hours(loaded)
    load = sum(activity.load or 0.0 for activity in loaded)
    return load / hours if hours >= MIN_HOURS_COMPARED and load > 0 else None


def _estimated_share(activities: Iterable[ActivityFact]) -> float:
    total = estimated = 0.0
    for activity in activities:
        load = activity.load or 0.0
        total += load
        estimated += load if activity.estimated else 0.0
    return estimated / total if total > 0 else 0.0
