"""Claims in so many words that facts contradict: "no hard day" where there were three."""

from training_analyzer.analysis.grounding.contradicted import claims
from training_analyzer.analysis.grounding.judged.stating import is_stated
from training_analyzer.analysis.grounding.phrases import Found, Running
from training_analyzer.analysis.grounding.scene import Scene


def judge(found: Found, running: Running, scene: Scene) -> str:
    """As in "At a form of {form} you are deep in fatigue", where form is 17."""
    return claims()[found.key].written if is_stated(found, running, scene) else ""
