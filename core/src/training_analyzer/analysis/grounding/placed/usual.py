"""Whether a placeholder that is said to be usual is what is usual, and of what the sentence speaks of."""

from itertools import pairwise
from typing import Final

from training_analyzer.analysis.grounding.cited import placeholders
from training_analyzer.analysis.grounding.customary import is_as_usual, is_beaten, is_rightly_usual
from training_analyzer.analysis.grounding.naming import is_weak
from training_analyzer.analysis.grounding.placed.telling import (
    GENERAL,
    own,
    says_how_far,
    spoken,
    told_beside,
)
from training_analyzer.analysis.grounding.quantities import Quantity
from training_analyzer.analysis.grounding.sayable import AVERAGING, Reading, what
from training_analyzer.analysis.grounding.scene import Scene
from training_analyzer.analysis.grounding.sentences import Mention
from training_analyzer.analysis.grounding.surroundings import ADJACENT, CLOSE, NEAR

_MEASURED: Final = frozenset({"time", "length"})
_RESTED: Final = "rest days"
_NO: Final = frozenset[str]()


def misplaced(quantity: Quantity, fact: Reading, scene: Scene) -> str:
    if scene.is_ago(quantity) or _moved_by(quantity, scene) or _is_of_before(quantity, scene):
        return ""
    if is_rightly_usual(fact, quantity, scene) and (
        not spoken(scene) or not own(fact).isdisjoint(spoken(scene))
    ):
        return ""
    if fact.role == "now" and fact.statistic == "peak" and is_beaten(quantity, scene):
        return "is said to be how it was, but is how it is now"
    usual = _said_to_be_usual(quantity, scene) or _is_of_the_weeks_before(quantity, scene)
    if usual and fact.role == "now" and is_as_usual(fact, scene) and _is_spoken_of(quantity, fact, scene):
        return ""
    if usual and fact.statistic == "average" and "share" in fact.concepts:
        return ""  # "{lightest_week_share} of what the others averaged"
    if usual and (fact.role != "usual" or not _is_spoken_of(quantity, fact, scene)):
        return "is said to be usual, but is another fact"
    typical = not AVERAGING.isdisjoint(scene.evidence.facts[fact.ids[0]].label.split())
    if (
        fact.role == "now"
        and fact.dimension != "days"
        and not typical
        and _said_to_have_been(quantity, scene)
    ):
        return "is said to be how it was, but is how it is now"
    if (usual or scene.references.get(quantity.at)) and fact.role == "usual":
        other = _unlike_what_is_now(quantity, fact, scene)
        return f"is said to be usual of {what(other)}, but is of {what(fact.concepts)}" if other else ""
    return ""


def _is_of_before(quantity: Quantity, scene: Scene) -> bool:
    """As in "Fahrten vor der Pause ({break_days}) zählen nicht", "none of the {sessions_compared} before"."""
    if quantity.fact == "sessions_compared":
        return True
    breaks = scene.sentence.tagged("clause:break")
    return quantity.fact == "break_days" and any(0 <= quantity.at - m.end <= ADJACENT for m in breaks)


def _is_of_the_weeks_before(quantity: Quantity, scene: Scene) -> bool:
    """As in "The same as the {form_usual} of the four weeks before"."""
    sentence = scene.sentence
    of = sentence.starting.get(quantity.end)
    if of is None or "article:of" not in of.tags:
        return False
    span = next((q for q in sentence.quantities if q.at == of.end), None)
    return span is not None and span.dimension == "days" and sentence.has_at(span.end, "role:usual")


def _moved_by(quantity: Quantity, scene: Scene) -> bool:
    """As in "{load_change} above your usual", "up {load_change} on it", "a gap of {load_change} to it"."""
    if says_how_far(quantity, scene):
        return True
    ahead = scene.sentence.ending.get(quantity.at)
    if ahead is not None and "article:of" in ahead.tags:
        ahead = scene.sentence.ending.get(ahead.at)
    return ahead is not None and bool(ahead.keys("direction") - {"flat"} or "role:by" in ahead.tags)


def _said_to_be_usual(quantity: Quantity, scene: Scene) -> bool:
    """As in "Your usual {load_usual}", "where {time_usual} and {load_usual} are usual"."""
    kind = scene.references.get(quantity.at)
    return any(_is_said_of(m, quantity, kind, scene) for m in scene.sentence.tagged("role:usual"))


def _is_said_of(usual: Mention, quantity: Quantity, kind: str | None, scene: Scene) -> bool:
    """Return whether nothing but another usual number stands between a number and the word."""
    ahead = usual.end <= quantity.at
    start, end = (usual.end, quantity.at) if ahead else (quantity.end, usual.at)
    between = [q for q in scene.sentence.quantities if start <= q.at < end]
    if not between:
        return kind == "usual" and 0 <= end - start <= (ADJACENT if ahead else CLOSE)
    one = between[0]
    joint = scene.sentence.starting.get(one.end if ahead else quantity.end)
    joined = (
        joint is not None and "clause:and" in joint.tags and joint.end == (quantity.at if ahead else one.at)
    )
    usually = len(between) == 1 and "usual" in (kind, scene.references.get(one.at))
    return joined and usually and end - start <= NEAR


def _said_to_have_been(quantity: Quantity, scene: Scene) -> bool:
    """As in "In den vier Wochen davor waren es {load_usual}", "before, when it averaged {form_usual}"."""
    sentence = scene.sentence
    averaged = any(0 <= quantity.at - m.end <= ADJACENT for m in sentence.tagged("role:average"))
    return (averaged or scene.references.get(quantity.at) == "usual") and any(
        0 <= quantity.at - m.end <= 2 * NEAR
        and not scene.quantities_between(m.end, quantity.at)
        and not any(m.end <= joint.at < quantity.at for joint in sentence.tagged("clause:and"))
        for m in sentence.tagged("role:usual")
    )


def _is_spoken_of(quantity: Quantity, fact: Reading, scene: Scene) -> bool:
    if fact.dimension in _MEASURED and not any(q.at < quantity.at for q, _ in placeholders(scene)):
        return True  # "You rode for your usual {session_time_usual}"
    if scene.evidence.facts[fact.ids[0]].unit == _RESTED and scene.sentence.has("always:day"):
        return True  # "you trained every day, where {rest_days_usual} are normal"
    beside = told_beside(quantity, (scene, scene.before) if scene.before else (scene,))
    return not own(fact).isdisjoint(beside | spoken(scene))


def _unlike_what_is_now(quantity: Quantity, fact: Reading, scene: Scene) -> frozenset[str]:
    """As in "{time_week} of training made a load of {load_week}, the same as your usual {time_usual}"."""
    sentence = scene.sentence
    follows = next((f for q, f in placeholders(scene) if q.at > quantity.at), None)
    if follows and sentence.has_before(quantity.at, "role:versus") and follows.stem == fact.stem:
        return _NO  # "statt {time_month_before} waren es {time_month}"
    now = [(q, f) for q, f in placeholders(scene) if q.at < quantity.at and f.role == "now"]
    if not now and scene.before is not None and not sentence.naming("metric"):
        now = [(q, f) for q, f in placeholders(scene.before) if f.role == "now"]
    now = [(q, f) for q, f in now if f.dimension != "days"]
    last = [now[-1][1]] if now else []
    for (one, other), (behind, _) in reversed(list(pairwise(now))):
        if behind.at - one.end > NEAR + 1:
            break
        last.append(other)  # "{session_time} at a load of {session_load}, where …"
    if not last or any(other.stem == fact.stem for other in last):
        return _NO
    named = any(
        scene.metrics_in(m) & own(fact) and not is_weak(m) and (own(fact) - GENERAL or m.at > now[-1][0].at)
        for m in sentence.naming("metric")
    )
    return _NO if named else last[0].concepts
