"""What is counted is of its sport, one more is a difference, and days are until a race."""

import pytest

from training_analyzer.analysis.grounding import evidence, verify
from training_analyzer.domain.insight import Fact

FACTS = [
    Fact(id="swims_week", label="swims of the week", value=3, unit="swims"),
    Fact(id="rides_week", label="rides of the week", value=4, unit="rides"),
    Fact(id="run_pace", label="average pace of the run of the brick session", value=305, unit="s/km"),
    Fact(id="rest_days", label="days of the week without training", value=3, unit="rest days"),
    Fact(id="rest_days_before", label="days of the week before without training", value=2, unit="rest days"),
]


@pytest.mark.parametrize(
    ("language", "right", "wrong"),
    [
        ("en", "You swam three times.", "You swam four times."),
        ("nl", "Drie keer zwemmen, vier keer fietsen.", "Vier keer zwemmen, drie keer fietsen."),
        ("nl", "Eén rustdag meer dan vorige week.", "Eén rustdag minder dan vorige week."),
        ("de", "Einen Ruhetag mehr als letzte Woche.", "Einen Ruhetag weniger als letzte Woche."),
    ],
)
def test_a_count_is_of_its_sport_and_one_more_is_a_difference(language: str, right: str, wrong: str) -> None:
    assert verify(right, evidence(FACTS), language=language) == []
    assert verify(wrong, evidence(FACTS), language=language)


@pytest.mark.parametrize(
    ("language", "right", "wrong"),
    [
        ("en", "In eight days the race is on.", "In two weeks the race is on."),
        ("de", "Bis zum Rennen sind es noch acht Tage.", "Bis zum Rennen sind es noch zwei Wochen."),
        ("nl", "Over acht dagen is de wedstrijd.", "Over twee weken is de wedstrijd."),
    ],
)
def test_days_until_a_race_are_no_span_that_facts_rest_on(language: str, right: str, wrong: str) -> None:
    facts = [
        Fact(id="days_to_race", label="days until the road race", value=8, unit="days"),
        Fact(id="load_change_14d", label="load against 14 days ago", value=40, unit="%", direction="down"),
    ]
    assert verify(right, evidence(facts), language=language) == []
    assert verify(wrong, evidence(facts), language=language)


@pytest.mark.parametrize(
    ("language", "right", "wrong"),
    [
        ("en", "Three swims came to 7.9 km.", "Three swims of 7.9 km each."),
        ("fr", "Trois nages pour 7,9 km.", "Trois nages de 7,9 km chacune."),
        ("es", "Nadaste 7,9 km en tres sesiones.", "Tres sesiones de 7,9 km cada una."),
        ("it", "Hai nuotato 7,9 km in tre sessioni.", "Tre sessioni da 7,9 km ciascuna."),
        ("nl", "Drie keer zwemmen, samen 7,9 km.", "Drie zwembeurten van elk 7,9 km."),
        ("pt", "Você nadou 7,9 km em três sessões.", "Três sessões de 7,9 km cada."),
    ],
)
def test_what_all_came_to_is_not_what_each_was(language: str, right: str, wrong: str) -> None:
    facts = [
        Fact(id="swims_week", label="swims of the week", value=3, unit="swims"),
        Fact(id="swim_distance_week", label="swim distance of the week", value=7.9, unit="km", decimals=1),
    ]
    assert verify(right, evidence(facts), language=language) == []
    assert verify(wrong, evidence(facts), language=language)


@pytest.mark.parametrize(
    ("language", "right", "wrong"),
    [
        ("en", "One rest day more than the week before.", "As many rest days as the week before."),
        ("es", "Descansaste un día más que la semana anterior.", "Tantos descansos como la semana anterior."),
        ("nl", "Drie rustdagen, één meer dan vorige week.", "Evenveel rustdagen als vorige week."),
    ],
)
def test_three_are_not_as_many_as_two(language: str, right: str, wrong: str) -> None:
    assert verify(right, evidence(FACTS), language=language) == []
    assert verify(wrong, evidence(FACTS), language=language)


@pytest.mark.parametrize(
    ("language", "right", "wrong"),
    [
        (
            "en",
            "52.8 km of running, spread over four sessions.",
            "52.8 km of running, spread over six sessions.",
        ),
        (
            "es",
            "Corriste 52,8 km, repartidos en cuatro salidas.",
            "Corriste 52,8 km, repartidos en seis salidas.",
        ),
        (
            "nl",
            "Je liep 52,8 km, verdeeld over vier trainingen.",
            "Je liep 52,8 km, verdeeld over zes trainingen.",
        ),
        (
            "it",
            "La seduta più lunga è stata in bici.",
            "La seduta più lunga è stata di nuoto ed è durata 2 h 15 min.",
        ),
        (
            "de",
            "Die längste Einheit, eine Fahrt, dauerte 2 h 15 min.",
            "Die längste war im Wasser und dauerte 2 h 15 min.",
        ),
    ],
)
def test_sessions_are_of_the_sport_that_is_spread_over_them(language: str, right: str, wrong: str) -> None:
    facts = [
        Fact(id="load_week", label="training load of the week", value=418),
        Fact(id="sessions_week", label="sessions of the week", value=6, unit="sessions"),
        Fact(id="runs", label="runs of the week", value=4, unit="runs"),
        Fact(id="swims", label="swims of the week", value=1, unit="swim"),
        Fact(id="run_distance", label="run distance of the week", value=52.8, unit="km", decimals=1),
        Fact(
            id="longest_session",
            label="longest session of the week, a ride",
            value=2.25,
            unit="h",
            decimals=2,
        ),
    ]
    assert verify(right, evidence(facts), language=language) == []
    assert verify(wrong, evidence(facts), language=language)


@pytest.mark.parametrize(("direction", "holds"), [("down", True), ("up", False)])
def test_progress_is_of_what_moved_and_not_of_what_did_not(direction: str, holds: bool) -> None:
    facts = [
        Fact(id="run_pace", label="average run pace of the month", value=348, unit="s/km"),
        Fact.model_validate(
            {
                "id": "run_pace_change",
                "label": "average run pace against the month before, negative is faster",
                "value": -6 if direction == "down" else 6,
                "unit": "s/km",
                "direction": direction,
            }
        ),
        Fact(
            id="run_heart_rate_change",
            label="average heart rate of the runs against the month before",
            value=0,
            unit="bpm",
            direction="flat",
        ),
    ]
    text = "Your pace was 5:48 per km at an unchanged heart rate, a nice sign of progress."
    assert (verify(text, evidence(facts)) == []) is holds


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("Not a single week went by without a run.", False),
        ("If not a single week goes by without a run, fitness holds.", True),
    ],
)
def test_weeks_without_are_no_weeks_that_only_might_be(text: str, holds: bool) -> None:
    gap = Fact(id="gap", label="weeks without a run in the last 12 weeks", value=2, unit="weeks")
    assert (not verify(text, evidence([gap]))) is holds


def test_a_time_per_way_in_hours_stays_a_time() -> None:
    slow = Fact(id="slow", label="time per km of the hike", value=0.5, unit="h", decimals=1)
    assert not verify("Each kilometre took you half an hour.", evidence([slow]))
    assert verify("Each kilometre took you 48 minutes.", evidence([slow]))
