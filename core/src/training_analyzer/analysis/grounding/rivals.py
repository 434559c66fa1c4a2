"""Facts with other numbers, of which the words around a number may rather be."""

from typing import Final

from training_analyzer.analysis.grounding.around import Around
from training_analyzer.analysis.grounding.fitting import cost
from training_analyzer.analysis.grounding.matching import possible
from training_analyzer.analysis.grounding.sayable import Reading
from training_analyzer.analysis.grounding.scene import Scene
from training_analyzer.analysis.grounding.telling import is_told_from_all

BETTER: Final = 0.75
"""By how much another fact must fit the words better than the one with this number."""
_AIMS: Final = frozenset({"planned", "goal", "race"})


def rival_of(least: float, found: list[Reading], words: Around, scene: Scene) -> Reading | None:
    """Return a fact with another number which the words fit better."""
    if least == 0 or words.quantity.fact:
        return None
    if scene.advice and any((reading.things | reading.concepts) & _AIMS for reading in found):
        return None  # "so that you can finish all six", "back towards 80 %"
    changes = any(reading.role == "change" for reading in found)
    own, dimensions = {id(reading) for reading in found}, {reading.dimension for reading in found}
    for meaning in words.quantity.meanings:
        for reading in possible(meaning, scene.evidence):
            if meaning.dimension is None and not reading.concepts & words.metrics:
                continue
            if reading.derived or reading.dimension not in dimensions or id(reading) in own:
                continue
            if reading.ids[0] in scene.evidence.ends_of_ranges:
                continue  # "within your usual range at 61 ms"
            if (reading.role == "change") != changes:
                continue
            enough = least - BETTER
            if cost(reading, words, scene, enough) <= enough and not _is_told(least, found, words, scene):
                return reading
    return None


def _is_told(least: float, found: list[Reading], words: Around, scene: Scene) -> bool:
    """Return whether the label of a fact that fits as well as any has words that no other has."""
    return words.quantity.dimension is not None and any(
        not reading.derived
        and cost(reading, words, scene) <= least
        and is_told_from_all(reading, words.quantity, scene)
        for reading in found
    )
