"""Which of all facts a text means, by the words that the label of only one of them has."""

from typing import Final

from training_analyzer.analysis.grounding.quantities import Quantity
from training_analyzer.analysis.grounding.sayable import Reading
from training_analyzer.analysis.grounding.scene import Scene
from training_analyzer.analysis.grounding.sentences import APART
from training_analyzer.analysis.grounding.surroundings import NEAR

_LONG: Final = 4
"""How many letters a word has at least that tells."""


def is_told_from_all(reading: Reading, quantity: Quantity, scene: Scene) -> bool:
    """As in "The 2-minute jogging recovery": the label of no other fact of a time has such words."""
    others = (
        other
        for other in scene.evidence.by_dimension.get(reading.dimension, ())
        if not other.derived and other.ids != reading.ids
    )
    telling = words_of(reading, scene).difference(*(words_of(other, scene) for other in others))
    return any(
        token.word in telling and len(token.word) >= _LONG and _is_beside(at, quantity, scene)
        for at, token in enumerate(scene.sentence.tokens)
    )


def _is_beside(at: int, quantity: Quantity, scene: Scene) -> bool:
    low, high = min(at, quantity.end), max(at, quantity.at)
    near = at - quantity.end < NEAR if at >= quantity.end else 0 < quantity.at - at <= NEAR
    apart = scene.sentence.between(at, quantity.at) >= APART
    return near and not apart and not scene.parts_numbers(low, high)


def words_of(reading: Reading, scene: Scene) -> frozenset[str]:
    """Return the words of the label of a fact."""
    return scene.evidence.label_of(reading).words
