"""Whether a number is said to be the highest or the lowest, or one that was never passed."""

from typing import Final

from training_analyzer.analysis.grounding.quantities import Quantity
from training_analyzer.analysis.grounding.scene import Scene
from training_analyzer.analysis.grounding.sentences import APART, Mention
from training_analyzer.analysis.grounding.surroundings import NEAR

_NO: Final = frozenset[str]()
_EXTREMES: Final = frozenset({"highest", "lowest"})


def is_capped(quantity: Quantity, scene: Scene) -> bool:
    """Return whether it is said never to have been passed: "never above 139"."""
    sentence, at = scene.sentence, quantity.at
    than = next((m for m in sentence.tagged("role:versus") if m.end == at), None)
    longer = than and next((m for m in sentence.naming("implied") if m.end == than.at), None)
    if longer and longer.keys("implied") & {"time.up", "distance.up"}:
        nones = (m for m in sentence.tagged("negation:not") if m.end <= longer.at <= m.end + NEAR)
        return any(sentence.between(m.at, at) < APART and sentence.is_word(m.at, "nobody") for m in nones)
    return "over" in quantity.hedges and any(
        m.end <= at <= m.end + 2 * NEAR and sentence.between(m.at, at) < APART
        for m in sentence.tagged("superlative:ever")
        if "negation:not" in m.tags
    )


def extremes_of(quantity: Quantity, scene: Scene) -> frozenset[str]:
    """Return whether a number is said to be the highest or the lowest."""
    sentence, at = scene.sentence, quantity.at
    if not sentence.naming("superlative"):
        return _NO
    alone = len(sentence.quantities) == 1
    return frozenset().union(
        *(
            m.keys("superlative") & _EXTREMES
            for m in sentence.naming("superlative")
            if (alone or sentence.between(m.at, at) <= APART)
            and not (at < m.at and scene.parts_numbers(m.end, m.end + NEAR))
            and not (m.end < at and scene.parts_numbers(m.end, at))
            and not any(n.end <= m.at <= n.end + NEAR and _sets_apart(n) for n in sentence.mentions)
        )
    )


def _sets_apart(mention: Mention) -> bool:
    """As in "Not the lowest", "nine points off the high"."""
    return bool(
        mention.tags & {"negation:not", "clause:but", "role:versus"}
        or mention.keys("direction") & {"up", "down"}
        or mention.keys("comparison")
    )
