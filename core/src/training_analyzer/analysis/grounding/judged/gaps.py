"""Whether no week was without training, where a fact counts the weeks that were."""

import re
from typing import Final

from training_analyzer.analysis.grounding.directions.denying import is_conditional
from training_analyzer.analysis.grounding.judged.stating import mention_of
from training_analyzer.analysis.grounding.phrases import Found, Running
from training_analyzer.analysis.grounding.scene import Scene

WORDS: Final = frozenset({"no_week_without"})
_WITHOUT: Final = re.compile(r"^(?:[a-z]+ )?weeks (?:without|with no)\b")


def judge(found: Found, running: Running, scene: Scene) -> str:
    """As in "Not a single week went by without a swim", where one did."""
    del running
    if is_conditional(mention_of(found), scene):
        return ""
    weeks = (fact for fact in scene.evidence.facts.values() if _WITHOUT.search(fact.label))
    of = scene.evidence.sports_of
    return next(
        (
            f"{fact.id} is {fact.value:g}"
            for fact in weeks
            if fact.value >= 1 and _may_be(of.get(fact.id, frozenset()), scene.sports)
        ),
        "",
    )


def _may_be(sports: frozenset[str], said: frozenset[str]) -> bool:
    """Return whether weeks without one may be those that are spoken of: not of runs where of rides."""
    return not sports or not said or not sports.isdisjoint(said)
