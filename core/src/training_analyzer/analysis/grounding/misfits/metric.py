"""Whether a number is said to be of the metric that the fact is of."""

from typing import Final

from training_analyzer.analysis.grounding.around import Around
from training_analyzer.analysis.grounding.before import RELATIVE
from training_analyzer.analysis.grounding.called import is_called
from training_analyzer.analysis.grounding.days import RESTED, days_said_to_be
from training_analyzer.analysis.grounding.labels import QUALIFIERS
from training_analyzer.analysis.grounding.misfits.prices import LITTLE, MUCH, SOME, TOO_MUCH
from training_analyzer.analysis.grounding.rates import SUMMED
from training_analyzer.analysis.grounding.sayable import Reading
from training_analyzer.analysis.grounding.scene import Scene
from training_analyzer.analysis.grounding.sentences import Mention
from training_analyzer.analysis.grounding.surroundings import THINGS

_TELLING_LITTLE: Final = frozenset({None, "number", "percent", "times"})
"""Units in which much can be measured."""
_COUNTS: Final = frozenset({"number", "days", "times"})
_RACE: Final = frozenset({"race"})
_EFFICIENCY: Final = frozenset({"efficiency"})
_SESSIONS: Final = frozenset({"session"})
_STREAKS: Final = frozenset({"streak", "since_rest"})
_QUALIFYING: Final = QUALIFIERS | {"share"}
"""What no number is of by itself."""


def of_metric(reading: Reading, words: Around, scene: Scene) -> float:
    quantity = words.quantity
    if quantity.fact and (told := days_said_to_be(quantity, scene)) and told.isdisjoint(reading.concepts):
        back = "form" in reading.concepts and is_called(quantity, scene, in_its_clause=True)
        return 0.0 if back and told == RESTED else TOO_MUCH  # "so many days without training return it"
    own = words.metrics <= reading.concepts or (words.metrics == _SESSIONS and _EFFICIENCY & words.spoken)
    if quantity.fact and (not words.metrics or own or is_called(quantity, scene, in_its_clause=True)):
        return 0.0
    if words.earlier and any(
        reading.concepts & other.concepts and _of_one_sport(reading, other) for other in words.earlier
    ):
        return 0.0
    if reading.concepts >= _STREAKS and words.counted and "metric:training_day" in words.counted.tags:
        return 0.0 if scene.sentence.has("metric:streak") else TOO_MUCH  # "five training days in a row"
    if words.counted and words.metrics != _RACE and _is_no_count_of(words.counted, reading, scene):
        return TOO_MUCH
    if "streak" in reading.concepts and _is_of_another_streak(reading, words):
        return TOO_MUCH
    if quantity.dimension == "times" and not quantity.fraction and "session" in reading.concepts:
        return LITTLE  # "you ran five times"
    if words.metrics:
        return _of_another_metric(reading, words)
    return _of_no_metric(reading, words, scene)


def _is_no_count_of(counted: Mention, reading: Reading, scene: Scene) -> bool:
    """As in "Five short outings", of five days of rest; "twenty intervals", of twenty minutes."""
    if reading.dimension not in _COUNTS:
        return True
    if (counted.keys("metric") | counted.keys("thing")).isdisjoint(reading.concepts | reading.things):
        return True
    things = counted.keys("thing") - THINGS
    if not things or reading.derived or not things.isdisjoint(reading.things):
        return False
    return any(things & other.things for other in scene.evidence.readings)


def _is_of_another_streak(reading: Reading, words: Around) -> bool:
    """As in "Distance rose for four straight weeks", where it was the ascent."""
    of, spoken = reading.concepts - _STREAKS, words.spoken - {"streak", "time", "race"}
    return bool(of) and bool(spoken) and of.isdisjoint(spoken)


def _of_another_metric(reading: Reading, words: Around) -> float:
    """Return what it costs that the words around a number name one metric, and the fact is of another."""
    if reading.derived and words.quantity.dimension in RELATIVE:
        named = words.metrics | words.spoken | words.carried
        if named.isdisjoint(reading.concepts):
            return TOO_MUCH
    if words.far and not words.quantity.metrics:
        return 2 * LITTLE
    measured, of = words.metrics & SUMMED, reading.concepts & SUMMED
    if words.shared and "share" in reading.concepts:
        measured -= _SESSIONS  # "cette sortie pèse 46 % de la semaine", "share of easy training"
    if measured and of and measured.isdisjoint(of) and words.quantity.dimension == "percent":
        return TOO_MUCH  # a share of the time, and not of the distance
    if reading.concepts & words.metrics:
        return 0.0
    if ":" in words.quantity.text and reading.concepts >= {"speed", "distance"}:
        return 0.0  # "your first kilometre took 4:10"
    if words.bound and not reading.derived and "race" not in reading.concepts:
        return TOO_MUCH
    spoken = (reading.concepts - _QUALIFYING) & words.spoken
    return SOME if spoken else TOO_MUCH


def _of_no_metric(reading: Reading, words: Around, scene: Scene) -> float:
    """Return what it costs that no word names a metric: little where the unit says what is measured."""
    dimension = words.quantity.dimension
    if dimension is not None or reading.dimension in ("number", "times"):
        if dimension not in _TELLING_LITTLE or reading.concepts & (words.spoken | words.carried):
            return LITTLE
        if words.spoken:
            return TOO_MUCH if reading.derived else MUCH
        return SOME
    if reading.concepts & words.carried:
        return LITTLE
    named = any(
        other.dimension == reading.dimension and not scene.is_window(other)
        for other in scene.sentence.quantities
    )
    return SOME if named else TOO_MUCH


def _of_one_sport(one: Reading, other: Reading) -> bool:
    return not one.sports or not other.sports or not one.sports.isdisjoint(other.sports)
