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


CLIMBED = [
    Fact(id="climbs", label="climbs of the ride", value=3, unit="climbs"),
    Fact(id="elevation_gain", label="ascent of the ride", value=2250, unit="m"),
    Fact(id="longest_climb_time", label="duration of the longest climb", value=2880, unit="s"),
    Fact(id="speed", label="average speed of the ride", value=25, unit="km/h"),
    Fact(
        id="speed_change",
        label="average speed against usual rides",
        value=9.1,
        unit="%",
        decimals=1,
        direction="down",
    ),
]


@pytest.mark.parametrize(
    ("language", "right", "wrong"),
    [
        ("en", "The longest climb took 48 minutes.", "The longest climb lasted an hour."),
        ("de", "Der längste Anstieg dauerte 48 Minuten.", "Der längste Anstieg dauerte eine Stunde."),
        ("fr", "La montée la plus longue a duré 48 minutes.", "La montée de la vitesse est nette."),
        ("es", "La subida más larga duró 48 minutos.", "La subida más larga duró una hora."),
        ("it", "Sulla salita più lunga 48 minuti.", "La salita più lunga è durata oltre un'ora."),
        ("nl", "De langste klim duurde 48 minuten.", "De langste klim duurde een uur."),
        ("pt", "Na subida mais longa, 48 minutos.", "A subida mais longa durou uma hora."),
    ],
)
def test_a_climb_is_a_hill_where_it_is_the_longest(language: str, right: str, wrong: str) -> None:
    assert verify(right, evidence(CLIMBED), language=language) == []
    assert verify(wrong, evidence(CLIMBED), language=language)


@pytest.mark.parametrize(
    ("language", "right", "wrong"),
    [
        ("es", "Rodaste a una velocidad peor.", "Rodaste a una velocidad mejor."),
        ("fr", "Tu as roulé à une vitesse pire.", "Tu as roulé à une meilleure vitesse."),
        ("it", "La velocità è stata peggiore.", "La velocità è stata migliore."),
        ("pt", "Você pedalou a uma velocidade pior.", "Você pedalou a uma velocidade melhor."),
    ],
)
def test_behind_an_indefinite_article_the_best_is_better(language: str, right: str, wrong: str) -> None:
    assert verify(right, evidence(CLIMBED), language=language) == []
    assert verify(wrong, evidence(CLIMBED), language=language)


def test_a_word_that_says_both_better_and_up_is_read() -> None:
    """As in "Step forward": only "up" has a side beyond which "never" goes."""
    assert verify("Your form has never taken such a step forward.", evidence(FACTS))
