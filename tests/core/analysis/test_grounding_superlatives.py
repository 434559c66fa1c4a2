"""What is called the best is so now, and for no longer than a fact says."""

import pytest

from training_analyzer.analysis.grounding import evidence, verify
from training_analyzer.domain.insight import Fact

FACTS = [
    Fact(id="form", label="form, the highest of the last 90 days", value=15.3, decimals=1, direction="up"),
    Fact(id="fitness", label="fitness", value=63.5, decimals=1),
    Fact(id="fitness_peak", label="highest fitness of the last 365 days", value=69.0, decimals=1),
]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Your form is the highest of the last 90 days."),
        ("en", "Your form has never been higher in the last 90 days."),
        ("de", "In den letzten 90 Tagen war deine Form nie höher als jetzt."),
        ("nl", "In de laatste 90 dagen was je vorm nooit hoger dan nu."),
        ("en", "Your highest fitness of the year is 69."),
        ("de", "Deine Fitness ist nicht die höchste des Jahres."),
        ("es", "Tu condición está cerca del máximo del año."),
    ],
)
def test_what_a_fact_calls_the_best_may_be_called_so(language: str, text: str) -> None:
    assert verify(text, evidence(FACTS), language=language) == []


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Your form of 15.3 is the highest of the year."),
        ("de", "Deine Form ist die höchste der letzten 365 Tage."),
        ("nl", "Je vorm staat op 15,3, de hoogste waarde in een jaar."),
        ("en", "Your form has never been higher."),
        ("de", "In den letzten 90 Tagen war deine Form nie niedriger als jetzt."),
        ("en", "Your fitness has never been higher in the last 90 days."),
        ("en", "Your fitness is the highest of the year."),
        ("en", "Your fitness has reached its highest level of the year."),
        ("nl", "Je conditie heeft het hoogste niveau van het jaar bereikt."),
        ("pt", "Seu condicionamento está hoje no ponto mais alto do ano."),
        ("es", "Tu forma física se encuentra en su nivel más alto del año."),
    ],
)
def test_no_longer_than_it_says_and_not_what_is_surpassed(language: str, text: str) -> None:
    assert any("superlative" in one for one in verify(text, evidence(FACTS), language=language))
