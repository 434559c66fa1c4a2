"""Paces held against a threshold, where a run has several: with no doubt, or by what is said of each."""

import pytest

from training_analyzer.analysis.grounding import evidence, verify
from training_analyzer.domain.insight import Fact

INTERVALS = [
    Fact(id="pace", label="average pace of the run", value=300, unit="s/km"),
    Fact(id="interval_pace", label="average pace of the intervals", value=228, unit="s/km"),
    Fact(id="first_interval_pace", label="pace of the first interval", value=230, unit="s/km"),
    Fact(id="last_interval_pace", label="pace of the last interval", value=224, unit="s/km"),
    Fact(id="threshold_pace", label="threshold pace", value=240, unit="s/km"),
]


@pytest.mark.parametrize("one", ["Your interval pace is", "The last interval was"])
def test_a_pace_is_on_one_side_of_the_threshold(one: str) -> None:
    known = evidence(INTERVALS)
    assert verify(f"{one} faster than your threshold pace.", known) == []
    assert any(
        "the other way round" in found for found in verify(f"{one} slower than your threshold pace.", known)
    )
