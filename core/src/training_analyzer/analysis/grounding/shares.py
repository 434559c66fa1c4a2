"""What part of a whole two numbers are that stand before it: "372 of 684 load points, more than half"."""

from itertools import pairwise
from typing import Final

from training_analyzer.analysis.grounding.matching import reaches
from training_analyzer.analysis.grounding.quantities import Quantity
from training_analyzer.analysis.grounding.sayable import LEVELS
from training_analyzer.analysis.grounding.scene import Scene
from training_analyzer.analysis.grounding.surroundings import NEAR

_WHOLE: Final = 100.0
_EXACT: Final = frozenset({"hedge", "article"})
"""Words for how exact a number is, and small ones."""
_OF: Final = frozenset({"article:of", "article:out_of"})
_LIMITS: Final = frozenset({"threshold", "threshold_power", "threshold_heart_rate", "max_heart_rate"})
_NAMING_LIMITS: Final = tuple(f"metric:{limit}" for limit in sorted(_LIMITS))


def is_share_of_two(quantity: Quantity, scene: Scene) -> bool | None:
    """
    Return whether a share is what one of two numbers is of the other; None where it is said of no two.

    As in "Nine of the 24 sessions were swims, more than a third".
    """
    share = next((m for m in quantity.meanings if m.dimension == "percent"), None)
    if share is None or not _stands_alone(quantity, scene):
        return None
    ahead = [q for q in scene.sentence.quantities if q.end <= quantity.at and not scene.is_window(q)]
    for one, other in pairwise(ahead[-2:]):
        if _is_out_of(one, other, scene) and (parts := _parts(one, other, scene)):
            return any(reaches(quantity, share, _WHOLE * part) for part in parts)
    return None


def is_share_of_a_limit(quantity: Quantity, scene: Scene) -> bool | None:
    """
    Return whether a share is what the number before it is of a threshold or maximum; None if it is of none.

    As in "An average of 214 W, or 81 % of your threshold", where 85 % is what the normalized power was.
    """
    sentence = scene.sentence
    if quantity.dimension != "percent" or not sentence.has(*_NAMING_LIMITS):
        return None
    share = quantity.meanings[0]
    if not any(m.at == quantity.end and m.tags & _OF for m in sentence.naming("article")):
        return None
    named = next((m for m in sentence.naming("metric") if 0 < m.at - quantity.end <= NEAR), None)
    ahead = [q for q in sentence.quantities if q.end <= quantity.at and not scene.is_window(q)]
    if named is None or not ahead or not sentence.together(ahead[-1].at, quantity.at):
        return None
    ones = [r for r in scene.said.get(ahead[-1].at, ()) if r.role == "now" and not r.derived]
    parts = [
        _WHOLE * one.values[0] / limit.values[0]
        for limit in scene.evidence.of(named.keys("metric") & _LIMITS)
        for one in ones
        if limit.role == "now" and not limit.derived and limit.values[0] > 0
        if limit.dimension == one.dimension != "pace" and limit.ids != one.ids
    ]
    return any(reaches(quantity, share, part, slack=1.0) for part in parts) if parts else None


def _stands_alone(quantity: Quantity, scene: Scene) -> bool:
    """Return whether a share stands between marks, with nothing but words for how exact it is."""
    tokens = scene.sentence.tokens
    if quantity.end < len(tokens) and tokens[quantity.end].kind != "mark":
        return False
    start, ending = quantity.at, scene.sentence.ending
    while start in ending and not _EXACT.isdisjoint(ending[start].sections):
        start = ending[start].at
    return start > 0 and tokens[start - 1].word == ","


def _is_out_of(one: Quantity, other: Quantity, scene: Scene) -> bool:
    of = next((m for m in scene.sentence.naming("article") if m.at >= one.end and m.tags & _OF), None)
    return of is not None and of.at - one.end <= NEAR and 0 <= other.at - of.end <= NEAR


def _parts(one: Quantity, other: Quantity, scene: Scene) -> set[float]:
    return {
        part.values[0] / whole.values[0]
        for part in scene.said.get(one.at, ())
        for whole in scene.said.get(other.at, ())
        if part.dimension == whole.dimension
        and part.role in LEVELS
        and whole.role in LEVELS
        and 0 < part.values[0] <= whole.values[0]
    }
