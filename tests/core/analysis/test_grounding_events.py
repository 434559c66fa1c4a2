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
