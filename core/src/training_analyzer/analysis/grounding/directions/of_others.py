"""What is said of other sessions: "none of them was lighter", "seven rides of the same length"."""

from typing import Final

from training_analyzer.analysis.grounding.scene import Scene
from training_analyzer.analysis.grounding.sentences import Mention
from training_analyzer.analysis.grounding.surroundings import NEAR

_COUNTED: Final = frozenset(
    {"load.down", "load.up", "time.down", "time.up", "intensity.down", "intensity.up"}
)
_LEADING: Final = frozenset({"role:versus", "role:at"})
"""As in "compared with the runs before", "after the runs before": they are not what is spoken of."""
_SHARE: Final = "session_lighter_share"


def is_of_no_other(mention: Mention, scene: Scene) -> bool:
    """As in "None of your rides was lighter"; not "no lighter than usual". The claims `none_*` ask of it."""
    if not mention.keys("implied") & _COUNTED or _SHARE not in scene.evidence.facts:
        return False
    sentence = scene.sentence
    nobody = (at for at in range(mention.at - 1) if sentence.is_word(at, "nobody"))
    return any(sentence.together(at, mention.at) for at in nobody)


def is_of_each_other(mention: Mention, scene: Scene) -> bool:
    """As in "Seven rides of much the same length": as one another, and not as before."""
    of = scene.sentence.ending.get(mention.at)
    rides = scene.sentence.ending.get(of.at) if of is not None and "article:of" in of.tags else None
    compared = scene.sentence.has_at(mention.end, "role:versus", "clause:like")
    flat = {key.partition(".")[2] for key in mention.keys("implied")} | mention.keys("direction") == {"flat"}
    return flat and rides is not None and bool(rides.keys("sport")) and not compared


def is_of_those_before(mention: Mention, scene: Scene) -> bool:
    """As in "Every run of the twelve weeks before was clearly shorter": than the one that is spoken of."""
    sentence, start = scene.sentence, mention.at
    before = next((m for m in sentence.tagged("role:usual") if 0 <= start - m.end <= NEAR), None)
    if before is None or not any(sentence.is_word(at, "were") for at in range(before.end, start)):
        return False
    rides = [m for m in sentence.naming("sport") if 0 <= before.at - m.end <= NEAR]
    return bool(rides) and not any(
        m.tags & _LEADING or m.keys("comparison")
        for m in sentence.mentions
        if rides[-1].at - NEAR <= m.at < start
    )


def tells_which_sessions(mention: Mention, scene: Scene) -> bool:
    """As in "As on other longer runs", "than your longer runs show": which they are, and no change."""
    sentence, noun = scene.sentence, scene.sentence.starting.get(mention.end)
    if (
        not mention.keys("implied")
        or noun is None
        or not (noun.keys("sport") or "metric:session" in noun.tags)
    ):
        return False
    return sentence.is_word(mention.at - 1, "known") and not sentence.has_at(noun.end, "role:versus")
