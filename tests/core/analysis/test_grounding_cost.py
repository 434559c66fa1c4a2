"""What a text costs does not grow with what it says nothing of: calls are counted, not seconds."""

from collections.abc import Callable, Sequence
from types import ModuleType
from typing import Any

import pytest

from training_analyzer.analysis.grounding import between, evidence, since_when, verify
from training_analyzer.domain.insight import Fact

SWIMS = [
    Fact(id="swims", label="swims of the month", value=11, unit="swims"),
    Fact(id="swims_planned", label="planned swims of the month", value=8, unit="swims"),
]
FORM = [Fact(id="form", label="form, the highest of the last 90 days", value=15.3, decimals=1)]

Counting = Callable[[ModuleType, str], Callable[[str, Sequence[Fact]], int]]


@pytest.fixture
def counting(monkeypatch: pytest.MonkeyPatch) -> Counting:
    """Return how often a function is called while a text is verified."""

    def of(module: ModuleType, name: str) -> Callable[[str, Sequence[Fact]], int]:
        calls, counted = list[str](), getattr(module, name)

        def call(*args: Any) -> Any:
            calls.append(name)
            return counted(*args)

        def times(text: str, facts: Sequence[Fact]) -> int:
            calls.clear()
            verify(text, evidence(facts))
            return len(calls)

        monkeypatch.setattr(module, name, call)
        return times

    return of


@pytest.mark.parametrize(
    ("text", "nevers"),
    [
        ("Your form has never been higher in the last 90 days.", 1),
        ("In the last 90 days your form was never higher, and never better.", 2),
        ("Your form is the highest of the last 90 days.", 0),
    ],
)
def test_each_never_is_held_against_the_facts_once(counting: Counting, text: str, nevers: int) -> None:
    assert counting(since_when, "_is_never_beyond")(text, FORM) == nevers


def test_opposites_are_looked_for_only_where_one_is_named(counting: Counting) -> None:
    looked = counting(between, "part_of")
    assert looked("Your 11 swims are four more than planned.", SWIMS) == 0
    assert looked("Your slowest 11 swims are four more than planned.", SWIMS) > 0


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("more " * 110, "110 directions in a sentence; 10 are read"),
        ("longest climb climbs " * 25, "directions in a sentence; 10 are read"),
        ("You swam 11 times. " * 25, "more than 24 numbers; no more are read"),
        ("You swam, " * 50, "150 words in a sentence; 120 are read"),
    ],
)
def test_what_nobody_would_say_is_refused_unread(text: str, reason: str) -> None:
    assert any(reason in found for found in verify(text, evidence(SWIMS)))
