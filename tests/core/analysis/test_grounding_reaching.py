"""What is said to have been reached is held against what was done; so is what both halves, or weeks, were."""

from collections.abc import Sequence

import pytest

from training_analyzer.analysis.grounding import evidence, verify
from training_analyzer.domain.insight import Fact

WALKS = [
    Fact(id="steps", label="steps of the walk", value=9300, unit="steps", decimals=0),
    Fact(id="steps_day", label="steps of the day", value=11800, unit="steps", decimals=0),
    Fact(id="steps_goal", label="goal for the steps of the day", value=10000, unit="steps", decimals=0),
    Fact(id="walks_week", label="walks of the week", value=5, unit="walks", decimals=0),
    Fact(id="walks_goal", label="goal for the walks of the week", value=6, unit="walks", decimals=0),
]
RUN = [
    Fact(id="pace", label="average pace of the run", value=330, unit="s/km", decimals=0),
    Fact(id="pace_half1", label="average pace of the first half of the run", value=334, unit="s/km"),
    Fact(id="pace_half2", label="average pace of the second half of the run", value=326, unit="s/km"),
]
WEEKS = [
    Fact(id="rising_weeks", label="weeks in a row in which load rose", value=3, unit="weeks", direction="up"),
    Fact(id="days_month", label="days of the month", value=31, unit="days"),
    Fact(id="fitness", label="fitness", value=66.4, unit="", decimals=1),
]
RIDE = [
    Fact(id="average_power", label="average power of the ride", value=214, unit="W"),
    Fact(id="normalized_power", label="normalized power of the ride", value=226, unit="W"),
    Fact(id="ftp", label="functional threshold power", value=265, unit="W"),
    Fact(id="intensity", label="normalized power as a share of the threshold power", value=85, unit="%"),
]


@pytest.mark.parametrize(
    ("facts", "language", "right", "wrong"),
    [
        (
            WALKS,
            "en",
            "With 11,800 steps you passed your daily goal.",
            "The 9,300 steps took you past your goal.",
        ),
        (
            WALKS,
            "en",
            "You have not yet reached your goal of six walks.",
            "With five walks you met your goal.",
        ),
        (
            WALKS,
            "en",
            "You reached 83% of your goal of six walks.",
            "You did not reach your daily step goal.",
        ),
        (
            WALKS,
            "de",
            "Mit 11.800 Schritten hast du dein Tagesziel erreicht.",
            "Dein Schrittziel hast du verfehlt.",
        ),
        (
            WALKS,
            "fr",
            "Avec 11 800 pas, tu as atteint ton objectif.",
            "Avec 5 marches, tu as atteint ton objectif.",
        ),
        (
            WALKS,
            "es",
            "Con 11.800 pasos has superado tu objetivo.",
            "No has alcanzado el objetivo de 10.000 pasos.",
        ),
        (
            WALKS,
            "it",
            "Con 11.800 passi hai superato l'obiettivo.",
            "Non hai raggiunto l'obiettivo di 10.000 passi.",
        ),
        (
            WALKS,
            "nl",
            "Met 11.800 stappen heb je je doel gehaald.",
            "Met 5 wandelingen heb je je doel gehaald.",
        ),
        (WALKS, "pt", "Com 11.800 passos, atingiste a meta.", "Não atingiste a meta de 10.000 passos."),
        (RUN, "en", "The two halves were eight seconds apart.", "Both halves were run at 5:30/km."),
        (RUN, "de", "Im Schnitt bist du 5:30/km gelaufen.", "Beide Hälften bist du mit 5:30/km gelaufen."),
        (
            WEEKS,
            "en",
            "Three weeks of rising load are behind you.",
            "Four weeks of rising load are behind you.",
        ),
        (WEEKS, "fr", "Trois semaines de charge croissante.", "Quatre semaines de charge croissante."),
        (
            RIDE,
            "en",
            "At 214 W you rode at 81% of your threshold.",
            "At 214 W you rode at 85% of your threshold.",
        ),
        (RIDE, "en", "226 W amounts to 85% of your FTP.", "226 W amounts to 81% of your FTP."),
    ],
)
def test_what_was_reached_is_what_was_done(
    facts: Sequence[Fact], language: str, right: str, wrong: str
) -> None:
    assert verify(right, evidence(facts), language=language) == []
    assert verify(wrong, evidence(facts), language=language) != []


PLAN = [
    Fact(id="sessions_week", label="sessions of the week", value=6, unit="sessions"),
    Fact(id="sessions_planned", label="planned sessions of the week", value=7, unit="sessions"),
    Fact(id="time_week", label="moving time of the week", value=7.8, unit="h", decimals=1),
    Fact(id="time_planned", label="planned moving time of the week", value=8, unit="h", decimals=1),
]
SHORT = "sessions_week is short of sessions_planned"


@pytest.mark.parametrize(
    ("language", "text", "refusal"),
    [
        ("en", "You stuck to the plan of seven sessions.", SHORT),
        ("en", "You kept to the planned seven sessions.", SHORT),
        ("en", "You followed your plan of 8 hours.", "time_week is short of time_planned"),
        ("en", "You did every session you had planned.", "sessions_week is 6 of 7"),
        ("en", "You completed the seven planned sessions.", SHORT),
        ("de", "Du hast die sieben geplanten Einheiten absolviert.", SHORT),
        ("fr", "Tu as suivi le plan de sept séances.", SHORT),
        ("es", "Has completado las siete sesiones previstas.", SHORT),
        ("it", "Hai completato le sette sedute previste.", SHORT),
        ("nl", "Je hebt de zeven geplande trainingen afgewerkt.", SHORT),
        ("pt", "Você completou as sete sessões planejadas.", SHORT),
    ],
)
def test_a_plan_is_followed_where_as_much_was_done(language: str, text: str, refusal: str) -> None:
    assert any(refusal in found for found in verify(text, evidence(PLAN), language=language))


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "You did not complete the seven planned sessions."),
        ("en", "You did not stick to the plan of seven sessions."),
        ("en", "You completed six of the seven planned sessions."),
        ("en", "You completed six sessions instead of the planned seven."),
        ("de", "Du hast sechs der sieben geplanten Einheiten absolviert."),
        ("fr", "Tu as effectué six séances sur les sept prévues."),
        ("nl", "Je hebt zes van de zeven geplande trainingen afgewerkt."),
    ],
)
def test_less_than_a_plan_may_be_done(language: str, text: str) -> None:
    assert verify(text, evidence(PLAN), language=language) == []
