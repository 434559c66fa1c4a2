"""Claims in so many words that facts contradict: "no hard day" where there were three."""

from typing import Final

from training_analyzer.analysis.grounding.cited import placeholders
from training_analyzer.analysis.grounding.contradicted import advised, claims
from training_analyzer.analysis.grounding.directions.denying import is_conditional, is_negated
from training_analyzer.analysis.grounding.judged.stating import is_stated, mention_of
from training_analyzer.analysis.grounding.phrases import Found, Running
from training_analyzer.analysis.grounding.sayable import Reading
from training_analyzer.analysis.grounding.scene import Scene
from training_analyzer.analysis.grounding.surroundings import NEAR

_OF_LOAD: Final = frozenset(
    {
        "ordinary_week",
        "ordinary_session",
        "steady_month",
        "routine_session",
        "like_week_before",
        "load_grew_more",
        "time_grew_more",
        "unusually_heavy",
        "unusually_light",
    }
)
"""What is no claim where it is said of a share, of load per hour or of the heart."""
_OFTEN: Final = frozenset({"regularly", "much_training"})
_OF_FORM: Final = frozenset({"form_as_ever"})
_ON_DAYS: Final = frozenset({"among_lowest", "among_highest"}).union(
    claim for claim in claims() if claim.startswith(("lower_on_", "higher_on_"))
)
"""On how many days form was lower or higher, where no other metric is spoken of."""
_CLEARED: Final = frozenset({"fatigue_cleared"})
_BEFORE: Final = frozenset({"after_light_week", "light_week_before"})
_WITHIN: Final = {
    **dict.fromkeys(("deep_fatigue", "carries_fatigue"), _CLEARED),
    **dict.fromkeys(("was_rest_week", "easy_week", "relaxing_week"), _BEFORE),
}
"""Phrases within which a claim means something else: fatigue that is gone, a week that has been."""
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
_OF_OTHERS: Final = ("metric:share", "metric:intensity")


def judge(found: Found, running: Running, scene: Scene) -> str:
    """As in "At a form of {form} you are deep in fatigue", where form is 17."""
    if found.key in _OF_LOAD and _is_of_something_else(found, scene):
        return ""
    if found.key in _OF_FORM and "form" not in scene.spoken_metrics():
        return ""  # "a little more than usual, within the usual range"
    if found.key in _ON_DAYS and _is_of_another_metric(found, scene):
        return ""
    if found.key in _OFTEN and _is_of_before(found, scene):
        return ""
    if _is_within_another(found, running) or _is_as_many(found, scene):
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


def _is_within_another(found: Found, running: Running) -> bool:
    """As in "Form ist gestiegen, weil viel Ermüdung abgefallen ist", "After a rest week, load rose"."""
    around = running.find(_WITHIN.get(found.key, frozenset()))
    return any(other.at <= found.at < other.end for other in around)


def _is_as_many(found: Found, scene: Scene) -> bool:
    """As in "As many rest days as you normally do", "so viele Ruhetage wie sonst": no more than usual."""
    sentence, tokens = scene.sentence, scene.sentence.tokens
    if found.end >= len(tokens):
        return False
    twice = found.at > 0 and tokens[found.at - 1].word == tokens[found.end].word
    usual = any(0 <= m.at - found.end <= NEAR for m in sentence.naming("habit"))
    return usual and (twice or sentence.has_at(found.end, "direction:flat"))


def _is_of_something_else(found: Found, scene: Scene) -> bool:
    """As in "Decoupling of {session_decoupling} is as usual", "the mix has not changed"."""
    tagged = (m for tag in _OF_OTHERS for m in scene.sentence.tagged(tag))
    named = (m for m in tagged if scene.sentence.together(m.at, found.at))
    told = [fact.concepts for fact in _told_with(found, scene)]
    return any(named) or (
        bool(told) and all("share" in concepts or concepts.isdisjoint(_TRAINING) for concepts in told)
    )


def _is_of_another_metric(found: Found, scene: Scene) -> bool:
    """As in "Fatigue has often been higher", which says nothing of form."""
    named = [
        scene.metrics_named(m)
        for m in scene.sentence.naming("metric")
        if scene.sentence.together(m.at, found.at)
    ]
    return bool(named) and all("form" not in metrics for metrics in named)


def _is_of_before(found: Found, scene: Scene) -> bool:
    """As in "You trained regularly, with {sessions_before} in the four weeks before"."""
    told = _told_with(found, scene)
    return bool(told) and all(fact.role == "usual" for fact in told)


def _ids_of(scene: Scene) -> set[str]:
    return {fact.ids[0] for _, fact in placeholders(scene)}


def _told_with(found: Found, scene: Scene) -> list[Reading]:
    return [fact for q, fact in placeholders(scene) if scene.sentence.together(q.at, found.at)]
