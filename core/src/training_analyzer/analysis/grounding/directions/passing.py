"""Phrases that look like directions, and claim none."""

from typing import Final

from training_analyzer.analysis.grounding.cited import placeholders
from training_analyzer.analysis.grounding.directions.beside_bounds import (
    is_no_more_than,
    is_of_a_limit,
    is_of_a_range,
)
from training_analyzer.analysis.grounding.directions.between_metrics import two_metrics
from training_analyzer.analysis.grounding.directions.of_others import (
    is_of_each_other,
    is_of_no_other,
    tells_which_sessions,
)
from training_analyzer.analysis.grounding.directions.other_senses import (
    falls_into_a_period,
    is_a_heartbeat,
    is_a_slope,
    turned_out,
    was_held,
)
from training_analyzer.analysis.grounding.directions.regions import is_beside_a_region
from training_analyzer.analysis.grounding.quantities import Quantity
from training_analyzer.analysis.grounding.sayable import UP_OR_DOWN
from training_analyzer.analysis.grounding.scene import Scene
from training_analyzer.analysis.grounding.sentences import APART, Mention
from training_analyzer.analysis.grounding.since_when import is_never_beyond
from training_analyzer.analysis.grounding.surroundings import ADJACENT, CLOSE, SHORT

_VARIABILITY: Final = frozenset({"variability_index.up", "variability_index.down"})
_SESSIONS: Final = "sessions_week"
_HARDLY_ANY: Final = 2
"""Sessions in a week that are little training, whatever is usual. Our choice."""
_UP: Final = "up"
_BEGINNING: Final = frozenset(":;\N{EN DASH}\N{EM DASH}")
"""Marks behind which advice may begin."""
_OF: Final = frozenset({"article:of", "article:out_of"})


def claims_nothing(mention: Mention, scene: Scene) -> bool:
    """A hedge ("more than half"), a metric ("climbing"), a condition, or what is so in general."""
    sentence = scene.sentence
    if (
        _is_of_what_no_fact_is(mention, scene)
        or (mention.keys("implied") & _VARIABILITY and "variability_index" not in scene.evidence.concepts)
        or _describes_a_session(mention, scene)
        or scene.is_general(mention.at)
    ):
        return True
    if scene.superlatives_of(mention) or is_beside_a_region(mention, scene):
        return True
    if is_of_a_range(mention, scene) or is_of_a_limit(mention, scene):
        return True
    for quantity in sentence.quantities:
        hedge = mention.keys("hedge") & quantity.hedges
        if hedge and 0 <= quantity.at - mention.end <= 1 and not _is_one_of_two(quantity, mention, scene):
            return True
        if (
            quantity.end == mention.at
            and quantity.dimension == "length"
            and mention.tags & {"metric:elevation"}
        ):
            return True
    if mention.keys("direction") and scene.metrics_named(mention):
        return True
    if any(passes(mention, scene) for passes in _IN_PASSING):
        return True
    return any(
        condition.end <= mention.at and sentence.between(condition.at, mention.at) < APART
        for tag in ("clause:if", "clause:general", "advice:anywhere")
        for condition in sentence.tagged(tag)
    )


def _is_one_of_two(quantity: Quantity, mention: Mention, scene: Scene) -> bool:
    """As in "{session_load}, a touch below the {session_load_usual}": code writes both as they are."""
    told = list(placeholders(scene))
    stem = next((fact.stem for q, fact in told if q is quantity), "")
    return any(q.end <= mention.at and fact.stem == stem for q, fact in told)


def _is_advised(mention: Mention, scene: Scene) -> bool:
    """As in "It took 3 hours: let the other sessions grow first", "spread them out next time"."""
    sentence, tokens = scene.sentence, scene.sentence.tokens
    marks = (at for at in range(mention.at - 1, -1, -1) if tokens[at].kind == "mark")
    mark = next(marks, None)
    if mark is None or tokens[mark].word not in _BEGINNING:
        return False
    begun = sentence.starting.get(mark + 1)
    return begun is not None and bool(begun.keys("advice")) and "advice:anywhere" not in begun.tags


def _is_to_come(mention: Mention, scene: Scene) -> bool:
    """As in "It will rise by itself once you train less", "if that holds, it will rise": nothing has yet."""
    sentence = scene.sentence
    if not any(mention.end <= m.at or m.at == 0 for m in sentence.tagged("clause:if")):
        return False
    return sentence.says("will", mention.at - CLOSE, mention.at)


def _is_of_what_no_fact_is(mention: Mention, scene: Scene) -> bool:
    """As in "More effort", "a little more out of each stroke": what is said to be more is no metric."""
    if "clause:quantifier" not in mention.tags:
        return False
    of = scene.sentence.starting.get(mention.end)
    vague = (of and of.tags & _OF) and not any(
        0 <= m.at - of.end <= CLOSE and m.keys("metric") for m in scene.sentence.mentions
    )
    if not vague and mention.end not in scene.unknown:
        return False
    return not any(quantity.end == mention.at for quantity in scene.sentence.quantities)


def _is_of_some_weeks(mention: Mention, scene: Scene) -> bool:
    """As in "After three weeks of rising load", "de carga creciente": how it was, and no change of now."""
    of_something = scene.sentence.tagged("article:of")
    if not of_something:
        return False
    metric = scene.sentence.ending.get(mention.at)
    starts = {mention.at, metric.at} if metric and metric.keys("metric") else {mention.at}
    return any(
        quantity.dimension == "days" and quantity.end == of.at and of.end in starts
        for of in of_something
        for quantity in scene.sentence.quantities
    )


def _comes_up_short(mention: Mention, scene: Scene) -> bool:
    """As in "You came up 32 points short of the plan": only what is short is a direction."""
    if mention.text.lower() != _UP:
        return False
    behind = next((q.end for q in scene.sentence.quantities if q.at == mention.end), mention.end)
    return scene.sentence.tokens[behind].word == SHORT if behind < len(scene.sentence.tokens) else False


def _is_compared_with(mention: Mention, scene: Scene) -> bool:
    """As in "Six watts above where it was", "as high as 14.8": no claim that it still is so."""
    return mention.keys("direction") == {"flat"} and any(
        m.end == mention.at and m.tags & {"role:versus", "direction:up", "direction:down"}
        for m in scene.sentence.mentions
    )


def _is_of_an_unknown(mention: Mention, scene: Scene) -> bool:
    """As in "A sign that efficiency slipped", where no fact is of efficiency."""
    metric = scene.sentence.ending.get(mention.at)
    return metric is not None and metric.keys("metric") == {"efficiency"} and not scene.metrics_named(metric)


def _describes_a_session(mention: Mention, scene: Scene) -> bool:
    """As in "Your steady rides": which rides they were, and no change."""
    if mention.keys("direction") != {"flat"}:
        return False
    behind = scene.sentence.starting.get(mention.end)
    return behind is not None and bool(behind.keys("sport") or "metric:session" in behind.tags)


def _is_never_beyond(mention: Mention, scene: Scene) -> bool:
    """As in "Form was never higher in 90 days": it is the highest, and a fact says so."""
    return any(
        is_never_beyond(never, scene)
        for never in scene.sentence.tagged("superlative:ever")
        if scene.sentence.between(never.at, mention.at) < APART
    )


def _leads_to_a_place(mention: Mention, scene: Scene) -> bool:
    """As in "Fatigue has dropped below fitness": where it has got to, which both numbers show."""
    beyond = scene.sentence.starting.get(mention.end)
    return beyond is not None and bool(beyond.keys("comparison")) and two_metrics(beyond, scene) is not None


def _was_said_before(mention: Mention, scene: Scene) -> bool:
    """As in "Power went up by 13 W, so the gain was free": what went up is said, and checked, before."""
    said = scene.sentence.has_before(mention.at, "article:the")
    ways = mention.keys("direction") & {"up", "down"}
    if not said or not ways or any(q.at == mention.end for q in scene.sentence.quantities):
        return False
    follows = scene.sentence.starting.get(mention.end)
    if follows and (follows.tags & _OF or follows.keys("metric") or follows.keys("sport")):
        return False
    return any(m.end < mention.at and m.keys("direction") == mention.keys("direction") for m in scene.ways)


def _is_proposed(mention: Mention, scene: Scene) -> bool:
    """As in "Eine leichtere Woche wäre jetzt dran": it is to come, and no number says that it was so."""
    sentence = scene.sentence
    proposed = any(sentence.together(m.at, mention.at) for m in sentence.tagged("advice:anywhere"))
    return proposed and not any(sentence.together(q.at, mention.at) for q in sentence.quantities)


def _would_be(mention: Mention, scene: Scene) -> bool:
    """As in "With easy rides more of your fitness of {fitness} would stay": so far, nothing has."""
    sentence = scene.sentence
    near = (m for m in sentence.tagged("clause:general") if sentence.between(m.at, mention.at) < APART)
    return any(sentence.says("would", m.at, m.end) for m in near)


def _is_of_hardly_any_training(mention: Mention, scene: Scene) -> bool:
    """As in "Too little training for form to mean much": of a session or two it is, whatever was usual."""
    if mention.keys("implied") != {"load.down"} or mention.end - mention.at == 1:
        return False
    sessions = scene.evidence.facts.get(_SESSIONS)
    compared = scene.sentence.has_at(mention.end, "role:versus")
    return sessions is not None and sessions.value <= _HARDLY_ANY and not compared


def _is_one_noun_for_what_was_said(mention: Mention, scene: Scene) -> bool:
    """As in "Load is {load_change} below your usual, a small step down that cost no fitness"."""
    sentence, ways = scene.sentence, mention.keys("direction")
    article = next((m for m in sentence.tagged("article:one") if 0 <= mention.at - m.end <= ADJACENT), None)
    if article is None or article.at == 0 or sentence.tokens[article.at - 1].word != ",":
        return False
    ahead = [m for m in scene.ways if m.end < article.at]
    return bool(ahead and ways) and ways <= UP_OR_DOWN and ahead[-1].keys("direction") >= ways


_IN_PASSING: Final = (
    is_no_more_than,
    tells_which_sessions,
    is_of_each_other,
    is_of_no_other,
    _is_of_hardly_any_training,
    _is_one_noun_for_what_was_said,
    turned_out,
    was_held,
    _would_be,
    _is_proposed,
    _leads_to_a_place,
    _was_said_before,
    is_a_heartbeat,
    falls_into_a_period,
    _is_of_some_weeks,
    _is_of_an_unknown,
    is_a_slope,
    _comes_up_short,
    _is_compared_with,
    _is_to_come,
    _is_advised,
    _is_never_beyond,
)
