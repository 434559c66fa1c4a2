"""What is said to be given up is what stands behind the verb, or else right ahead of it."""

import pytest

from training_analyzer.analysis.grounding import evidence, verify
from training_analyzer.domain.insight import Fact

MONTH = [
    Fact(id="swims_28d", label="swims of the last 28 days", value=0, unit="swims"),
    Fact(id="runs_28d", label="runs of the last 28 days", value=8, unit="runs"),
    Fact(id="rides_28d", label="rides of the last 28 days", value=12, unit="rides"),
    Fact(id="intervals_28d", label="interval sessions of the last 28 days", value=0, unit="sessions"),
]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "As a runner you gave up swimming completely."),
        ("en", "On the bike you left out the intervals completely."),
        ("de", "Neben dem Laufen hast du das Schwimmen komplett aufgegeben."),
    ],
)
def test_what_else_is_named_is_not_given_up(language: str, text: str) -> None:
    assert verify(text, evidence(MONTH), language=language) == []


@pytest.mark.parametrize(
    ("language", "text", "refusal"),
    [
        ("en", "As a swimmer you gave up running completely.", "but runs_28d is 8"),
        ("de", "Neben dem Schwimmen hast du das Laufen komplett aufgegeben.", "but runs_28d is 8"),
    ],
)
def test_what_was_done_is_not_given_up(language: str, text: str, refusal: str) -> None:
    assert any(refusal in found for found in verify(text, evidence(MONTH), language=language))
