"""How well the words around a number fit a fact: what they speak of, of which sport, period and kind."""

from collections.abc import Callable
from typing import Final

from training_analyzer.analysis.grounding.around import _NARROW, _NO, _RELATIVE, Around
from training_analyzer.analysis.grounding.implied import SUMMED
from training_analyzer.analysis.grounding.labels import QUALIFIERS, label_of
from training_analyzer.analysis.grounding.sayable import AVERAGING, Reading
from training_analyzer.analysis.grounding.scene import Scene
from training_analyzer.analysis.grounding.surroundings import EVENTS, THRESHOLDS

# What a misfit costs. A number may be of a fact that costs less than TOO_MUCH, and no more than any other.
TOO_MUCH: Final = 3.0
_LITTLE, _SOME, _MUCH = 0.5, 1.5, 2.0
_TELLING_LITTLE: Final = frozenset({None, "number", "percent", "times"})
"""Units in which much can be measured."""
_STREAKS: Final = frozenset({"streak", "since_rest"})
_ONE_WEEK: Final = 7.0
_DAYS_ALIKE, _MONTHS_ALIKE = 0.5, 3.0
"""Days by which four weeks and a month differ."""
_LONG: Final = frozenset({30.0, 90.0, 365.0, 36500.0})
_COUNTS: Final = frozenset({"number", "days", "times"})
_HARD: Final = frozenset({"hard"})
_OF_THRESHOLD: Final = frozenset({"threshold_pace", "threshold_heart_rate"})
_NAMING_THRESHOLD: Final = tuple(f"metric:{named}" for named in (*THRESHOLDS, "easy", "hard"))
_QUALIFYING: Final = QUALIFIERS | {"share"}
"""What no number is of by itself."""


def cost(reading: Reading, words: Around, scene: Scene) -> float:
    """Return how badly a reading fits what is said; nothing where all fits."""
    total = 0.0
    for _, misfit in MISFITS:
        total += misfit(reading, words, scene)
        if total >= TOO_MUCH:
            break
    return total


def worst(reading: Reading, words: Around, scene: Scene) -> str:
    """Return in which respect a reading fits worst."""
    return max(MISFITS, key=lambda named: named[1](reading, words, scene))[0]


def _metric(reading: Reading, words: Around, scene: Scene) -> float:
    quantity = words.quantity
    if quantity.fact and not words.metrics:
        return 0.0
    if words.earlier and any(
        reading.concepts & other.concepts and _of_one_sport(reading, other) for other in words.earlier
    ):
        return 0.0
    if words.earlier and not words.metrics and quantity.dimension in _RELATIVE:
        return TOO_MUCH
    if words.whole and reading.concepts & SUMMED:
        return 0.0
    if quantity.dimension == "days" and not reading.concepts & _STREAKS and _is_in_a_row(words, scene):
        return TOO_MUCH
    if "streak" in reading.concepts and _is_of_another_streak(reading, words):
        return TOO_MUCH
    if quantity.dimension == "times" and not quantity.fraction and "session" in reading.concepts:
        return _LITTLE  # "you ran five times"
    if words.metrics:
        return _of_another_metric(reading, words)
    return _of_no_metric(reading, words, scene)


def _is_in_a_row(words: Around, scene: Scene) -> bool:
    """As in "Five days in a row"."""
    return any(m.at == words.quantity.end for m in scene.sentence.tagged("metric:streak"))


def _is_of_another_streak(reading: Reading, words: Around) -> bool:
    """As in "Distance rose for four straight weeks", where it was the ascent."""
    of, spoken = reading.concepts - {"streak"}, words.spoken - {"streak", "time"}
    return bool(of) and bool(spoken) and of.isdisjoint(spoken)


def _of_another_metric(reading: Reading, words: Around) -> float:
    """Return what it costs that the words around a number name one metric, and the fact is of another."""
    if words.far and not words.quantity.metrics:
        told = reading.concepts & words.metrics or words.quantity.dimension not in _TELLING_LITTLE
        return _LITTLE if told else 2 * _LITTLE
    measured, of = words.metrics & SUMMED, reading.concepts & SUMMED
    if measured and of and measured.isdisjoint(of) and words.quantity.dimension == "percent":
        return TOO_MUCH  # a share of the time, and not of the distance
    if reading.concepts & words.metrics:
        return 0.0
    if ":" in words.quantity.text and reading.concepts >= {"speed", "distance"}:
        return 0.0  # "your first kilometre took 4:10"
    if words.bound and not reading.derived and "race" not in reading.concepts:
        return TOO_MUCH
    if words.statistic and reading.statistic == words.statistic and reading.concepts & words.spoken:
        return 0.0
    spoken = (reading.concepts - _QUALIFYING) & words.spoken and not words.quantity.fact
    return _SOME if spoken else TOO_MUCH


def _of_no_metric(reading: Reading, words: Around, scene: Scene) -> float:
    """Return what it costs that no word names a metric: little where the unit says what is measured."""
    dimension = words.quantity.dimension
    if dimension is not None or reading.dimension in ("number", "times"):
        if dimension not in _TELLING_LITTLE or reading.concepts & (words.spoken | words.carried):
            return _LITTLE
        return _MUCH if words.spoken else _SOME
    if reading.concepts & words.carried:
        return _LITTLE
    named = any(
        other.dimension == reading.dimension and not scene.is_window(other)
        for other in scene.sentence.quantities
    )
    return _SOME if named else TOO_MUCH


def _of_one_sport(one: Reading, other: Reading) -> bool:
    return not one.sports or not other.sports or not one.sports.isdisjoint(other.sports)


def _sport(reading: Reading, words: Around, scene: Scene) -> float:
    if not words.sports:
        return TOO_MUCH if _is_of_another_sport(reading, words, scene) else 0.0
    if reading.sports & words.sports:
        return 0.0
    if not reading.sports and (
        words.whole or scene.evidence.sports_of.get(reading.ids[0], _NO) & words.sports
    ):
        return 0.0
    if reading.sports:
        return TOO_MUCH
    if scene.evidence.sports <= words.sports:
        return 0.0
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


def _kind(reading: Reading, words: Around, scene: Scene) -> float:
    """Keep easy apart from hard, estimates from the rest, and the longest session from all of them."""
    wanted = _NO if "intervals" in reading.concepts else reading.concepts & _NARROW
    if wanted and not words.narrow & wanted:
        return TOO_MUCH
    if reading.concepts & _OF_THRESHOLD and not reading.derived and not scene.spoken_of(*_NAMING_THRESHOLD):
        return TOO_MUCH
    estimated = "estimated" in reading.concepts and "vo2max" not in reading.concepts
    if estimated and not scene.spoken_of("metric:estimated"):
        return TOO_MUCH
    if _is_not_longest(reading, words, scene):
        return TOO_MUCH
    if _is_of_another_kind(reading, words, scene) or _is_another_row(reading, words, scene):
        return TOO_MUCH
    if reading.things & words.excluded:
        return TOO_MUCH
    named = words.things | EVENTS if words.things & EVENTS else words.things
    missing = len(reading.things - named)
    if missing and words.near_things & scene.evidence.things - reading.things:
        missing += 1  # the text calls it something else
    if reading.zones and not words.zones & reading.zones and not reading.concepts & _NARROW:
        missing += 1
    if words.zones and reading.zones and reading.zones != words.zones:
        missing += 1
    return _SOME * min(missing, 1)


def _is_of_another_kind(reading: Reading, words: Around, scene: Scene) -> bool:
    """As in "Two intense sessions", where other facts count those."""
    if not words.kind or reading.derived or reading.role == "change":
        return False
    if reading.dimension not in _COUNTS:
        return True
    own = _words_of(reading, scene)
    return any(
        word not in own
        and any(
            word in _words_of(other, scene)
            for other in scene.evidence.of(reading.concepts)
            if not other.derived and other.dimension == reading.dimension
        )
        for word in words.kind
    )


def _words_of(reading: Reading, scene: Scene) -> frozenset[str]:
    return label_of(reading.ids[0], scene.evidence.facts[reading.ids[0]].label).words


def _is_not_longest(reading: Reading, words: Around, scene: Scene) -> bool:
    """Keep the longest session apart from all of them."""
    if "longest" in reading.concepts:
        return not scene.spoken_of(
            "metric:longest", "superlative:longest", "metric:session", "clause:long", "clause:single"
        )
    return "longest" in words.nearest and _is_of_all(reading, scene)


def _is_of_all(reading: Reading, scene: Scene) -> bool:
    """As in "Your longest run was 34.6 km", where that is all of them."""
    return (
        reading.role in ("now", "usual")
        and not reading.derived
        and "longest" not in reading.concepts
        and any(
            "longest" in other.concepts and other.dimension == reading.dimension
            for other in scene.evidence.readings
        )
    )


def _is_another_row(reading: Reading, words: Around, scene: Scene) -> bool:
    """Keep "two hard days in a row" apart from "four hard days", where a fact is of each."""
    if "hard" not in reading.concepts:
        return False
    if "streak" in reading.concepts:
        return not scene.spoken_of("metric:streak")
    following = any("streak" in other.concepts for other in scene.evidence.of(_HARD))
    at = words.quantity.end
    said = any(
        m.at >= at and not scene.parts_numbers(at, m.at) for m in scene.sentence.tagged("metric:streak")
    )
    return following and said and not words.whole


def _per(reading: Reading, words: Around, scene: Scene) -> float:
    """Keep a sum apart from what it is per week or session."""
    usual = reading.role == "usual"
    if reading.per not in ("", words.per) and not usual and not _is_per_session(reading, words):
        return TOO_MUCH
    averaged = words.per == "week" or words.statistic == "average" or words.habitual
    if usual and averaged and _is_a_former_sum(reading, scene):
        return TOO_MUCH
    if words.per == "session":
        hourly = "intensity" in reading.concepts and "intensity" not in words.metrics
        return TOO_MUCH if hourly or (not reading.per and _is_a_sum_of_many(reading)) else 0.0
    if words.per == "week":
        summed = not reading.per and _is_a_sum(reading, averaged=words.statistic == "average")
        return TOO_MUCH if summed or _is_a_change_of_many_weeks(reading) else 0.0
    return 0.0


def _statistic(reading: Reading, words: Around, scene: Scene) -> float:
    """Keep what is on average apart from the highest."""
    if words.statistic:
        return 0.0 if reading.statistic in (None, words.statistic) else TOO_MUCH
    if reading.statistic == "peak" and scene.says_now(words.quantity):
        return TOO_MUCH
    if reading.role == "now" and not reading.derived and _is_called_extreme(reading, words, scene):
        return TOO_MUCH
    if scene.sentence.has(
        "statistic:peak",
        "superlative:best",
        "superlative:highest",
        "superlative:record",
        "superlative:ever",
        "thing:result",
    ):
        return _LITTLE if reading.statistic == "peak" else 0.0
    return TOO_MUCH if _is_a_peak_among_others(reading, scene) else 0.0


def _period(reading: Reading, words: Around, scene: Scene) -> float:
    long = words.spans & _LONG
    if long and reading.days and not _overlap(reading.days, long) and reading.role != "part":
        return TOO_MUCH
    days = scene.evidence.by_id[reading.ids[-1]].days if reading.derived else reading.days
    if words.versus and reading.role == "change" and days and not _overlap(days, words.versus):
        return TOO_MUCH
    if words.ago and reading.role == "change" and reading.days and not _overlap(reading.days, words.ago):
        return TOO_MUCH
    if words.spans == {_ONE_WEEK} and _is_only_of(reading, _LONG):
        return TOO_MUCH
    spanning = reading.role != "part" and reading.dimension != "times" and not words.reaching
    if spanning and words.windows and reading.days and not _overlap(reading.days, words.windows):
        return TOO_MUCH if words.close_windows and not _overlap(reading.days, words.close_windows) else 1.0
    return 0.0


def _once(reading: Reading, words: Around, scene: Scene) -> float:
    """Keep what was once, "last week", apart from what is usual."""
    if words.against == "past" and reading.role == "change" and reading.against:
        spans = {float(key) for m in scene.sentence.naming("past") for key in m.keys("period")}
        if spans and not _overlap(reading.against, frozenset(spans)):
            return TOO_MUCH  # "up 54 % on last week", where that is against four weeks
    if not reading.earlier:
        mistaken = words.against == "past" and reading.role != "now" and _has_earlier(scene, reading)
        return TOO_MUCH if mistaken else 0.0
    if words.against == "habit":
        return TOO_MUCH
    if reading.derived and words.stated.issuperset(reading.ids):
        return 0.0  # "from 410 to 250, a drop of 39 %"
    if reading.role != "usual":
        return _SOME if not words.against and _has_a_baseline(scene, reading) else 0.0
    said = words.once or words.reference or scene.advice
    return 0.0 if said or not _has_now(scene, reading) else TOO_MUCH


def _change(reading: Reading, words: Around, scene: Scene) -> float:
    """Keep how far two numbers are apart, and what one is of another, apart from the numbers."""
    if reading.role == "part":
        misfit = words.changing and reading.dimension != "times"
        return TOO_MUCH if misfit or _is_of_another(reading, words, scene) else 0.0
    if reading.role == "change" and words.moved and words.moved.isdisjoint(reading.concepts):
        return TOO_MUCH
    if reading.role != "change":
        return TOO_MUCH if words.changing and reading.dimension != "times" else 0.0
    if words.part or (words.reaching and reading.dimension != "percent"):
        return TOO_MUCH
    if words.stated_so and _has_now(scene, reading):
        return TOO_MUCH
    if words.compared:
        return 0.0
    level = scene.says_now(words.quantity) or _is_at(reading, words, scene)
    return TOO_MUCH if reading.derived or level else 0.0


def _role(reading: Reading, words: Around, scene: Scene) -> float:
    """Keep what is now apart from what is usual."""
    if scene.advice or reading.earlier or reading.role not in ("now", "usual"):
        return 0.0
    if reading.role == "now" and reading.per and reading.per == words.per:
        return 0.0  # "so you average 5 km per run"
    if words.reference:
        habit = words.reference == "usual" and words.habitual
        opposed = reading.role == "now" and (habit or _has_usual(scene, reading))
        after = _is_a_break(reading) and not words.habitual
        opposed = opposed and not after and not _is_called_usual(reading, words, scene)
        return TOO_MUCH if opposed else 0.0
    averaged = words.averaged and not words.now and _overlap(reading.days, words.windows)
    if reading.role == "now" or averaged:
        return 0.0
    return TOO_MUCH if _has_now(scene, reading) else 0.0


def _is_at(reading: Reading, words: Around, scene: Scene) -> bool:
    """As in "Form is positive at 4.8", where that is by how much it rose."""
    return (
        not words.quantity.sign
        and reading.dimension == "number"
        and any(m.end == words.quantity.at for m in scene.sentence.tagged("role:at"))
        and _has_now(scene, reading)
    )


def _citation(reading: Reading, words: Around, scene: Scene) -> float:
    if scene.cited is None or words.quantity.fact or scene.cited.issuperset(reading.ids):
        return 0.0
    return TOO_MUCH


def _is_a_sum(reading: Reading, *, averaged: bool) -> bool:
    """Return whether a reading is a sum that is not per week: of a longer time, or of one week alone."""
    if reading.role != "now" or not reading.concepts <= SUMMED or reading.statistic is not None:
        return False
    return reading.days != {_ONE_WEEK} or averaged


def _is_a_change_of_many_weeks(reading: Reading) -> bool:
    """As in "Up 7.6 points a week", in four."""
    return (
        reading.role == "change"
        and reading.dimension != "percent"
        and "ramp" not in reading.concepts
        and min(reading.days, default=0) > _ONE_WEEK
    )


def _is_a_former_sum(reading: Reading, scene: Scene) -> bool:
    """Return whether a reading is the sum of some weeks before, which nobody has as a usual week."""
    return (
        not reading.per
        and reading.concepts <= SUMMED
        and min(reading.days, default=0) > _ONE_WEEK
        and not set(reading.ids[0].split("_")) & AVERAGING
        and AVERAGING.isdisjoint(scene.evidence.facts[reading.ids[0]].label.lower().split())
    )


def _is_per_session(reading: Reading, words: Around) -> bool:
    """As in "The sessions became shorter: 2.7 km on average"."""
    return reading.per == "session" == (words.per or "session") and words.statistic == "average"


def _is_a_sum_of_many(reading: Reading) -> bool:
    return (
        reading.role == "now"
        and bool(reading.days)
        and reading.statistic is None
        and reading.concepts <= SUMMED - {"session"}
    )


def _is_a_peak_among_others(reading: Reading, scene: Scene) -> bool:
    """Return whether a reading is the highest of what another reading says: that has to be said."""
    return reading.statistic == "peak" and any(
        other.role == "now"
        and other.statistic != "peak"
        and other.dimension == reading.dimension
        and other.concepts <= reading.concepts
        for other in scene.evidence.of(reading.concepts)
    )


def _is_called_extreme(reading: Reading, words: Around, scene: Scene) -> bool:
    """As in "At -17, form is at its lowest of 90 days", where the lowest is another fact."""
    kinds = words.extremes
    if not kinds or any(scene.evidence.superlatives_of.get(i, _NO) & kinds for i in reading.ids):
        return False
    return any(
        other.concepts == reading.concepts
        and other.dimension == reading.dimension
        and scene.evidence.superlatives_of.get(other.ids[0], _NO) & kinds
        for other in scene.evidence.of(reading.concepts)
        if other.role == "now" and not other.derived
    )


def _is_only_of(reading: Reading, spans: frozenset[float]) -> bool:
    return reading.role == "now" and not reading.per and bool(reading.days) and reading.days <= spans


def _overlap(days: frozenset[float], others: frozenset[float]) -> bool:
    return any(
        abs(one - other) <= min(_MONTHS_ALIKE, max(_DAYS_ALIKE, one / 10)) for one in days for other in others
    )


def _is_of_another(part: Reading, words: Around, scene: Scene) -> bool:
    """As in "131 bpm, 78 % of your maximum": the part must be that of the number which stands before it."""
    if not words.stated or not words.stated.isdisjoint(part.ids):
        return False
    return any(
        other.role == "part"
        and not words.stated.isdisjoint(other.ids[:1])
        and other.ids[1:] == part.ids[1:]
        and other.dimension == part.dimension
        for other in scene.evidence.by_dimension.get(part.dimension, ())
    )


def _has_usual(scene: Scene, reading: Reading) -> bool:
    return any(
        other.role == "usual"
        and not other.derived
        and not other.earlier
        and other.things == reading.things
        and other.dimension == reading.dimension
        and (other.concepts <= reading.concepts or reading.concepts <= other.concepts)
        for other in scene.evidence.of(reading.concepts)
    )


def _is_called_usual(reading: Reading, words: Around, scene: Scene) -> bool:
    """As in "Typical decoupling of four weeks": the label of a fact of now calls it so."""
    first = scene.evidence.facts[reading.ids[0]].label.lower().split(maxsplit=1)[0]
    return first in AVERAGING and not words.windows


def _is_a_break(reading: Reading) -> bool:
    """As in "After 12 days without training": no days of rest that others are compared with."""
    return "break" in reading.ids[0].split("_")


def _has_a_baseline(scene: Scene, reading: Reading) -> bool:
    return any(
        other.role == "usual"
        and not other.derived
        and not other.earlier
        and other.concepts == reading.concepts
        for other in scene.evidence.of(reading.concepts)
    )


def _has_earlier(scene: Scene, reading: Reading) -> bool:
    return any(
        other.earlier
        and not other.derived
        and max(other.days, default=_ONE_WEEK) < min(_LONG) + 1
        and other.concepts == reading.concepts
        and other.sports == reading.sports
        for other in scene.evidence.of(reading.concepts)
    )


def _has_now(scene: Scene, reading: Reading) -> bool:
    return any(
        other.role == "now" and other.concepts == reading.concepts
        for other in scene.evidence.of(reading.concepts)
    )


MISFITS: Final[tuple[tuple[str, Callable[[Reading, Around, Scene], float]], ...]] = (
    ("metric", _metric),
    ("sport", _sport),
    ("kind", _kind),
    ("statistic", _per),
    ("statistic", _statistic),
    ("period", _period),
    ("role", _change),
    ("role", _role),
    ("role", _once),
    ("citation", _citation),
)
