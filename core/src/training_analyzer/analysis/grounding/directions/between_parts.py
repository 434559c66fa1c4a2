"""Comparisons of two parts of what was trained: of its halves, or of a ride with the run behind it."""

from collections.abc import Iterator
from itertools import product
from typing import Final

from training_analyzer.analysis.grounding.directions.claims import other_of_two
from training_analyzer.analysis.grounding.directions.denying import is_negated
from training_analyzer.analysis.grounding.ends import are_named, leads_back
from training_analyzer.analysis.grounding.matching import meanings, reaches
from training_analyzer.analysis.grounding.sayable import UP_OR_DOWN, Reading
from training_analyzer.analysis.grounding.scene import Scene
from training_analyzer.analysis.grounding.sentences import Mention
from training_analyzer.analysis.grounding.surroundings import CLOSE, HALVES, NEAR

_SPEED: Final = frozenset({"speed"})
_PACED: Final = frozenset({"speed", "power"})
_PACES: Final = frozenset({"pace", "power"})
_EVEN: Final = 0.015
"""How far two halves may be apart that are called even. Our choice."""


def of_parts(mention: Mention, scene: Scene) -> list[str] | None:
    """Check "higher on the run than on the ride" by what both were. None where it is no such thing."""
    way = way_of(mention)
    than = _than(mention, scene)
    if not way or than is None:
        return None
    sports = scene.sentence.naming("sport")
    behind = next((m for m in sports if 0 <= m.at - than <= NEAR - 1), None)
    ahead = [m for m in sports if m.end <= than]
    if behind is None or not ahead or not scene.sentence.together(ahead[-1].at, than):
        return None
    metrics = _metrics_of(mention, scene)
    ones, others = (_of_sport(metrics, m.keys("sport"), scene) for m in (ahead[-1], behind))
    return _judged(mention, way, ones, others)


def of_halves(mention: Mention, scene: Scene) -> list[str] | None:
    """Check "the second half was faster than the first", "slower after halfway" by both halves."""
    way = way_of(mention)
    own = _half(mention, scene) if way else None
    if own is None:
        return None
    metrics = _metrics_of(mention, scene) or _SPEED
    halves = [_of_half(metrics, half, scene) for half in ("half1", "half2")]
    return _judged(mention, way, *(reversed(halves) if "half2" in own.keys("thing") else halves))


def of_ends(mention: Mention, scene: Scene) -> list[str] | None:
    """Check "slower in the last interval than in the first", "from the first to the last" by both."""
    way = way_of(mention)
    if not way or not are_named(scene):
        return None
    metrics = _metrics_of(mention, scene) or _SPEED
    pairs = [(one, other) for one, other in scene.evidence.ends if one.concepts & other.concepts & metrics]
    firsts, lasts = [one for one, _ in pairs], [other for _, other in pairs]
    return _judged(mention, way, *((firsts, lasts) if leads_back(scene, mention.at) else (lasts, firsts)))


def paced(scene: Scene) -> Iterator[str]:
    """Check "a negative split" by both halves."""
    for mention in scene.sentence.naming("pacing"):
        first, second = (_of_half(_PACED, half, scene) for half in ("half1", "half2"))
        pairs = product((r for r in first if r.dimension in _PACES), second)
        pair = next((pair for pair in pairs if pair[0].dimension == pair[1].dimension), None)
        if pair is None or is_negated(mention, scene):
            continue
        one, other = (reading.values[0] for reading in pair)
        if pair[0].dimension == "power":
            one, other = other, one  # of power more is faster, of a pace less
        shown = "even" if abs(one - other) <= _EVEN * one else "faster" if other < one else "slower"
        if not (mention.keys("pacing") & {shown} or (shown == "even" and _leans(one, other, mention))):
            yield f'"{mention.text}", but the second half was {shown}'


def of_both_halves(scene: Scene) -> Iterator[str]:
    """Check "both halves were run at 5:30/km" by both: on average they were, whatever each was."""
    sentence = scene.sentence
    for both in sentence.tagged("clause:both"):
        near = [q for q in sentence.quantities if sentence.together(both.at, q.at) and not scene.is_window(q)]
        number = min(near, key=lambda q: abs(q.at - both.at), default=None)
        if not both.keys("thing") >= HALVES or number is None:
            continue
        said = [r for r in scene.said.get(number.at, ()) if r.role == "now"]
        halves = [
            half
            for name in sorted(HALVES)
            for half in _of_half(frozenset().union(*(r.concepts for r in said)), name, scene)
            if half.dimension in {r.dimension for r in said}
        ]
        if halves and not all(
            any(reaches(number, m, half.values[0]) for m in meanings(number, scene)) for half in halves
        ):
            yield f'"{number.text}" is not what both halves were'


def _leans(one: float, other: float, mention: Mention) -> bool:
    return ("pacing:faster" in mention.tags and other < one) or (
        "pacing:slower" in mention.tags and other > one
    )


def way_of(mention: Mention) -> str:
    """Return in which direction a phrase compares; empty if it does not, or not by itself."""
    ways = mention.keys("direction") & UP_OR_DOWN
    if implied := mention.keys("implied"):
        ways |= {key.partition(".")[2] for key in implied} & UP_OR_DOWN
    return min(ways) if len(ways) == 1 else ""


def _than(mention: Mention, scene: Scene) -> int | None:
    """Return where the words end that lead to what something is compared with."""
    if scene.sentence.ends_in(mention, "than"):
        return mention.end
    versus = (
        m
        for m in scene.sentence.tagged("role:versus")
        if mention.end <= m.at <= mention.end + 2 * NEAR and "article:with" not in m.tags
    )
    return next((m.end for m in versus if scene.sentence.together(m.at, mention.at)), None)


def _metrics_of(mention: Mention, scene: Scene) -> frozenset[str]:
    implied = frozenset(key.partition(".")[0] for key in mention.keys("implied"))
    if implied:
        return implied
    metrics = scene.subject_of(mention)
    return metrics | other_of_two(metrics, mention, scene)


def _half(mention: Mention, scene: Scene) -> Mention | None:
    """Return the half of which something is said, and not the one with which it is compared."""
    sentence = scene.sentence
    named = [
        m
        for m in sentence.naming("thing")
        if m.keys("thing") & HALVES
        and len(m.keys("thing") & HALVES) == 1
        and not m.keys("pacing")
        and sentence.together(m.at, mention.at)
        and not any(0 <= m.at - v.end <= CLOSE for v in sentence.tagged("role:versus"))
        and not (sentence.ends_in(mention, "than") and 0 <= m.at - mention.end <= CLOSE)
    ]
    ahead = [m for m in named if m.end <= mention.at]
    behind = [m for m in named if 0 <= m.at - mention.end <= NEAR]
    return ahead[-1] if ahead else behind[0] if behind else None


def _of_sport(metrics: frozenset[str], sport: frozenset[str], scene: Scene) -> list[Reading]:
    return [
        r
        for r in scene.evidence.of(metrics)
        if r.role == "now" and not r.derived and r.sports == sport and not r.things
    ]


def _of_half(metrics: frozenset[str], half: str, scene: Scene) -> list[Reading]:
    return [r for r in scene.evidence.of(metrics) if half in r.things and r.role == "now" and not r.derived]


def _judged(mention: Mention, way: str, ones: list[Reading], others: list[Reading]) -> list[str] | None:
    orders: dict[frozenset[str], set[bool]] = {}
    for one, other in product(ones, others):
        alike = one.dimension == other.dimension and one.statistic == other.statistic
        if alike and one.concepts == other.concepts and one.values[0] != other.values[0]:
            above = (one.values[0] > other.values[0]) != (one.dimension == "pace")
            orders.setdefault(one.concepts, set()).add(above == (way == "up"))
    if not orders:
        return None
    return [f'"{mention.text}" is the wrong way round'] if {False} in orders.values() else []
