"""What something is said to be owed to, which must be something that facts can tell of."""

from typing import Final

from training_analyzer.analysis.grounding.judged.stating import mention_of
from training_analyzer.analysis.grounding.lexicon import CAPITALIZING
from training_analyzer.analysis.grounding.phrases import Found, Running
from training_analyzer.analysis.grounding.scene import Scene
from training_analyzer.analysis.grounding.sentences import Mention

_OF_YOURS: Final = "reason_of_yours"
"""Words that give a reason where somebody did something: "as you turned back"."""
_REASONS: Final = frozenset({"reason", _OF_YOURS})
WORDS: Final = _REASONS | {"cause", "effect"}
_GROUNDS: Final = frozenset({"grounds"})
_DOER: Final = frozenset({"doer"})
_DEEDS: Final = frozenset({"deeds"})
"""What facts can tell that somebody did: train, rest, be fresh; not "set off too fast"."""
_TELLING: Final = frozenset(
    {
        "metric", "sport", "thing", "direction", "implied", "comparison", "superlative", "period", "unit",
        "habit", "past", "state", "calm", "pacing",
    }
)  # fmt: skip
"""Phrases of what facts tell of, or of what is asked elsewhere."""
_WORK: Final = frozenset({"energy"})
_REACH: Final = 6
"""Words behind "because of" that may name what it is. Our choice."""


def judge(found: Found, running: Running, scene: Scene) -> str:
    """As in "Thanks to the massage fatigue fell", "a café stop explains why": no fact is of it."""
    start, end = _place(found, scene)
    if start >= end or any(start <= q.at < end for q in scene.sentence.quantities):
        return ""
    if found.key in _REASONS and _is_what_nobody_told(start, end, running):
        return "no fact tells that you did so"
    if found.key == _OF_YOURS:
        return ""
    told = any(start <= m.at < end and _tells(m) for m in scene.sentence.mentions)
    if told or scene.is_general(mention_of(found).at):
        return ""
    if any(start <= ground.at < end for ground in running.find(_GROUNDS)):
        return ""
    return "no fact is of what it names"


def _is_what_nobody_told(start: int, end: int, running: Running) -> bool:
    """As in "because you cut the ride short", "weil du zu hart losgefahren bist"."""
    by_somebody = any(doer.at == start for doer in running.find(_DOER))
    return by_somebody and not any(start < deed.at < end for deed in running.find(_DEEDS))


def _tells(mention: Mention) -> bool:
    """As in "the long rides"; not "weil die Arbeit vorging", of which no energy is meant."""
    return not _TELLING.isdisjoint(mention.sections) and mention.keys("metric") != _WORK


def _place(found: Found, scene: Scene) -> tuple[int, int]:
    """Return where the cause stands: behind "because of", up to the verb; ahead of "explains"."""
    tokens = scene.sentence.tokens
    if found.key == "effect":
        marks = (at for at in range(found.at - 1, -1, -1) if tokens[at].kind == "mark")
        mark = next(marks, -1)
        return (found.at if mark >= 0 and tokens[mark].word == ")" else mark + 1), found.at
    last = min(len(tokens), found.end + _REACH) if found.key == "cause" else len(tokens)
    return found.end, next((at for at in range(found.end, last) if _ends(at, found, scene)), last)


def _ends(at: int, found: Found, scene: Scene) -> bool:
    """Return whether what is named has ended: at a mark, or behind the first noun of German."""
    token = scene.sentence.tokens[at]
    noun = found.key == "cause" and scene.language in CAPITALIZING and at > found.end
    behind_noun = noun and scene.sentence.tokens[at - 1].text[0].isupper()
    return token.kind == "mark" or behind_noun
