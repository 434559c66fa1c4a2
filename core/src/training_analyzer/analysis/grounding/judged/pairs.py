"""What is said of how something changed, held against the two placeholders that tell it."""

from typing import Final

from training_analyzer.analysis.grounding.cited import placeholders, told_pair
from training_analyzer.analysis.grounding.directions.denying import is_conditional, is_negated
from training_analyzer.analysis.grounding.judged.stating import mention_of
from training_analyzer.analysis.grounding.phrases import Found, Running
from training_analyzer.analysis.grounding.sayable import IN_POINTS, Reading
from training_analyzer.analysis.grounding.scene import Scene

_SAME_KEY: Final = "pair_same"
_GENTLE: Final = "pair_gentle"
WORDS: Final = frozenset({"pair_same", "pair_more", "pair_less", "pair_much", _GENTLE})
_SAME, _MUCH = 0.2, 0.08
"""From which part of the larger two are not the same, and up to which they are not far apart. Our choice."""
_SAME_POINTS, _MUCH_POINTS = 6.0, 2.0
_STEEP: Final = 25.0
"""From how many percent on no rise is a gentle one. Our choice."""


def judge(found: Found, _running: Running, scene: Scene) -> str:
    """As in "Little has changed: {load_week} after {load_week_ago}", of 0 and 421."""
    mention = mention_of(found)
    if is_negated(mention, scene) or is_conditional(mention, scene):
        return ""
    if found.key == _GENTLE:
        return _steep(found, scene)
    pair = told_pair(found.at, found.end, scene)
    if pair is None:
        return ""
    if found.key == _SAME_KEY and any(q.dimension == "times" for q in scene.sentence.quantities):
        return ""  # "twice as many as usual: {rest_days} instead of {rest_days_usual}"
    if "decoupling" in pair[0].concepts and scene.sentence.has("metric:efficiency"):
        return ""  # "output per heartbeat gave way by {session_decoupling}, the usual {…}"
    now, before = pair
    wrong = _is_unlike(found.key, now, before)
    return f"{now.ids[0]} is {now.own[0]:g} and {before.ids[0]} {before.own[0]:g}" if wrong else ""


def _steep(found: Found, scene: Scene) -> str:
    """As in "A well-paced increase: {load_change} more", of 60 %, or from {load_usual} to {load_week}."""
    told = [(abs(q.at - found.at), fact) for q, fact in placeholders(scene) if fact.role == "change"]
    change = min(told, key=lambda one: one[0])[1] if told else None
    if change is None and (pair := told_pair(found.at, found.end, scene)) is not None:
        now, before = (one.values[0] for one in pair)
        by_parts = pair[0].dimension not in ("percent", "pace") and pair[0].concepts.isdisjoint(IN_POINTS)
        steep = by_parts and now >= before * (1 + _STEEP / 100) > 0
        return f"{pair[0].ids[0]} is {pair[0].own[0]:g}" if steep else ""
    if change is None or change.dimension != "percent" or change.direction != "up":
        return ""
    return f"{change.ids[0]} is {change.own[0]:g}" if abs(change.values[0]) >= _STEEP else ""


def _is_unlike(claimed: str, now: Reading, before: Reading) -> bool:
    one, other = now.values[0], before.values[0]
    gap, larger = abs(one - other), max(abs(one), abs(other), 1e-9)
    points = bool(now.concepts & IN_POINTS) or now.dimension == "percent"
    if claimed == "pair_same":
        return gap > (_SAME_POINTS if points else _SAME * larger)
    if claimed == "pair_much":
        return gap <= (_MUCH_POINTS if points else _MUCH * larger)
    if now.dimension == "pace" or "speed" in now.concepts:
        return (one > other) == (claimed == "pair_more")
    return now.values[-1] == before.values[-1] or (one > other) != (claimed == "pair_more")
