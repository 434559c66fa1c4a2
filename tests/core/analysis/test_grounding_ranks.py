"""Which sport is first: facts of it and of others must show it, and a tie shows none."""

import pytest

from training_analyzer.analysis.grounding import evidence, verify
from training_analyzer.domain.insight import Fact

HOURS = [
    Fact(id=f"{sport}_time", label=f"{sport} time of the month", value=value, unit="h")
    for sport, value in (("ride", 20), ("run", 9), ("swim", 9))
]
CHANGES = [
    Fact(id="ride_change", label="ride time against the month before", value=12, unit="%", direction="up"),
    Fact(id="run_change", label="run time against the month before", value=30, unit="%", direction="up"),
    Fact(id="swim_change", label="swim time against the month before", value=40, unit="%", direction="down"),
]
LOAD = Fact(id="load_month", label="training load of the month", value=900)


def ranked(text: str, facts: list[Fact], language: str = "en") -> bool:
    return not any("superlative" in one for one in verify(text, evidence(facts), language=language))


@pytest.mark.parametrize(
    ("language", "right", "wrong"),
    [
        ("en", "Cycling took the largest share.", "Running took the largest share."),
        ("en", "Running saw the biggest increase.", "Cycling saw the biggest increase."),
        ("en", "Running saw the biggest increase.", "Swimming saw the biggest increase."),
        ("en", "Swimming saw the biggest drop.", "Running saw the biggest drop."),
        ("en", "Swimming saw the biggest change.", "Running saw the biggest change."),
        ("fr", "Le vélo a pris la plus grande part.", "La course à pied a pris la plus grande part."),
        ("it", "La bici ha preso la parte più grande.", "Il nuoto ha preso la parte più grande."),
    ],
)
def test_the_sport_that_is_first_may_be_called_so(language: str, right: str, wrong: str) -> None:
    assert ranked(right, [*HOURS, *CHANGES], language)
    assert not ranked(wrong, [*HOURS, *CHANGES], language)


def test_a_sport_that_is_level_with_another_is_not_last() -> None:
    text = "Swimming had the smallest share."
    assert not ranked(text, HOURS)
    assert ranked(text, [*HOURS[:2], HOURS[2].model_copy(update={"value": 8.0})])


def test_a_sport_is_first_only_among_others() -> None:
    assert not ranked("Cycling took the largest share.", [HOURS[0], LOAD])
    assert ranked("Cycling took the largest share.", [HOURS[0], HOURS[1], LOAD])


@pytest.mark.parametrize(
    "text",
    ["One sport took the largest share.", "The largest share was yours.", "Rowing took the largest share."],
)
def test_a_share_of_no_sport_that_facts_name_is_no_largest(text: str) -> None:
    assert not ranked(text, HOURS)
