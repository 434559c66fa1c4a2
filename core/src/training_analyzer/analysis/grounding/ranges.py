"""Usual ranges of which facts tell both ends: "lower end of the usual range"."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from training_analyzer.analysis.grounding.sayable import Reading
from training_analyzer.domain.insight import Fact

_END: Final = re.compile(r"\b(?:lower|upper) (?:end|limit|bound|edge)\b")


def ends_of_ranges(facts: Iterable[Fact]) -> frozenset[str]:
    """Return the ids of the facts that are an end of a range."""
    return frozenset(fact.id for fact in facts if _END.search(fact.label))


def sides_of_ranges(by_id: Mapping[str, Reading], ends: frozenset[str]) -> Iterator[tuple[Reading, int]]:
    """Return what is now, and on which side of its range: below (-1), within (0), or above (1)."""
    limits = [by_id[fact_id] for fact_id in ends]
    for low in limits:
        for high in limits:
            if low.concepts != high.concepts or low.values[0] >= high.values[0]:
                continue
            for one in by_id.values():
                if one.role == "now" and one.ids[0] not in ends and one.concepts == low.concepts:
                    value = one.values[0]
                    yield one, (value > high.values[0]) - (value < low.values[0])
