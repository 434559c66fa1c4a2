"""Whether a number is said to be of the sport that the fact is of."""

from typing import Final

from training_analyzer.analysis.grounding.around import Around
from training_analyzer.analysis.grounding.misfits.prices import TOO_MUCH
from training_analyzer.analysis.grounding.sayable import Reading
from training_analyzer.analysis.grounding.scene import Scene
from training_analyzer.analysis.grounding.surroundings import EVENTS

_NO: Final = frozenset[str]()
_ENDURANCE: Final = frozenset({"ride", "run", "swim", "walk", "ski", "row"})
_OF_SPORTS: Final = {
    "stroke_rate": frozenset({"swim", "row"}),
    "stroke_count": frozenset({"swim"}),
    "stride_length": frozenset({"run"}),
    "ground_contact": frozenset({"run"}),
    "vertical_oscillation": frozenset({"run"}),
    "easy": _ENDURANCE,
    "moderate": _ENDURANCE,
    "hard": _ENDURANCE,
}
"""In which sports something is measured: of strength training, nobody knows how easy it was."""


def of_sport(reading: Reading, words: Around, scene: Scene) -> float:
    if not words.sports:
        others = _is_of_another_sport(reading, words, scene) or _was_another(reading, words, scene)
        return TOO_MUCH if others else 0.0
    if _counts_other_sports(reading, words, scene):
        return TOO_MUCH
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
    if scene.advice and "longest" in reading.concepts and scene.sentence.has("clause:long"):
        return 0.0  # "let the next long ride be no longer than three hours"
    if _is_of_the_only_one(reading, words, scene):
        return 0.0
    return 1.0 if len(scene.sports) > 1 and scene.evidence.sports <= scene.sports else TOO_MUCH


def _counts_other_sports(reading: Reading, words: Around, scene: Scene) -> bool:
    """As in "Seven rides", where it was six rides and a run."""
    summed = reading.derived and reading.role == "now" and reading.concepts == {"session"}
    return summed and any(
        (sports := scene.evidence.by_id[fact_id].sports) and sports.isdisjoint(words.sports)
        for fact_id in reading.ids
    )


def _is_of_another_sport(reading: Reading, words: Around, scene: Scene) -> bool:
    """As in "Running was the focus, up 35 %", where swimming was: the sentence names one sport alone."""
    at, together = words.quantity.at, scene.sentence.together
    return (
        bool(reading.sports)
        and len(scene.sports) == 1
        and reading.sports.isdisjoint(scene.sports)
        and scene.sports <= scene.evidence.sports
        and not words.quantity.fact
        and any(m.end <= at and together(m.at, at) for m in scene.sentence.naming("sport"))
    )


def _was_another(reading: Reading, words: Around, scene: Scene) -> bool:
    """As in "The longest session was a row and lasted 2 h 15 min", where it was a ride."""
    if "longest" not in reading.concepts or reading.derived:
        return False
    known, at = scene.evidence.sports_of.get(reading.ids[0], _NO), words.quantity.at
    longest = next((m for m in scene.sentence.tagged("metric:longest") if m.end <= at), None)
    if longest is None or not known:
        return False
    called = [m.keys("sport") for m in scene.sentence.naming("sport") if m.at >= longest.at]
    return len(scene.sports) == 1 and bool(called) and known.isdisjoint(scene.sports)


def _is_of_the_only_one(reading: Reading, words: Around, scene: Scene) -> bool:
    """As in "You rowed two strokes higher", "easy running was 86 %": no other sport has such a number."""
    known = [_OF_SPORTS[concept] for concept in reading.concepts if concept in _OF_SPORTS]
    return any(scene.evidence.sports & sports == words.sports for sports in known)
