"""Comparisons that facts decide by their values: two numbers, two metrics, two sports, a threshold."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from training_analyzer.analysis.grounding.quantities import Quantity
from training_analyzer.analysis.grounding.reading import APART, Mention
from training_analyzer.analysis.grounding.sayable import Reading
from training_analyzer.analysis.grounding.scene import Scene
from training_analyzer.analysis.grounding.surroundings import CLOSE, EVENTS, HALVES, NEAR, THRESHOLDS

PAIR: Final = 2
_SPEED: Final = frozenset({"speed"})
LEVELS: Final = ("now", "usual")
_SET: Final = EVENTS | THRESHOLDS
"""What is set, and reached or not."""
_IN: Final = frozenset({"in", "of"})
_ALIKE: Final = 0.03
_AMOUNTS: Final = frozenset({"time", "distance", "session", "load", "share"})


def regions(scene: Scene) -> Iterator[str]:
    """Return where a number is said to be on the wrong side of a threshold."""
    for mention in scene.sentence.mentions:
        sides = mention.keys("direction") & {"up", "down"} if lies(mention, scene) else frozenset[str]()
        beside = any(
            0 <= m.at - mention.end <= CLOSE and m.keys("metric") & THRESHOLDS
            for m in scene.sentence.mentions
        )
        if mention.keys("metric") & {"hard"} and "threshold" in mention.text:
            sides, beside = frozenset({"up"}), True
        if not sides or not beside or any(q.end == mention.at for q in scene.sentence.quantities):
            continue
        orders = {
            (one.values[0] > other.values[0]) == (sides == {"up"})
            for said in scene.said.values()
            for one in said
            if one.role == "now" and not one.concepts & THRESHOLDS
            for other in scene.evidence.by_dimension.get(one.dimension, ())
            if other.role == "now" and not other.derived and other.concepts & THRESHOLDS
        }
        if orders == {False}:
            yield f'"{mention.text}", but it is on the other side of the threshold'


def from_to(mention: Mention, scene: Scene) -> list[str] | None:
    """Check "rose from 5.1 hours to 5.8", "von 124 auf 176 gestiegen" by the numbers themselves."""
    ways = mention.keys("direction") & {"up", "down"}
    if not ways or mention.keys("metric"):
        return None
    for start, end in _from_to(scene):
        low, high = min(start.at, end.at), max(start.end, end.end)
        beside = 0 <= mention.at - high <= 1 or mention.end <= low <= mention.end + NEAR
        if not beside or scene.parts_numbers(mention.end, low):
            continue
        orders = {
            "up" if one.values[0] < other.values[0] else "down"
            for one in scene.said.get(start.at, ())
            for other in scene.said.get(end.at, ())
            if one.dimension == other.dimension != "pace"
            and one.role in LEVELS
            and other.role in LEVELS
            and one.values[0] != other.values[0]
        }
        if orders and ways.isdisjoint(orders):
            return [f'"{mention.text}", but from {start.text} to {end.text} it went {min(orders)}']
        if orders:
            return []
    return None


def _from_to(scene: Scene) -> Iterator[tuple[Quantity, Quantity]]:
    """Return the numbers between which something moved, in whichever order they stand."""
    sentence = scene.sentence
    by_end = {m.end: m for m in sentence.mentions}
    for pair in pairwise(sentence.quantities):
        ahead = [by_end.get(quantity.at) for quantity in pair]
        if None in ahead or not sentence.together(pair[0].at, pair[1].at):
            continue
        one, other = (mention for mention in ahead if mention)
        if _is_from(one) and "role:to" in other.tags:
            yield pair
        elif "role:to" in one.tags and (_is_from(other) or "role:versus" in other.tags):
            yield pair[1], pair[0]


def _is_from(mention: Mention) -> bool:
    versus = "role:versus" in mention.tags and mention.text.lower().split()[-1] == "from"
    return versus or "role:from" in mention.tags


def lies(mention: Mention, scene: Scene) -> bool:
    """Return whether a word may say where something is, "above", and not how it moved, "a drop in"."""
    tokens = scene.sentence.tokens
    return mention.end >= len(tokens) or tokens[mention.end].word not in _IN


def of_sports(mention: Mention, scene: Scene) -> list[str] | None:
    """Check "you ran further than you rode", "you walked less and ran more". None if it is no such thing."""
    mentions = scene.sentence.mentions
    verb = next((m for m in mentions if m.end == mention.at and m.keys("sport")), None)
    if verb is None or not (mention.keys("implied") or "clause:quantifier" in mention.tags):
        return None
    metrics = frozenset(key.partition(".")[0] for key in mention.keys("implied")) or _AMOUNTS
    up = "direction:up" in mention.tags or any(key.endswith(".up") for key in mention.keys("implied"))
    than = next((m for m in mentions if "role:versus" in m.tags and 0 <= m.at - mention.end <= 1), None)
    other = than and next((m for m in mentions if 0 <= m.at - than.end <= CLOSE and m.keys("sport")), None)
    if not than and not (mention.text.endswith("than") or scene.sports - verb.keys("sport")):
        return None
    if other is None and mention.text.endswith(" than"):
        other = next((m for m in mentions if 0 <= m.at - mention.end <= CLOSE and m.keys("sport")), None)
    if other is None:
        return None if than else _more_of_a_sport(mention, verb.keys("sport"), metrics, scene, up=up)
    ones, others = (
        [r for r in scene.evidence.of(metrics) if r.role == "now" and not r.derived and r.sports == sport]
        for sport in (verb.keys("sport"), other.keys("sport"))
    )
    orders = {
        (one.values[0] > two.values[0]) == up
        for one in ones
        for two in others
        if one.dimension == two.dimension
    }
    return [f'"{mention.text}" is the wrong way round'] if orders == {False} else [] if orders else None


def _more_of_a_sport(
    mention: Mention, sports: frozenset[str], metrics: frozenset[str], scene: Scene, *, up: bool
) -> list[str] | None:
    moving = {
        r.direction
        for r in scene.evidence.of(metrics)
        if r.role == "change" and r.direction and r.sports == sports
    }
    if not moving:
        return []
    wrong = ("up" if up else "down") not in moving
    return [f'"{mention.text}", but {what(sports)} went {" or ".join(sorted(moving))}'] if wrong else []


def of_growth(mention: Mention, scene: Scene) -> list[str] | None:
    """Check "load grew faster than the hours did", "it grew less than the distance", by both changes."""
    sentence = scene.sentence
    verbs = (m for m in sentence.tagged("clause:growth") if m.end <= mention.at)
    verb = next((m for m in verbs if scene.gap(m.end, mention.at) == 0), None)
    verb = verb or next((m for m in sentence.tagged("clause:growth") if m.at == mention.end), None)
    if verb is None:
        return None
    named = [(m, scene.metrics_named(m)) for m in sentence.naming("metric") if scene.metrics_named(m)]
    ahead = [metrics for m, metrics in named if m.end <= verb.at]
    if "than" in mention.text or any(m.at in (mention.end, verb.end) for m in sentence.tagged("role:versus")):
        end = max(mention.end, verb.end)
        behind = [metrics for m, metrics in named if end <= m.at <= end + NEAR]
        pair = (ahead[0], behind[0]) if ahead and behind else None
    else:  # "load rose by a fifth, while the time grew a bit less"
        pair = (ahead[-1], ahead[0]) if len(ahead) > 1 else None
    if pair is None:
        return None
    more = not mention.tags & {"direction:down", "implied:speed.down", "comparison:below"}
    one, other = (_growth(metrics, scene) for metrics in pair)
    if not one or not other:
        return []  # of neither's speed
    if any((a > b) == more for a in one for b in other):
        return []
    return [f'"{verb.text} {mention.text}" is the wrong way round']


def of_halves(mention: Mention, scene: Scene) -> list[str] | None:
    """Check "the second half was faster than the first" by both. None where it is no such thing."""
    way = next((key.partition(".")[2] for key in mention.keys("implied") if key.startswith("speed.")), "")
    named = [m for m in scene.sentence.naming("thing") if m.keys("thing") & HALVES and m.end <= mention.at]
    if way not in ("up", "down") or not named or not scene.sentence.together(named[-1].at, mention.at):
        return None
    first, second = (
        next((r for r in scene.evidence.of(_SPEED) if half in r.things and r.dimension == "pace"), None)
        for half in ("half1", "half2")
    )
    if first is None or second is None:
        return None
    own, other = (second, first) if "half2" in named[-1].keys("thing") else (first, second)
    if (own.values[0] < other.values[0]) == (way == "up"):
        return []
    return [f'"{mention.text}" is the wrong way round']


def of_both(scene: Scene) -> Iterator[str]:
    """Check what is said of two sports at once: "riding and running both came down by 27 %"."""
    sentence = scene.sentence
    for both in sentence.tagged("clause:both"):
        named = [m for m in sentence.naming("sport") if m.keys("sport") <= scene.evidence.sports]
        sports = frozenset[str]().union(*(m.keys("sport") for m in named if abs(m.at - both.at) <= 2 * NEAR))
        behind = [q for q in sentence.quantities if q.at >= both.end and not scene.is_window(q)]
        if len(sports) != PAIR or len(behind) != 1:
            continue
        found = frozenset[str]().union(*(r.sports for r in scene.said.get(behind[0].at, ())))
        if found and sports - found:
            yield f'"{behind[0].text}" is of {what(found)} alone'


def _growth(metrics: frozenset[str], scene: Scene) -> list[float]:
    return [
        abs(r.values[0])
        for r in scene.evidence.of(metrics)
        if r.role == "change" and r.dimension == "percent" and "longest" not in r.concepts
    ]


def carried_over(scene: Scene) -> Iterator[str]:
    """Check what goes where another went: "load fell, and fatigue with it"."""
    sentence = scene.sentence
    ways = [m for m in sentence.naming("direction") if m.keys("direction") & {"up", "down"}]
    for alike in sentence.tagged("clause:alike"):
        named = next((m for m in sentence.mentions if m.end == alike.at and scene.metrics_named(m)), None)
        ends = alike.end == len(sentence.tokens) or sentence.tokens[alike.end].kind == "mark"
        ahead = [m for m in ways if named and m.end <= named.at]
        if named is None or not ends or not ahead or any(m.at > ahead[-1].at for m in ways):
            continue
        way = min(ahead[-1].keys("direction"))
        metrics = scene.metrics_named(named)
        shown = {r.direction for r in scene.evidence.of(metrics) if r.role == "change" and r.direction}
        if way not in shown:
            yield f'"{named.text} {alike.text}", but no fact shows that {what(metrics)} did'


def of_equality(mention: Mention, scene: Scene) -> list[str] | None:
    """Check "your pace of 4:14 matches the target", "entspricht dem Anstieg des Rennens" by both numbers."""
    if "clause:equal" not in mention.tags:
        return None
    sentence = scene.sentence
    ahead = [at for at in scene.said if at < mention.at and sentence.together(at, mention.at)]
    ones = [r for r in scene.said[max(ahead)] if r.role in LEVELS] if ahead else []
    behind = [at for at in scene.said if mention.end <= at <= mention.end + NEAR + CLOSE]
    others = scene.said[min(behind)] if behind else _named_behind(mention, ones, scene)
    if behind and not any(r.role in LEVELS for r in others):
        return []  # "equals 82 % of your threshold"
    pairs = [(one, other) for one in ones for other in others if one.dimension == other.dimension]
    if not pairs or any(_is_alike(one, other) for one, other in pairs):
        return [] if pairs or behind else None
    return [f'"{mention.text}", but {others[0].ids[0]} is another number']


def _named_behind(mention: Mention, ones: list[Reading], scene: Scene) -> list[Reading]:
    """Return what the words behind tell from all others: the race, the plan, the target, the threshold."""
    named = frozenset[str]().union(
        *(m.keys("thing") | m.keys("metric") for m in scene.sentence.mentions if m.at >= mention.end)
    )
    known = {fact_id for one in ones for fact_id in one.ids}
    return [
        other
        for one in ones
        for other in scene.evidence.by_dimension.get(one.dimension, ())
        if other.role in LEVELS
        and not other.derived
        and known.isdisjoint(other.ids)
        and other.concepts & (one.concepts | named)
        and (other.things | other.concepts) & named & _SET
    ]


def _is_alike(one: Reading, other: Reading) -> bool:
    return abs(one.values[0] - other.values[0]) <= _ALIKE * abs(other.values[0])


def of_numbers(mention: Mention, scene: Scene) -> list[str] | None:
    """
    Check "69 %, up from 77 %", "296 W, well above your average (214 W)" by the numbers themselves.

    None where it stands between no two numbers of one kind.
    """
    above = bool(mention.tags & {"comparison:above", "direction:up"})
    if not (above or "direction:down" in mention.tags):
        return None
    ahead = [at for at in sorted(scene.said, reverse=True) if at < mention.at]
    behind = [
        at
        for at in scene.said
        if mention.end <= at <= mention.end + NEAR + CLOSE
        and (mention.keys("comparison") or scene.sentence.between(mention.at, at) < APART)
    ]
    if not ahead or not behind:
        return None
    pairs = [
        (one, other)
        for one in _alike_ahead(ahead, scene.said[min(behind)], scene)
        for other in scene.said[min(behind)]
        if one.dimension == other.dimension
        and one.role in LEVELS
        and other.role in LEVELS
        and one.values[0] != other.values[0]
    ]
    if any((one.values[0] > other.values[0]) == above for one, other in pairs):
        return []
    if pairs and "role:versus" in mention.tags and all(one.dimension != "pace" for one, _ in pairs):
        return [f'"{mention.text}", but the numbers are the other way round']
    return None


def _alike_ahead(ahead: list[int], behind: list[Reading], scene: Scene) -> list[Reading]:
    """Return what the nearest number ahead is that measures the same as the one behind."""
    dimensions = {reading.dimension for reading in behind}
    return next((scene.said[at] for at in ahead if dimensions & {r.dimension for r in scene.said[at]}), [])


def two_metrics(mention: Mention, scene: Scene) -> list[str] | None:
    """Check "fatigue is above fitness" by their values. None where it compares no two metrics."""
    above = "comparison:above" in mention.tags
    if not above and "comparison:below" not in mention.tags:
        return None
    sentence = scene.sentence
    ahead = [m for m in sentence.mentions if m.end <= mention.at and m.keys("metric")]
    behind = [m for m in sentence.mentions if 0 <= m.at - mention.end <= CLOSE and m.keys("metric")]
    if not behind and len(ahead) > 1 and any(m.at == mention.end for m in sentence.tagged("clause:pronoun")):
        return _wrong_way(ahead[-1], mention, ahead[-2], scene, above=above)  # "fatigue is outpacing it"
    if not ahead or not behind or sentence.between(mention.at, behind[0].at) >= APART:
        return None
    return _wrong_way(ahead[-1], mention, behind[0], scene, above=above)


def more_of_one(mention: Mention, scene: Scene) -> list[str] | None:
    """Check "less fatigue than fitness" by their values. None where it compares no two metrics."""
    by_start = {m.at: m for m in scene.sentence.mentions}
    one = by_start.get(mention.end)
    versus = by_start.get(one.end) if one and one.keys("metric") else None
    other = by_start.get(versus.end) if versus and "role:versus" in versus.tags else None
    if one is None or other is None or not other.keys("metric"):
        return None
    return _wrong_way(one, mention, other, scene, above="direction:up" in mention.tags)


def _wrong_way(
    first: Mention, mention: Mention, second: Mention, scene: Scene, *, above: bool
) -> list[str] | None:
    one, other = _now(first, scene), _now(second, scene)
    if one is None or other is None or one.concepts == other.concepts or one.dimension != other.dimension:
        return None
    if (one.values[0] > other.values[0]) == above:
        return []
    return [f'"{first.text} {mention.text} {second.text}" is the wrong way round']


def _now(mention: Mention, scene: Scene) -> Reading | None:
    metrics = mention.keys("metric")
    return next((r for r in scene.evidence.readings if r.role == "now" and r.concepts == metrics), None)


def what(metrics: frozenset[str]) -> str:
    return " or ".join(sorted(metrics)).replace("_", " ") or "anything"
