"""Comparisons of paces: with a target, a threshold, or a critical one."""

from typing import Final

from training_analyzer.analysis.grounding.sayable import Reading
from training_analyzer.analysis.grounding.scene import Scene
from training_analyzer.analysis.grounding.sentences import Mention
from training_analyzer.analysis.grounding.surroundings import CLOSE, NEAR

_PACES: Final = frozenset({"goal", "critical", "threshold_pace"})
"""What a pace is called that others are held against."""


def of_paces(mention: Mention, scene: Scene) -> list[str] | None:
    """Check "your target pace is faster than your threshold pace" by both. None where it compares no two."""
    ways = {key for key in mention.keys("implied") if key.startswith("speed.")}
    sentence = scene.sentence
    than = [m for m in sentence.tagged("role:versus") if 0 <= m.at - mention.end <= 1 or m is mention]
    if not ways or not than:
        return None
    start = sentence.clauses.index(sentence.clauses[mention.at])
    ones = _paces(scene, start, mention.at)
    end = than[0].end
    others = [r for r in _paces(scene, end, end + NEAR + CLOSE) if (r.things | r.concepts) & _PACES]
    if not others:
        ones, others = _times_for_a_goal(scene, end)
    ones = ones or _paces_of_all(scene, _named(scene, start, mention.at))
    orders = {
        (one.values[0] < other.values[0]) == (ways == {"speed.up"})
        for one in ones
        for other in others
        if one.dimension == other.dimension
    }
    if orders == {False}:
        return [f'"{mention.text}", but the paces are the other way round']
    return [] if orders == {True} else None  # paces on both sides of the other decide nothing


def _paces_of_all(scene: Scene, keys: frozenset[str]) -> list[Reading]:
    """As in "Your average pace was faster than your CSS": the pace of all, or of the intervals it names."""
    known = [r for r in scene.evidence.by_dimension.get("pace", ()) if r.role == "now" and not r.derived]
    own = [r for r in known if not (r.things | r.concepts) & _PACES and r.things <= scene.things - _PACES]
    named = [r for r in own if not scene.sports or r.sports & scene.sports]
    if parts := [r for r in named if scene.evidence.label_of(r).things & keys]:
        return parts
    most = max((len(r.things) for r in named), default=0)
    return [r for r in named if len(r.things) == most]


def _times_for_a_goal(scene: Scene, end: int) -> tuple[list[Reading], list[Reading]]:
    """As in "You ran two minutes faster than your goal": what was taken, and what was meant to be."""
    if not any(0 <= m.at - end <= CLOSE for m in scene.sentence.tagged("thing:goal")):
        return [], []
    times = [r for r in scene.evidence.by_dimension.get("time", ()) if r.role == "now" and not r.derived]
    return [r for r in times if "predicted" in r.things], [r for r in times if "goal" in r.things]


def _paces(scene: Scene, start: int, end: int) -> list[Reading]:
    """Return the paces that are stated or named between two places: a target, a threshold."""
    known = [r for r in scene.evidence.by_dimension.get("pace", ()) if r.role == "now" and not r.derived]
    stated = [r for at, said in scene.said.items() if start <= at < end for r in said if r in known]
    if stated:
        return stated
    keys = _named(scene, start, end)
    return [r for r in known if (r.things | r.concepts) & keys & _PACES]


def _named(scene: Scene, start: int, end: int) -> frozenset[str]:
    within = (m for m in scene.sentence.mentions if start <= m.at < end)
    return frozenset[str]().union(*(m.keys("thing") | m.keys("metric") for m in within))
