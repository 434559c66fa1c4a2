"""Whether a number is said to be a sum, an average or a peak, as the fact is."""

from typing import Final

from training_analyzer.analysis.grounding.around import Around
from training_analyzer.analysis.grounding.labels import NARROWING
from training_analyzer.analysis.grounding.misfits.prices import LITTLE, TOO_MUCH
from training_analyzer.analysis.grounding.misfits.spans import ONE_WEEK
from training_analyzer.analysis.grounding.rates import COUNTED, SUMMED
from training_analyzer.analysis.grounding.sayable import AVERAGING, Reading
from training_analyzer.analysis.grounding.scene import Scene
from training_analyzer.analysis.grounding.stretches import named_stretches, stretches_of
from training_analyzer.analysis.grounding.surroundings import THRESHOLDS
from training_analyzer.analysis.grounding.telling import words_of

_NO: Final = frozenset[str]()
_THRESHOLDS: Final = THRESHOLDS - {"threshold"}
_DAILY: Final = frozenset({"steps", "sleep", "monotony"})
_DAY: Final = frozenset({"day", "daily"})
_SUMS: Final = SUMMED | {"rest_day", "training_day", "intervals"}


def of_statistic(reading: Reading, words: Around, scene: Scene) -> float:
    """Keep what is on average apart from the highest."""
    if (reading.role == "now") != reading.derived and _is_called_extreme(reading, words, scene):
        return TOO_MUCH
    if words.capped and reading.statistic != "peak" and _has_a_peak(reading, scene):
        return TOO_MUCH
    if reading.statistic == "peak" and reading.role == "part" and _is_said_of_all(scene):
        return TOO_MUCH
    if words.statistic == "average" and _is_a_best_of_minutes(reading, scene):
        return 0.0
    if words.statistic == "average" and _is_a_threshold_beside_an_average(reading, scene):
        return TOO_MUCH
    if words.statistic:
        return 0.0 if reading.statistic in (None, words.statistic) else TOO_MUCH
    if reading.statistic != "peak":
        return 0.0
    if _is_said_to_be_now(reading, words, scene):
        return TOO_MUCH
    if scene.sentence.has(
        "statistic:peak",
        "superlative:best",
        "superlative:highest",
        "superlative:record",
        "superlative:ever",
        "thing:result",
    ):
        return LITTLE
    own = reading.things - NARROWING  # "your half marathon took 1:39", a personal best
    named = bool(own) and own <= words.things
    named = named or _names_its_stretch(reading, words, scene)
    return TOO_MUCH if not named and _is_a_peak_among_others(reading, scene) else 0.0


def _is_a_threshold_beside_an_average(reading: Reading, scene: Scene) -> bool:
    """As in "At 4:45/km on average", where that is the threshold pace and another fact is the average."""
    return (
        reading.role == "now"
        and bool(reading.concepts & _THRESHOLDS)
        and any(
            other.role == "now" and other.statistic == "average" and other.dimension == reading.dimension
            for other in scene.evidence.by_dimension.get(reading.dimension, ())
            if not other.derived and other.concepts < reading.concepts
        )
    )


def _is_said_of_all(scene: Scene) -> bool:
    """As in "Im Schnitt bist du mit 90 % deiner Schwelle gefahren": it begins the sentence."""
    return any(m.at == 0 for m in scene.sentence.tagged("statistic:average"))


def _is_said_to_be_now(peak: Reading, words: Around, scene: Scene) -> bool:
    if "share" in peak.concepts:
        return False  # "fitness stands at {fitness_of_peak} of its high"
    if _names_its_stretch(peak, words, scene):
        return False
    return (scene.says_now(words.quantity) or _is_where_it_is(words, scene)) and any(
        other.role == "now" and other.statistic != "peak" and other.concepts == peak.concepts
        for other in scene.evidence.of(peak.concepts)
        if other.values[0] != peak.values[0] and other.dimension == peak.dimension and not other.derived
    )


def _is_where_it_is(words: Around, scene: Scene) -> bool:
    """As in "Met 81 zit je conditie nu op het hoogste punt", where it is lower now."""
    sentence, at = scene.sentence, words.quantity.at
    alone = len([q for q in sentence.quantities if not scene.is_window(q)]) == 1
    return alone and any(m.at > at and sentence.together(m.at, at) for m in sentence.tagged("role:now"))


def of_rate(reading: Reading, words: Around, scene: Scene) -> float:
    """Keep a sum apart from what it is per week, session or day."""
    if words.per == "day":
        return 0.0 if reading.concepts & _DAILY or _DAY & words_of(reading, scene) else TOO_MUCH
    usual = reading.role == "usual"
    if reading.per not in ("", words.per) and not usual and not _is_per_session(reading, words):
        return TOO_MUCH
    averaged = usual and (words.per == "week" or words.statistic == "average" or words.habitual)
    if averaged and _is_a_former_sum(reading, scene):
        return TOO_MUCH
    if words.per == "session":
        hourly = "intensity" in reading.concepts and "intensity" not in words.metrics
        return TOO_MUCH if hourly or (not reading.per and _is_a_sum_of_many(reading)) else 0.0
    if words.per == "week":
        summed = not reading.per and _is_a_sum(reading, averaged=words.statistic == "average")
        return TOO_MUCH if summed or _is_a_change_of_many_weeks(reading, scene) else 0.0
    return 0.0


def _is_a_sum(reading: Reading, *, averaged: bool) -> bool:
    """Return whether a reading is a sum that is not per week: of a longer time, or of one week alone."""
    summed = bool(reading.concepts & _SUMS) and reading.concepts <= _SUMS | COUNTED
    if reading.role != "now" or not summed or reading.statistic is not None:
        return False
    return reading.days != {ONE_WEEK} or averaged


def _is_a_change_of_many_weeks(reading: Reading, scene: Scene) -> bool:
    """As in "Up 7.6 points a week", in four; not "6 km a week more", of the average weekly distance."""
    return (
        reading.role == "change"
        and "weekly" not in words_of(reading, scene)
        and reading.dimension != "percent"
        and "ramp" not in reading.concepts
        and min(reading.days, default=0) > ONE_WEEK
    )


def _is_a_former_sum(reading: Reading, scene: Scene) -> bool:
    """Return whether a reading is the sum of some weeks before, which nobody has as a usual week."""
    return (
        not reading.per
        and reading.concepts <= SUMMED
        and min(reading.days, default=0) > ONE_WEEK
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
        other.role == reading.role
        and other.ids[1:] == reading.ids[1:]
        and other.statistic != "peak"
        and other.dimension == reading.dimension
        and other.concepts <= reading.concepts
        for other in scene.evidence.of(reading.concepts)
    )


def _is_a_best_of_minutes(reading: Reading, scene: Scene) -> bool:
    """As in "Your strongest 20 minutes averaged 268 W"."""
    spans = (q for q in scene.sentence.quantities if q.dimension == "time")
    best = reading.statistic == "peak" and scene.sentence.has("superlative:best", "superlative:highest")
    return best and any(scene.is_window(span) for span in spans)


def _names_its_stretch(reading: Reading, words: Around, scene: Scene) -> bool:
    """As in "Your 5 km time dropped to {best_run_5k}": nobody has one but at their best."""
    if not words.quantity.fact or not (own := stretches_of(reading, scene)):
        return False
    scenes = (scene, scene.before) if scene.before is not None else (scene,)
    return any(stretch.size in own for one in scenes for stretch in named_stretches(one))


def _has_a_peak(reading: Reading, scene: Scene) -> bool:
    return reading.role == "now" and any(
        other.statistic == "peak"
        and not other.derived
        and other.dimension == reading.dimension
        and reading.concepts <= other.concepts
        and "capacity" not in other.things
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
