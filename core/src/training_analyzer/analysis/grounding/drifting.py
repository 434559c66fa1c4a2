"""A decoupling said as by how much less a heartbeat gave in the second half, or how far a pulse drifted."""

from typing import Final

from training_analyzer.analysis.grounding.quantities import Quantity
from training_analyzer.analysis.grounding.sayable import LEVELS
from training_analyzer.analysis.grounding.scene import Scene

_MOVING: Final = frozenset({"direction:up", "direction:down"})


def is_drift(quantity: Quantity, scene: Scene) -> bool:
    """As in "Output per heartbeat fell by {session_decoupling}", "the pulse drifted by {…}"."""
    fact = scene.evidence.by_id.get(quantity.fact)
    if fact is None or fact.role not in LEVELS or "decoupling" not in fact.concepts:
        return False
    sentence = scene.sentence
    said = frozenset[str]().union(
        *(m.tags for m in sentence.mentions if sentence.together(m.at, quantity.at))
    )
    return "clause:drifted" in said or ("metric:efficiency" in said and not said.isdisjoint(_MOVING))
