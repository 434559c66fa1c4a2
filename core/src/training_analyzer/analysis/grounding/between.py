"""How far two opposites are apart: the first and the last, the fastest and the slowest."""

from collections.abc import Sequence
from itertools import permutations
from typing import Final

from training_analyzer.analysis.grounding.changing import is_compared
from training_analyzer.analysis.grounding.differing import differing, measure_alike, signs
from training_analyzer.analysis.grounding.evoked import Stretch, clarity_of, marks, part_of
from training_analyzer.analysis.grounding.matching import meanings
from training_analyzer.analysis.grounding.quantities import Quantity
from training_analyzer.analysis.grounding.results import Result
from training_analyzer.analysis.grounding.sayable import Reading
from training_analyzer.analysis.grounding.scene import Scene
from training_analyzer.analysis.grounding.sentences import Mention
from training_analyzer.analysis.grounding.surroundings import NEAR

_OPPOSITES: Final = (("last", "first"), ("best", "lowest"))
"""From the second to the first something moves."""
_MOVING: Final = _OPPOSITES[:1]
_ONE_SIDE: Final = ("end:last", "thing:half2", "thing:third3", "superlative:lowest")


def names_opposites(scene: Scene) -> bool:
    return scene.sentence.has(*_ONE_SIDE)


def between(quantity: Quantity, levels: list[Reading], scene: Scene) -> tuple[list[Result], Mention | None]:
    """
    Return how far two opposites are apart that a clause names, and the phrase that says which is more.

    As in "Six seconds separate the fastest from the slowest", "lost 19 W from the first to the last".
    """
    if not names_opposites(scene):
        return [], None
    words, opposed = _opposed(quantity, scene)
    if not opposed:
        return [], None
    way = _moved(quantity, scene)
    pairs = [(one, other) for one, other in permutations(levels, 2) if one.dimension == other.dimension]
    found = [
        (clear, result)
        for meaning in meanings(quantity, scene)
        for result in differing(quantity, meaning, pairs)
        if _are_opposed(result, opposed if way is None else _MOVING, scene)
        and (clear := _clarity(words, result, scene)) is not None
    ]
    most = max((clear for clear, _ in found), default=0)
    return [result for clear, result in found if clear == most], way


def are_apart_otherwise(quantity: Quantity, scene: Scene) -> bool:
    """As in "Only 5 seconds separate the fastest repeat from the slowest", where it is 9, and 5 is of all."""
    extremes = {"superlative:best", "superlative:lowest"} <= scene.sentence.tags
    words, opposed = _opposed(quantity, scene) if extremes else (None, [])
    if words is None or not opposed:
        return False
    levels = [r for r in scene.evidence.readings if r.role == "now" and r.values and not r.derived]
    return any(
        _are_opposed(Result(one, other, one.dimension, "change", 0.0), opposed, scene)
        and any(measure_alike(meaning, one) for meaning in meanings(quantity, scene))
        for one, other in permutations(levels, 2)
        if one.dimension == other.dimension
    )


def _opposed(quantity: Quantity, scene: Scene) -> tuple[Stretch, list[tuple[str, str]]]:
    """Return what the clause says, and which opposites it names beside a number that compares them."""
    words = part_of(scene, quantity.at)
    opposed = [pair for pair in _OPPOSITES if words.all.issuperset(pair)]
    return words, opposed if opposed and is_compared(quantity, scene) else []


def _moved(quantity: Quantity, scene: Scene) -> Mention | None:
    """As in "Lost 19 W", "faded by 19 W": the phrase that says which way it went, if one does."""
    ways = [m for m in scene.ways if signs(m) and scene.sentence.together(m.at, quantity.at)]
    ahead = [m for m in ways if m.end <= quantity.at and scene.gap(m.end, quantity.at) <= NEAR]
    behind = [m for m in ways if 0 <= m.at - quantity.end <= NEAR]
    return ahead[-1] if ahead else behind[0] if behind else None


def _are_opposed(result: Result, opposed: Sequence[tuple[str, str]], scene: Scene) -> bool:
    ones, others = marks(result.one, scene), marks(result.other, scene)
    return any(
        one in ones - others and other in others - ones for one, other in opposed
    ) and not result.one.concepts.isdisjoint(result.other.concepts)


def _clarity(words: Stretch, result: Result, scene: Scene) -> int | None:
    return clarity_of(words, marks(result.one, scene) | marks(result.other, scene))
