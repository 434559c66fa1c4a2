"""All that is asked of the place of a placeholder, in turn."""

from collections.abc import Callable, Iterator
from typing import Final

from training_analyzer.analysis.grounding.placed import (
    apart,
    beside,
    shares,
    spans,
    sports,
    steps,
    stretches,
    usual,
)
from training_analyzer.analysis.grounding.quantities import Quantity
from training_analyzer.analysis.grounding.sayable import Reading
from training_analyzer.analysis.grounding.scene import Scene

_QUESTIONS: Final[tuple[Callable[[Quantity, Reading, Scene], str], ...]] = (
    beside.misplaced,
    apart.misplaced,
    usual.misplaced,
    shares.misplaced,
    spans.misplaced,
    stretches.misplaced,
    sports.misplaced,
    steps.misplaced,
    beside.unnamed,
)


def check(scene: Scene) -> Iterator[str]:
    """Return the placeholders whose facts are not what the words around them speak of."""
    told: set[str] = set()
    for quantity in scene.sentence.quantities:
        fact = scene.evidence.by_id.get(quantity.fact)
        if fact is None:
            continue
        if quantity.fact in told:
            yield f"{{{quantity.fact}}} is told twice in one sentence"
        elif wrong := next(filter(None, (ask(quantity, fact, scene) for ask in _QUESTIONS)), ""):
            yield f"{{{quantity.fact}}} {wrong}"
        told.add(quantity.fact)
