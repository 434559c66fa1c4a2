"""Whether no week was without training, where a fact counts the weeks that were."""

import re
from typing import Final

from training_analyzer.analysis.grounding.phrases import Found, Running
from training_analyzer.analysis.grounding.scene import Scene

WORDS: Final = frozenset({"no_week_without"})
_WITHOUT: Final = re.compile(r"^(?:[a-z]+ )?weeks (?:without|with no)\b")


def judge(found: Found, running: Running, scene: Scene) -> str:
    """As in "Not a single week went by without a swim", where one did."""
    del found, running
    weeks = (fact for fact in scene.evidence.facts.values() if _WITHOUT.search(fact.label))
    return next((f"{fact.id} is {fact.value:g}" for fact in weeks if fact.value >= 1), "")
