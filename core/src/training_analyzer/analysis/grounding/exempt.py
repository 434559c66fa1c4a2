"""Which numbers need no fact of their own: articles, scales, spans that facts rest on, what a rule states."""

import re
from typing import Final

from training_analyzer.analysis.grounding.quantities import Quantity
from training_analyzer.analysis.grounding.readings import WEEK_DAYS
from training_analyzer.analysis.grounding.scene import Scene
from training_analyzer.analysis.grounding.sentences import Mention
from training_analyzer.analysis.grounding.surroundings import CLOSE, NEAR

_TWO: Final = 2
_OUT_OF: Final = frozenset({"article:of", "article:out_of", "clause:within"})
_COUNTED: Final = frozenset({"session", "rest_day", "training_day"})
_DAYS_SAID_OF: Final = frozenset(
    {"metric:rest_day", "metric:training_day", "metric:since_last", "metric:history", "metric:streak"}
)


def says_nothing(quantity: Quantity, scene: Scene) -> bool:
    """Return whether "one" is an article: it counts days of rest, and sessions behind "only"."""
    if scene.advice and _is_one_or_two(quantity, scene):
        return True
    if not quantity.spelled_one or quantity.dimension is not None:
        return False
    if not scene.advice and _is_all_that_is_said(quantity, scene):
        return False
    starting, end = scene.sentence.starting, quantity.end
    if scene.sentence.has_at(end, "clause:quantifier"):
        return scene.advice  # "add one extra swim"
    following = starting.get(end) or starting.get(end + 1)
    counted = following is not None and bool(following.tags & {"metric:rest_day", "metric:session"})
    if not counted or following is None or scene.advice:
        return True
    return "metric:session" in following.tags and not scene.sentence.has_before(quantity.at, "clause:only")


def _is_one_or_two(quantity: Quantity, scene: Scene) -> bool:
    """As in "Take an easy day or two"."""
    tokens = scene.sentence.tokens
    small = bool(quantity.meanings) and quantity.meanings[0].value <= _TWO
    if quantity.upper is not None and tokens[quantity.at].kind == "word":
        return small and quantity.dimension == "days" and quantity.upper <= _TWO
    return (
        small
        and quantity.at > 0
        and (tokens[quantity.at - 1].word == "," or scene.sentence.has_before(quantity.at, "clause:or"))
        and tokens[quantity.at].kind == "word"
    )


def _is_all_that_is_said(quantity: Quantity, scene: Scene) -> bool:
    """As in "Your fitness is one": it ends a sentence, right behind the verb."""
    tokens = scene.sentence.tokens
    ends = quantity.end == len(tokens) or tokens[quantity.end].kind == "mark"
    return (
        ends
        and quantity.at > 0
        and scene.sentence.is_word(quantity.at - 1, "copula")
        and bool(scene.metrics_of(quantity))
    )


def is_a_scale(quantity: Quantity, scene: Scene) -> bool:
    """As in "Readiness is 41 out of 100", whose label says so of the number ahead."""
    if not scene.sentence.has_before(quantity.at, "article:out_of"):
        return False
    ahead = next((q for q in reversed(scene.sentence.quantities) if q.at < quantity.at), None)
    scale = re.compile(rf"\bout of {re.escape(quantity.text)}\b")
    return ahead is not None and any(
        scale.search(scene.evidence.facts[reading.ids[0]].label) for reading in scene.said.get(ahead.at, ())
    )


def is_in_a_label(quantity: Quantity, scene: Scene) -> bool:
    """Return whether a count belongs to what a fact measures: "weeks with at least three sessions"."""
    if quantity.dimension not in (None, "days") or not quantity.meanings or "over" not in quantity.hedges:
        return False
    value = quantity.meanings[0].value
    counted = scene.sentence.starting.get(quantity.end)
    of = scene.metrics_of(quantity) | (counted.keys("thing") if counted else frozenset())
    return any((value, kind) in scene.evidence.counts for kind in of)


def is_told(quantity: Quantity, scene: Scene) -> bool:
    """Return whether a span is one that the facts rest on, or a number is one that a rule states."""
    if scene.is_window(quantity):
        if _counts_down(quantity, scene):
            return False
        metric = scene.nearest(_DAYS_SAID_OF, quantity.at)
        if scene.sentence.has_before(quantity.at, "article:of"):
            return True  # "two of the seven days"
        if metric and "metric:training_day" in metric.tags and _is_a_span_for(quantity, scene):
            return True  # "in four weeks you trained 18 times"
        if metric and metric.end < quantity.at and scene.quantities_between(metric.end, quantity.at):
            return True  # "you trained {time_month} in four weeks"
        return metric is None or not _touches(metric, quantity)
    days = quantity.meanings[0].value if quantity.dimension is None and quantity.meanings else None
    within = scene.sentence.has_before(quantity.at, "clause:within", "article:of")
    counted = scene.sentence.starting.get(quantity.end)
    if days in scene.evidence.days and within and not (counted and counted.keys("metric")):
        return scene.sentence.has("metric:rest_day", "metric:training_day")  # "no rest day in seven"
    return _is_of_all_weeks(quantity, scene) or _is_of_a_rule(quantity, scene)


def _is_of_all_weeks(quantity: Quantity, scene: Scene) -> bool:
    """As in "{regular_weeks} of the four were regular": as many weeks as the facts are of."""
    if quantity.dimension is not None or not quantity.meanings:
        return False
    ahead = next((q for q in reversed(scene.sentence.quantities) if q.end <= quantity.at), None)
    of = scene.sentence.ending.get(quantity.at)
    if ahead is None or of is None or of.at - ahead.end > 1 or not of.tags & _OUT_OF:
        return False
    fact = scene.evidence.facts.get(ahead.fact)
    weeks = fact is not None and fact.unit == "weeks"
    return weeks and WEEK_DAYS * quantity.meanings[0].value in scene.evidence.days


def _counts_down(quantity: Quantity, scene: Scene) -> bool:
    """As in "Faltam 28 dias para o triatlo", "just under four weeks until the race"."""
    return scene.sentence.has_at(quantity.end, "clause:until") or _is_until_what_is_named(quantity, scene)


def _is_until_what_is_named(quantity: Quantity, scene: Scene) -> bool:
    """As in "Bis zum Rennen sind es noch zwei Wochen", "Over twee weken is de wedstrijd"."""
    sentence, at = scene.sentence, quantity.at
    if "race" not in scene.evidence.concepts or scene.quantities_between(quantity.end, len(sentence.tokens)):
        return False
    races = [m for m in sentence.naming("metric") if "metric:race" in m.tags and sentence.together(m.at, at)]
    until = any(
        m.end <= at
        and any(0 <= race.at - m.at <= NEAR for race in races)
        and not scene.parts_numbers(m.end, at)
        for m in sentence.tagged("clause:until")
    )
    moved = any(sentence.together(m.at, at) for m in scene.ways)
    ahead = at == 1 and not moved and any(quantity.end <= race.at for race in races)
    return (until or ahead) and not sentence.has_before(at, "article:last")


def _is_a_span_for(quantity: Quantity, scene: Scene) -> bool:
    within = scene.sentence.has_before(quantity.at, "clause:within", "clause:during")
    return within and scene.sentence.begins(quantity.at - 1)


def _is_of_a_rule(quantity: Quantity, scene: Scene) -> bool:
    """Return whether a rule states a number, in this unit and of this. What is counted needs a fact."""
    if quantity.spelled_one or not quantity.meanings:
        return False
    told = [number for number in scene.evidence.told if number.dimension == quantity.dimension]
    values = {quantity.meanings[0].value, quantity.upper} - {None}
    if not values <= {number.value for number in told}:
        return False
    metrics = scene.metrics_of(quantity) or scene.spoken_metrics()
    if metrics & _COUNTED and not scene.advice:
        return False
    return values <= {number.value for number in told if metrics & number.concepts}


def _touches(mention: Mention, quantity: Quantity) -> bool:
    return 0 <= mention.at - quantity.end <= 1 or 0 <= quantity.at - mention.end <= CLOSE
