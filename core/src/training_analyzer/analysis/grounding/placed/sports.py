"""Of which sport a sentence speaks where it tells a placeholder of one."""

from training_analyzer.analysis.grounding.quantities import Quantity
from training_analyzer.analysis.grounding.sayable import Reading, what
from training_analyzer.analysis.grounding.scene import Scene


def misplaced(quantity: Quantity, fact: Reading, scene: Scene) -> str:
    """As in "On the bike there were {run_distance} in all": the clause names another sport than its own."""
    if len(fact.sports) != 1:
        return ""
    named = (
        m.keys("sport")
        for m in scene.sentence.naming("sport")
        if scene.sentence.together(m.at, quantity.at) and not scene.runs_on(m)
    )
    sports = frozenset[str]().union(*named)
    if not sports or sports & fact.sports:
        return ""
    return f"is of {what(fact.sports)}, but the sentence speaks of {what(sports)}"
