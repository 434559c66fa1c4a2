"""How far two numbers are said to be apart, held against both."""

from itertools import pairwise
from typing import Final

from training_analyzer.analysis.grounding.judged.stating import is_stated
from training_analyzer.analysis.grounding.phrases import Found, Running
from training_analyzer.analysis.grounding.sayable import LEVELS, Reading
from training_analyzer.analysis.grounding.scene import Scene

WORDS: Final = frozenset({"far_apart", "close_together"})
_LITTLE, _MUCH = 0.1, 0.3
"""Which part of the larger is no distance, and which is a far one. Our choice."""
_FEW: Final = {"number": 6.0, "percent": 4.0}
"""Points of fitness and form, and of shares, that are never far. Our choice."""
_REACH: Final = 10
_FORM: Final = frozenset({"form"})


def judge(found: Found, running: Running, scene: Scene) -> str:
    """As in "Fatigue and fitness are far apart, {fatigue} against {fitness}", of 59 and 60."""
    pair = _pair(found, scene) if is_stated(found, running, scene) else None
    if pair is None:
        return ""
    one, other = (fact.values[0] for fact in pair)
    gap, larger = abs(one - other), max(abs(one), abs(other))
    far = max(_MUCH * larger, _FEW.get(pair[0].dimension or "", 0.0))
    wrong = gap < _LITTLE * larger if found.key == "far_apart" else gap > far
    return f"{pair[0].ids[0]} is {one:g} and {pair[1].ids[0]} {other:g}" if wrong else ""


def _pair(found: Found, scene: Scene) -> tuple[Reading, Reading] | None:
    """Return the two numbers nearest to the words, if they are of one unit."""
    away = sorted(
        (min(abs(q.at - found.end), abs(found.at - q.end)), q.at, q.fact)
        for q in scene.sentence.quantities
        if q.fact
    )
    facts = [
        scene.evidence.by_id[fact_id]
        for gap, _, fact_id in away
        if gap <= _REACH and fact_id in scene.evidence.by_id
    ]
    levels = [fact for fact in facts if fact.role in LEVELS]
    return next((pair for pair in pairwise(levels[:2]) if _may_be_compared(*pair)), None)


def _may_be_compared(one: Reading, other: Reading) -> bool:
    """As in "Fatigue and fitness"; not "fitness, almost as high as its peak, at a form of {form_usual}"."""
    alike = one.concepts & _FORM == other.concepts & _FORM
    return alike and one.dimension == other.dimension
