"""What is said of other sessions: "none of them was lighter", "seven rides of the same length"."""

from typing import Final

from training_analyzer.analysis.grounding.scene import Scene
from training_analyzer.analysis.grounding.sentences import Mention

_COUNTED: Final = frozenset(
    {"load.down", "load.up", "time.down", "time.up", "intensity.down", "intensity.up"}
)
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
