"""What the words around a number or a verb make of it: told in turn, per so many metres, beaten or beating."""

import pytest

from training_analyzer.analysis.grounding import evidence, verify
from training_analyzer.domain.insight import Fact

RUN = [
    Fact(id="first_half_pace", label="average pace of the first half", value=341, unit="s/km"),
    Fact(id="second_half_pace", label="average pace of the second half", value=331, unit="s/km"),
    Fact(id="heart_rate", label="average heart rate of the run", value=146, unit="bpm"),
    Fact(id="heart_rate_usual", label="usual average heart rate of long runs", value=150, unit="bpm"),
    Fact(
        id="heart_rate_change",
        label="average heart rate against the usual long run",
        value=4,
        unit="bpm",
        direction="down",
    ),
]
ROW = [
    Fact(id="split", label="average split of the week's rowing", value=128, unit="s/500m"),
    Fact(id="split_usual", label="average split of the four weeks before", value=130, unit="s/500m"),
    Fact(
        id="split_change",
        label="average split against the four weeks before, negative is faster",
        value=-2,
        unit="s/500m",
        direction="down",
    ),
]
MONTH = [
    Fact(id="run_distance_28d", label="run distance of the last 28 days", value=148, unit="km"),
    Fact(id="runs_28d", label="runs of the last 28 days", value=16, unit="runs"),
    Fact(id="run_pace", label="average run pace of the month", value=336, unit="s/km"),
    Fact(id="run_pace_before", label="average run pace of the month before", value=334, unit="s/km"),
]
SWIM = [
    Fact(id="swims", label="swims of the month", value=11, unit="swims"),
    Fact(id="open_water_swims", label="open-water swims of the month", value=3, unit="swims"),
    Fact(
        id="longest_swim",
        label="longest swim of the month, the longest of the year",
        value=3600,
        unit="m",
        direction="up",
    ),
    Fact(id="ramp_rate", label="fitness against a week ago", value=1.8, decimals=1, direction="up"),
]

LAST = [
    Fact(id="last_km_pace", label="pace of the last kilometre", value=312, unit="s/km"),
    Fact(id="longest_run", label="longest run of the last 28 days", value=15.5, decimals=1, unit="km"),
    Fact(id="best_5k", label="best 5 km time of the last 12 months", value=1305, unit="s"),
    Fact(id="load", label="training load of the run", value=94),
    Fact(id="load_usual", label="usual load of runs of the last 60 days", value=78),
    Fact(id="load_change", label="load against the usual run", value=20.5, unit="%", direction="up"),
]


@pytest.mark.parametrize(
    ("facts", "language", "right", "wrong"),
    [
        (
            RUN,
            "de",
            "Die zweite Hälfte war schneller als die erste: 5:31 nach 5:41 min/km.",
            "Die zweite Hälfte war schneller als die erste: 5:41 nach 5:31 min/km.",
        ),
        (
            RUN,
            "en",
            "The second half was faster than the first (5:31 versus 5:41 per km).",
            "The second half was faster than the first (5:41 versus 5:31 per km).",
        ),
        (
            RUN,
            "fr",
            "Ton cœur a battu quatre pulsations de moins que lors de tes sorties longues.",
            "Ton cœur a battu quatre pulsations de plus que lors de tes sorties longues.",
        ),
        (
            ROW,
            "fr",
            "Ton temps moyen aux 500 m est passé de 2:10 à 2:08.",
            "Ton temps moyen aux 500 m est passé de 2:08 à 2:10.",
        ),
        (
            ROW,
            "de",
            "Die Zeit pro 500 m ist um zwei Sekunden gesunken.",
            "Die Zeit pro 500 m ist um zwei Sekunden gestiegen.",
        ),
        (
            MONTH,
            "fr",
            "Tu as couru en moyenne 37 km par semaine, répartis sur quatre sorties.",
            "Tu as couru en moyenne 37 km par semaine, répartis sur 16 sorties.",
        ),
        (
            MONTH,
            "de",
            "Das Lauftempo lag bei 5:36 min/km nach 5:34 im Monat davor.",
            "Das Lauftempo lag bei 5:34 min/km nach 5:36 im Monat davor.",
        ),
        (
            SWIM,
            "de",
            "Deine längste Schwimmstrecke des Jahres fällt in diesen Monat: 3,6 km.",
            "Deine längste Schwimmstrecke des Jahres fiel diesen Monat um 3,6 km.",
        ),
        (
            SWIM,
            "de",
            "Drei deiner elf Schwimmeinheiten fanden im Freiwasser statt.",
            "Drei deiner elf Schwimmeinheiten fanden im Meer statt.",
        ),
        (
            LAST,
            "fr",
            "Tu as bouclé le dernier kilomètre en 5:12.",
            "Tu as bouclé le dernier kilomètre en 5:21.",
        ),
        (
            LAST,
            "en",
            "Your 15.5 km run is the longest you have done in the last 28 days.",
            "Your 15.5 km run is the longest you have done since the start of the year.",
        ),
        (LAST, "fr", "La charge de 94 dépasse la normale.", "La charge de 94 correspond à la normale."),
        (SWIM, "en", "Fitness grows by 1.8 points per week.", "Fitness grows by 1.8 points per day."),
        (SWIM, "de", "Die Fitness wächst um 1,8 Punkte.", "Täglich kommen 1,8 Punkte Fitness dazu."),
    ],
)
def test_words_around_a_number_make_it_right_or_wrong(
    facts: list[Fact], language: str, right: str, wrong: str
) -> None:
    assert verify(right, evidence(facts), language=language) == []
    assert verify(wrong, evidence(facts), language=language)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "Deine persönliche Bestzeit über 5 km steht bei 21:45."),
        ("fr", "Ton record personnel sur 5 km est de 21:45."),
        ("nl", "Je persoonlijk record op 5 km is 21:45."),
    ],
)
def test_the_best_of_twelve_months_is_no_personal_best(language: str, text: str) -> None:
    facts = [Fact(id="best_5k", label="best 5 km time of the last 12 months", value=1305, unit="s")]

    assert verify(text, evidence(facts), language=language)


@pytest.mark.parametrize(
    ("text", "holds"),
    [("Keep your longest run to at most 15.5 km.", True), ("Keep your longest run to at most 17 km.", False)],
)
def test_advice_names_a_bound_as_it_is(text: str, holds: bool) -> None:
    assert (verify(text, evidence(LAST), language="en", advice=True) == []) is holds
