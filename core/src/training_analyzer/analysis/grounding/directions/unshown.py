"""Whether a text claims a direction that no fact shows, or says a word for one in passing."""

from typing import Final

from training_analyzer.analysis.grounding.directions.denying import is_negated
from training_analyzer.analysis.grounding.scene import Scene
from training_analyzer.analysis.grounding.sentences import Mention
from training_analyzer.analysis.grounding.surroundings import CLOSE

_MANNERS: Final = frozenset({"speed", "cadence", "power", "time", "distance", "load", "heart_rate", "hard"})
"""What may be said of how anything happens: "it fades faster", "a harder look"."""
_DRIFTING: Final = frozenset({"heart_rate", "power"})
_INTENSITY: Final = frozenset({"intensity"})
_PACES: Final = frozenset({"speed", "cadence"})
_COMPARED: Final = ("role:versus", "role:usual", "clause:back")


def is_claimed(mention: Mention, metrics: frozenset[str], scene: Scene) -> bool:
    """As in "You rode faster than usual"; not "fitness fades faster on paper", with no fact of a speed."""
    drifting = metrics <= _DRIFTING <= scene.spoken_metrics() and "decoupling" in scene.evidence.concepts
    if drifting and not scene.evidence.of(metrics):
        return False  # "pulse and power stayed together as usual"
    if metrics == _INTENSITY and is_negated(mention, scene):
        return False  # "it came from time, not from harder riding"
    if not mention.keys("implied") or not metrics <= _MANNERS:
        return True
    if any(not reading.derived for reading in scene.evidence.of(metrics)):
        return True
    sentence, at = scene.sentence, mention.at
    near = [m for m in sentence.mentions if m is not mention and sentence.together(m.at, at)]
    named = [scene.metrics_in(m) - metrics for m in near]
    if any(m.keys("sport") or scene.metrics_in(m) & metrics for m in near) or not any(named):
        return True
    if any(q.end == at or 0 <= q.at - mention.end <= CLOSE for q in sentence.quantities):
        return True
    return not metrics <= _PACES and any(not m.tags.isdisjoint(_COMPARED) for m in near)


def is_said_of_another(mention: Mention, metrics: frozenset[str], scene: Scene) -> bool:
    """As in "Fatigue held steady at 57 per hour": the number behind it is of something else."""
    behind = next((q for q in scene.sentence.quantities if 0 <= q.at - mention.end <= 1), None)
    said = scene.said.get(behind.at, ()) if behind else ()
    return bool(said and metrics) and all(metrics.isdisjoint(reading.concepts) for reading in said)


def follows_a_sport(mention: Mention, scene: Scene) -> bool:
    """As in "Cycling stayed at its usual 168 km"; not "a steady block", which says nothing of anything."""
    named = (m for m in scene.sentence.naming("sport") if m.end <= mention.at)
    return any(scene.sentence.together(m.at, mention.at) for m in named)


def is_told_of_something(mention: Mention, scene: Scene) -> bool:
    """As in "Running was down", "rose by 12 seconds"; not "a larger block is not behind it"."""
    at, sentence = mention.at, scene.sentence
    return bool(sentence.naming("sport")) or any(sentence.together(q.at, at) for q in sentence.quantities)
