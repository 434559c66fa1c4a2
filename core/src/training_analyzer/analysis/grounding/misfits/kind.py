"""Whether a number is said to be of what the fact counts: easy or hard, the longest, a half, a zone."""

from typing import Final

from training_analyzer.analysis.grounding.around import Around
from training_analyzer.analysis.grounding.called import is_called
from training_analyzer.analysis.grounding.ends import is_of_end
from training_analyzer.analysis.grounding.intensity import NARROW
from training_analyzer.analysis.grounding.misfits.prices import SOME, TOO_MUCH
from training_analyzer.analysis.grounding.rates import SUMMED
from training_analyzer.analysis.grounding.sayable import Reading
from training_analyzer.analysis.grounding.scene import Scene
from training_analyzer.analysis.grounding.surroundings import EVENTS, HALVES, THINGS, THIRDS, THRESHOLDS
from training_analyzer.analysis.grounding.telling import words_of

_NO: Final = frozenset[str]()
_PARTS: Final = HALVES | THIRDS
_SESSIONS: Final = frozenset({"session"})
_STOPS: Final = {"elapsed": ("moving", "clause:moving"), "moving": ("elapsed", "clause:with_stops")}
"""What a time with stops is not, and the words for it; and the other way round."""
_OF_THRESHOLD: Final = frozenset({"threshold_pace", "threshold_heart_rate"})
_NAMING_THRESHOLD: Final = tuple(f"metric:{named}" for named in (*THRESHOLDS, "easy", "hard"))


def of_kind(reading: Reading, words: Around, scene: Scene) -> float:
    """Keep easy apart from hard, and the longest session from all of them."""
    if words.quantity.fact and is_called(words.quantity, scene, in_its_clause=True):
        return 0.0
    wanted = _NO if "intervals" in reading.concepts else reading.concepts & NARROW
    if wanted and not words.narrow & wanted and not _is_told_by_its_unit(reading, words, scene):
        return TOO_MUCH
    if reading.concepts & _OF_THRESHOLD and not reading.derived and not scene.spoken_of(*_NAMING_THRESHOLD):
        return TOO_MUCH
    if _is_of_other_kinds(reading, words, scene):
        return TOO_MUCH
    if _is_not_longest(reading, words, scene) or reading.things & words.excluded:
        return TOO_MUCH
    if _is_another_row(reading, words, scene):
        return TOO_MUCH
    if _counts_others(reading, words, scene) or words.missed != ("missed" in reading.things):
        return TOO_MUCH
    if _is_with_or_without_stops(reading, words, scene):
        return TOO_MUCH
    of_end = is_of_end(reading, words.quantity, scene)
    if of_end is False:
        return TOO_MUCH
    return 0.0 if of_end else _of_things(reading, words, scene)


def _is_of_other_kinds(reading: Reading, words: Around, scene: Scene) -> bool:
    """As in "40 easy runs", where 28 of 40 are easy: facts may share the word, so that none has it."""
    if not words.kinds or reading.derived:
        return False
    if own := scene.evidence.label_of(reading).concepts & NARROW:
        return own.isdisjoint(words.kinds)
    return any(
        label.concepts >= words.kinds | _SESSIONS and "share" not in label.concepts
        for label in scene.evidence.labels.values()
    )


def _is_told_by_its_unit(reading: Reading, words: Around, scene: Scene) -> bool:
    """As in "There were {hard_days}": code writes "3 hard days"."""
    if not words.quantity.fact:
        return False
    named = "share" in reading.concepts and scene.spoken_of(
        *(f"metric:{kind}" for kind in reading.concepts & NARROW)
    )
    return named or " " in scene.evidence.facts[reading.ids[0]].unit  # "of your time was easy, now it is {…}"


def _of_things(reading: Reading, words: Around, scene: Scene) -> float:
    """Return what it costs that a fact is of things which the words do not name, or name another of."""
    if words.named:
        told = words.named & reading.things
        return 0.0 if told or not _is_told_apart(reading, words, scene) else TOO_MUCH
    if _is_of_what_another_is(reading, words, scene):
        return TOO_MUCH
    events = words.things & EVENTS or words.spoken & EVENTS
    if events and (reading.concepts | reading.things) & EVENTS:
        return 0.0  # "the race distance of 80 km", of a trail race
    named = words.things | EVENTS if events else words.things
    if scene.advice:
        named |= THINGS  # "keep to 234 W next time", as in the intervals
    of_another_zone = reading.zones and not words.zones & reading.zones and not reading.concepts & NARROW
    return SOME if reading.things - named or of_another_zone else 0.0


def _is_of_what_another_is(reading: Reading, words: Around, scene: Scene) -> bool:
    """As in "58 % of its time in the tempo zone", where that was in another, and another fact in tempo."""
    if reading.derived or reading.role != "now" or words.quantity.fact or words.quantity.dimension is None:
        return False
    things = words.beside - reading.things - _PARTS - EVENTS
    return any(
        other.things & things
        and (other.role, other.statistic, other.dimension) == ("now", reading.statistic, reading.dimension)
        and other.concepts - THINGS == reading.concepts - THINGS
        and other.values[0] != reading.values[0]
        for other in scene.evidence.of(reading.concepts)
        if not other.derived
    )


def _counts_others(reading: Reading, words: Around, scene: Scene) -> bool:
    """As in "On three weekends", where three weeks and two weekends are counted."""
    tokens, end = scene.sentence.tokens, words.quantity.end
    if words.quantity.dimension is not None or words.quantity.fact or end >= len(tokens) or reading.derived:
        return False
    word, facts = tokens[end].word, scene.evidence.facts
    behind = scene.sentence.starting.get(end)
    return (
        tokens[end].kind == "word"
        and not (behind is not None and behind.keys("metric"))
        and word not in words_of(reading, scene)
        and word != facts[reading.ids[0]].unit.lower()
        and any(fact.unit.lower() == word for fact in facts.values())
    )


def _is_with_or_without_stops(reading: Reading, words: Around, scene: Scene) -> bool:
    """As in "Drei Stunden reine Fahrzeit", where that was all the time, with stops."""
    if reading.derived or not scene.sentence.has("clause:moving", "clause:with_stops"):
        return False
    if words.quantity.dimension != "time":
        return False
    own = set(reading.ids[0].split("_"))
    other = _STOPS.get("elapsed" if "elapsed" in own else "moving" if "moving" in own else "")
    return (
        other is not None
        and any(other[0] in fact_id.split("_") for fact_id in scene.evidence.facts)
        and any(
            scene.sentence.together(m.at, words.quantity.at) and not _has_another_time(m.at, words, scene)
            for m in scene.sentence.tagged(other[1])
        )
    )


def _has_another_time(at: int, words: Around, scene: Scene) -> bool:
    others = (q for q in scene.sentence.quantities if q.dimension == "time" and q is not words.quantity)
    return any(abs(q.at - at) < abs(words.quantity.at - at) for q in others)


def _is_told_apart(reading: Reading, words: Around, scene: Scene) -> bool:
    """As in "The target of 208 W", where another fact is the target."""
    return any(
        words.named & other.things and other.role == "now" and not other.derived
        for other in scene.evidence.by_dimension.get(reading.dimension, ())
    )


def _is_not_longest(reading: Reading, words: Around, scene: Scene) -> bool:
    """As in "Your longest run was 34.6 km", where that is all of them."""
    if "longest" in reading.concepts:
        return not words.capped and not scene.spoken_of(
            "clause:at_once",
            "metric:longest",
            "superlative:longest",
            "metric:session",
            "clause:long",
            "clause:single",
        )
    if scene.advice and (reading.concepts | reading.things) & EVENTS:
        return False  # "extend your longest ride towards the 135 km"
    if reading.role == "now" and _is_said_of_a_long_one(words, scene):
        return _is_of_all(reading, scene)
    if reading.derived or not scene.sentence.has("metric:longest", "clause:at_once"):
        return False
    return ("longest" in words.nearest or words.single) and _is_of_all(reading, scene)


def _is_said_of_a_long_one(words: Around, scene: Scene) -> bool:
    """As in "Your long run was {run_distance}"."""
    at, sentence = words.quantity.at, scene.sentence
    verb = at > 0 and (sentence.is_word(at - 1, "copula") or sentence.has_before(at, "article:of", "role:at"))
    ahead = sentence.ending.get(at - 1) if verb else None
    return ahead is not None and "clause:long" in ahead.tags


def _is_of_all(reading: Reading, scene: Scene) -> bool:
    """As in "Your longest run was 34.6 km", "38 km in one go", where that is all of them."""
    if reading.role not in ("now", "usual") or "longest" in scene.evidence.by_id[reading.ids[0]].concepts:
        return False
    if any(
        "longest" in other.concepts and other.dimension == reading.dimension
        for other in scene.evidence.readings
    ):
        return True
    summed = reading.days and reading.dimension in ("length", "time") and reading.concepts & SUMMED
    return bool(summed) and not any(
        count.values[0] == 1 and count.sports == reading.sports
        for count in scene.evidence.of(frozenset({"session"}))
        if count.dimension == "number" and count.role == "now"
    )


def _is_another_row(reading: Reading, words: Around, scene: Scene) -> bool:
    """Keep "two hard days in a row" apart from "four hard days"."""
    if "hard" not in reading.concepts:
        return False
    if "streak" in reading.concepts:
        return not scene.spoken_of("metric:streak")
    at = words.quantity.end
    said = any(
        m.at >= at and not scene.parts_numbers(at, m.at) for m in scene.sentence.tagged("metric:streak")
    )
    return said and not words.whole
