"""Whether a number is said of an event that is trained for, as the fact is, or of what was done."""

from typing import Final

from training_analyzer.analysis.grounding.around import Around
from training_analyzer.analysis.grounding.events import KINDS
from training_analyzer.analysis.grounding.misfits.prices import TOO_MUCH
from training_analyzer.analysis.grounding.quantities import Quantity
from training_analyzer.analysis.grounding.sayable import Reading
from training_analyzer.analysis.grounding.scene import Scene
from training_analyzer.analysis.grounding.sentences import Mention
from training_analyzer.analysis.grounding.surroundings import ADJACENT, AIMS, CLOSE, NEAR

_RACES: Final = KINDS | {"event", "race"}
_EXTENTS: Final = frozenset({"length", "time"})
_NAMING: Final = frozenset({"article", "metric", "sport", "thing"})
_UNDONE: Final = ("negation:not", "negation:none", "role:versus", "clause:until")


def of_event(reading: Reading, words: Around, scene: Scene) -> float:
    """As in "The race has 6,120 m of climbing", where that is what was climbed for it."""
    if reading.dimension not in _EXTENTS or "race" not in scene.evidence.concepts:
        return 0.0
    if reading.derived or reading.role == "change":
        return 0.0
    if (reading.concepts | reading.things) & (_RACES | AIMS):
        return TOO_MUCH if _is_said_to_be_done(reading, words.quantity, scene) else 0.0
    rivals = (
        other
        for other in scene.evidence.by_dimension.get(reading.dimension, ())
        if (other.concepts | other.things) & _RACES and other.concepts & (reading.concepts | words.metrics)
    )
    if next(rivals, None) is None or words.windows:
        return 0.0
    return TOO_MUCH if _is_said_of_an_event(words.quantity, scene) else 0.0


def _is_said_to_be_done(reading: Reading, quantity: Quantity, scene: Scene) -> bool:
    """As in "You already covered the full 50 km in training", where that is the race to come."""
    sentence, days = scene.sentence, scene.evidence.by_dimension.get("days", ())
    done = any(sentence.together(m.at, quantity.at) for m in sentence.tagged("clause:covered"))
    if not done or scene.advice or reading.dimension != "length" or sentence.has("clause:if", *_UNDONE):
        return False
    to_come = any("race" in other.concepts and other.role == "now" for other in days)
    others = (q for q in sentence.quantities if q is not quantity and not scene.is_window(q))
    return to_come and not any(sentence.together(other.at, quantity.at) for other in others)


def _is_said_of_an_event(quantity: Quantity, scene: Scene) -> bool:
    sentence = scene.sentence
    if any(_is_led_by(m, quantity, scene) for m in sentence.tagged("clause:awaits")):
        return True
    events = [m for m in sentence.mentions if (m.keys("metric") | m.keys("thing")) & _RACES]
    return any(_is_subject(m, quantity, scene) for m in events)


def _is_led_by(awaits: Mention, quantity: Quantity, scene: Scene) -> bool:
    """As in "On race day you will face 2,150 m of climbing", "2,150 m await you"."""
    if awaits.end > quantity.at:
        return 0 <= awaits.at - scene.behind_measure(quantity) <= CLOSE
    return scene.sentence.together(awaits.at, quantity.at)


def _is_subject(event: Mention, quantity: Quantity, scene: Scene) -> bool:
    """As in "Your trail race demands 50 km and 2,400 m", and not "for the race", "the race needs fewer"."""
    sentence, at = scene.sentence, quantity.at
    if event.end > at or not sentence.together(event.at, at) or not event.sections.keys() <= _NAMING:
        return False
    start = _start(event, scene)
    ahead = [m for m in sentence.mentions if start <= m.at < event.at]
    led = any(m.at - 1 in scene.unknown or not m.sections.keys() <= _NAMING for m in ahead)
    if event.at - start > NEAR or led:
        return False
    joins = (m for m in sentence.tagged("clause:and") if event.end <= m.at < at)
    return all(_lists(m, scene) for m in joins)


def _start(event: Mention, scene: Scene) -> int:
    """Return where the part of the sentence begins in which an event is named: behind a mark."""
    tokens = scene.sentence.tokens
    return next((at for at in range(event.at, 0, -1) if tokens[at - 1].kind == "mark"), 0)


def _lists(mention: Mention, scene: Scene) -> bool:
    """As in "135 km and 2,150 m"."""
    quantities = scene.sentence.quantities
    ahead = any(scene.behind_measure(q) in (mention.at, mention.at - ADJACENT) for q in quantities)
    return ahead and any(0 <= q.at - mention.end <= ADJACENT for q in quantities)
