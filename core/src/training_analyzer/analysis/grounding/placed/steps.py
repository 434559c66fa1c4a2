"""Whether a change is the one between the two numbers that are told beside it: "by #, from # to #"."""

from itertools import pairwise

from training_analyzer.analysis.grounding.cited import placeholders
from training_analyzer.analysis.grounding.quantities import Quantity
from training_analyzer.analysis.grounding.sayable import LEVELS, Reading
from training_analyzer.analysis.grounding.scene import Scene

_OFF, _OFF_PART = 3.0, 0.15
"""How far a change may be from that of two numbers as they are rounded, and which part of it. Our choice."""


def misplaced(quantity: Quantity, fact: Reading, scene: Scene) -> str:
    """As in "The long run grew by {run_distance_change}, from {long_run_before} to {long_run}"."""
    if fact.role != "change" or fact.dimension != "percent":
        return ""
    told = [(q, other) for q, other in placeholders(scene) if q is not quantity]
    for (one, before), (other, now) in pairwise(told):
        if not _are_one_step(one, before, other, now, scene) or before.stem == fact.stem:
            continue
        if _is_of_its_own(quantity, other, fact, scene):
            continue
        if any(min(one.at, quantity.at) < q.at < max(one.at, quantity.at) for q, _ in told if q is not other):
            continue
        step = 100 * abs(now.values[0] - before.values[0]) / abs(before.values[0])
        if abs(step - abs(fact.values[0])) > max(_OFF, _OFF_PART * step):
            return f"is of {fact.stem}, but is told of the step from {before.ids[0]} to {now.ids[0]}"
    return ""


def _is_of_its_own(change: Quantity, now: Quantity, fact: Reading, scene: Scene) -> bool:
    """As in "Drift fell from # to #, and each heartbeat gave # more": named behind the step."""
    named = scene.sentence.naming("metric")
    return any(now.end <= m.at < change.at and scene.metrics_in(m) & fact.concepts for m in named)


def _are_one_step(one: Quantity, before: Reading, other: Quantity, now: Reading, scene: Scene) -> bool:
    sentence = scene.sentence
    from_to = sentence.has_before(one.at, "role:from", "role:versus") and sentence.has_before(
        other.at, "role:to"
    )
    alike = before.stem == now.stem and {before.role, now.role} <= set(LEVELS)
    return from_to and other.at - one.end <= 1 and alike and bool(before.values[0])
