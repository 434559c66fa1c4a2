"""Which sport comes first: "cycling took the largest part", "swims saw the biggest drop"."""

from collections.abc import Iterator
from typing import Final

from training_analyzer.analysis.grounding.intensity import NARROW
from training_analyzer.analysis.grounding.naming import ASCENT
from training_analyzer.analysis.grounding.sayable import Reading
from training_analyzer.analysis.grounding.scene import Scene
from training_analyzer.analysis.grounding.sentences import APART, Mention
from training_analyzer.analysis.grounding.unanswered import is_unanswered

_AMOUNTS: Final = frozenset({"time", "load", "share"})
"""What a part of the training is meant of, where the words do not say it."""
_PARTS: Final = frozenset({"part", "hours"})
_HALF: Final = 50.0
_SHARES: Final = frozenset({"share"})
_OF_THE_WEEK: Final = "session_week_share"
_METRICS: Final = {
    "hours": frozenset({"time"}),
    "way": frozenset({"distance"}),
    "count": frozenset({"session"}),
}


def check(scene: Scene) -> Iterator[str]:
    """Yield what is said to be the most, or to have changed the most, of no sport of which facts show it."""
    for mention in scene.sentence.naming("rank"):
        key = min(mention.keys("rank"))
        sport = _sport_of(mention, scene)
        if scene.is_general(mention.at) or (sport and _is_first(sport, key, mention, scene)):
            continue
        if "clause:ascent" in mention.tags and _is_most_climbed(scene):
            continue
        alone = not sport or len(scene.evidence.sports) == 1
        if key in _PARTS and alone and _is_more_than_half(mention, scene):
            continue
        if is_unanswered(mention, scene):
            continue
        yield f'"{mention.text}", a superlative that no fact supports'


def _is_more_than_half(mention: Mention, scene: Scene) -> bool:
    """As in "The largest part of the time was easy", of which a share tells; of a session, its own does."""
    named = frozenset[str]().union(
        *(m.keys("metric") & NARROW for m in scene.sentence.naming("metric") if m.at != mention.at)
    )
    own = scene.evidence.by_id.get(_OF_THE_WEEK)
    if own is not None and not named:
        return own.values[0] > _HALF
    return any(
        r.role == "now" and not r.derived and r.dimension == "percent" and r.values[0] > _HALF
        for r in scene.evidence.of(named or _SHARES)
    )


def _is_most_climbed(scene: Scene) -> bool:
    """As in "With 1,320 m, your biggest climb of the season", where the number is the most ascent."""
    marks = scene.evidence.superlatives_of
    return any(
        "highest" in marks[fact_id] and reading.concepts & ASCENT
        for readings in scene.said.values()
        for reading in readings
        for fact_id in reading.ids
    )


def _sport_of(mention: Mention, scene: Scene) -> frozenset[str]:
    """As in "The largest part went to cycling", "rides, at 20 hours, took the largest part"."""
    between = scene.sentence.between
    named = [m for m in scene.sentence.naming("sport") if m.keys("sport") <= scene.evidence.sports]
    nearest = min(
        named, key=lambda m: abs(m.at - mention.at) + APART * between(m.at, mention.at), default=None
    )
    return nearest.keys("sport") if nearest else frozenset()


def _is_first(sport: frozenset[str], key: str, mention: Mention, scene: Scene) -> bool:
    """Return whether a sport is first in all that may be meant, of which facts are of other sports, too."""
    metrics = _METRICS.get(key) or _metrics_of(sport, mention, scene)
    changed = key in ("more", "less", "change")
    if not metrics:
        metrics = _AMOUNTS | ({"distance", "session"} if changed else frozenset())
    own = [r for r in scene.evidence.of(metrics) if r.sports == sport and _is_meant(r, changed=changed)]
    found = [(one, others) for one in own if (others := _others(one, scene))]
    return bool(found) and all(_leads(one, others, key) for one, others in found)


def _metrics_of(sport: frozenset[str], mention: Mention, scene: Scene) -> frozenset[str]:
    """As in "Cycling took the largest part at 20 hours": of what its number is, or what is named."""
    said = [
        r
        for at, readings in scene.said.items()
        if scene.sentence.between(at, mention.at) <= APART
        for r in readings
        if r.sports == sport
    ]
    if said:
        return frozenset[str]().union(*(r.concepts for r in said))
    beside = (m for m in scene.sentence.naming("metric") if scene.sentence.together(m.at, mention.at))
    named = frozenset[str]().union(*(m.keys("metric") for m in beside if not m.keys("sport")))
    return named & {"time", "load", "distance", "session"}


def _is_meant(reading: Reading, *, changed: bool) -> bool:
    if reading.derived or reading.things or "longest" in reading.concepts:
        return False
    return reading.role == "change" and reading.direction is not None if changed else reading.role == "now"


def _others(one: Reading, scene: Scene) -> list[Reading]:
    """Return the same of other sports."""
    return [
        other
        for other in scene.evidence.of(one.concepts)
        if not other.derived
        and other.sports
        and other.sports.isdisjoint(one.sports)
        and (other.concepts, other.dimension, other.role) == (one.concepts, one.dimension, one.role)
        and (other.things, other.days, other.per) == (one.things, one.days, one.per)
    ]


def _leads(one: Reading, others: list[Reading], key: str) -> bool:
    if key in ("more", "less"):
        way = "up" if key == "more" else "down"
        others = [other for other in others if other.direction == way]
        if one.direction != way:
            return False
    if key == "least":
        return all(one.values[0] < other.values[0] for other in others)
    return all(abs(one.values[0]) > abs(other.values[0]) for other in others)
