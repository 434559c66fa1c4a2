"""What the placeholders of a sentence tell: their facts, and how something is beside how it was."""

from collections.abc import Iterator
from itertools import pairwise

from training_analyzer.analysis.grounding.quantities import Quantity
from training_analyzer.analysis.grounding.sayable import LEVELS, Reading
from training_analyzer.analysis.grounding.scene import Scene
from training_analyzer.analysis.grounding.surroundings import CLOSE


def placeholders(scene: Scene) -> Iterator[tuple[Quantity, Reading]]:
    """Return all placeholders of a sentence with their facts."""
    for quantity in scene.sentence.quantities:
        if fact := scene.evidence.by_id.get(quantity.fact):
            yield quantity, fact


def told_pair(start: int, end: int, scene: Scene) -> tuple[Reading, Reading] | None:
    """Return how something is and how it was or usually is, where these are told right beside some words."""
    told = list(placeholders(scene))
    away = [min(abs(q.at - end), abs(start - q.end)) for q, _ in told]
    for at, ((one, fact), (other, second)) in enumerate(pairwise(told)):
        nearest = min(away) in away[at : at + 2] and scene.sentence.together(one.at, other.at)
        if not nearest or not _are_of_one_thing(fact, second):
            continue
        behind = other.at < start
        between = (other.at if behind else min(start - CLOSE, one.at)), max(end + 1, 0 if behind else one.at)
        own = range(start, end)
        if _measures_another(start, scene) or _names_another(fact, *between, own, scene):
            continue
        return (fact, second) if fact.role == "now" else (second, fact)
    return None


def _measures_another(start: int, scene: Scene) -> bool:
    """As in "From {easy_share_month_before} to {easy_share_month} with hours unchanged": it is of hours."""
    measure = scene.sentence.ending.get(start)
    return measure is not None and bool(measure.keys("unit"))


def _names_another(fact: Reading, start: int, end: int, own: range, scene: Scene) -> bool:
    """As in "Load per hour was unchanged, but time rose to {time_week}, from {time_usual}"; not "gently"."""
    metrics = (m for m in scene.sentence.naming("metric") if start <= m.at < end and m.at not in own)
    ahead = (scene.metrics_in(m) for m in metrics)
    named = frozenset[str]().union(*ahead)
    return bool(named) and fact.concepts.isdisjoint(named)


def _are_of_one_thing(one: Reading, other: Reading) -> bool:
    """As in "{load_week} after {load_week_ago}", "{form} beside {form_usual}"."""
    alike = one.dimension == other.dimension and (one.base == other.base or one.stem == other.stem)
    return alike and {one.role, other.role} == set(LEVELS)
