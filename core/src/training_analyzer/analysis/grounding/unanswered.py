"""What a sentence says that facts do not tell: "which sport takes the most time is not known"."""

from typing import Final

from training_analyzer.analysis.grounding.phrases import Found, Running
from training_analyzer.analysis.grounding.scene import Scene
from training_analyzer.analysis.grounding.sentences import Mention

_NOT_TOLD: Final = frozenset({"not_told"})
_JOINING: Final = frozenset({"clause:and", "clause:but"})


def is_unanswered(mention: Mention, scene: Scene) -> bool:
    """As in "These numbers do not show which sport takes the most time"; no "why, but it was the longest"."""
    running = Running(scene.sentence.tokens, scene.language)
    return any(_is_of(mention, found, scene) for found in running.find(_NOT_TOLD))


def _is_of(mention: Mention, found: Found, scene: Scene) -> bool:
    start, end = (found.end, mention.at) if found.at < mention.at else (mention.end, found.at)
    goes_on = any(
        start <= m.at < end and m.tags & _JOINING and "clause:hanging" not in m.tags
        for m in scene.sentence.naming("clause")
    )
    ahead = found.at < mention.at
    asks = start + (start < end and scene.sentence.tokens[start].word == ",")
    marked = any(token.kind == "mark" for token in scene.sentence.tokens[asks:end])
    return not goes_on and not (ahead and marked)
