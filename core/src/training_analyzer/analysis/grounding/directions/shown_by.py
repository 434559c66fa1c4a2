"""What is said of one metric, and shown by another: "faster at the same pulse" by what a heartbeat gives."""

from collections.abc import Sequence
from typing import Final

from training_analyzer.analysis.grounding.directions.moving import directions_of
from training_analyzer.analysis.grounding.scene import Scene
from training_analyzer.analysis.grounding.sentences import Mention

EFFICIENCY: Final = frozenset({"efficiency"})
FATIGUE: Final = frozenset({"fatigue"})
FORM: Final = frozenset({"form"})
_LOADING: Final = frozenset({"load", "intensity", "hard", "heart_rate", "power", "speed"})
_OF_LOAD: Final = frozenset({"load.up", "load.down", "intensity.up", "intensity.down"})


def is_shown_by_form(implied: Sequence[str], mention: Mention, scene: Scene) -> bool:
    """As in "More demanding than you are used to", where no fact is of the load: it is why form falls."""
    of_load = bool(implied) and implied[0] in _OF_LOAD
    return of_load and not directions_of(_LOADING, mention, scene)


def is_at_the_same_pulse(metrics: frozenset[str], mention: Mention, scene: Scene) -> bool:
    """As in "Bei gleichem Puls bist du schneller oder stärker": each heartbeat gives more."""
    if directions_of(metrics, mention, scene) or not directions_of(EFFICIENCY, mention, scene):
        return False
    sentence = scene.sentence
    same = (m for m in sentence.tagged("metric:heart_rate") if sentence.together(m.at, mention.at))
    return any(sentence.has_before(m.at, "direction:flat", "clause:same") for m in same)
