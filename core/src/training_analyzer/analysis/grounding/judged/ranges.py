"""On which side of its usual range something is said to be, where facts tell the ends of that range."""

from typing import Final

from training_analyzer.analysis.grounding.judged.stating import is_stated
from training_analyzer.analysis.grounding.phrases import Found, Running
from training_analyzer.analysis.grounding.scene import Scene

_SIDES: Final = {
    "range_below": frozenset({-1}),
    "range_within": frozenset({0}),
    "range_above": frozenset({1}),
    "range_outside": frozenset({-1, 1}),
}
WORDS: Final = frozenset(_SIDES)


def judge(found: Found, running: Running, scene: Scene) -> str:
    """As in "Last night's 61 ms were below your usual range", which reaches from 58 to 74."""
    if not is_stated(found, running, scene):
        return ""
    sides = [
        (one, side)
        for one, side in scene.evidence.in_ranges
        if one.concepts & scene.spoken_metrics() or any(one in said for said in scene.said.values())
    ]
    if not sides or any(side in _SIDES[found.key] for _, side in sides):
        return ""
    return f"{sides[0][0].ids[0]} is not there"
