"""How well the words around a number fit a fact: the sum of all in which they do not."""

from collections.abc import Callable
from math import inf
from typing import Final

from training_analyzer.analysis.grounding.around import Around
from training_analyzer.analysis.grounding.misfits.event import of_event
from training_analyzer.analysis.grounding.misfits.kind import of_kind
from training_analyzer.analysis.grounding.misfits.metric import of_metric
from training_analyzer.analysis.grounding.misfits.period import of_past, of_period
from training_analyzer.analysis.grounding.misfits.prices import TOO_MUCH
from training_analyzer.analysis.grounding.misfits.role import of_change, of_reference, of_role
from training_analyzer.analysis.grounding.misfits.since import of_return, of_stretch
from training_analyzer.analysis.grounding.misfits.sport import of_sport
from training_analyzer.analysis.grounding.misfits.statistic import of_rate, of_statistic
from training_analyzer.analysis.grounding.sayable import Reading
from training_analyzer.analysis.grounding.scene import Scene


def cost(reading: Reading, words: Around, scene: Scene, most: float = inf) -> float:
    """Return how badly a reading fits what is said; nothing where all fits. More than `most` is too much."""
    total = 0.0
    for _, misfit in MISFITS:
        total += misfit(reading, words, scene)
        if total >= TOO_MUCH or total > most:
            break
    return total


def worst(reading: Reading, words: Around, scene: Scene) -> str:
    """Return in which respect a reading fits worst: its metric, its sport, its period."""
    found, most = MISFITS[0][0], 0.0
    for respect, misfit in MISFITS:
        price = misfit(reading, words, scene)
        if price > most:
            found, most = respect, price
        if most >= TOO_MUCH:
            break
    return found


def _of_citation(reading: Reading, words: Around, scene: Scene) -> float:
    """Keep to the facts that are cited; a placeholder is held against them elsewhere."""
    if scene.cited is None or words.quantity.fact or scene.cited.issuperset(reading.ids):
        return 0.0
    return TOO_MUCH


MISFITS: Final[tuple[tuple[str, Callable[[Reading, Around, Scene], float]], ...]] = (
    ("metric", of_metric),
    ("sport", of_sport),
    ("kind", of_kind),
    ("kind", of_event),
    ("statistic", of_rate),
    ("statistic", of_statistic),
    ("period", of_period),
    ("period", of_return),
    ("period", of_stretch),
    ("role", of_change),
    ("role", of_reference),
    ("role", of_role),
    ("role", of_past),
    ("citation", _of_citation),
)
