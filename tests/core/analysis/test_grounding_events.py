"""A race is of the kind that facts name, or that its length or the sports trained for tell."""

import pytest

from training_analyzer.analysis.grounding import evidence, verify
from training_analyzer.domain.insight import Fact

SPORTS = ("swim", "ride", "run")
KINDS = {
    "half-distance triathlon": {"70.3", "triathlon"},
    "Ironman": {"Ironman", "triathlon"},
    "sprint triathlon": {"sprint triathlon", "triathlon"},
    "marathon": {"marathon"},
    "half marathon": {"half marathon"},
}


def days_until(race: str) -> Fact:
    return Fact(id="days_to_race", label=f"days until the {race}", value=27, unit="days")


def is_refused(race: str, facts: list[Fact], language: str = "en") -> bool:
    texts = {"en": f"Your {race} is 27 days away.", "de": f"Dein {race} ist in 27 Tagen."}
    found = verify(texts[language], evidence(facts), language=language)
    assert all("of which no fact speaks" in one for one in found)
    return bool(found)


@pytest.mark.parametrize("race", KINDS)
@pytest.mark.parametrize("named", sorted(set().union(*KINDS.values())))
def test_a_race_is_called_what_it_is(race: str, named: str) -> None:
    assert is_refused(named, [days_until(race)]) == (named not in KINDS[race])


@pytest.mark.parametrize(
    ("named", "refused"), [("Mitteldistanztriathlon", False), ("Ironman", True), ("Marathon", True)]
)
def test_a_race_is_called_what_it_is_in_german(named: str, refused: bool) -> None:
    assert is_refused(named, [days_until("half-distance triathlon")], "de") == refused


@pytest.mark.parametrize(
    ("metres", "named", "refused"),
    [
        (21_097, "half marathon", False),
        (21_097, "marathon", True),
        (42_195, "marathon", False),
        (42_195, "ultra", True),
        (50_000, "ultra", False),
        (50_000, "marathon", True),
    ],
)
def test_the_length_of_a_race_says_what_it_is(metres: int, named: str, refused: bool) -> None:
    length = Fact(id="race_distance", label="distance of the race", value=metres, unit="m")
    assert is_refused(named, [days_until("race"), length]) == refused


@pytest.mark.parametrize(
    ("sports", "named", "refused"),
    [
        (SPORTS, "triathlon", False),
        (SPORTS, "Ironman", True),
        (SPORTS[1:], "duathlon", False),
        (SPORTS[1:], "triathlon", True),
    ],
)
def test_the_sports_that_are_trained_say_whether_it_has_three(
    sports: tuple[str, ...], named: str, refused: bool
) -> None:
    times = [
        Fact(id=f"{sport}_time", label=f"{sport} time of the week", value=2, unit="h") for sport in sports
    ]
    assert is_refused(named, [days_until("race"), *times]) == refused


@pytest.mark.parametrize("text", ["Your marathon is 26 days away.", "Your marathon is 27 weeks away."])
def test_days_until_a_race_are_counted(text: str) -> None:
    assert any("no fact says" in one for one in verify(text, evidence([days_until("marathon")])))


CLIMBED = [
    Fact(id="elevation_28d", label="ascent of the last 28 days", value=9_300, unit="m"),
    Fact(id="longest_ride", label="longest ride of the last 28 days", value=112, unit="km"),
    Fact(id="load", label="training load of the last 28 days", value=1_640),
    Fact(id="rides", label="rides of the last 28 days", value=14, unit="rides"),
    Fact(id="fitness", label="fitness", value=63.8, decimals=1),
    Fact(id="fatigue", label="fatigue", value=72.9, decimals=1),
    Fact(id="ftp", label="functional threshold power", value=248, unit="W"),
    Fact(id="days_to_event", label="days until the gran fondo", value=27, unit="days"),
    Fact(id="event_distance", label="distance of the gran fondo", value=135, unit="km"),
    Fact(id="event_elevation", label="ascent of the gran fondo", value=2_150, unit="m"),
]


@pytest.mark.parametrize(
    ("text", "language", "refused"),
    [
        ("The gran fondo has {} m of climbing in store.", "en", True),
        ("On race day you will face 135 km and {} m of climbing.", "en", True),
        ("The {} m of the gran fondo are a tall order.", "en", True),
        ("Auf dich warten {} m Anstieg.", "de", True),
        ("La granfondo prevede {} m di dislivello.", "it", True),
        ("For the gran fondo you have climbed {} m in 28 days.", "en", False),
        ("Vor dem Rennen hast du {} Höhenmeter gesammelt.", "de", False),
    ],
)
def test_what_an_event_asks_for_is_not_what_was_done(text: str, language: str, refused: bool) -> None:
    known = evidence(CLIMBED)
    assert bool(verify(text.format("9300"), known, language=language)) == refused
    if refused:
        assert not verify(text.format("2150"), known, language=language)


@pytest.mark.parametrize(
    ("text", "refused"),
    [
        ("You already covered the full 135 km in training.", True),
        ("Your longest ride covered 112 km.", False),
        ("In 28 days you climbed 9,300 m, more than four times what the gran fondo demands.", False),
        ("In 28 days you climbed 9,300 m, more than six times what the gran fondo demands.", True),
    ],
)
def test_what_is_to_come_is_compared_with_what_was_done(text: str, refused: bool) -> None:
    assert bool(verify(text, evidence(CLIMBED))) == refused
