"""Of which intensity a number is said to be: in which zone, and on which side of the threshold."""

from typing import Final

from training_analyzer.analysis.grounding.quantities import Quantity
from training_analyzer.analysis.grounding.scene import Scene
from training_analyzer.analysis.grounding.surroundings import CLOSE, THRESHOLDS

NARROW: Final = frozenset({"easy", "moderate", "hard"})
_NARROWING: Final = frozenset(f"metric:{name}" for name in NARROW)
_EASY: Final = frozenset({"easy"})
_NO: Final = frozenset[str]()


def zones_of(quantity: Quantity, scene: Scene) -> frozenset[int]:
    """Return the zones in which a number is said to be; those of the sentence before if it names none."""
    named = scene.sentence.zones
    if not named:
        return scene.zones
    at = quantity.at
    return min(named, key=lambda zone: abs(zone[0] - at) + scene.sentence.between(zone[0], at))[1]


def narrowed_to(quantity: Quantity, zones: frozenset[int], scene: Scene) -> frozenset[str]:
    """Return which intensity is said; on which side of a threshold says more than a word."""
    side = _side_of_threshold(quantity, scene)
    nearest = scene.nearest(_NARROWING, quantity.at)
    easy = _EASY if zones and zones <= {1, 2} else _NO
    return side or (nearest.keys("metric") if nearest else _NO) | easy


def _side_of_threshold(quantity: Quantity, scene: Scene) -> frozenset[str]:
    """As in "19 minutes above threshold": on which side of it the training was."""
    sides = [
        mention
        for mention in scene.sentence.naming("direction")
        if mention.keys("direction") & {"up", "down"}
        and any(
            0 <= m.at - mention.end <= CLOSE
            and m.keys("metric")
            & (THRESHOLDS if "clause:quantifier" in mention.tags else {*THRESHOLDS, "easy", "hard"})
            and not scene.sentence.between(mention.at, m.at)
            for m in scene.sentence.mentions
        )
    ]
    if not sides:
        return _NO
    nearest = min(sides, key=lambda m: abs(m.at - quantity.at) + scene.sentence.between(m.at, quantity.at))
    return frozenset({"hard"} if "direction:up" in nearest.tags else {"easy"})
