"""The first and the last of what is repeated: intervals, laps, climbs."""

from training_analyzer.analysis.grounding.scene import Scene
from training_analyzer.analysis.grounding.surroundings import NEAR


def are_named(scene: Scene) -> bool:
    """As in "Von der ersten zur letzten Wiederholung"."""
    return scene.sentence.has("end:first") and scene.sentence.has("end:last")


def leads_back(scene: Scene, at: int) -> bool:
    """As in "The first was faster than the last": what is compared is the first."""
    than = next((m.end for m in scene.sentence.tagged("role:versus") if m.at >= at), None)
    return than is not None and any(0 <= m.at - than < NEAR for m in scene.sentence.tagged("end:last"))
