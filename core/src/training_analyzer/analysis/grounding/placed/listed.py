"""Of what each placeholder of a list is, where as many metrics are listed before it."""

from typing import Final

from training_analyzer.analysis.grounding.placed.telling import BARE, parted
from training_analyzer.analysis.grounding.quantities import Quantity
from training_analyzer.analysis.grounding.scene import Scene
from training_analyzer.analysis.grounding.sentences import Mention

_PAIR: Final = 2
_VERBS: Final = 2
"""Words of a verb, and what may stand behind it: "are at", "liegen bei"."""
_NO: Final = frozenset[str]()


def said_in_turn(quantity: Quantity, scene: Scene) -> frozenset[str]:
    """As in "Fitness, fatigue and form are {fitness}, {fatigue} and {form}": each is of its own metric."""
    told = _listed_with(quantity, scene)
    sentence, first = scene.sentence, told[0].at
    named = [m for m in sentence.naming("metric") if m.end <= first] if len(told) > 1 else []
    if not named or first - named[-1].end > _VERBS or parted(named[-1].end, first, scene):
        return _NO
    metrics = [scene.metrics_in(named[-1])]
    metric: Mention | None = named[-1]
    while metric is not None and len(metrics) < len(told):
        metric = _listed_before(metric, scene)  # "load and its intensity"
        metrics.insert(0, scene.metrics_in(metric) if metric is not None else _NO)
    if len(metrics) != len(told) or not all(metrics):
        return _NO
    of = metrics[told.index(quantity)]
    if all(one & BARE for one in metrics):
        return of & BARE
    pair = len(told) == _PAIR and scene.sentence.has_at(told[0].end, "clause:and")
    return of if pair and _are_joined_by_and(named[-1], scene) else _NO


def _are_joined_by_and(metric: Mention, scene: Scene) -> bool:
    return any(0 <= metric.at - m.end <= 1 for m in scene.sentence.tagged("clause:and"))


def _listed_with(quantity: Quantity, scene: Scene) -> list[Quantity]:
    """Return the placeholders of a list of which one is given: "{…}, {…} and {…}"."""
    quantities, found = scene.sentence.quantities, [quantity]
    at = quantities.index(quantity)
    for other in reversed(quantities[:at]):
        if not _are_joined(other.end, found[0].at, scene):
            break
        found.insert(0, other)
    for other in quantities[at + 1 :]:
        if not _are_joined(found[-1].end, other.at, scene):
            break
        found.append(other)
    return found


def _are_joined(start: int, end: int, scene: Scene) -> bool:
    """As in "…, …", "… and …"."""
    joint = scene.sentence.starting.get(start)
    if joint is not None and "clause:and" in joint.tags:
        return joint.end == end
    return start + 1 == end and scene.sentence.tokens[start].word == ","


def _listed_before(metric: Mention, scene: Scene) -> Mention | None:
    """Return what stands before a metric in a list: "fitness" of "fitness, your fatigue"."""
    sentence, at = scene.sentence, metric.at
    joint = next((m for m in sentence.tagged("clause:and") if 0 <= at - m.end <= 1), None)
    if joint is not None:
        return sentence.ending.get(joint.at)
    comma = next((place for place in (at - 1, at - 2) if place > 0 and sentence.tokens[place].word == ","), 0)
    return sentence.ending.get(comma) if comma else None
