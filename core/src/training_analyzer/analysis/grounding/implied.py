"""What facts imply exactly: how two of them differ, what they come to (`sums`), and their `rates`."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import product
from typing import Final

from training_analyzer.analysis.grounding.rates import rates
from training_analyzer.analysis.grounding.readings import is_faster_when_lower
from training_analyzer.analysis.grounding.sayable import AVERAGING, Direction, Reading
from training_analyzer.analysis.grounding.sums import alike, sums

SMALL_POINTS: Final = 20.0
"""Below it, a change is judged by its points: a percentage of little means little."""
AROUND_NOTHING: Final = frozenset({"form", "ramp", "session", "rest_day", "training_day"})
"""What is counted, or is about zero."""
FLAT_PERCENT: Final = 3.0
FLAT_POINTS: Final = 1.0
_ROUNDED: Final = 0.05
_SESSIONS: Final = frozenset({"session"})
_A_WEEK: Final = frozenset({7.0})
BETWEEN: Final = frozenset({"fitness", "fatigue"})


def implied(readings: Sequence[Reading]) -> Iterator[Reading]:
    """Return all that readings imply, first of all how what is now differs from what is usual."""
    now = [reading for reading in readings if reading.role == "now" and reading.values]
    usual = [reading for reading in readings if reading.role == "usual" and reading.values]
    moved = [r for r in readings if r.role == "change" and r.direction]
    for other in usual:
        for one in _nearest(other, [one for one in now if _comparable(one, other)]):
            compared = tuple(_compared(one, other))
            stated = next((c.direction for c in moved if any(_is_same(c, found) for found in compared)), None)
            yield from (replace(found, direction=stated or found.direction) for found in compared)
    changes = [change for change in moved if change.dimension != "percent"]
    for change in changes:
        for one in _nearest(change, [one for one in now if _may_have_changed(one, change)]):
            yield _before(one, change, usual)
    for one, peak in product(now, now):
        if peak.statistic == "peak" and one.statistic is None and alike(one, peak) and one.stem == peak.stem:
            yield from _compared(one, peak)
    for one, goal in product(now, now):
        timed = goal.dimension == "time" and "goal" in goal.things
        if timed and "goal" not in one.things and alike(_of_no_race(one), _of_no_race(goal)):
            yield from (replace(apart, direction=None) for apart in _compared(one, goal))
    yield from sums(now, sports=frozenset().union(*(reading.sports for reading in readings)))
    rated = list(rates(now, usual))
    yield from rated
    yield from _of_weeks(now, rated)
    yield from _between_metrics(now)


def _may_have_changed(one: Reading, change: Reading) -> bool:
    in_points = one.dimension == "percent" and change.dimension == "number"
    comparable = (in_points or one.dimension == change.dimension) and one.sports == change.sports
    own = one.concepts - {"time"} if "share" in one.concepts else one.concepts
    return bool(comparable and own and own <= change.concepts)


def _before(one: Reading, change: Reading, usual: Sequence[Reading]) -> Reading:
    """Return how something was before a change: what a fact says of it, or else what rounded numbers tell."""
    shared = replace(one, ids=(*one.ids, *change.ids), role="usual", days=change.days)
    for told in usual:
        if (told.base, told.days, told.dimension) == (change.base, change.against, one.dimension):
            return replace(shared, values=told.values, own=told.own)
    rose = (change.direction == "down") == (one.dimension == "pace")
    before = (one.values[0] - abs(change.values[0]) * (1 if rose else -1),)
    return replace(shared, values=before, own=before if one.dimension == "number" else (), slack=1.0)


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


def leaning(readings: Sequence[Reading]) -> Iterator[Reading]:
    """Return readings; a fact that says that something hardly moved learns to which side its numbers lean."""
    found = [reading for reading in readings if reading.derived and reading.leans]
    for reading in readings:
        if reading.role == "change" and reading.direction == "flat" and not reading.leans:
            leans = next((other.leans for other in found if _is_same(reading, other)), None)
            yield replace(reading, leans=leans)
        else:
            yield reading


def _nearest(other: Reading, comparable: list[Reading]) -> list[Reading]:
    """Return what a number of other times is compared with: what has its name, where something has."""
    return (
        [one for one in comparable if one.base == other.base]
        or [one for one in comparable if one.stem == other.stem]
        or comparable
    )


def _comparable(one: Reading, other: Reading) -> bool:
    if not alike(one, other):
        return False
    averaged = any(set(part.split("_")) & (AVERAGING | {"28d", "60d", "90d"}) for part in other.ids)
    return (
        averaged
        or (one.statistic == "peak" and one.stem == other.stem)  # the best of four weeks, and that before
        or not one.days
        or "longest" in one.concepts
        or (bool(one.days & other.days) and one.days >= other.days - {28.0, 365.0})
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


def _of_weeks(now: Sequence[Reading], rated: Sequence[Reading]) -> Iterator[Reading]:
    """As in "You rode as often as before": five sessions of a week, where four weeks had twenty."""
    sessions = [r for r in now if r.concepts == _SESSIONS and r.days == _A_WEEK and r.dimension == "number"]
    for one, other in product(sessions, rated):
        weekly = other.role == "usual" and other.per == "week" and other.concepts == _SESSIONS
        if weekly and one.sports == other.sports and one.things == other.things:
            yield from _compared(one, other)


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
