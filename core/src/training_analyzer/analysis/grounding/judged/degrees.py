"""How much something moved or is above another, "clearly", "slightly", held against how much it does."""

from collections.abc import Iterator
from typing import Final

from training_analyzer.analysis.grounding.cited import placeholders, told_pair
from training_analyzer.analysis.grounding.directions.claims import claim
from training_analyzer.analysis.grounding.directions.denying import is_conditional, is_negated
from training_analyzer.analysis.grounding.directions.moving import changes
from training_analyzer.analysis.grounding.directions.passing import claims_nothing
from training_analyzer.analysis.grounding.lexicon import lexicon
from training_analyzer.analysis.grounding.phrases import Found, Running
from training_analyzer.analysis.grounding.sayable import IN_POINTS, LEVELS, UP_OR_DOWN, Reading
from training_analyzer.analysis.grounding.scene import Scene
from training_analyzer.analysis.grounding.sentences import Mention
from training_analyzer.analysis.grounding.surroundings import CLOSE, NEAR

_HARDLY: Final = "degree_hardly"
_BIG: Final = "degree_big"
_HUGE: Final = "degree_huge"
_LEAP: Final = "degree_leap"
WORDS: Final = frozenset({_BIG, _HUGE, _LEAP, "degree_small", _HARDLY})
_LARGE: Final = frozenset({_BIG, _HUGE, _LEAP})
_BEYOND: Final = frozenset({"over", "under"})
"""As in "Slightly under the usual {load_usual}", which is less, and no number that is rounded."""
_MUCH: Final = {"percent": 30.0, "number": 10.0}
"""From how much on no change is a slight one. Our choice."""
_LITTLE: Final = {"percent": 3.0, "number": 1.5}
"""Up to how much no change is a clear one. Our choice."""
_FAR: Final = {"percent": 8.0, "number": 3.0}
"""Up to how much none is by far more or less. Our choice."""


def judge(found: Found, _running: Running, scene: Scene) -> str:
    """As in "Load rose clearly to {load_month}", where it is up by 1 %, "fell slightly" by 40 %."""
    beside = (m for m in _ways(scene) if _is_beside(m, found, scene) and _says_more(m, found))
    way = min(beside, key=lambda m: max(m.at - found.end, found.at - m.end), default=None)
    if way is None or is_conditional(way, scene) or (found.key != _HARDLY and is_negated(way, scene)):
        return ""
    if pair := _pair(found, way, scene) or _pair_behind(found, way, scene):
        one, other = pair
        by, unit = _apart(one, other)
        return f"{one.ids[0]} is {one.own[0]:g}" if _is_unlike(found.key, by, unit) else ""
    hedged = way.keys("hedge") or any(q.at == found.end for q in scene.sentence.quantities)
    if claims_nothing(way, scene) or hedged:
        return ""  # "grew by just over a third"
    if scene.sentence.ends_in(way, "than") and _is_of_another_metric(way, scene):
        return ""  # "by {longest_month_change}, far more than total time, which rose by {time_month_change}"
    claimed, metrics = claim(way, scene)
    named = {key.partition(".")[0] for key in way.keys("implied")}
    moved = [
        r
        for r in changes(metrics, way, scene)
        if not r.derived and r.dimension in _MUCH and (not named or named & r.concepts)
    ]
    told = {fact.ids[0] for _, fact in placeholders(scene)}
    moved = [r for r in moved if r.ids[0] in told] or moved
    if claimed not in UP_OR_DOWN or not moved or not all(_is_change_unlike(found.key, r) for r in moved):
        return ""
    return f"{moved[0].ids[0]} is {moved[0].own[0]:g}"


def _is_of_another_metric(than: Mention, scene: Scene) -> bool:
    """Return whether a metric is compared with, and none that is usual."""
    sentence = scene.sentence
    behind = [m for m in sentence.mentions if 0 <= m.at - than.end <= CLOSE]
    return any(m.keys("metric") for m in behind) and not any(m.keys("habit") for m in behind)


def _ways(scene: Scene) -> Iterator[Mention]:
    return (
        m
        for m in scene.sentence.mentions
        if m.keys("implied") or m.keys("direction") & UP_OR_DOWN or m.keys("hedge") & _BEYOND
    )


def _is_beside(way: Mention, found: Found, scene: Scene) -> bool:
    """As in "Slightly more"; not "{easy_share} waren leicht, mehr als sonst"."""
    start, end = min(way.end, found.end), max(way.at, found.at)
    marked = any(token.kind == "mark" for token in scene.sentence.tokens[start:end])
    return (end - start <= 1 and not marked) or _is_ahead_of_its_particle(way, found, scene)


def _is_ahead_of_its_particle(way: Mention, found: Found, scene: Scene) -> bool:
    """As in "Ging nur leicht zurück": the verb stands apart."""
    tokens, verbs = scene.sentence.tokens, lexicon(scene.language).splits
    apart = found.end < len(tokens) and (tokens[way.at].word, tokens[found.end].word) in verbs
    return apart and scene.sentence.together(way.at, found.end)


def _says_more(way: Mention, found: Found) -> bool:
    """As in "Barely above"; not "barely" by itself, which is a hedge as well, nor "eine leichte Woche"."""
    is_part_of_it = way.at <= found.at and found.end <= way.end
    if found.key == _LEAP:
        return True  # "Fatigue has shot up"
    called = found.end == way.end or way.keys("implied")
    return not (is_part_of_it and called) or bool(way.keys("comparison"))


def _pair(found: Found, way: Mention, scene: Scene) -> tuple[Reading, Reading] | None:
    """As in "Form of {form} is only a little above the usual {form_usual}": what stands around the words."""
    start, end = min(found.at, way.at), max(found.end, way.end)
    reach = len(scene.sentence.tokens) if way.keys("comparison") else NEAR + CLOSE
    of = _counted_behind(way, scene)
    told = [q for q in scene.sentence.quantities if q.fact]
    ahead = [q for q in told if q.end <= start and scene.sentence.together(q.at, way.at)]
    behind = [q for q in told if end <= q.at and scene.gap(end, q.at) <= reach]
    if not ahead or not behind:
        return None
    facts = (scene.evidence.by_id.get(ahead[-1].fact), scene.evidence.by_id.get(behind[0].fact))
    one, other = facts
    if not one or not other or one.dimension != other.dimension or one.concepts.isdisjoint(other.concepts):
        return None
    if of and of.isdisjoint(one.concepts & other.concepts):
        return None
    return (one, other) if one.role in LEVELS and other.role in LEVELS else None


def _pair_behind(found: Found, way: Mention, scene: Scene) -> tuple[Reading, Reading] | None:
    """As in "Easy time grew clearly, to {easy_share} from {easy_share_usual}"."""
    return told_pair(found.at, found.end, scene) if way.end == found.at else None


def _counted_behind(way: Mention, scene: Scene) -> frozenset[str]:
    """As in "{time_month} statt {time_month_before} bei nur wenig mehr Fahrten": more rides, and no times."""
    behind = scene.sentence.starting.get(way.end)
    counts = behind is not None and "clause:quantifier" in way.tags
    return scene.metrics_in(behind) if behind is not None and counts else frozenset()


def _apart(one: Reading, other: Reading) -> tuple[float, str]:
    """Return how far two numbers are apart: in points, or as a share of the larger in percent."""
    gap = abs(one.values[0] - other.values[0])
    if one.dimension == "percent" or one.concepts & IN_POINTS:
        return gap, "number"
    return 100 * gap / max(abs(one.values[0]), abs(other.values[0]), 1e-9), "percent"


def _is_change_unlike(degree: str, change: Reading) -> bool:
    flat = degree in _LARGE and change.direction == "flat"
    return flat or _is_unlike(degree, abs(change.values[0]), change.dimension or "")


def _is_unlike(degree: str, by: float, unit: str) -> bool:
    if degree in _LARGE:
        return by <= (_LITTLE if degree == _BIG else _FAR)[unit]
    return by >= _MUCH[unit]
