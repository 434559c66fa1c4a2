"""What a text says of how somebody, or a week, is: fresh, calm, at a new high."""

from collections.abc import Iterator
from typing import Final

from training_analyzer.analysis.grounding.directions.claims import is_conditional, is_negated
from training_analyzer.analysis.grounding.directions.moving import directions_of
from training_analyzer.analysis.grounding.reading import Mention
from training_analyzer.analysis.grounding.scene import Scene

_FORM: Final = frozenset({"form"})
_SIGNS: Final = {"positive": "up", "negative": "down"}
_ALIKE: Final = 0.005


def states(scene: Scene) -> Iterator[str]:
    """Return what the text says of how somebody is ("fresh") that the sign of a fact does not show."""
    for mention in scene.sentence.mentions:
        if is_conditional(mention, scene):
            continue
        for key in mention.keys("state"):
            metric, _, sign = key.partition(".")
            readings = [r for r in scene.evidence.of(frozenset({metric})) if r.role in ("now", "change")]
            negated = is_negated(mention, scene)
            shown = any(
                (r.values[0] > 0) == (sign == "positive") if r.role == "now" else r.direction == _SIGNS[sign]
                for r in readings
            )
            if shown == negated:
                yield f'"{mention.text}", which no fact of {metric} shows'
        signs = mention.keys("sign")
        if signs and "form" in scene.subject_of(mention) and not _is_where_it_was(mention, scene):
            below = {r.values[0] < 0 for r in scene.evidence.of(_FORM) if r.role == "now"}
            if below and ("negative" in signs) not in below and not is_negated(mention, scene):
                yield f'"{mention.text}", which form is not'


def _is_where_it_was(mention: Mention, scene: Scene) -> bool:
    """As in "Form has swung from just below zero to 15.6"."""
    return any(
        m.end == mention.at and m.tags & {"role:from", "role:versus"} for m in scene.sentence.naming("role")
    )


def calls_calm(scene: Scene) -> Iterator[str]:
    """As in "A quiet week": no more than usual."""
    for mention in scene.sentence.tagged("calm:any"):
        shown = directions_of(frozenset({"load"}), mention, scene)
        if shown == {"up"} and not is_negated(mention, scene) and not is_conditional(mention, scene):
            yield f'"{mention.text}", but load went up'


def calls_new(scene: Scene) -> Iterator[str]:
    """As in "Fitness has hit a new high of 81", where that is the highest, and it is lower now."""
    for mention in scene.sentence.tagged("clause:new"):
        for at, said in scene.said.items():
            together = scene.sentence.together(at, mention.at)
            values = [r.values[0] for r in said if r.role == "now" and together]
            others = [
                other.values[0]
                for reading in said
                for other in scene.evidence.by_dimension.get(reading.dimension, ())
                if other.role == "now" and not other.derived and other.concepts == reading.concepts
            ]
            if values and any(
                abs(other - values[0]) > abs(values[0]) * _ALIKE and (other > values[0] or said[0].statistic)
                for other in others
            ):
                yield f'"{mention.text}", but {said[0].ids[0]} is not new'
