"""What a phrase around a number says of it: days until a race or since rest, what was missed or is ascent."""

from typing import Final

from training_analyzer.analysis.grounding.days import days_said_to_be
from training_analyzer.analysis.grounding.measured import IN_ONE_UNIT, SAID_OF
from training_analyzer.analysis.grounding.naming import ASCENT, HARDER, Naming
from training_analyzer.analysis.grounding.quantities import Quantity
from training_analyzer.analysis.grounding.sentences import APART
from training_analyzer.analysis.grounding.surroundings import ADJACENT, CLOSE, NEAR, THINGS

_AMOUNTS: Final = frozenset({"time", "distance", "session", "load"})
_BEST_POWER: Final = frozenset({"best_power"})
_EXTENTS: Final = {"time": frozenset({"time"}), "length": frozenset({"distance"})}
_RACE: Final = frozenset({"race"})
_HARD: Final = frozenset({"hard"})
_RATIO: Final = frozenset({"ratio"})
_COUNTED: Final = {
    "sessions": frozenset({"session"}),
    "rest days": frozenset({"rest_day"}),
    "hard days": _HARD,
}
"""What units say that is counted."""
_NO: Final = frozenset[str]()


def said_by_phrase(quantity: Quantity, scene: Naming) -> frozenset[str]:
    """Return what a number is said of where a phrase tells it; empty where none does."""
    if _is_until_a_race(quantity, scene):
        return _RACE
    if told := _told_of_days(quantity, scene) or _said_by_code(quantity, scene):
        return told
    if scene.is_missed(quantity):
        return frozenset({"session"})
    if _is_since_hard(quantity, scene):
        return _HARD
    following = next((q for q in scene.sentence.quantities if q.at == quantity.end), None)
    if following and scene.is_repeated(quantity, following):
        return THINGS
    if quantity.dimension == "percent" and _is_of_a_sport(quantity, scene):
        return _AMOUNTS
    if _is_of_best_minutes(quantity, scene):
        return _BEST_POWER
    told = _is_of_the_whole(quantity, scene) or _told_before_colon(quantity, scene)
    return told or _measured_in_another_unit(quantity, scene)


def _told_of_days(quantity: Quantity, scene: Naming) -> frozenset[str]:
    if told := days_said_to_be(quantity, scene):
        return told
    if _is_of_days_without(quantity, scene):
        return frozenset({"rest_day"})
    return frozenset({"since_rest"}) if _is_since_rest(quantity, scene) else _NO


def _said_by_code(quantity: Quantity, scene: Naming) -> frozenset[str]:
    """As in "{sessions_week}", for which code writes "5 sessions"; "{load_ratio} times" is of a ratio."""
    if not quantity.fact:
        return _NO
    if scene.sentence.has_at(quantity.end, "unit:times"):
        return _RATIO
    fact = scene.evidence.facts.get(quantity.fact)
    counted = _COUNTED.get(fact.unit, _NO) if fact else _NO
    return counted if counted and _is_told_apart(quantity, scene) else _NO


def _is_told_apart(quantity: Quantity, scene: Naming) -> bool:
    """As in "{sessions_week} brought a load of {load_week}": the load has a number of its own."""
    sentence, end = scene.sentence, quantity.end
    near = [
        m for m in sentence.naming("metric") if sentence.together(m.at, quantity.at) and scene.metrics_in(m)
    ]
    if not near or near[0].at < end or sentence.has_at(end, "article:of"):
        return False
    return any(
        q.at > end and (scene.gap_of(near[0].end, q.at) == 0 or q.end == near[0].at)
        for q in sentence.quantities
    )


def _is_of_the_whole(quantity: Quantity, scene: Naming) -> frozenset[str]:
    """As in "19 minutes above threshold within a 65-minute indoor ride": how long all of it was."""
    extent = _EXTENTS.get(quantity.dimension or "", _NO)
    if not extent or not any(
        token.word == "-" for token in scene.sentence.tokens[quantity.at : quantity.end]
    ):
        return _NO
    behind = (m for m in scene.sentence.mentions if 0 <= m.at - quantity.end <= ADJACENT)
    whole = any(m.keys("sport") or "metric:session" in m.tags for m in behind)
    return extent if whole else _NO


def _told_before_colon(quantity: Quantity, scene: Naming) -> frozenset[str]:
    """As in "With fewer kilometres came less climbing: 4,350 m": of what stands right before the colon."""
    if not quantity.at or quantity.metrics:
        return _NO
    if quantity.dimension == "percent" and (stated := _stated_right_before(quantity, scene)):
        return _told_before_colon(stated, scene)  # "4,350 m, down about 45 %"
    if scene.sentence.tokens[quantity.at - 1].word != ":":
        return _NO
    ahead = next((m for m in scene.sentence.naming("implied") if m.end == quantity.at - 1), None)
    implied = frozenset(key.partition(".")[0] for key in ahead.keys("implied")) if ahead else _NO
    return implied & ASCENT & SAID_OF.get(quantity.dimension, _NO)


def _stated_right_before(quantity: Quantity, scene: Naming) -> Quantity | None:
    ahead = next((q for q in reversed(scene.sentence.quantities) if q.end <= quantity.at), None)
    close = ahead is not None and scene.gap(ahead.end, quantity.at) <= CLOSE
    return ahead if close and ahead and ahead.dimension == "length" else None


def _is_of_best_minutes(quantity: Quantity, scene: Naming) -> bool:
    """As in "Threshold power is up by 12 W and your best 20 minutes by 4.7 %": of the best power."""
    if quantity.dimension not in (None, "percent", "power") or not scene.evidence.concepts >= _BEST_POWER:
        return False
    ahead = next((q for q in reversed(scene.sentence.quantities) if q.end <= quantity.at), None)
    if ahead is None or ahead.dimension != "time" or not scene.is_window(ahead):
        return False
    best = scene.sentence.has_before(ahead.at, "superlative:best")
    named = any(ahead.end <= m.at < quantity.at for m in scene.sentence.naming("metric"))
    return best and not named and scene.sentence.between(ahead.at, quantity.at) < APART


def _measured_in_another_unit(quantity: Quantity, scene: Naming) -> frozenset[str]:
    """As in "Average power was 88 rpm": the subject has a unit, and it is not this one."""
    possible = SAID_OF.get(quantity.dimension)
    if possible is None:
        return _NO
    ahead = [m for m in scene.sentence.naming("metric") if 0 < quantity.at - m.end <= CLOSE]
    if not ahead:
        return _NO
    metrics = scene.metrics_in(ahead[-1])
    is_said = any(scene.sentence.is_word(at, "copula") for at in (ahead[-1].end, quantity.at - 1))
    return metrics if is_said and metrics & IN_ONE_UNIT and metrics.isdisjoint(possible) else _NO


def _is_of_a_sport(quantity: Quantity, scene: Naming) -> bool:
    """As in "You rode almost 19 % less": of what was ridden."""
    sentence = scene.sentence
    verb = any(
        m.end <= quantity.at and scene.gap(m.end, quantity.at) <= 0 and not m.keys("metric")
        for m in sentence.naming("sport")
    )
    return verb and sentence.has_at(quantity.end, "clause:quantifier")


def _is_until_a_race(quantity: Quantity, scene: Naming) -> bool:
    """As in "The half marathon is 18 days off", "with five weeks to go": no days of rest."""
    if quantity.dimension not in (None, "days") or "race" not in scene.evidence.concepts:
        return False
    if scene.sentence.has_at(quantity.end, "clause:until"):
        return True
    last = scene.sentence.has_before(quantity.at, "article:last")
    if scene.advice and last and quantity.dimension == "days":
        return True  # "over the last 18 days"
    named = scene.sentence.naming("metric")
    return scene.sentence.has_at(quantity.end, "metric:rest_day") and any(
        0 < quantity.at - m.end <= CLOSE and "metric:race" in m.tags for m in named
    )


def _is_of_days_without(quantity: Quantity, scene: Naming) -> bool:
    """As in "An 21 von 30 Tagen hast du nicht trainiert"."""
    whole = scene.counted_out_of(quantity)
    if whole is None or whole.dimension != "days":
        return False
    trained = [m for m in scene.sentence.naming("metric") if m.keys("metric") & HARDER]
    return any(
        abs(m.at - not_.at) <= NEAR and scene.sentence.together(m.at, quantity.at)
        for not_ in scene.sentence.tagged("negation:not")
        for m in trained
    )


def _is_since_rest(quantity: Quantity, scene: Naming) -> bool:
    """As in "One rest day, and it was four days ago"."""
    return (
        quantity.dimension == "days"
        and "since_rest" in scene.evidence.concepts
        and (scene.is_ago(quantity) or scene.sentence.has_at(quantity.end, "clause:since_that"))
        and scene.sentence.has("metric:rest_day")
    )


def _is_since_hard(quantity: Quantity, scene: Naming) -> bool:
    """As in "Seit dem letzten harten Tag sind vier Tage vergangen"."""
    return (
        quantity.dimension == "days"
        and "hard" in scene.evidence.concepts
        and any(
            0 <= m.at - since.end <= ADJACENT and "metric:hard" in m.tags
            for since in scene.sentence.tagged("clause:since_that")
            if scene.sentence.together(since.at, quantity.at)
            for m in scene.sentence.naming("metric")
        )
    )
