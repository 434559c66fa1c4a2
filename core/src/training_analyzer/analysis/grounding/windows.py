"""Which spans of time and distances of a sentence are those that facts rest on, such as "four weeks"."""

from typing import Final

from training_analyzer.analysis.grounding.evidence import Evidence
from training_analyzer.analysis.grounding.quantities import Quantity
from training_analyzer.analysis.grounding.sentences import Sentence

_STREAKS: Final = ("metric:streak", "clause:on_end")
"""What makes a count of weeks out of a span: "four weeks in a row", "four weeks running"."""
_EXTENTS: Final = frozenset({"distance.up", "distance.down", "time.up", "time.down"})
_A_LENGTH: Final = 25
_DAYS_ALIKE, _MONTHS_ALIKE, _SECONDS_ALIKE = 0.4, 0.02, 1.0


def rests_on(quantity: Quantity, sentence: Sentence, evidence: Evidence) -> bool:
    """Return whether facts rest on what a quantity says: their days, their metres, their minutes."""
    meaning = quantity.meanings[0] if quantity.meanings else None
    if meaning is None or quantity.upper is not None:
        return False
    if meaning.dimension is None and _is_a_bare_stretch(quantity, sentence, evidence):
        return True
    if meaning.dimension is None and is_of_the_last(quantity, sentence):
        return 7 * meaning.value in evidence.days or meaning.value in evidence.days | evidence.spans
    if "streak" in quantity.metrics:
        return False
    spans = meaning.dimension == "days"
    if spans and _is_of_a_break(quantity, sentence):
        return False
    if spans and sentence.has_at(quantity.end, *_STREAKS):
        return False
    if meaning.dimension == "days":
        alike = max(_DAYS_ALIKE, _MONTHS_ALIKE * meaning.value)  # "two months" are sixty days
        return any(abs(meaning.value - days) <= alike for days in evidence.days)
    if meaning.dimension == "length" and meaning.value in evidence.limits:
        return quantity.window or _is_passed(quantity, sentence)
    return _is_a_stretch(quantity, evidence) and not _is_so_much_more(quantity, sentence)


def _is_passed(quantity: Quantity, sentence: Sentence) -> bool:
    """As in "Four runs of more than 25 km", and not "your longest run was 25 km"."""
    return bool(quantity.hedges) or sentence.has_before(quantity.at, "direction:up", "role:versus")


def _is_a_stretch(quantity: Quantity, evidence: Evidence) -> bool:
    """As in "Your best 5 km", "your best 20 minutes"."""
    meaning = quantity.meanings[0]
    if meaning.dimension == "length":
        return meaning.value in evidence.lengths
    if meaning.dimension == "time":
        return any(abs(meaning.value - seconds) < _SECONDS_ALIKE for seconds in evidence.seconds)
    return False


def _is_a_bare_stretch(quantity: Quantity, sentence: Sentence, evidence: Evidence) -> bool:
    """Return whether a number without a unit is of one that labels name."""
    return _is_as_long(quantity, sentence, evidence) or _is_a_distance(quantity, sentence, evidence)


def _is_as_long(quantity: Quantity, sentence: Sentence, evidence: Evidence) -> bool:
    """As in "Over the first 5 km and over the last five", "over 20 minutes and over five", as labels say."""
    value = quantity.meanings[0].value
    ahead = (q for q in sentence.quantities if q.at < quantity.at)
    return sentence.has_before(quantity.at, "article:last", "clause:during") and any(
        value * q.meanings[0].factor in stretches
        for q in ahead
        for dimension, stretches in (("length", evidence.lengths), ("time", evidence.seconds))
        if q.dimension == dimension and q.meanings[0].value in stretches
    )


def _is_so_much_more(quantity: Quantity, sentence: Sentence) -> bool:
    """As in "Exactly 5 km farther than last month", "20 minutes more": how far two are apart."""
    behind = sentence.starting.get(quantity.end)
    if (
        behind is None
        or behind.keys("superlative")
        or not sentence.has("role:versus", "past:any", "habit:any")
    ):
        return False
    more = behind.keys("direction") & {"up", "down"} and not behind.keys("metric")
    compares = more and (behind.keys("comparison") or "clause:growth" not in behind.tags)
    return "clause:quantifier" in behind.tags or bool(compares or behind.keys("implied") & _EXTENTS)


def _is_a_distance(quantity: Quantity, sentence: Sentence, evidence: Evidence) -> bool:
    """As in "7:08 for the 400", "your 200 came down to 2:31": a distance over which a time was taken."""
    value, at, end = quantity.meanings[0].value, quantity.at, quantity.end
    if value not in evidence.lengths or value < _A_LENGTH or not at:
        return False
    named = sentence.is_word(at - 1, "determiner")
    counts = any(m.at == end and (m.keys("metric") or m.keys("sport")) for m in sentence.mentions)
    timed = any(q.dimension in ("time", "pace") and sentence.together(q.at, at) for q in sentence.quantities)
    return named and timed and not counts and not any(q.at == end for q in sentence.quantities)


def _is_of_a_break(quantity: Quantity, sentence: Sentence) -> bool:
    """As in "After a break of 24 days": how long it was, and no span that anything is of."""
    of = sentence.ending.get(quantity.at)
    return of is not None and "article:of" in of.tags and sentence.has_before(of.at, "clause:break")


def is_of_the_last(quantity: Quantity, sentence: Sentence) -> bool:
    """As in "Two hard days in the last seven": the days are not said again."""
    return sentence.has_before(quantity.at, "article:last") or sentence.has_at(
        quantity.end, "article:last", "role:usual"
    )
