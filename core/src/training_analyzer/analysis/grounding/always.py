"""What is said to be so each time: "you rode every day", "load rose every week"."""

from collections.abc import Iterator
from typing import Final

from training_analyzer.analysis.grounding.scene import Scene
from training_analyzer.analysis.grounding.sentences import APART, Mention
from training_analyzer.analysis.grounding.surroundings import NEAR

_TRAINED: Final = frozenset({"session", "training_day", "time"})
_REST: Final = frozenset({"rest_day"})


def always(scene: Scene) -> Iterator[str]:
    """As in "Load rose every week", "you rode every day", which need a fact that says so."""
    for mention in scene.sentence.naming("always"):
        if not _is_claimed(mention, scene) or ("always:day" in mention.tags and _trained_daily(scene)):
            continue
        yield f'"{mention.text}", of which no fact speaks'


def _is_claimed(mention: Mention, scene: Scene) -> bool:
    """Return whether something is said to be so each time: it rose, or somebody trained."""
    sentence = scene.sentence
    if any(0 <= mention.at - m.end <= NEAR for m in sentence.tagged("negation:not")):
        return False
    if any(sentence.between(q.at, mention.at) < APART for q in sentence.quantities if not scene.is_window(q)):
        return False  # "8 hours each week": a number, and checked as such
    if any(m.end <= mention.at <= m.end + NEAR for m in sentence.tagged("role:versus")):
        return False
    return any(
        (m.keys("direction") & {"up", "down"} or m.keys("sport") or m.keys("metric") & _TRAINED)
        and sentence.between(m.at, mention.at) < APART
        for m in sentence.mentions
    )


def _trained_daily(scene: Scene) -> bool:
    """Return whether there was no day of rest, and the sport that is named is the only one."""
    evidence = scene.evidence
    if scene.sports and not evidence.sports <= scene.sports:
        return False
    rested = [r.values[0] for r in evidence.of(_REST) if r.role == "now" and "rest_day" in r.concepts]
    return 0 in rested
