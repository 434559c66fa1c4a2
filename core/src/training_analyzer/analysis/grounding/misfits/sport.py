"""Whether a number is said to be of the sport that the fact is of."""

from typing import Final

from training_analyzer.analysis.grounding.around import Around
from training_analyzer.analysis.grounding.misfits.prices import TOO_MUCH
from training_analyzer.analysis.grounding.sayable import Reading
from training_analyzer.analysis.grounding.scene import Scene
from training_analyzer.analysis.grounding.surroundings import EVENTS

_NO: Final = frozenset[str]()


def of_sport(reading: Reading, words: Around, scene: Scene) -> float:
    if not words.sports:
        return TOO_MUCH if _is_of_another_sport(reading, words, scene) else 0.0
    if reading.sports & words.sports:
        return 0.0
    if not reading.sports and (reading.concepts | reading.things) & EVENTS:
        return 0.0  # "your longest run is half of the race distance of 80 km"
    if not reading.sports and (
        words.whole or scene.evidence.sports_of.get(reading.ids[0], _NO) & words.sports
    ):
        return 0.0
    if reading.sports:
        return TOO_MUCH
    return 1.0 if len(scene.sports) > 1 and scene.evidence.sports <= scene.sports else TOO_MUCH


def _is_of_another_sport(reading: Reading, words: Around, scene: Scene) -> bool:
    """As in "Running was the focus, up 35 %", where swimming was: the sentence names one sport alone."""
    at, together = words.quantity.at, scene.sentence.together
    ahead = any(m.end <= at and together(m.at, at) for m in scene.sentence.naming("sport"))
    return (
        ahead
        and bool(reading.sports)
        and len(scene.sports) == 1
        and reading.sports.isdisjoint(scene.sports)
        and scene.sports <= scene.evidence.sports
        and not words.quantity.fact
    )
