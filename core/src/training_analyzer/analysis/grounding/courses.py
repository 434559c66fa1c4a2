"""What a course was like: a text may say it where facts tell of its climbing."""

from typing import Final

from training_analyzer.analysis.grounding.scene import Scene

COURSES: Final = frozenset({"hill", "terrain", "flat_course"})
_HILLS: Final = frozenset({"hill", "hills", "uphill", "climb", "climbs"})
"""Words of labels that speak of a hill."""


def is_told(of: frozenset[str], known: frozenset[str], scene: Scene) -> bool:
    """As in "The hilly course", of so many metres of climbing; "a flat one (35 m of ascent)"."""
    hilly = bool(_HILLS & scene.evidence.words)
    climbed = "elevation" in known
    if of == {"flat_course"}:
        return climbed and scene.spoken_of("metric:elevation")
    return hilly or (climbed and of == {"terrain"})
