"""Claims in so many words that facts contradict: "no hard day" where there were three."""

from typing import Final

from training_analyzer.analysis.grounding.cited import placeholders
from training_analyzer.analysis.grounding.contradicted import advised, claims
from training_analyzer.analysis.grounding.directions.denying import is_conditional, is_negated
from training_analyzer.analysis.grounding.judged.stating import is_stated, mention_of
from training_analyzer.analysis.grounding.phrases import Found, Running
from training_analyzer.analysis.grounding.sayable import Reading
from training_analyzer.analysis.grounding.scene import Scene

_AS_USUAL: Final = frozenset({"ordinary_week", "ordinary_session", "steady_month"})
_OFTEN: Final = frozenset({"regularly", "much_training"})
_OF_FATIGUE: Final = frozenset({"deep_fatigue", "carries_fatigue"})
_OF_FORM: Final = frozenset({"form_as_ever"})
_CLEARED: Final = frozenset({"fatigue_cleared"})
HOWEVER: Final = frozenset(
    {
        "easy_until_back",
        "grows_without_rest",
        "known_for_months",
        "several_sources",
        "gear",
        "brick",
        "strokes",
    }
)
"""What is false also in a condition, and denied: "as low as it has not been in months"."""
_UNTIL: Final = frozenset({"long_until_back"})
_WITHIN_THE_WEEK: Final = {"fitness_unmoved": "fatigue_change", "fatigue_unmoved": "fitness_change"}
"""What is said to stay while another moved within the week, and how far that moved."""
_TRAINING: Final = frozenset({"load", "time", "distance"})


def judge(found: Found, running: Running, scene: Scene) -> str:
    """As in "At a form of {form} you are deep in fatigue", where form is 17."""
    if found.key in _AS_USUAL and _is_of_something_else(found, scene):
        return ""
    if found.key in _OF_FORM and "form" not in scene.spoken_metrics():
        return ""  # "a little more than usual, within the usual range"
    if found.key in _OFTEN and _is_of_before(found, scene):
        return ""
    if found.key in _OF_FATIGUE and _is_what_cleared(found, running):
        return ""
    if found.key in _WITHIN_THE_WEEK and _WITHIN_THE_WEEK[found.key] not in _ids_of(scene):
        return ""
    if found.key in HOWEVER:
        return claims()[found.key].written  # "If you ride easily, form is back in {days_to_regular_form}"
    return claims()[found.key].written if _is_claimed(found, running, scene) else ""


def _is_claimed(found: Found, running: Running, scene: Scene) -> bool:
    """As in "A good moment for a test", "until form is back, weeks go by": it looks like advice."""
    if found.key not in advised() | _UNTIL:
        return is_stated(found, running, scene)
    mention = mention_of(found)
    conditional = found.key not in _UNTIL and is_conditional(mention, scene)
    return not conditional and not is_negated(mention, scene)


def _is_what_cleared(found: Found, running: Running) -> bool:
    """As in "Form ist gestiegen, weil viel Ermüdung abgefallen ist": much is gone, and not there."""
    return any(gone.at <= found.at < gone.end for gone in running.find(_CLEARED))


def _is_of_something_else(found: Found, scene: Scene) -> bool:
    """As in "Decoupling of {session_decoupling} is as usual", "the mix has not changed"."""
    named = (m for m in scene.sentence.tagged("metric:share") if scene.sentence.together(m.at, found.at))
    told = [fact.concepts for fact in _told_with(found, scene)]
    return any(named) or (
        bool(told) and all("share" in concepts or concepts.isdisjoint(_TRAINING) for concepts in told)
    )


def _is_of_before(found: Found, scene: Scene) -> bool:
    """As in "You trained regularly, with {sessions_before} in the four weeks before"."""
    told = _told_with(found, scene)
    return bool(told) and all(fact.role == "usual" for fact in told)


def _ids_of(scene: Scene) -> set[str]:
    return {fact.ids[0] for _, fact in placeholders(scene)}


def _told_with(found: Found, scene: Scene) -> list[Reading]:
    return [fact for q, fact in placeholders(scene) if scene.sentence.together(q.at, found.at)]
