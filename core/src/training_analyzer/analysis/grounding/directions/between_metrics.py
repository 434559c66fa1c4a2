"""Comparisons of two metrics: which is higher, which grew faster, which went along."""

from collections.abc import Iterator
from typing import Final

from training_analyzer.analysis.grounding.directions.denying import is_negated
from training_analyzer.analysis.grounding.sayable import Reading, what
from training_analyzer.analysis.grounding.scene import Scene
from training_analyzer.analysis.grounding.sentences import APART, Mention
from training_analyzer.analysis.grounding.surroundings import ADJACENT, NEAR

_ALIKE: Final = 0.12
"""How far apart two metrics may be, one of which is said to be as high as the other. Our choice."""
_PACES: Final = frozenset({"speed.up", "speed.down"})


def of_growth(mention: Mention, scene: Scene) -> list[str] | None:
    """Check "load grew far faster than the hours did", "fitness follows more slowly", by both changes."""
    sentence = scene.sentence
    verbs = sentence.tagged("clause:growth")
    verb = next((m for m in verbs if _by_degrees(m.end, mention.at, scene) or m.at == mention.end), None)
    if verb is None or not (
        mention.keys("implied") & _PACES or mention.keys("comparison") or "clause:quantifier" in mention.tags
    ):
        return None
    named = [(m, scene.metrics_named(m)) for m in sentence.naming("metric") if scene.metrics_named(m)]
    ahead = [metrics for m, metrics in named if m.end <= verb.at and not m.keys("implied")]
    end = max(mention.end, verb.end)
    if any(m.at == end for m, _ in named):
        return None  # "it fell with less fatigue than before"
    if _compares(mention, end, scene):
        behind = [metrics for m, metrics in named if end <= m.at <= end + NEAR]
        pair = (ahead[-1], behind[0]) if ahead and behind else None
    elif len(ahead) > 1:  # "load rose by a fifth, while the time grew a bit less"
        pair = (ahead[-1], ahead[0])
    else:
        earlier = _spoken_before(scene) - (ahead[0] if ahead else frozenset())
        pair = (ahead[0], earlier) if ahead and earlier else None
    if pair is None:
        return None
    more = not mention.tags & {"direction:down", "implied:speed.down", "comparison:below"}
    orders = _orders(pair, scene)
    return [f'"{verb.text} {mention.text}" is the wrong way round'] if orders == {not more} else []


def of_manner(mention: Mention, scene: Scene) -> list[str] | None:
    """As in "The distance grew much less, by {…}", "fell more": how it grew, which no number here decides."""
    verbs = scene.sentence.tagged("clause:growth")
    grew = any(m.keys("direction") and _by_degrees(m.end, mention.at, scene) for m in verbs)
    tokens = scene.sentence.tokens
    ends = mention.end == len(tokens) or tokens[mention.end].kind == "mark"
    return [] if grew and ends and "clause:quantifier" in mention.tags else None


def _orders(pair: tuple[frozenset[str], frozenset[str]], scene: Scene) -> set[bool]:
    """Return whether the first of two metrics moved more than the other."""
    return {
        a > b
        for one in _growth(pair[0], scene)
        for other in _growth(pair[1], scene)
        if one.dimension == other.dimension
        for a, b in [_over_one_span(one, other)]
    }


def _by_degrees(start: int, end: int, scene: Scene) -> bool:
    """As in "Fell far more", "grew even a little faster"."""
    degrees = {m.at: m for m in scene.sentence.tagged("clause:degree")}
    while start < end and start in degrees:
        start = degrees[start].end
    return scene.gap(start, end) == 0 if start <= end else False


def _compares(mention: Mention, end: int, scene: Scene) -> bool:
    return "than" in mention.text or any(
        m.at in (mention.end, end) for m in scene.sentence.tagged("role:versus")
    )


def _spoken_before(scene: Scene) -> frozenset[str]:
    return scene.before.spoken_metrics() if scene.before is not None else frozenset()


def _growth(metrics: frozenset[str], scene: Scene) -> list[Reading]:
    return [
        r
        for r in scene.evidence.of(metrics)
        if r.role == "change"
        and r.dimension in ("percent", "number")
        and not r.derived
        and "longest" not in r.concepts
    ]


def _over_one_span(one: Reading, other: Reading) -> tuple[float, float]:
    """Return by how much two metrics changed, per day where facts are of two spans of time."""
    a, b = abs(one.values[0]), abs(other.values[0])
    spans = max(one.against, default=0.0), max(other.against, default=0.0)
    return (a / spans[0], b / spans[1]) if all(spans) and spans[0] != spans[1] else (a, b)


def of_changes(mention: Mention, scene: Scene) -> list[str] | None:
    """Check "load rose by 14 %, less than the 20 % you added in ascent" by how much each of them moved."""
    less = bool(mention.tags & {"comparison:below", "direction:down"})
    if not _compares(mention, mention.end, scene) or not (less or "direction:up" in mention.tags):
        return None
    ahead = [at for at in scene.said if at < mention.at]
    behind = [at for at in scene.said if at >= mention.end and scene.gap(mention.end, at) <= 0]
    ones, others = (
        (
            [r for r in scene.said[at] if r.role == "change" and r.dimension == "percent"]
            for at in (max(ahead), min(behind))
        )
        if ahead and behind
        else ([], [])
    )
    orders = {
        (abs(one.values[0]) < abs(other.values[0])) == less
        for one in ones
        for other in others
        if one.ids != other.ids
    }
    return [f'"{mention.text}" is the wrong way round'] if orders == {False} else [] if orders else None


def carried_over(scene: Scene) -> Iterator[str]:
    """Check what goes where another went: "load fell, and fatigue with it"."""
    sentence = scene.sentence
    ways = [m for m in sentence.naming("direction") if m.keys("direction") & {"up", "down"}]
    for alike in sentence.tagged("clause:alike"):
        named = next((m for m in sentence.mentions if m.end == alike.at and scene.metrics_named(m)), None)
        ends = alike.end == len(sentence.tokens) or sentence.tokens[alike.end].kind == "mark"
        ahead = [m for m in ways if named and m.end <= named.at]
        if named is None or not ends or not ahead:
            continue
        way = min(ahead[-1].keys("direction"))
        metrics = scene.metrics_named(named)
        shown = {r.direction for r in scene.evidence.of(metrics) if r.role == "change" and r.direction}
        if way not in shown:
            yield f'"{named.text} {alike.text}", but no fact shows that {what(metrics)} did'


def two_metrics(mention: Mention, scene: Scene) -> list[str] | None:
    """Check "fatigue is above fitness", "höher steht als" by their values. None where these are no two."""
    sentence = scene.sentence
    above = bool(mention.tags & {"comparison:above", "direction:up"})
    start = mention.end if mention.keys("comparison") else _end_of_than(mention, scene)
    if start is None or not (above or mention.tags & {"comparison:below", "direction:down"}):
        return None
    ahead = [m for m in sentence.mentions if m.end <= mention.at and m.keys("metric")]
    behind = [
        m
        for m in sentence.mentions
        if 0 <= m.at - start <= NEAR and m.keys("metric") and not scene.parts_numbers(start, m.at)
    ][:1]
    if not behind and len(ahead) > 1 and sentence.has_at(mention.end, "clause:pronoun"):
        return _wrong_way(ahead[-1], mention, ahead[-2], scene, above=above)  # "fatigue is outpacing it"
    if not ahead or not behind or sentence.between(mention.at, behind[0].at) >= APART:
        return None
    if sentence.has_at(behind[0].end, "direction:up", "direction:down"):
        return _wrong_growth(ahead[-1], mention, behind[0], scene, above=above)
    return _wrong_way(ahead[-1], mention, behind[0], scene, above=above)


def _end_of_than(mention: Mention, scene: Scene) -> int | None:
    """As in "Higher than", "höher steht als"; not "more fatigue than fitness", "fell more steeply than"."""
    grew = any(m.end <= mention.at for m in scene.sentence.tagged("clause:growth"))
    if grew or "clause:quantifier" in mention.tags or mention.keys("implied"):
        return None
    than = next((m for m in scene.sentence.mentions if m.at >= mention.end), None)
    near = than is not None and "role:versus" in than.tags and than.at - mention.end <= ADJACENT
    return than.end if than is not None and near else None


def as_high_as(mention: Mention, scene: Scene) -> list[str] | None:
    """Check "fatigue is almost as high as fitness" by their values. None where it compares no two metrics."""
    if mention.keys("direction") != {"flat"} or mention.end == mention.at + 1:
        return None
    named = [m for m in scene.sentence.naming("metric") if m.keys("metric")]
    ahead = [m for m in named if m.end <= mention.at]
    behind = next((m for m in named if 0 <= m.at - mention.end <= ADJACENT), None)
    one, other = (_now(m, scene) if m is not None else None for m in (ahead[-1] if ahead else None, behind))
    if one is None or other is None or one.concepts == other.concepts or one.dimension != other.dimension:
        return None
    if abs(one.values[0] - other.values[0]) <= _ALIKE * abs(other.values[0]):
        return []
    return [f'"{mention.text}", but {one.ids[0]} and {other.ids[0]} are far apart']


def more_of_one(mention: Mention, scene: Scene) -> list[str] | None:
    """Check "less fatigue than fitness" by their values. None where it compares no two metrics."""
    starting = scene.sentence.starting
    one = starting.get(mention.end)
    versus = starting.get(one.end) if one and one.keys("metric") else None
    other = starting.get(versus.end) if versus and "role:versus" in versus.tags else None
    if one is None or other is None or not other.keys("metric"):
        return None
    return _wrong_way(one, mention, other, scene, above="direction:up" in mention.tags)


def _wrong_way(
    first: Mention, mention: Mention, second: Mention, scene: Scene, *, above: bool
) -> list[str] | None:
    one, other = _now(first, scene), _now(second, scene)
    if one is None or other is None or one.concepts == other.concepts or one.dimension != other.dimension:
        return None
    if "session" in other.concepts:
        return None  # "a load no higher than that of your usual rows", of which there were three
    if (one.values[0] > other.values[0]) == (above != is_negated(mention, scene)):
        return []
    return [f'"{first.text} {mention.text} {second.text}" is the wrong way round']


def _wrong_growth(
    first: Mention, mention: Mention, second: Mention, scene: Scene, *, above: bool
) -> list[str]:
    """As in "Fatigue fell by 17, more than fitness lost": by how much each of them moved."""
    orders = _orders((scene.metrics_named(first), scene.metrics_named(second)), scene)
    wrong = f'"{first.text} {mention.text} {second.text}" is the wrong way round'
    return [wrong] if orders == {not above} else []


def _now(mention: Mention, scene: Scene) -> Reading | None:
    metrics = mention.keys("metric")
    return next((r for r in scene.evidence.readings if r.role == "now" and r.concepts == metrics), None)
