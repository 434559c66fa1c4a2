"""What follows from facts of which a sentence speaks: how far apart they are, what part one is of another."""

from collections.abc import Callable, Iterator
from itertools import permutations
from typing import Final

from training_analyzer.analysis.grounding.changing import is_a_change, is_a_part, is_compared
from training_analyzer.analysis.grounding.ends import are_named
from training_analyzer.analysis.grounding.labels import KINDS
from training_analyzer.analysis.grounding.matching import AGAINST, meanings, reaches
from training_analyzer.analysis.grounding.quantities import Quantity
from training_analyzer.analysis.grounding.results import giving_any, results
from training_analyzer.analysis.grounding.sayable import LEVELS, Reading
from training_analyzer.analysis.grounding.scene import Scene
from training_analyzer.analysis.grounding.surroundings import EVENTS, PARTED

_MOST_OPERANDS: Final = 14
INTERVALS: Final = frozenset({"intervals"})
_EXTREMES: Final = frozenset({"best", "lowest"})
_PAIRS: Final = (*PARTED, _EXTREMES)


def follows(quantity: Quantity, scene: Scene) -> list[Reading]:
    """Return what a number may be that no fact has, if it follows from facts of which the sentence speaks."""
    if not (meant := meanings(quantity, scene)):
        return []  # a placeholder is its own fact
    said = _said(quantity, scene)
    part = is_a_part(quantity, scene) or any(
        r.role == "part" for readings in scene.said.values() for r in readings
    )
    told, ahead = {id(reading) for reading in said}, _stated_ahead(quantity, scene)
    shared = scene.sentence.has("per:session")
    giving = giving_any(meant, shared=shared)
    pairs = list(_pairs(said, scene, giving, part=part))
    if whole := _whole(quantity, scene):
        pairs = [(one, other) for one, other in pairs if id(other) in whole]
    doubled = quantity.fraction and quantity.dimension == "times"
    compared, changing = is_compared(quantity, scene), is_a_change(quantity, scene)
    return [
        result.reading()
        for meaning in meant
        for one, other in pairs
        for result in results(
            meaning,
            one,
            other,
            compared=compared,
            stated=part or id(one) in told or id(other) in told,
            each=shared and id(one) in told and id(other) in told,
        )
        if not (result.role == "change" and id(other) in ahead and id(one) not in told)
        if not doubled or {id(one), id(other)} <= told
        if meaning.way != "up" or result.direction != "down"  # "twice as far"
        if not (meaning.dimension == "percent" and changing != (result.role == "change"))
        if reaches(quantity, meaning, result.value)
        and not (quantity.sign and result.direction == AGAINST.get(quantity.sign))
    ]


def _pairs(
    said: list[Reading], scene: Scene, giving: Callable[[Reading], bool], *, part: bool
) -> Iterator[tuple[Reading, Reading]]:
    """Return the facts that belong together in a sentence, of which one may be held against the other."""
    told, named = {id(reading) for reading in said}, _named(scene)
    spoken = [reading for reading in _spoken(scene) if id(reading) not in told][:_MOST_OPERANDS]
    ends = scene.evidence.ends if are_named(scene) else ()
    parted = {frozenset({*one.ids, *other.ids}) for one, other in ends}
    averaged = scene.sentence.has("statistic:average", "role:average", "habit:any", "per:week", "per:session")
    operands = [(reading, True) for reading in said if giving(reading)]
    operands += [(reading, False) for reading in spoken if giving(reading)]
    for (one, one_told), (other, other_told) in permutations(operands, 2):
        if one.ids[0] in other.ids or not (one.per == other.per or averaged):
            continue
        if (
            (one_told and other_told)
            or ((one_told or other_told) and _is_counterpart(one, other, named))
            or _both_named(one, other, named)
            or _is_repeated(one, other)
            or frozenset({one.ids[0], other.ids[0]}) in parted
            or (part and one.concepts == other.concepts and other.zones <= scene.own_zones)
        ):
            yield one, other


def _is_counterpart(one: Reading, other: Reading, named: frozenset[str]) -> bool:
    """Return whether of two facts, of which a number states one, the other is named, or its counterpart."""
    unlike = one.role != other.role or one.dimension != other.dimension
    return unlike or one.concepts == other.concepts or _both_named(one, other, named)


def _stated_ahead(quantity: Quantity, scene: Scene) -> set[int]:
    """As in "32 km, 10 km short of the full distance": what stands ahead is what is compared."""
    behind = (m for m in scene.sentence.mentions if m.at == quantity.end)
    if not any(m.keys("comparison") or "role:versus" in m.tags for m in behind):
        return set()
    return {id(r) for at, readings in scene.said.items() if at < quantity.at for r in readings}


def _whole(quantity: Quantity, scene: Scene) -> set[int]:
    """As in "12 minutes, under half of the usual 30": of what a part is, where a number says it."""
    whole = scene.counted_out_of(quantity) if quantity.dimension == "percent" else None
    return {id(reading) for reading in scene.said.get(whole.at, ())} if whole is not None else set()


def _is_of_an_event(reading: Reading, scene: Scene) -> bool:
    """Return whether a fact is of an event of which the sentence speaks."""
    return "race" in scene.spoken_metrics() and bool((reading.concepts | reading.things) & EVENTS)


def _named(scene: Scene) -> frozenset[str]:
    """Return all that the sentence names, also as the power that is averaged or normalized."""
    naming = scene.sentence.naming
    kinds = {kind for section in ("statistic", "role") for m in naming(section) for kind in m.keys(section)}
    return scene.spoken_metrics() | scene.things | {f"{kind}_power" for kind in kinds}


def _both_named(one: Reading, other: Reading, named: frozenset[str]) -> bool:
    """As in "Average and normalized power were only 5 W apart"; one may have the name of both."""
    if one.dimension != other.dimension or not one.role == other.role == "now":
        return False
    ones, others = one.concepts | one.things, other.concepts | other.things
    return (
        ones != others
        and (ones <= others or bool(ones & named - others))
        and (others <= ones or bool(others & named - ones))
    )


def _is_repeated(one: Reading, other: Reading) -> bool:
    """As in "2,000 m went into the main set": ten times 200 m."""
    return one.dimension == "number" and bool(INTERVALS & one.concepts & (other.concepts | other.things))


def _said(quantity: Quantity, scene: Scene) -> list[Reading]:
    """Return the facts whose numbers the clause states, or the sentence before it."""
    found: dict[tuple[str, ...], Reading] = {}
    for one in (scene, scene.before):
        for at in sorted(one.said) if one is not None else ():
            if one is scene and not scene.sentence.together(at, quantity.at):
                continue
            for reading in one.said[at]:  # type: ignore[union-attr]
                if reading.role in LEVELS and reading.values:
                    found.setdefault((*reading.ids, reading.dimension, reading.per), reading)
    return list(found.values()) + list(_given_back(quantity, scene))


def _given_back(quantity: Quantity, scene: Scene) -> Iterator[Reading]:
    """As in "You lost 16.5 points, and 1.6 of them are back": from where the loss before it led to."""
    if scene.sentence.has_at(quantity.end, "role:by"):
        for readings in scene.said.values():
            for reading in readings:
                if reading.role == "change" and reading.derived:
                    yield scene.evidence.by_id[reading.ids[0]]


def _is_of_the_goal(reading: Reading, scene: Scene) -> bool:
    """As in "Four minutes above your goal", "10 km short of the full distance", which is of a marathon."""
    of_goal = "goal" in reading.things & scene.things or "event" in scene.things
    return _is_of_an_event(reading, scene) or (of_goal and reading.things <= scene.things | EVENTS)


def _spoken(scene: Scene) -> Iterator[Reading]:
    """Return the facts of which the sentence speaks, though it may not state their numbers."""
    metrics, sports = scene.spoken_metrics() - {"share"}, scene.sports
    metrics = metrics.union(*(KINDS[metric] for metric in metrics if metric in KINDS))
    metrics = metrics.union(*(r.concepts for said in scene.said.values() for r in said if r.role in LEVELS))
    for reading in scene.evidence.levels:
        if (
            (
                reading.concepts & metrics
                or reading.things & metrics & INTERVALS
                or (reading.things and any(reading.things < pair for pair in _PAIRS))
            )
            and (not reading.sports or not sports or reading.sports & sports)
            and (reading.things <= scene.things or _is_of_the_goal(reading, scene))
        ):
            yield reading
