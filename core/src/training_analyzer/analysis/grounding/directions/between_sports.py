"""Comparisons of how much of two sports there was."""

from collections.abc import Iterator
from typing import Final

from training_analyzer.analysis.grounding.sayable import what
from training_analyzer.analysis.grounding.scene import Scene
from training_analyzer.analysis.grounding.sentences import Mention
from training_analyzer.analysis.grounding.surroundings import CLOSE, NEAR

PAIR: Final = 2
_AMOUNTS: Final = frozenset({"time", "distance", "session", "load", "share"})


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
        if "clause:quantifier" in mention.tags and _ends_its_part(mention, scene):
            return _more_of_a_sport(
                mention, verb.keys("sport"), metrics, scene, up=up
            )  # "you swam more, but"
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


def _ends_its_part(mention: Mention, scene: Scene) -> bool:
    """As in "You swam more, but faster": more of what is not said."""
    tokens = scene.sentence.tokens
    return (
        mention.end == len(tokens)
        or tokens[mention.end].kind == "mark"
        or scene.sentence.has_at(mention.end, "clause:and", "clause:but")
    )


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
