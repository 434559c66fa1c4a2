"""What facts are per week, session, kilogram or hour, and how long a race takes at its pace."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import product
from typing import Final

from training_analyzer.analysis.grounding.sayable import Reading

_WEEKS_AT_LEAST, _WEEKS_AT_MOST, _CALENDAR_MONTH = 14.0, 100.0, 30.0
_HOUR: Final = 3600.0
_MONTHS_VARY: Final = 0.1
"""Between 28 and 31 days."""
SUMMED: Final = frozenset({"time", "distance", "load", "session"})
COUNTED: Final = frozenset({"intervals", "easy", "moderate", "hard", "threshold", "vo2max"})
"""Of what kind sessions are that are counted."""
_DIVIDED: Final = tuple(map(frozenset, ({"time"}, {"distance"}, {"load"}, {"elevation"})))


def rates(now: Sequence[Reading], usual: Sequence[Reading]) -> Iterator[Reading]:
    """Return all of them, of how it is now and of what is usual."""
    yield from _of_races(now)
    yield from _speeds(now)
    yield from _per_week((*now, *usual))
    yield from _per_session(now)
    yield from _per_session(usual)
    yield from _per_weight(now)
    yield from _per_hour(now)
    yield from _per_hour(usual)


def _of_races(now: Sequence[Reading]) -> Iterator[Reading]:
    """Return how long a race takes at the pace that is meant for it."""
    for pace, way in product(now, now):
        meant = pace.dimension == "pace" and pace.things & {"goal", "marathon"}
        if meant and way.dimension == "length" and "race" in way.concepts:
            yield replace(
                pace,
                ids=(*pace.ids, *way.ids),
                concepts=frozenset({"time", "race"}),
                dimension="time",
                values=(pace.values[0] * way.values[0] / 1000,),
                own=(),
                slack=60.0,
            )


def _speeds(now: Sequence[Reading]) -> Iterator[Reading]:
    """Speed, from the distance and the time of one activity or sport, where no fact is of it."""
    for way, time in product(now, now):
        if way.concepts != {"distance"} or time.concepts != {"time"} or not _of_one_thing(way, time):
            continue
        if any("speed" in r.concepts and r.sports == way.sports for r in now) or not way.sports:
            continue
        speed = way.values[0] / time.values[0]
        shared = replace(
            way, ids=(*way.ids, *time.ids), concepts=frozenset({"speed"}), own=(), statistic=None
        )
        yield replace(shared, dimension="speed", values=(speed,))
        yield replace(shared, dimension="pace", values=(1000 / speed,))


def _per_hour(readings: Sequence[Reading]) -> Iterator[Reading]:
    """Return the load of an hour, from the load and the time of one activity or week, if no fact says it."""
    if any("intensity" in reading.concepts for reading in readings):
        return
    loads = [r for r in readings if r.concepts == {"load"} and r.dimension == "number"]
    times = [r for r in readings if r.concepts == {"time"} and r.dimension == "time" and r.values[0] > 0]
    for load, time in product(loads, times):
        alike = load.sports == time.sports and load.things == time.things
        if alike and load.days == time.days and load.earlier == time.earlier:
            hourly = (_HOUR * load.values[0] / time.values[0],)
            yield replace(
                load,
                ids=(*load.ids, *time.ids),
                concepts=frozenset({"intensity"}),
                values=hourly,
                own=hourly,
                base="intensity",
                stem="intensity",
            )


def _per_week(now: Sequence[Reading]) -> Iterator[Reading]:
    """Return what sums of longer periods are per week."""
    for one in now:
        counted = "session" in one.concepts and one.concepts <= SUMMED | COUNTED
        summed = bool(one.concepts) and (one.concepts <= SUMMED or counted) and one.statistic is None
        days = min(one.days, default=0)
        if not summed or not _WEEKS_AT_LEAST <= days <= _WEEKS_AT_MOST:
            continue
        if one.role == "usual" and one.concepts != {"session"}:
            continue
        weekly = 7 * one.values[0] / days
        yield replace(
            one,
            values=(weekly,),
            own=tuple(7 * value / days for value in one.own[:1]),
            slack=_MONTHS_VARY * weekly if days == _CALENDAR_MONTH else 0.0,
            per="week",
            statistic="average" if one.role == "now" else None,
        )


def _per_session(now: Sequence[Reading]) -> Iterator[Reading]:
    """Return what sums are per session."""
    for one, count in product(now, now):
        if (
            count.concepts == {"session"}
            and count.dimension == "number"
            and count.values[0] > 1
            and one.concepts in _DIVIDED
            and _of_one_thing(one, count)
        ):
            yield replace(
                one,
                ids=(*one.ids, *count.ids),
                values=(one.values[0] / count.values[0],),
                own=tuple(value / count.values[0] for value in one.own[:1]),
                per="session",
                statistic="average",
            )


def _of_one_thing(one: Reading, other: Reading) -> bool:
    return (
        one.sports == other.sports
        and one.days == other.days
        and one.statistic is other.statistic is None
        and one.values[0] > 0 < other.values[0]
    )


def _per_weight(now: Sequence[Reading]) -> Iterator[Reading]:
    for power in now:
        for weight in now:
            if power.dimension == "power" and weight.dimension == "mass" and weight.values[0] > 0:
                value = (power.values[0] / weight.values[0],)
                yield replace(
                    power,
                    ids=(*power.ids, *weight.ids),
                    dimension="power per weight",
                    values=value,
                    own=value,
                )
