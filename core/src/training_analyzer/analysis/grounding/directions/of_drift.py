"""What a heartbeat gives goes down where something drifts: that is what a decoupling is."""

from training_analyzer.analysis.grounding.drifting import is_drift
from training_analyzer.analysis.grounding.sayable import UP_OR_DOWN
from training_analyzer.analysis.grounding.scene import Scene
from training_analyzer.analysis.grounding.sentences import Mention


def of_drift(mention: Mention, scene: Scene) -> list[str] | None:
    """
    Check "output per heartbeat fell by {session_decoupling}", of which the opposite never holds.

    None where no decoupling follows.
    """
    ways = mention.keys("direction") & UP_OR_DOWN
    if len(ways) != 1 or mention.keys("comparison"):
        return None
    sentence = scene.sentence
    drifts = [q for q in sentence.quantities if is_drift(q, scene) and sentence.together(q.at, mention.at)]
    beside = any(
        (mention.end <= q.at and not scene.quantities_between(mention.end, q.at)) or q.end == mention.at
        for q in drifts
    )
    if not beside:
        return None
    if "down" in ways or "clause:drifted" in mention.tags:
        return []
    return [f'"{mention.text}", but a heartbeat gave less in the second half']
