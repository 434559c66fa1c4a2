"""Whether a number is of what is said beside it: since a return, of a break, of some minutes or metres."""

import re
from typing import Final

from training_analyzer.analysis.grounding.around import Around
from training_analyzer.analysis.grounding.misfits.prices import TOO_MUCH
from training_analyzer.analysis.grounding.misfits.spans import ONE_WEEK
from training_analyzer.analysis.grounding.sayable import Reading
from training_analyzer.analysis.grounding.scene import Scene
from training_analyzer.analysis.grounding.sentences import APART

_SINCE_A_RETURN: Final = re.compile(r"\bsince (?:the|your) (?:return|comeback)\b")
_AFTER_A_BREAK: Final = re.compile(
    r"\bsince the (?:first session after the break|end of the (?:[a-z]+ )?break)\b"
)
_ON_THE_DAY: Final = re.compile(r"\bon the day of the return\b")
_STRETCHING: Final = frozenset({"length", "time"})


def of_return(reading: Reading, words: Around, scene: Scene) -> float:
    """As in "You ran 32 km this week", "back for five weeks", which is since a return, and of the break."""
    if reading.role == "change" or reading.derived:
        return 0.0
    if reading.dimension == "days":
        return TOO_MUCH if _is_of_the_other_span(reading, words, scene) else 0.0
    if not (words.once or words.spans == {ONE_WEEK}):
        return 0.0
    label = scene.evidence.facts[reading.ids[0]].label
    last_week = words.once and _ON_THE_DAY.search(label)
    since = _SINCE_A_RETURN.search(label) and not scene.spoken_of("clause:since_return")
    return TOO_MUCH if (last_week or since) and _is_longer_ago(scene) else 0.0


def _is_longer_ago(scene: Scene) -> bool:
    """Return whether somebody came back more than a week ago."""
    return any(
        reading.values[0] > ONE_WEEK and _AFTER_A_BREAK.search(scene.evidence.facts[reading.ids[0]].label)
        for reading in scene.evidence.by_dimension.get("days", ())
        if not reading.derived
    )


def _is_of_the_other_span(reading: Reading, words: Around, scene: Scene) -> bool:
    """As in "A break of three weeks", where that is how long ago it ended."""
    at, sentence = words.quantity.at, scene.sentence
    if scene.is_ago(words.quantity):
        return False  # "your break ended five weeks ago"
    if not _AFTER_A_BREAK.search(scene.evidence.facts[reading.ids[0]].label):
        return False
    return any(
        m.end <= at and scene.gap_of(m.end, at) <= 1 and not scene.parts_numbers(m.end, at)
        for m in sentence.tagged("clause:break")
    ) or sentence.has_at(words.quantity.end, "clause:break")  # "nach 23 Tagen Pause"


def of_stretch(reading: Reading, words: Around, scene: Scene) -> float:
    """As in "282 W over five minutes", where that was over twenty, and another fact is of five."""
    if (reading.derived and reading.role != "change") or reading.dimension in ("days", "number", None):
        return 0.0
    own = scene.evidence.label_of(reading).stretches
    said = _said_beside(words, scene) if own else frozenset[float]()
    if not said or own & said:
        return 0.0
    others = scene.evidence.by_dimension.get(reading.dimension, ())
    alike = (r for r in others if r.concepts == reading.concepts and not r.derived)
    return TOO_MUCH if any(scene.evidence.label_of(other).stretches & said for other in alike) else 0.0


def _said_beside(words: Around, scene: Scene) -> frozenset[float]:
    """Return the stretches that are named beside a number, in metres or seconds: "over the 400 m"."""
    at, end = words.quantity.at, words.quantity.end
    beside = [
        q
        for q in scene.sentence.quantities
        if q.at != at and q.dimension in (*_STRETCHING, None) and scene.is_window(q)
        if scene.sentence.together(q.at, at)
        if not scene.parts_numbers(min(end, q.end), max(at, q.at))
    ]
    beside = [q for q in beside if scene.sentence.between(q.at, at) < APART] or beside
    if any(q.dimension is None for q in beside):
        return frozenset()  # "282 W over 20 minutes and 338 W over five"
    return frozenset(q.meanings[0].value for q in beside)
