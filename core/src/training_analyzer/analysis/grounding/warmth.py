"""What the weather is called where a fact of temperature tells: hot, warm, cool, cold."""

from typing import Final

from training_analyzer.analysis.grounding.scene import Scene
from training_analyzer.analysis.grounding.sentences import Mention

_TEMPERATURE: Final = frozenset({"temperature"})
_FELT: Final = {
    "hot": (25.0, 60.0),
    "warm": (18.0, 60.0),
    "cool": (0.0, 16.0),
    "cold": (-60.0, 8.0),
    "freezing": (-60.0, 0.0),
}
"""From which temperature to which, in degrees Celsius, it is called so. Our choice."""


def is_felt(mention: Mention, scene: Scene) -> bool:
    """As in "A cold week, at minus six degrees"."""
    return any(
        low <= reading.values[0] <= high
        for reading in scene.evidence.of(_TEMPERATURE)
        if reading.role == "now" and not reading.derived and reading.dimension == "temperature"
        for low, high in map(_FELT.__getitem__, mention.keys("warmth"))
    )
