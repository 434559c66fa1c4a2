"""What other facts there are beside one: of how it is now, was once, or usually is."""

from training_analyzer.analysis.grounding.misfits.spans import LONG, ONE_WEEK
from training_analyzer.analysis.grounding.sayable import Reading
from training_analyzer.analysis.grounding.scene import Scene
from training_analyzer.analysis.grounding.units import Dimension


def has_usual(scene: Scene, reading: Reading) -> bool:
    return any(
        other.role == "usual"
        and not other.derived
        and not other.earlier
        and other.things == reading.things
        and (not reading.sports or reading.sports == other.sports)
        and other.dimension == reading.dimension
        and (other.concepts <= reading.concepts or reading.concepts <= other.concepts)
        for other in scene.evidence.of(reading.concepts)
    )


def has_earlier(scene: Scene, reading: Reading) -> bool:
    return any(
        other.earlier
        and not other.derived
        and max(other.days, default=ONE_WEEK) < min(LONG) + 1
        and other.concepts == reading.concepts
        and other.sports == reading.sports
        for other in scene.evidence.of(reading.concepts)
    )


def has_now(scene: Scene, reading: Reading, dimension: Dimension | None = None) -> bool:
    """Return whether a fact says how it is now: one in that dimension, where it must be comparable."""
    return any(
        other.role == "now" and other.concepts == reading.concepts and dimension in (None, other.dimension)
        for other in scene.evidence.of(reading.concepts)
    )
