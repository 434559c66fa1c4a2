"""Over which way, or for how long, something is done: "5 km", "twenty minutes", "your best hour"."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from training_analyzer.analysis.grounding.labels import MARATHONS
from training_analyzer.analysis.grounding.sayable import Reading
from training_analyzer.analysis.grounding.surroundings import Surroundings

_NAMED: Final = {"thing:half_marathon": MARATHONS["half marathon"], "unit:h": 3600.0}
_NO: Final = frozenset[float]()


class Stretch(NamedTuple):
    """A stretch of which a sentence speaks."""

    at: int
    end: int
    size: float
    """In metres or seconds."""


def stretches_of(fact: Reading, scene: Surroundings) -> frozenset[float]:
    """Return over what a fact is a best; a gain is over what the best is that it is of."""
    label = scene.evidence.label_of(fact)
    if "best" not in label.superlatives:
        return _NO
    best = scene.evidence.by_id.get(fact.base)
    return label.stretches or (scene.evidence.label_of(best).stretches if best is not None else _NO)


def named_stretches(scene: Surroundings) -> list[Stretch]:
    """Return the ways and times over which something may be a best, in the order of the words."""
    sentence = scene.sentence
    counted = {at for q in sentence.quantities for at in range(q.at, q.end)}
    named = [
        Stretch(m.at, m.end, size)
        for m in sentence.mentions
        if m.at not in counted
        for tag, size in _NAMED.items()
        if tag in m.tags
    ]
    return sorted([*named, *_measured(scene)])


def _measured(scene: Surroundings) -> Iterator[Stretch]:
    """As in "Over five minutes and over twenty": the unit is not said again."""
    known, unit = scene.evidence.lengths | scene.evidence.seconds, 1.0
    for quantity in scene.sentence.quantities:
        if quantity.fact or not quantity.meanings or not scene.is_window(quantity):
            continue
        meaning = quantity.meanings[0]
        bare = meaning.dimension is None
        size = meaning.value * unit if bare else meaning.value
        if size in known and meaning.dimension != "days":
            yield Stretch(quantity.at, quantity.end, size)
            unit = unit if bare else meaning.factor
