"""The first and the last of what is repeated: intervals, laps, climbs."""

from typing import Final

from training_analyzer.analysis.grounding.quantities import Quantity
from training_analyzer.analysis.grounding.sayable import Reading
from training_analyzer.analysis.grounding.scene import Scene
from training_analyzer.analysis.grounding.sentences import APART
from training_analyzer.analysis.grounding.surroundings import CLOSE, NEAR

_JOINING: Final = frozenset({"clause:and", "role:to", "role:versus"})


def are_named(scene: Scene) -> bool:
    """As in "Von der ersten zur letzten Wiederholung"."""
    return scene.sentence.has("end:first") and scene.sentence.has("end:last")


def leads_back(scene: Scene, at: int) -> bool:
    """As in "The first was faster than the last": what is compared is the first."""
    than = next((m.end for m in scene.sentence.tagged("role:versus") if m.at >= at), None)
    return than is not None and any(0 <= m.at - than < NEAR for m in scene.sentence.tagged("end:last"))


def _end_of(quantity: Quantity, scene: Scene) -> str:
    """Return of which end a number is: "you started at 242 W and finished at 233", "238 W in the last"."""
    sentence, at, end = scene.sentence, quantity.at, quantity.end
    named = [m for m in sentence.naming("end") if sentence.between(m.at, at) < APART]
    joined = [m.at for m in sentence.mentions if m.tags & _JOINING]
    behind = [
        m
        for m in named
        if 0 <= m.at - end <= CLOSE
        and not scene.parts_numbers(end, m.at)
        and not any(end <= place < m.at for place in joined)
    ]
    ahead = [m for m in named if m.end <= at and not scene.parts_numbers(m.end, at)]
    beside = [m for m in ahead if m.end == at]
    ends = frozenset[str]().union(*(m.keys("end") for m in beside or behind or ahead))
    return min(ends) if len(ends) == 1 else ""


def is_of_end(reading: Reading, quantity: Quantity, scene: Scene) -> bool | None:
    """Return whether a number is said to be of the end that a fact is of; None where of neither."""
    if not scene.evidence.ends:
        return None
    pair = next((pair for pair in scene.evidence.ends if reading.ids in (pair[0].ids, pair[1].ids)), None)
    end = _end_of(quantity, scene) if pair else ""
    return reading.ids == pair[end == "last"].ids if pair and end else None
