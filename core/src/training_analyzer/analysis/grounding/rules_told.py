"""What the texts of rules state: their numbers, each with what it is of."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from training_analyzer.analysis.grounding.labels import QUALIFIERS, Label, named
from training_analyzer.analysis.grounding.lexicon import lexicon
from training_analyzer.analysis.grounding.reading import read
from training_analyzer.analysis.grounding.units import Dimension, unit_of_fact
from training_analyzer.domain.insight import Fact


@dataclass(frozen=True, slots=True)
class Told:
    """A number that a rule states, in its unit, and of which metrics it may be."""

    value: float
    dimension: Dimension | None
    concepts: frozenset[str]


def told_by_rule(text: str, facts: Sequence[Fact], labels: Mapping[str, Label]) -> Iterator[Told]:
    """
    Return the numbers of a rule, each with what it is of.

    That is what the facts of its unit are of which the rule speaks; else what stands in its sentence, or
    in the others.
    """
    sentences = read(text, lexicon("en"))
    spoken = {quantity.fact for sentence in sentences for quantity in sentence.quantities if quantity.fact}
    for sentence in sentences:
        near = named([sentence], "metric") or named(sentences, "metric")
        for quantity in sentence.quantities:
            if quantity.spelled_one or not quantity.meanings:
                continue
            meaning = quantity.meanings[0]
            alike = [
                labels[fact.id].concepts
                for fact in facts
                if fact.id in spoken and unit_of_fact(fact.unit)[0] == meaning.dimension
            ]
            concepts = frozenset[str]().union(*alike) or near
            values = (meaning.value,) if quantity.upper is None else (meaning.value, quantity.upper)
            for value in values:
                yield Told(value, meaning.dimension, concepts - QUALIFIERS or concepts)
