"""Facts with other numbers, of which the words around a number may rather be."""

from typing import Final

from training_analyzer.analysis.grounding.around import Around
from training_analyzer.analysis.grounding.fitting import cost
from training_analyzer.analysis.grounding.matching import possible
from training_analyzer.analysis.grounding.sayable import Reading
from training_analyzer.analysis.grounding.scene import Scene
from training_analyzer.analysis.grounding.surroundings import CLOSE, THRESHOLDS
from training_analyzer.analysis.grounding.telling import is_told_from_all

BETTER: Final = 0.75
"""By how much another fact must fit the words better than the one with this number."""
_AIMS: Final = frozenset({"planned", "goal", "race"})
_STRETCHING: Final = frozenset({"length", "time"})


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
            if (reading.role == "change") != changes:
                continue
            if _is_of_an_unsaid_stretch(reading, found, scene) or _is_compared_with(reading, words, scene):
                continue
            if cost(reading, words, scene) <= least - BETTER and not _is_told(least, found, words, scene):
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


def _is_compared_with(rival: Reading, words: Around, scene: Scene) -> bool:
    """As in "At 4:57/km you were slower than your threshold pace": what is compared with is another."""
    sentence, end = scene.sentence, words.quantity.end
    than = next((m for m in sentence.mentions if m.at >= end and "role:versus" in m.tags), None)
    if than is None or not sentence.together(words.quantity.at, than.at):
        return False
    return any(
        m.keys("metric") & THRESHOLDS & rival.concepts
        for m in sentence.naming("metric")
        if 0 <= m.at - than.end <= CLOSE and not any(q.at == m.end for q in sentence.quantities)
    )


def _is_of_an_unsaid_stretch(rival: Reading, found: list[Reading], scene: Scene) -> bool:
    """As in "You averaged 4:57/km", and another fact is of "the first 5 km": nobody speaks of these."""
    stretches = scene.evidence.label_of(rival).stretches
    if not stretches or any(scene.evidence.label_of(reading).stretches for reading in found):
        return False
    said = {m.value for q in scene.sentence.quantities for m in q.meanings if m.dimension in _STRETCHING}
    return said.isdisjoint(stretches)
