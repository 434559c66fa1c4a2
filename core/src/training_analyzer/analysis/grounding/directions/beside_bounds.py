"""Phrases beside the ends of a usual range, and beside limits from which on facts count: no directions."""

from typing import Final

from training_analyzer.analysis.grounding.phrases import Running
from training_analyzer.analysis.grounding.scene import Scene
from training_analyzer.analysis.grounding.sentences import Mention
from training_analyzer.analysis.grounding.surroundings import CLOSE

_UP: Final = "up"
_SIDES: Final = frozenset({"range_below", "range_within", "range_above", "range_outside"})


def is_of_a_range(mention: Mention, scene: Scene) -> bool:
    """As in "Below your usual range", whose ends are known: it is judged by these."""
    if not scene.evidence.in_ranges:
        return False
    found = Running(scene.sentence.tokens, scene.language).find(_SIDES)
    return any(mention.at < one.end and one.at < mention.end for one in found)


def is_of_a_limit(mention: Mention, scene: Scene) -> bool:
    """As in "Four runs were longer than 25 km", which is what a fact counts."""
    if _UP not in mention.keys("direction") | {key.partition(".")[2] for key in mention.keys("implied")}:
        return False
    return any(
        q.dimension == "length" and q.meanings[0].value in scene.evidence.limits
        for q in scene.sentence.quantities
        if q.meanings and 0 <= q.at - mention.end <= CLOSE
    )


def is_no_more_than(mention: Mention, scene: Scene) -> bool:
    """As in "No gap longer than {longest_gap}": how long the longest was, and no change."""
    sentence = scene.sentence
    behind = next((q for q in sentence.quantities if sentence.has_before(q.at, "role:versus")), None)
    fact = scene.evidence.by_id.get(behind.fact) if behind is not None else None
    bound = fact is not None and fact.role == "now" and fact.dimension == "days"
    return bound and behind is not None and sentence.ending[behind.at].at == mention.end
