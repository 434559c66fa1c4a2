"""Whether a sentence states what a phrase says: it is not denied, not to come, and not how it once was."""

from typing import Final

from training_analyzer.analysis.grounding.directions.denying import is_conditional, is_negated
from training_analyzer.analysis.grounding.phrases import Found, Running
from training_analyzer.analysis.grounding.scene import Scene
from training_analyzer.analysis.grounding.sentences import APART, Mention

_DENIED: Final = frozenset({"denied"})
_ADVISED: Final = ("advice:anywhere", "clause:general")
_LESS: Final = frozenset({"direction", "implied", "comparison"})
_TURNING: Final = frozenset({"negation", "state"})
"""What may turn a phrase around that begins within it."""


def mention_of(found: Found) -> Mention:
    return Mention(found.at, found.end, found.text, frozenset(), {})


def is_stated(found: Found, running: Running, scene: Scene) -> bool:
    """As in "A hard week"; not "no hard week", "if you feel fresh", "less fresh", "last week was hard"."""
    sentence, mention = scene.sentence, mention_of(found)
    if is_negated(mention, scene) or is_conditional(mention, scene) or _is_general(found, scene):
        return False
    if any(denied.end == found.at for denied in running.find(_DENIED)):
        return False
    if any(
        sentence.between(m.at, found.at) < APART and m.at < found.at
        for tag in _ADVISED
        for m in sentence.tagged(tag)
    ):
        return False
    if any(m.at < found.at < m.end and not _TURNING.isdisjoint(m.sections) for m in sentence.mentions):
        return False  # "not a single hard day", "haven't fully recovered"
    ahead = sentence.ending.get(found.at)
    if ahead is None or _LESS.isdisjoint(ahead.sections):
        return True
    return "clause:growth" in ahead.tags or ahead.keys("direction") == {"flat"}


def _is_general(found: Found, scene: Scene) -> bool:
    """As in "Most athletes need rest"; not "most of your sessions"."""
    own = any(found.at <= m.at < found.end for m in scene.sentence.tagged("clause:general"))
    return not own and scene.is_general(found.at)
