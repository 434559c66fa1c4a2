"""What changes are of, where only the facts say it that they are changes of."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from training_analyzer.analysis.grounding.sayable import LEVELS, Reading

_GAIN: Final = "gain"
_BEST: Final = "best"


def inherited(readings: Sequence[Reading]) -> Iterator[Reading]:
    """
    Return readings; a change is of all that its number is of.

    A longest run is a distance, so its change is one, too; and a gain "over the best known" is of that best.
    """
    levels = {reading.base: reading for reading in readings if reading.role in LEVELS and reading.values}
    bests = [level for base, level in levels.items() if _BEST in base.split("_")]
    for reading in readings:
        level = levels.get(reading.base)
        if level is None and _GAIN in reading.base.split("_") and len(bests) == 1:
            yield replace(reading, concepts=bests[0].concepts, base=bests[0].base, stem=bests[0].stem)
        elif reading.role == "change" and level is not None and level.dimension == "length":
            yield replace(reading, concepts=reading.concepts | level.concepts)
        else:
            yield reading
