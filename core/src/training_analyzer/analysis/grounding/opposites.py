"""Of which half or third a number is, or of which kind, where the opposite is named, too."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from training_analyzer.analysis.grounding.quantities import Quantity
from training_analyzer.analysis.grounding.scene import Scene
from training_analyzer.analysis.grounding.sentences import APART, Mention
from training_analyzer.analysis.grounding.surroundings import CLOSE, HALVES, PARTED

_FIRST: Final = frozenset({"half1"})
_SECOND: Final = frozenset({"half2"})
_OPPOSITES: Final = (*PARTED, frozenset({"indoor", "outdoor"}))
_OPENING: Final = frozenset({":", "("})
_PAIR: Final = 2
_OPPOSED: Final = tuple(
    f"{kind}:{one}" for pair in _OPPOSITES for one in pair for kind in ("thing", "superlative")
)


def excluded_by(quantity: Quantity, scene: Scene) -> frozenset[str]:
    """Return the things of which the opposites stand nearer to a number."""
    found: set[str] = set()
    for pair in _OPPOSITES if scene.sentence.has(*_OPPOSED) else ():
        named = [
            m
            for m in scene.sentence.mentions
            if (m.keys("thing") | m.keys("superlative")) & pair and not m.keys("pacing")
        ]
        named += _the_other_half(named, scene) if pair == HALVES else []
        told = len(named) > 1 or quantity.at < scene.sentence.quantities[-1].at
        behind = _parts_behind(quantity, named, scene) if pair in PARTED and told else []
        behind = behind or _in_turn(quantity, named, scene)
        if named and (behind or pair not in PARTED or not _is_an_end(quantity, scene)):
            nearest = min(
                behind or named,
                key=lambda m: (
                    max(m.at - quantity.end, quantity.at - m.end) + scene.sentence.between(m.at, quantity.at)
                ),
            )
            found |= pair - nearest.keys("thing") - nearest.keys("superlative")
    return frozenset(found)


def _the_other_half(named: Sequence[Mention], scene: Scene) -> list[Mention]:
    """As in "The first half at 5:36/km and the second at 5:24/km": of which half is not said again."""
    first = next((m for m in named if m.keys("thing") == _FIRST), None)
    if first is None or len(named) > 1:
        return []
    numbered = (m for m in scene.sentence.tagged("ordinal:2") if m.at > first.end)
    second = next((m for m in numbered if m.end not in scene.unknown), None)
    return [replace(second, sections={"thing": _SECOND})] if second else []


def _parts_behind(quantity: Quantity, parts: list[Mention], scene: Scene) -> list[Mention]:
    """As in "From 178 W in the first half to 164 W in the second"."""
    between = scene.sentence.between
    return [
        part
        for part in parts
        if 0 <= part.at - quantity.end <= CLOSE and between(quantity.end - 1, part.at) < APART
    ]


def _in_turn(quantity: Quantity, parts: list[Mention], scene: Scene) -> list[Mention]:
    """As in "The second half was faster than the first: 5:31 after 5:41": in the same order."""
    sentence = scene.sentence
    opened = next((at for at, token in enumerate(sentence.tokens) if token.word in _OPENING), None)
    if opened is None or len(parts) != _PAIR or any(part.at > opened for part in parts):
        return []
    told = [q.at for q in sentence.quantities if q.at > opened]
    if len(told) != _PAIR or told[0] != opened + 1 or quantity.at not in told:
        return []
    return [parts[told.index(quantity.at)]]


def _is_an_end(quantity: Quantity, scene: Scene) -> bool:
    """As in "In the second half you slowed from 5:09 to 5:21": the one end of a change is the first."""
    roles = scene.sentence.naming("role")
    starts = {m.end for m in roles if "role:from" in m.tags or _says_from(m)}
    ends = starts | {m.end for m in roles if "role:to" in m.tags}
    moved = bool(scene.ways) or any(q.at in starts for q in scene.sentence.quantities)
    return moved and quantity.at in ends and len(scene.sentence.quantities) > 1


def _says_from(mention: Mention) -> bool:
    return "role:versus" in mention.tags and mention.text.lower().split()[-1] == "from"
