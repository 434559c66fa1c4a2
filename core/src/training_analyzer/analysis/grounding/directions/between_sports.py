"""Comparisons of how much of two sports there was."""

from collections.abc import Iterator
from typing import Final

from training_analyzer.analysis.grounding.directions.denying import is_negated
from training_analyzer.analysis.grounding.matching import holds
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
    if verb is None and (noun := _done_more(mention, scene)):
        more = "direction:up" in mention.tags
        return _more_of_a_sport(mention, noun.keys("sport"), _AMOUNTS, scene, up=more)
    if verb is None or not (mention.keys("implied") or "clause:quantifier" in mention.tags):
        return None
    metrics = frozenset(key.partition(".")[0] for key in mention.keys("implied")) or _AMOUNTS
    up = "direction:up" in mention.tags or any(key.endswith(".up") for key in mention.keys("implied"))
    if any("role:versus" in m.tags and 0 <= m.at - mention.end <= 1 for m in mentions):
        return None
    alone = not (scene.sentence.ends_in(mention, "than") or scene.sports - verb.keys("sport"))
    if alone and not ("clause:quantifier" in mention.tags and _ends_its_part(mention, scene)):
        return None  # "you rode more intensely"
    return _more_of_a_sport(mention, verb.keys("sport"), metrics, scene, up=up)  # "you swam more, but"


def _done_more(mention: Mention, scene: Scene) -> Mention | None:
    """As in "You carried the extra swimming well", and not "three more swims", "more running than riding"."""
    sentence, end = scene.sentence, mention.end
    if "clause:quantifier" not in mention.tags or any(q.end == mention.at for q in sentence.quantities):
        return None
    noun = next((m for m in sentence.naming("sport") if m.at == end and not m.keys("metric")), None)
    than = noun and any(0 <= m.at - noun.end <= 1 for m in sentence.tagged("role:versus"))
    return noun if noun and not than else None


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
    way = "up" if up else "down"
    wrong = moving == {way} if is_negated(mention, scene) else way not in moving
    return [f'"{mention.text}", but {what(sports)} went {" or ".join(sorted(moving))}'] if wrong else []


def of_likes(scene: Scene) -> Iterator[str]:
    """Check that of another sport which is like one: "running is up by 16 %, just like the bike"."""
    for like in scene.sentence.tagged("clause:like"):
        other = next((m for m in scene.sentence.naming("sport") if 0 <= m.at - like.end <= CLOSE), None)
        ahead = next((q for q in scene.sentence.quantities if 0 <= like.at - q.end <= 1), None)
        if other is None or ahead is None or not other.keys("sport") <= scene.evidence.sports:
            continue
        said = scene.said.get(ahead.at, [])
        alike = (
            r.sports & other.keys("sport") and holds(ahead, meaning, r)
            for one in said
            for r in scene.evidence.of(one.concepts)
            if (r.role, r.dimension) == (one.role, one.dimension)
            for meaning in ahead.meanings
        )
        if any(one.sports for one in said) and not any(alike):
            yield f'"{ahead.text}" is not of {what(other.keys("sport"))}'


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
