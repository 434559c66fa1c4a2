"""On which side of a threshold something is said to be."""

from collections.abc import Iterator
from typing import Final

from training_analyzer.analysis.grounding.sayable import UP_OR_DOWN, Reading
from training_analyzer.analysis.grounding.scene import Scene
from training_analyzer.analysis.grounding.sentences import Mention
from training_analyzer.analysis.grounding.surroundings import CLOSE, THRESHOLDS

_PLACES: Final = ("metric:hard", "thing:goal", *(f"metric:{named}" for named in THRESHOLDS))
_REGIONS: Final = THRESHOLDS | {"easy"}
_SPEEDS: Final = frozenset({"speed.up", "speed.down"})


def regions(scene: Scene) -> Iterator[str]:
    """Return where a number is said to be on the wrong side of a threshold."""
    sentence = scene.sentence
    for mention in sentence.mentions if sentence.has(*_PLACES) else ():
        sides = _sides(mention, scene)
        if not sides or any(q.end == mention.at for q in sentence.quantities):
            continue
        by_speed = bool(mention.keys("implied"))
        orders = {
            (one.values[0] > other.values[0]) == ((sides == {"up"}) != (by_speed and one.dimension == "pace"))
            for said in scene.said.values()
            for one in said
            if one.role == "now"
            for other in scene.evidence.by_dimension.get(one.dimension, ())
            if other.role == "now" and not other.derived and _is_what_is_named(other, one, mention, scene)
        }
        if orders == {False}:
            yield f'"{mention.text}", but it is on the other side of the threshold'


def _is_what_is_named(reading: Reading, one: Reading, mention: Mention, scene: Scene) -> bool:
    """Return whether a fact, and not the one that is compared, is the goal or threshold behind a phrase."""
    if "goal" in reading.things and "goal" not in one.things:
        return any(
            0 <= m.at - mention.end <= CLOSE and "thing:goal" in m.tags
            for m in scene.sentence.naming("thing")
        )
    return bool(reading.concepts & THRESHOLDS) and not one.concepts & THRESHOLDS


def _sides(mention: Mention, scene: Scene) -> frozenset[str]:
    """Return on which side of a threshold a phrase says that something is; empty if on neither."""
    if mention.keys("metric") & {"hard"} and "threshold" in mention.text:
        return frozenset({"up"})
    sides = mention.keys("direction") & {"up", "down"} | {
        way for key in mention.keys("implied") if (way := key.removeprefix("speed.")) in ("up", "down")
    }
    beside = sides and any(
        0 <= m.at - mention.end <= CLOSE and (m.keys("metric") & THRESHOLDS or "thing:goal" in m.tags)
        for m in scene.sentence.mentions
    )
    return sides if beside and lies(mention, scene) else frozenset()


def is_beside_a_region(mention: Mention, scene: Scene) -> bool:
    """As in "Above threshold", "over zone 2": where the training was, and no change."""
    if not mention.keys("direction") & UP_OR_DOWN or mention.keys("implied") & _SPEEDS:
        return False
    if not lies(mention, scene):
        return False
    compares = mention.keys("comparison") or mention.keys("hedge")
    behind = scene.sentence.starting.get(mention.end)
    if not compares and behind is not None and behind.keys("metric"):
        return False  # "thanks to a higher FTP"
    if any(0 <= at - mention.end <= CLOSE for at, _ in scene.sentence.zones):
        return True
    beside = [q for q in scene.sentence.quantities if q.end == mention.at]
    if any(r.role == "change" for q in beside for r in scene.said.get(q.at, ())):
        return False
    return any(
        0 <= m.at - mention.end <= CLOSE and m.keys("metric") & _REGIONS
        for m in scene.sentence.naming("metric")
    )


def lies(mention: Mention, scene: Scene) -> bool:
    """Return whether a word may say where something is, "above", and not how it moved, "a drop in"."""
    return not scene.sentence.says("inside", mention.end, mention.end + 1)
