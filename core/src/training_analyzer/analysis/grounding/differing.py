"""Which two facts are as far apart as a number says, and whether words say which of them is more."""

from collections.abc import Iterable, Iterator
from typing import Final

from training_analyzer.analysis.grounding.matching import reaches
from training_analyzer.analysis.grounding.quantities import Meaning, Quantity
from training_analyzer.analysis.grounding.results import Result
from training_analyzer.analysis.grounding.sayable import Direction, Reading
from training_analyzer.analysis.grounding.sentences import Mention

_WHOLE: Final = 100.0
_DAYS: Final = frozenset({"rest_day", "training_day"})
_TIMED: Final = frozenset({"pace", "time"})
_MERITS: Final = frozenset({"better", "worse"})
_NO_MERIT: Final = frozenset({"heart_rate", "max_heart_rate", "threshold_heart_rate", "load", "cadence"})
"""Metrics of which more is neither better nor worse."""


def differing(
    quantity: Quantity, meaning: Meaning, pairs: Iterable[tuple[Reading, Reading]]
) -> Iterator[Result]:
    """Return which of the pairs of facts are as far apart as a number says."""
    for one, other in pairs:
        values = _values(meaning, one, other)
        relative = meaning.dimension == "percent" and one.dimension != "percent"
        if values is None or values[0] == values[1] or (relative and values[1] <= 0):
            continue
        by = _WHOLE * (values[0] / values[1] - 1) if relative else values[0] - values[1]
        if reaches(quantity, meaning, abs(by)):
            yield Result(one, other, meaning.dimension or one.dimension, "change", abs(by), _went(one, by))


def measure_alike(meaning: Meaning, one: Reading) -> bool:
    """Return whether a number can say how far a fact is from others."""
    return _values(meaning, one, one) is not None


def _values(meaning: Meaning, one: Reading, other: Reading) -> tuple[float, float] | None:
    """Return the numbers of two facts in what the number is written in; None where it can be of neither."""
    match meaning.dimension:
        case None | "number":
            counted = one.dimension == "number" or bool(one.concepts & _DAYS)
            counted = counted or (meaning.dimension == "number" and one.dimension == "percent")
            return (one.values[0], other.values[0]) if counted else None
        case "time" if one.dimension == "pace":
            return (one.own[0], other.own[0]) if one.own and other.own else None
        case dimension:
            return (one.values[0], other.values[0]) if dimension in (one.dimension, "percent") else None


def _went(one: Reading, by: float) -> Direction:
    """Return which way it is from the other: what takes longer for a kilometre is slower."""
    return "up" if (by > 0) == (one.dimension != "pace") else "down"


def compares(mention: Mention) -> bool:
    """Return whether a phrase says that one of two is more, or better."""
    merit = bool(mention.keys("direction") & _MERITS) or "clause:missing" in mention.tags
    return merit or bool(signs(mention))


def signs(mention: Mention) -> frozenset[int]:
    """Return whether something is said to be more (1), or less (-1)."""
    ways = mention.keys("direction") | {key.partition(".")[2] for key in mention.keys("implied")}
    up = "up" in ways or mention.tags & {"comparison:above", "hedge:over"}
    down = "down" in ways or mention.tags & {"comparison:below", "hedge:under"}
    return frozenset({1} if up else ()) | frozenset({-1} if down else ())


def agrees(way: Mention, result: Result) -> bool:
    """Return whether a phrase says which of two facts is more: of a pace, more is slower."""
    one, other = result.one, result.other
    more = 1 if one.values[0] > other.values[0] else -1
    sooner = -more if one.dimension in _TIMED else more
    if any(key.startswith("speed.") for key in way.keys("implied")) or _is_ahead(way, other):
        return signs(way) == {sooner}
    better = (
        sooner if one.dimension == "pace" or "goal" in other.things or "speed" in one.concepts else more
    )  # hours of training are no goal
    if "clause:missing" in way.tags:
        return better < 0
    if merits := way.keys("direction") & _MERITS:
        return merits == {"better" if better > 0 else "worse"} and not one.concepts & _NO_MERIT
    return signs(way) == {more}


def _is_ahead(way: Mention, other: Reading) -> bool:
    """As in "One minute ahead of your goal": who is ahead of a time, or beats it, takes less."""
    return "clause:ahead" in way.tags and "goal" in other.things
