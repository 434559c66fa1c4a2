"""What two numbers that stand beside each other decide, wherever the word for a direction stands."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from training_analyzer.analysis.grounding.cited import placeholders, told_pair
from training_analyzer.analysis.grounding.directions.claims import claim
from training_analyzer.analysis.grounding.directions.denying import is_conditional, is_negated
from training_analyzer.analysis.grounding.sayable import UP_OR_DOWN
from training_analyzer.analysis.grounding.scene import Scene
from training_analyzer.analysis.grounding.sentences import Mention
from training_analyzer.analysis.grounding.surroundings import ADJACENT

_TURNING: Final = frozenset({"speed", "form"})
"""What is more where something else is less: time, and fatigue."""
_SAYING: Final = frozenset({"clause:quantifier", "clause:growth"})


def of_a_pair(mention: Mention, scene: Scene) -> list[str] | None:
    """
    Check "You rode more than in the block before: {time_month} after {time_month_before}".

    None where it names a metric, is of a number of its own, or no such pair is told.
    """
    ways = mention.keys("direction") & UP_OR_DOWN
    if len(ways) != 1 or not (mention.keys("comparison") or mention.tags & _SAYING):
        return None
    beside = (mention.end, mention.end + 1)
    near = [q for q in scene.sentence.quantities if q.at in beside or q.end == mention.at]
    led_to = any(scene.sentence.has_before(q.at, "role:to") for q in near)  # "rose to {load_week}"
    told = bool(near) and not led_to
    meant = mention.at > 0 and scene.sentence.is_word(mention.at - 1, "this")  # "explains that drop"
    pair = None if told or meant else told_pair(mention.at, mention.end, scene)
    if pair is None or is_negated(mention, scene) or is_conditional(mention, scene):
        return None
    now, before = pair
    metrics = claim(mention, scene)[1]
    if now.dimension == "pace" or now.concepts & _TURNING or (metrics and not metrics & now.concepts):
        return None
    one, other = now.values[0], before.values[0]
    if one != other and ways == {"up" if one > other else "down"}:
        return [] if led_to and before.earlier else None
    return [f'"{mention.text}", but {now.ids[0]} is {now.own[0]:g} and {before.ids[0]} {before.own[0]:g}']


def of_what_it_was(mention: Mention, scene: Scene) -> list[str] | None:
    """Check "{load_week} was lighter than the {load_week_ago} before it" by these two."""
    ways = {key.partition(".")[2] for key in mention.keys("implied")} & UP_OR_DOWN
    than = scene.sentence.starting.get(mention.end)
    if len(ways) != 1 or than is None or "role:versus" not in than.tags:
        return None
    told = list(placeholders(scene))
    behind = next(((q, fact) for q, fact in told if 0 <= q.at - than.end <= ADJACENT), None)
    if behind is None or behind[1].role != "usual" or behind[1].concepts & _TURNING:
        return None
    ahead = [f for q, f in told if q.end <= mention.at and f.role == "now" and f.stem == behind[1].stem]
    if not ahead or is_negated(mention, scene):
        return None
    one, other = ahead[-1].values[0], behind[1].values[0]
    right = one != other and ways == {"up" if one > other else "down"}
    return [] if right else [f'"{mention.text}", but {ahead[-1].ids[0]} is not so beside {behind[1].ids[0]}']


def explained(scene: Scene) -> Iterator[str]:
    """Return "less pressure: 36 hard minutes instead of the usual 24", where a colon says the opposite."""
    sentence = scene.sentence
    for mention in sentence.tagged("clause:quantifier"):
        ways, end = mention.keys("direction") & {"up", "down"}, mention.end + 1
        if len(ways) != 1 or end >= len(sentence.tokens) or sentence.tokens[end].word != ":":
            continue
        behind = [q for q in sentence.quantities if q.at > end and not scene.is_window(q)]
        if not behind or behind[0].at != end + 1 or len(behind) == 1 or behind[1].at not in scene.references:
            continue
        named = {key for m in sentence.naming("metric") if m.at == mention.end for key in m.keys("metric")}
        orders = {
            "up" if one.values[0] > other.values[0] else "down"
            for one in scene.said.get(behind[0].at, ())
            if not named or named & one.concepts
            for other in scene.said.get(behind[1].at, ())
            if one.dimension == other.dimension != "pace" and one.concepts == other.concepts
        }
        if orders and ways.isdisjoint(orders):
            yield f'"{mention.text}", but "{behind[0].text}" and "{behind[1].text}" say the opposite'


def arrived(scene: Scene) -> Iterator[str]:
    """Return "your CSS improved by three seconds to 2:00", where that is the pace of all swims."""
    for one, other in pairwise(scene.sentence.quantities):
        to = [
            m
            for m in scene.sentence.tagged("role:to")
            if one.end == m.at and m.end in (other.at, other.at - 1)
        ]
        changes = [r for r in scene.said.get(one.at, ()) if r.role == "change"]
        levels = [r for r in scene.said.get(other.at, ()) if r.role == "now" and not r.derived]
        if not to or not changes or not levels:
            continue
        if not any(
            change.things == level.things
            and (not level.sports or not change.sports or change.sports & level.sports)
            for change in changes
            for level in levels
        ):
            yield f'"{other.text}" is {levels[0].ids[0]}, but "{one.text}" is {changes[0].ids[0]}'
