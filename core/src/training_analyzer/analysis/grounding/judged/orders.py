"""Which of two numbers is said to be more, "{load_week} topped the {load_week_ago}", held against both."""

from typing import Final

from training_analyzer.analysis.grounding.cited import placeholders
from training_analyzer.analysis.grounding.directions.denying import is_conditional, is_negated
from training_analyzer.analysis.grounding.judged.stating import mention_of
from training_analyzer.analysis.grounding.phrases import Found, Running
from training_analyzer.analysis.grounding.placed.telling import is_copula
from training_analyzer.analysis.grounding.sayable import LEVELS, Reading
from training_analyzer.analysis.grounding.scene import Scene

_OVER: Final = "order_over"
WORDS: Final = frozenset({_OVER, "order_under"})
_REACH: Final = 6
"""Words between the verb and the number that it passes: "topped even the heavy week of"."""


def judge(found: Found, _running: Running, scene: Scene) -> str:
    """As in "The week of {load_week} topped even the {load_week_ago}", which is more."""
    mention = mention_of(found)
    if is_negated(mention, scene) or is_conditional(mention, scene) or is_copula(found.at - 1, scene):
        return ""  # "was topped by"
    told = [(q, fact) for q, fact in placeholders(scene) if fact.role in LEVELS]
    ahead = [fact for q, fact in told if q.end <= found.at and scene.sentence.together(q.at, found.at)]
    behind = [fact for q, fact in told if 0 <= q.at - found.end <= _REACH]
    if not ahead or not behind or not _may_be_ordered(ahead[-1], behind[0]):
        return ""
    one, other = ahead[-1], behind[0]
    more, less = (one, other) if found.key == _OVER else (other, one)
    wrong = more.values[0] <= less.values[0]
    return f"{one.ids[0]} is {one.own[0]:g} and {other.ids[0]} {other.own[0]:g}" if wrong else ""


def _may_be_ordered(one: Reading, other: Reading) -> bool:
    """Return whether both are of one thing; of a best time, less is more."""
    best = "pace" in (one.dimension, other.dimension) or one.ids[0].startswith("best_")
    return one.dimension == other.dimension and not one.concepts.isdisjoint(other.concepts) and not best
