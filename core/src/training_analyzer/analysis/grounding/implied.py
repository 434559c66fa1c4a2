"""What facts imply exactly: differences, ratios, rates, and what is left of a week."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations, product
from typing import Final

from training_analyzer.analysis.grounding.readings import is_faster_when_lower
from training_analyzer.analysis.grounding.sayable import AVERAGING, Direction, Reading

SMALL_POINTS: Final = 20.0
"""Below it, a change is judged by its points: a percentage of little means little."""
AROUND_NOTHING: Final = frozenset({"form", "ramp", "session", "rest_day", "training_day"})
"""What is counted, or is about zero."""
FLAT_PERCENT: Final = 3.0
FLAT_POINTS: Final = 1.0
WEEKS_AT_LEAST, WEEKS_AT_MOST, CALENDAR_MONTH = 14.0, 100.0, 30.0
_CAPACITIES: Final = frozenset({"threshold_power", "max_heart_rate"})
_MONTHS_VARY: Final = 0.1
"""Between 28 and 31 days."""
TWO: Final = 2
_ROUNDED: Final = 0.05
BETWEEN: Final = frozenset({"fitness", "fatigue"})
SUMMED: Final = frozenset({"time", "distance", "load", "session"})
_PLANNED: Final = frozenset({"planned"})
_DIVIDED: Final = tuple(map(frozenset, ({"time"}, {"distance"}, {"load"}, {"elevation"})))


def implied(readings: Sequence[Reading]) -> Iterator[Reading]:
    """What two readings of one metric imply exactly: their difference, and the one as a part of the other."""
    now = [reading for reading in readings if reading.role == "now" and reading.values]
    usual = [reading for reading in readings if reading.role == "usual" and reading.values]
    moved = [r for r in readings if r.role == "change" and r.direction]
    for other in usual:
        for one in _nearest(other, [one for one in now if _comparable(one, other)]):
            compared = tuple(_compared(one, other))
            stated = next((c.direction for c in moved if any(_is_same(c, found) for found in compared)), None)
            yield from (replace(found, direction=stated or found.direction) for found in compared)
    changes = [change for change in moved if change.dimension != "percent"]
    for one, change in product(now, changes):
        in_points = one.dimension == "percent" and change.dimension == "number"
        comparable = (in_points or one.dimension == change.dimension) and one.sports == change.sports
        own = one.concepts - {"time"} if "share" in one.concepts else one.concepts
        if comparable and own and own <= change.concepts:
            rose = (change.direction == "down") == (one.dimension == "pace")
            before = (one.values[0] - abs(change.values[0]) * (1 if rose else -1),)
            yield replace(
                one,
                ids=(*one.ids, *change.ids),
                role="usual",
                values=before,
                own=before if one.dimension == "number" else (),
                slack=1.0,
                days=change.days,
            )
    for one, peak in product(now, now):
        if peak.statistic == "peak" and one.statistic is None and _alike(one, peak) and one.stem == peak.stem:
            yield from _compared(one, peak)
    for one, goal in product(now, now):
        timed = goal.dimension == "time" and "goal" in goal.things
        if timed and "goal" not in one.things and _alike(_of_no_race(one), _of_no_race(goal)):
            yield from (replace(apart, direction=None) for apart in _compared(one, goal))
    yield from _others_share(now, frozenset().union(*(reading.sports for reading in readings)))
    yield from _of_capacity(now)
    yield from _of_total(now)
    yield from _of_races(now)
    yield from _missed(now)
    yield from _all_sports(now)
    yield from _all_kinds(now)
    yield from _rates(now)
    yield from _per_week((*now, *usual))
    yield from _per_session(now)
    yield from _per_session(usual)
    yield from _per_weight(now)
    yield from _between_metrics(now)


def _alike(one: Reading, other: Reading) -> bool:
    return one.dimension == other.dimension and one.sports == other.sports and one.concepts == other.concepts


def _of_no_race(reading: Reading) -> Reading:
    """As in "Finish time", which a race has, and "goal time", which says of no race."""
    return replace(reading, concepts=reading.concepts - {"race"})


def _is_same(change: Reading, found: Reading) -> bool:
    """Return whether a fact states the change that was found: it knows best whether that is one."""
    return (
        found.role == "change"
        and change.stem == found.stem
        and change.dimension == found.dimension
        and abs(abs(change.values[0]) - abs(found.values[0])) <= _ROUNDED * abs(found.values[0])
    )


def _nearest(other: Reading, comparable: list[Reading]) -> list[Reading]:
    """Return what a number of other times is compared with: what has its name, where something has."""
    return (
        [one for one in comparable if one.base == other.base]
        or [one for one in comparable if one.stem == other.stem]
        or comparable
    )


def _comparable(one: Reading, other: Reading) -> bool:
    if not _alike(one, other):
        return False
    averaged = any(set(part.split("_")) & (AVERAGING | {"28d", "60d", "90d"}) for part in other.ids)
    return (
        averaged
        or not one.days
        or "longest" in one.concepts
        or (bool(one.days & other.days) and one.days >= other.days - {28.0})
    )


def _compared(one: Reading, other: Reading) -> Iterator[Reading]:
    now, usual = one.values[0], other.values[0]
    both = (*one.ids, *other.ids)
    difference = now - usual
    differences = tuple(abs(a - b) for a, b in zip(one.values, other.values, strict=False))
    unit = (one.own[0] / now) if one.own and now else 1.0
    percent = 100 * difference / abs(usual) if usual else 0.0
    in_points = one.dimension == "number" and abs(usual) <= SMALL_POINTS and one.concepts & AROUND_NOTHING
    small = abs(difference) < FLAT_POINTS if in_points else abs(percent) < FLAT_PERCENT
    direction: Direction = "flat" if small else "up" if difference > 0 else "down"
    turned = is_faster_when_lower(one.dimension, one.concepts)
    if turned and not small:
        direction = "down" if direction == "up" else "up"
    leans: Direction = "up" if (difference > 0) != turned else "down"
    shared = replace(
        one,
        ids=both,
        role="change",
        direction=direction,
        leans=leans,
        days=one.days | other.days,
        against=frozenset({max(other.days)}) if other.days else frozenset(),
        earlier=other.earlier,
    )
    yield replace(shared, values=differences, own=tuple(value * abs(unit) for value in differences))
    if usual > 0 and now >= 0 and one.dimension == "percent":
        yield replace(shared, role="part", dimension="times", values=(now / usual,), own=(), slack=0.005)
    elif usual > 0 and now >= 0:
        parts = tuple(100 * a / b for a, b in zip(one.values, other.values, strict=False) if b)
        changes = tuple(abs(part - 100) for part in parts)
        yield replace(shared, dimension="percent", values=changes, own=())
        yield replace(shared, role="part", dimension="percent", values=parts, own=())
        yield replace(shared, role="part", dimension="times", values=(now / usual,), own=(), slack=0.005)


def _others_share(now: Sequence[Reading], sports: frozenset[str]) -> Iterator[Reading]:
    """Return the share of the one of two sports whose share no fact is."""
    for one in now:
        if (
            "share" in one.concepts
            and one.dimension == "percent"
            and len(sports) == TWO
            and len(one.sports) == 1
        ):
            rest = (100 - one.values[0],)
            yield replace(one, sports=sports - one.sports, values=rest, own=rest)


def _of_capacity(now: Sequence[Reading]) -> Iterator[Reading]:
    """Return what each number is of what the athlete can do: power of the threshold, pulse of its maximum."""
    for one, capacity in product(now, now):
        if not capacity.concepts & _CAPACITIES or one is capacity or one.dimension != capacity.dimension:
            continue
        part = one.values[0] / capacity.values[0] if capacity.values[0] > 0 else 0.0
        shared = replace(
            one,
            ids=(*one.ids, *capacity.ids),
            concepts=one.concepts | capacity.concepts,
            role="part",
            statistic=None if one.statistic == "average" else one.statistic,
            own=(),
        )
        yield replace(shared, dimension="percent", values=(100 * part,))
        yield replace(shared, dimension="times", values=(part,), own=(part,), slack=0.005)


def _of_total(now: Sequence[Reading]) -> Iterator[Reading]:
    """Return what part of all the longest is: "close to half of your 43 km"."""
    for one, total in product(now, now):
        if (
            "longest" in one.concepts
            and "longest" not in total.concepts
            and one.dimension == total.dimension
            and one.dimension in ("time", "length")
            and one.sports == total.sports
            and one.values[0] < total.values[0]
        ):
            yield replace(
                one,
                ids=(*one.ids, *total.ids),
                concepts=one.concepts | total.concepts | {"share"},
                role="part",
                dimension="percent",
                values=(100 * one.values[0] / total.values[0],),
                own=(),
            )


def _all_sports(now: Sequence[Reading]) -> Iterator[Reading]:
    """Return how many sessions there were, where facts count them by sport alone."""
    counts = [r for r in now if "session" in r.concepts and r.dimension == "number" and not r.derived]
    sports = [sport for count in counts for sport in count.sports]
    periods = {count.days for count in counts}
    if len(counts) > 1 and len(periods) == 1 and len(sports) == len(counts) == len(set(sports)):
        total = (sum(count.values[0] for count in counts),)
        yield replace(
            counts[0],
            ids=tuple(fact_id for count in counts for fact_id in count.ids),
            concepts=frozenset({"session"}),
            sports=frozenset(sports),
            values=total,
            own=total,
        )


def _missed(now: Sequence[Reading]) -> Iterator[Reading]:
    """Return how many of the planned sessions were missed."""
    counts = [r for r in now if "session" in r.concepts and r.dimension == "number" and not r.derived]
    for plan, done in product(counts, counts):
        rest = plan.values[0] - done.values[0]
        alike = plan.things == done.things | _PLANNED and plan.days == done.days and _alike(plan, done)
        if alike and not done.things & _PLANNED and rest > 0:
            yield replace(
                plan, ids=(*plan.ids, *done.ids), things=done.things | {"missed"}, values=(rest,), own=(rest,)
            )


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


def _all_kinds(now: Sequence[Reading]) -> Iterator[Reading]:
    """Return how many sessions of a sport there were, where facts count them by their kind alone."""
    counts = [r for r in now if r.concepts == {"session"} and r.dimension == "number" and not r.derived]
    for one, other in combinations(counts, 2):
        alike = one.sports == other.sports and one.days == other.days
        if alike and {*one.things, *other.things} == {"indoor", "outdoor"}:
            total = (one.values[0] + other.values[0],)
            yield replace(one, ids=(*one.ids, *other.ids), values=total, own=total, things=frozenset[str]())


def _rates(now: Sequence[Reading]) -> Iterator[Reading]:
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


def _per_week(now: Sequence[Reading]) -> Iterator[Reading]:
    """Return what sums of longer periods are per week."""
    for one in now:
        summed = bool(one.concepts) and one.concepts <= SUMMED and one.statistic is None
        days = min(one.days, default=0)
        if not summed or not WEEKS_AT_LEAST <= days <= WEEKS_AT_MOST or one.dimension == "percent":
            continue
        if one.role == "usual" and (one.concepts != {"session"} or one.dimension != "number"):
            continue
        weekly = 7 * one.values[0] / days
        yield replace(
            one,
            values=(weekly,),
            own=tuple(7 * value / days for value in one.own[:1]),
            slack=_MONTHS_VARY * weekly if days == CALENDAR_MONTH else 0.0,
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


def _between_metrics(now: Sequence[Reading]) -> Iterator[Reading]:
    """Fitness less fatigue may be said: the two are made to be compared."""
    fitness = next((r for r in now if r.concepts == {"fitness"}), None)
    fatigue = next((r for r in now if r.concepts == {"fatigue"}), None)
    if fitness and fatigue:
        gap = (abs(fitness.values[0] - fatigue.values[0]),)
        yield replace(
            fitness,
            ids=(*fitness.ids, *fatigue.ids),
            concepts=BETWEEN,
            role="change",
            values=gap,
            own=gap,
            slack=1.0,
        )
