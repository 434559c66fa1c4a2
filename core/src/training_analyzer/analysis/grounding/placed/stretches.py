"""Whether a best is one over the way or time that the words say: "your best hour", "10 km in …"."""

from training_analyzer.analysis.grounding.cited import placeholders
from training_analyzer.analysis.grounding.placed.telling import parted
from training_analyzer.analysis.grounding.quantities import Quantity
from training_analyzer.analysis.grounding.sayable import Reading
from training_analyzer.analysis.grounding.scene import Scene
from training_analyzer.analysis.grounding.stretches import Stretch, named_stretches, stretches_of


def misplaced(quantity: Quantity, fact: Reading, scene: Scene) -> str:
    """As in "Your best hour is {power_20min_month}"."""
    own = stretches_of(fact, scene)
    said = _said_of(quantity, scene) if own else ()
    if not said or any(stretch.size in own for stretch in said):
        return ""
    return "is a best over another way or time"


def _said_of(quantity: Quantity, scene: Scene) -> list[Stretch]:
    """Return the stretches right beside a placeholder, or else all that are named before it."""
    found = named_stretches(scene)
    behind = next((s for s in found if s.at >= quantity.end), None)
    ahead = next((s for s in reversed(found) if s.end <= quantity.at), None)
    beside = [s for s in (behind, ahead) if s is not None and _is_beside(s, quantity, scene)]
    return beside or [s for s in found if s.end <= quantity.at]


def _is_beside(stretch: Stretch, quantity: Quantity, scene: Scene) -> bool:
    """As in "{power_5min_month} for 5 minutes, {power_20min_month} for 20": each has its own."""
    ahead = stretch.end <= quantity.at
    start, end = (stretch.end, quantity.at) if ahead else (quantity.end, stretch.at)
    if parted(start, end, scene):
        return False
    return ahead or not any(start <= other.at < end for other, _ in placeholders(scene))
