"""What the days are that a placeholder counts: of a break, in a row, since the last session."""

from typing import Final

from training_analyzer.analysis.grounding.cited import placeholders
from training_analyzer.analysis.grounding.days import days_said_to_be
from training_analyzer.analysis.grounding.quantities import Quantity
from training_analyzer.analysis.grounding.sayable import Reading, what
from training_analyzer.analysis.grounding.scene import Scene
from training_analyzer.analysis.grounding.sentences import Mention

_OFF: Final = ("clause:break", "metric:rest_day", "clause:off")


def misplaced(quantity: Quantity, fact: Reading, scene: Scene) -> str:
    off = _said_to_be_off(quantity, scene)
    if off and not _may_be_off(fact, scene):
        return f"is said to be without training, but is {fact.dimension} of {what(fact.concepts)}"
    if (
        fact.dimension in ("days", "percent")
        and _is_of_training(quantity, scene)
        and not _may_be_trained(fact)
    ):
        return f"is said to have been trained, but is {what(fact.concepts)}"
    if fact.dimension == "days" and not off and _is_told_of_another(quantity, fact, scene):
        return f"is {what(fact.concepts)}, of which the sentence does not speak"
    if (
        fact.dimension in ("days", "time")
        and "form" not in fact.concepts
        and _says_until_when(quantity, scene)
    ):
        return f"is said to be how long form takes, but is {what(fact.concepts)}"
    if fact.dimension not in ("days", "time") and _is_ago(quantity, scene):
        return f"is said to be how long ago something was, but is {what(fact.concepts)}"
    return ""


def _is_of_training(quantity: Quantity, scene: Scene) -> bool:
    """As in "{time_week} of training", "{time_week} Training", "{time_week} trainiert"."""
    sentence, at = scene.sentence, quantity.end
    if sentence.has_at(at, "article:of"):
        at = sentence.starting[at].end
    return at < len(sentence.tokens) and sentence.is_word(at, "training")


def _may_be_trained(fact: Reading) -> bool:
    if fact.dimension == "days":
        return not fact.concepts.isdisjoint({"streak", "training_day", "history"})
    return fact.dimension != "percent"


def _is_told_of_another(quantity: Quantity, fact: Reading, scene: Scene) -> bool:
    """As in "{days_since_last} and {time_week} after a break of {break_days}": the break is another."""
    sentence = scene.sentence
    if fact.concepts.isdisjoint({"since_last", "longest"}):
        return False
    if sentence.has("clause:ago", "clause:ago_before", "metric:since_last", "clause:since_that", "role:by"):
        return False
    return any(
        _said_to_be_off(other, scene) for other, _ in placeholders(scene) if other.fact != quantity.fact
    )


def _is_ago(quantity: Quantity, scene: Scene) -> bool:
    """As in "The last one was {days_since_last} ago", "vor {days_since_last}"."""
    sentence = scene.sentence
    if sentence.has_before(quantity.at, "clause:ago_before") and sentence.is_word(quantity.at - 1, "ago"):
        return True
    behind = scene.sentence.starting.get(quantity.end)
    return behind is not None and "clause:ago" in behind.tags and scene.sentence.is_word(behind.at, "ago")


def _says_until_when(quantity: Quantity, scene: Scene) -> bool:
    """As in "Form would be back in {days_to_regular_form}", "{days_to_regular_form} until form is back"."""
    sentence = scene.sentence
    if told := days_said_to_be(quantity, scene):
        return "form" in told
    return sentence.has("metric:form") and any(
        sentence.together(m.at, quantity.at)
        for tag in ("clause:general", "clause:until")
        for m in sentence.tagged(tag)
    )


def _said_to_be_off(quantity: Quantity, scene: Scene) -> bool:
    """As in "A break of {break_days}", "after {days_since_last} without training", "{break_days} Pause"."""
    sentence = scene.sentence
    behind, ahead = sentence.starting.get(quantity.end), sentence.ending.get(quantity.at)
    if ahead is not None and "article:of" in ahead.tags:
        ahead = sentence.ending.get(ahead.at)
    if ahead is not None and "clause:break" in ahead.tags:
        return True
    if ahead is not None and "comparison:above" in ahead.tags and sentence.has_before(ahead.at, *_OFF):
        return True  # "never off for more than {longest_gap}"
    if behind is None:
        return False
    if "negation:none" in behind.tags and not behind.keys("metric"):
        return (
            not sentence.has_at(behind.end, *_OFF)
            and "metric:rest_day" not in behind.tags
            and not _does_something(behind, scene)
        )
    return not behind.tags.isdisjoint(_OFF)


def _does_something(without: Mention, scene: Scene) -> bool:
    """As in "{sessions_month} without ever taking more than {longest_gap} off": it is not off."""
    sentence, at = scene.sentence, without.end
    if at >= len(sentence.tokens) or sentence.tokens[at].kind == "mark" or sentence.is_word(at, "training"):
        return False
    behind = sentence.starting.get(at)
    return behind is None or not (behind.keys("metric") or behind.keys("sport"))


def _may_be_off(fact: Reading, scene: Scene) -> bool:
    if fact.dimension != "days" or scene.evidence.facts[fact.ids[0]].unit != "days":
        return False
    broken = scene.evidence.by_id.get("break_days")
    if broken is not None and scene.sentence.has("clause:break") and fact.values[0] != broken.values[0]:
        return False
    if not fact.concepts.isdisjoint({"since_last", "form"}):
        return True
    return fact.concepts.isdisjoint({"streak"}) if "rest_day" in fact.concepts else "longest" in fact.concepts
