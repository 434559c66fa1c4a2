"""What two facts give: how far apart they are, what part of the other one is, and what they come to."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Final, NamedTuple

from training_analyzer.analysis.grounding.quantities import Meaning
from training_analyzer.analysis.grounding.sayable import Direction, Reading, Role
from training_analyzer.analysis.grounding.units import Dimension

_RELATIVE: Final = frozenset({"percent", "percent change", "times"})
_WHOLE: Final = 100.0


class Result(NamedTuple):
    """What two facts give. Few of them have the number that is looked for, and only these become readings."""

    one: Reading
    other: Reading
    dimension: Dimension
    role: Role
    value: float
    direction: Direction | None = None

    def reading(self) -> Reading:
        return replace(
            self.one,
            ids=(*self.one.ids, *self.other.ids),
            concepts=self.one.concepts | self.other.concepts,
            role=self.role,
            dimension=self.dimension,
            values=(self.value,),
            own=(),
            direction=self.direction,
            slack=0.0,
            statistic=None,
            earlier=self.one.earlier or self.other.earlier,
        )


def giving_any(meant: Sequence[Meaning], *, shared: bool) -> Callable[[Reading], bool]:
    """
    Return what tells whether a fact and another may give a number of one of these meanings at all.

    `shared`: a sum may be shared out among sessions. Asked before any two facts are held against each other.
    """
    dimensions = {meaning.dimension for meaning in meant}
    if None in dimensions or not _RELATIVE.isdisjoint(dimensions):
        return lambda _: True
    if "time" in dimensions:
        dimensions.add("pace")

    def gives(reading: Reading) -> bool:
        if reading.dimension in dimensions:
            return True
        if reading.dimension == "percent":
            return reading.role == "now"
        return reading.dimension == "number" and (shared or "intervals" in reading.concepts)

    return gives


def results(
    meaning: Meaning, one: Reading, other: Reading, *, compared: bool, stated: bool, each: bool
) -> Iterator[Result]:
    """Return what two facts give in the dimension of a meaning."""
    if one.dimension == other.dimension:
        if compared and meaning.dimension in (None, one.dimension):
            yield _apart(one, other, one.dimension, one.values[0] - other.values[0])
        if compared and meaning.dimension == "time" and one.dimension == "pace" and one.own and other.own:
            # "three seconds slower than your threshold pace"
            yield _apart(one, other, "time", one.own[0] - other.own[0])
        if (
            meaning.dimension in _RELATIVE
            and stated
            and (one.role == other.role or (one.role == "now" and compared))
        ):
            yield from _as_part(one, other, meaning.dimension)
        if one.dimension == "length" and meaning.dimension is None and other.values[0]:
            yield Result(one, other, one.dimension, "now", one.values[0] / other.values[0])
    elif other.dimension == meaning.dimension and _is_share_of(one, other):
        yield Result(other, one, other.dimension, "now", one.values[0] / _WHOLE * other.values[0])
    elif other.dimension == meaning.dimension and one.dimension == "number" and "intervals" in one.concepts:
        yield Result(other, one, other.dimension, "now", one.values[0] * other.values[0])
    elif one.dimension == meaning.dimension and each and _is_shared_out(one, other):
        yield Result(one, other, one.dimension, "now", one.values[0] / other.values[0])


def _is_shared_out(one: Reading, other: Reading) -> bool:
    """As in "Five sessions for 142 minutes means 28 minutes each time"."""
    summed = one.dimension in ("time", "length") and one.role == "now" and one.statistic is None
    counted = other.concepts == {"session"} and other.dimension == "number" and other.values[0] > 0
    return summed and counted and one.sports == other.sports and one.days == other.days


def _is_share_of(one: Reading, other: Reading) -> bool:
    return one.dimension == "percent" and one.role == "now" and not other.concepts.isdisjoint(one.concepts)


def _apart(one: Reading, other: Reading, dimension: Dimension, difference: float) -> Result:
    direction: Direction = "up" if difference > 0 else "down" if difference < 0 else "flat"
    if one.dimension == "pace" and difference:
        direction = "down" if direction == "up" else "up"
    return Result(one, other, dimension, "change", abs(difference), direction)


def _as_part(one: Reading, other: Reading, dimension: str) -> Iterator[Result]:
    mixed = one.dimension == "percent" and one.concepts != other.concepts
    if one.values[0] < 0 or other.values[0] <= 0 or mixed:
        return
    part = one.values[0] / other.values[0]
    if dimension == "times":
        yield Result(one, other, one.dimension, "part", part)
        return
    direction: Direction = "up" if part > 1 else "down"
    if one.dimension == "pace":
        direction = "down" if part > 1 else "up"
    yield Result(one, other, "percent", "change", abs(_WHOLE * (part - 1)), direction)
    if dimension == "percent" and part <= 1:
        yield Result(one, other, "percent", "part", _WHOLE * part)
