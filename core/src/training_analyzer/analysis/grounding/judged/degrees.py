"""How much something is said to have moved, "clearly", "slightly", held against how much it did."""

from collections.abc import Iterator
from typing import Final

from training_analyzer.analysis.grounding.directions.claims import claim, is_conditional, is_negated
from training_analyzer.analysis.grounding.directions.moving import changes
from training_analyzer.analysis.grounding.directions.passing import claims_nothing
from training_analyzer.analysis.grounding.phrases import Found, Running
from training_analyzer.analysis.grounding.sayable import Reading
from training_analyzer.analysis.grounding.scene import Scene
from training_analyzer.analysis.grounding.sentences import Mention

WORDS: Final = frozenset({"degree_big", "degree_huge", "degree_small"})
_UP_OR_DOWN: Final = frozenset({"up", "down"})
_SMALL: Final = {"percent": 30.0, "number": 10.0}
"""From how much on no change is a slight one. Our choice."""
_BIG: Final = {"percent": 3.0, "number": 1.5}
"""Up to how much no change is a clear one. Our choice."""
_HUGE: Final = {"percent": 8.0, "number": 3.0}
"""Up to how much none is by far more or less. Our choice."""
_THAN: Final = " than"


def judge(found: Found, _running: Running, scene: Scene) -> str:
    """As in "Load rose clearly to {load_month}", where it is up by 1 %, "fell slightly" by 40 %."""
    way = next((m for m in _ways(scene) if _is_beside(m, found, scene)), None)
    if way is None or claims_nothing(way, scene) or is_negated(way, scene) or is_conditional(way, scene):
        return ""
    if found.key == "degree_small" and way.text.endswith(_THAN):
        return ""  # "on 28 sessions, barely more than the 27 before"
    claimed, metrics = claim(way, scene)
    named = {key.partition(".")[0] for key in way.keys("implied")}
    moved = [
        r
        for r in changes(metrics, way, scene)
        if not r.derived and r.dimension in _BIG and (not named or named & r.concepts)
    ]
    if claimed not in _UP_OR_DOWN or not moved or not all(_is_unlike(found.key, r) for r in moved):
        return ""
    return f"{moved[0].ids[0]} is {moved[0].own[0]:g}"


def _ways(scene: Scene) -> Iterator[Mention]:
    return (m for m in scene.sentence.mentions if m.keys("implied") or m.keys("direction") & _UP_OR_DOWN)


def _is_beside(way: Mention, found: Found, scene: Scene) -> bool:
    """As in "Slightly more"; not "{easy_share} waren leicht, mehr als sonst"."""
    start, end = min(way.end, found.end), max(way.at, found.at)
    marked = any(token.kind == "mark" for token in scene.sentence.tokens[start:end])
    return 0 <= end - start <= 1 and not marked


def _is_unlike(degree: str, change: Reading) -> bool:
    by = abs(change.values[0])
    if degree == "degree_small":
        return by >= _SMALL[change.dimension]
    most = _HUGE if degree == "degree_huge" else _BIG
    return change.direction == "flat" or by <= most[change.dimension]
