"""What the numbers before one are, where it is said of the same."""

from typing import Final

from training_analyzer.analysis.grounding.quantities import Quantity
from training_analyzer.analysis.grounding.sayable import Reading
from training_analyzer.analysis.grounding.scene import Scene

RELATIVE: Final = frozenset({"percent", "times"})
"""Units of what is said of another number."""


def said_before(quantity: Quantity, scene: Scene, metrics: frozenset[str]) -> list[Reading]:
    """As in "You ran 28 km, 31 % less than usual": a number of no metric is of the one before it."""
    if not scene.said:
        return []
    behind = scene.sentence.starting.get(quantity.end)
    if quantity.dimension is None and quantity.at in scene.references:
        ahead = [other for other in scene.sentence.quantities if other.at < quantity.at]
        if ahead and any(ahead[-1].end <= m.at < quantity.at for m in scene.sentence.tagged("role:versus")):
            return scene.said.get(ahead[-1].at, [])  # "91 rpm instead of 86"
    difference = behind is not None and bool(behind.keys("direction")) and not behind.keys("metric")
    if metrics and not difference:
        return []
    if not difference and (quantity.dimension not in RELATIVE or scene.sports_of(quantity.at, quantity.end)):
        return []
    earlier = [
        other for other in scene.sentence.quantities if other.at < quantity.at and other.at in scene.said
    ]
    together = [other for other in earlier if scene.sentence.together(other.at, quantity.at)]
    return [reading for other in together or earlier[-1:] for reading in scene.said[other.at]]
