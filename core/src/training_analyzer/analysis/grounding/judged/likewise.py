"""How far one thing moved beside another, "time rose even more", "grew just as much", held against both."""

from collections.abc import Iterator
from typing import Final

from training_analyzer.analysis.grounding.cited import placeholders
from training_analyzer.analysis.grounding.directions.denying import is_conditional, is_negated
from training_analyzer.analysis.grounding.judged.stating import mention_of
from training_analyzer.analysis.grounding.phrases import Found, Running
from training_analyzer.analysis.grounding.sayable import Reading
from training_analyzer.analysis.grounding.scene import Scene

_ALIKE: Final = "moved_alike"
_MORE: Final = "moved_more"
WORDS: Final = frozenset({_ALIKE, _MORE, "moved_less"})
_OTHERS: Final = frozenset({"other_sports"})
_UNLIKE: Final = 0.25
"""From which part of the larger on two changes are not alike. Our choice."""
_FEW: Final = {"percent": 4.0, "number": 3.0}
"""Percent and points that changes may be apart, and still be alike. Our choice."""
_IN_PASSING: Final = frozenset({"session"})
_REACH: Final = 2
"""Words between "as much" and what it is compared with: "as far as the", "genauso weit wie die"."""


def judge(found: Found, running: Running, scene: Scene) -> str:
    """As in "Time fell by {time_change}, and load even more", where load fell by less."""
    mention = mention_of(found)
    if is_negated(mention, scene) or is_conditional(mention, scene) or _is_than_usual(found, scene):
        return ""
    moved = [told for told in _moved(scene) if told[0] not in range(found.at, found.end)]
    start, end = _part_around(found, scene)
    own = [told for told in moved if start <= told[0] < end and not _is_compared_with(told[0], found)]
    others = any(running.find(_OTHERS))
    if not (own or (others and moved)):
        return ""
    at, subject = min(own or moved, key=lambda told: (told[0] > found.at, abs(told[0] - found.at)))
    if others:
        wrong = (_wrong(found, other, subject) for other in _of_other_sports(subject, scene))
        return next(filter(None, wrong), "")
    rest = [told for told in moved if told[1].base != subject.base]
    rest.sort(key=lambda told: (not _is_compared_with(told[0], found), abs(told[0] - at)))
    return _wrong(found, subject, rest[0][1]) if rest else ""


def _part_around(found: Found, scene: Scene) -> tuple[int, int]:
    """Return between which marks some words stand."""
    marks = [at for at, token in enumerate(scene.sentence.tokens) if token.kind == "mark"]
    ahead = (at + 1 for at in reversed(marks) if at < found.at)
    behind = (at for at in marks if at >= found.end)
    return next(ahead, 0), next(behind, len(scene.sentence.tokens))


def _moved(scene: Scene) -> Iterator[tuple[int, Reading]]:
    """Return where the sentence tells of something that changed, and its change."""
    told = list[tuple[int, Reading]]()
    for quantity, fact in placeholders(scene):
        if change := fact if fact.role == "change" else _change_of(fact, scene):
            told.append((quantity.at, change))
    yield from told
    changes = [change for _, change in told]
    spans = {_is_of_a_month(change) for change in changes}
    for mention in scene.sentence.naming("metric"):
        metrics = scene.metrics_named(mention)
        of_it = [r for r in changes if r.concepts - _IN_PASSING == metrics - _IN_PASSING]
        if metrics - _IN_PASSING:
            yield from ((mention.at, change) for change in of_it or _only_change(metrics, spans, scene))


def _change_of(fact: Reading, scene: Scene) -> Reading | None:
    found = (r for r in scene.evidence.of(fact.concepts) if r.role == "change" and not r.derived)
    return next((r for r in found if r.base == fact.base and r.sports == fact.sports), None)


def _only_change(metrics: frozenset[str], spans: set[bool], scene: Scene) -> list[Reading]:
    """Return the change of what is named, if there is one within the span that the sentence speaks of."""
    found = [
        r
        for r in scene.evidence.of(metrics)
        if r.role == "change" and not r.derived and (not spans or _is_of_a_month(r) in spans)
    ]
    plain = [r for r in found if r.concepts - _IN_PASSING == metrics - _IN_PASSING] or found
    return plain if len(plain) == 1 else []


def _is_of_a_month(change: Reading) -> bool:
    return "month" in change.ids[0].split("_")


def _of_other_sports(subject: Reading, scene: Scene) -> Iterator[Reading]:
    return (
        r
        for r in scene.evidence.of(subject.concepts)
        if r.role == "change" and not r.derived and r.sports and r.sports != subject.sports
        if _is_of_a_month(r) == _is_of_a_month(subject)
    )


def _is_than_usual(found: Found, scene: Scene) -> bool:
    """As in "Genauso viel wie üblich", "even more than usual": beside nothing else that moved."""
    than = scene.sentence.starting.get(found.end)
    return (than is not None and "role:versus" in than.tags) and any(
        "role:usual" in m.tags or m.keys("habit") or m.keys("past")
        for m in scene.sentence.mentions
        if than.at <= m.at <= than.end + _REACH
    )


def _is_compared_with(at: int, found: Found) -> bool:
    return found.end <= at <= found.end + _REACH


def _wrong(found: Found, one: Reading, other: Reading) -> str:
    if one.dimension != other.dimension or one.dimension not in _FEW:
        return ""
    if {one.direction, other.direction} == {"up", "down"}:
        return ""
    first, second = abs(one.values[0]), abs(other.values[0])
    gap, larger = abs(first - second), max(first, second)
    if found.key == _ALIKE:
        wrong = gap > max(_FEW[one.dimension], _UNLIKE * larger)
    else:
        wrong = (first > second) != (found.key == _MORE)
    return f"{one.ids[0]} is {one.own[0]:g} and {other.ids[0]} {other.own[0]:g}" if wrong else ""
