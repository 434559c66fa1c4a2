"""What a sentence says that facts do not tell: "which sport takes the most time is not known"."""

from typing import Final

from training_analyzer.analysis.grounding.phrases import Running
from training_analyzer.analysis.grounding.scene import Scene

_NOT_TOLD: Final = frozenset({"not_told"})


def is_unanswered(scene: Scene) -> bool:
    """As in "These numbers do not show which sport takes the most time": it claims none."""
    running = Running(scene.sentence.tokens, scene.language)
    return next(running.find(_NOT_TOLD), None) is not None
