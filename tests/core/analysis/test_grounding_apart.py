"""How far two facts are apart is said of the two that the words mean, and the right way round."""

from collections.abc import Sequence

import pytest

from training_analyzer.analysis.grounding import evidence, verify
from training_analyzer.domain.insight import Fact


def two(unit: str, decimals: int, *facts: tuple[str, str, float]) -> list[Fact]:
    return [
        Fact(id=id_, label=label, value=value, unit=unit, decimals=decimals) for id_, label, value in facts
    ]


LATE = two(
    "s", 0, ("finish_time", "finish time of the race", 5760), ("goal_time", "goal time of the race", 5400)
)
EARLY = two(
    "s", 0, ("finish_time", "finish time of the race", 5340), ("goal_time", "goal time of the race", 5400)
)
HOURS = two(
    "h",
    1,
    ("time_week", "training time of the week", 7.5),
    ("time_planned", "planned training time of the week", 9.0),
)
PACE = two(
    "s/km",
    0,
    ("threshold_pace", "threshold pace", 284),
    ("target_pace", "target pace of the half marathon", 290),
)
WATTS = two(
    "W",
    0,
    ("ride_power", "average power of the ride", 248),
    ("target_power", "target power of the ride", 240),
)
SWIMS = two(
    "swims", 0, ("swims", "swims of the month", 11), ("swims_planned", "planned swims of the month", 8)
)
INTERVALS = two(
    "sessions",
    0,
    ("interval_runs", "interval runs of the month", 6),
    ("interval_rides", "interval rides of the month", 9),
    ("interval_runs_before", "interval runs of the month before", 4),
    ("interval_rides_before", "interval rides of the month before", 4),
)
EXTENTS = [
    *two(
        "km",
        0,
        ("run_distance", "run distance of the week", 42),
        ("run_distance_usual", "average weekly run distance of the four weeks before", 36),
    ),
    *two(
        "h",
        1,
        ("run_time", "run time of the week", 4.0),
        ("run_time_usual", "average weekly run time of the four weeks before", 2.5),
    ),
]
ENDS = two(
    "W",
    0,
    ("first_power", "average power of the first interval", 301),
    ("last_power", "average power of the last interval", 282),
)
LAPS = two(
    "s",
    0,
    ("fastest_lap", "time of the fastest lap", 318),
    ("slowest_lap", "time of the slowest lap", 324),
    ("average_lap", "average time of the laps", 320),
)
SHARES = two(
    "sessions", 0, ("sessions_month", "sessions of the month", 24), ("swims_month", "swims of the month", 9)
)
RIGHT = [
    (LATE, "You missed your goal by six minutes."),
    (LATE, "You finished six minutes short of your goal."),
    (LATE, "You were six minutes slower than your goal."),
    (LATE, "Your finish time was six minutes more than your goal."),
    (LATE, "Your finish time was six minutes worse than your goal."),
    (EARLY, "You beat your goal by one minute."),
    (EARLY, "You were one minute ahead of your goal."),
    (HOURS, "You trained an hour and a half less than planned."),
    (HOURS, "You were an hour and a half short of plan."),
    (PACE, "Your target pace is six seconds slower than your threshold pace."),
    (PACE, "Your target pace is six seconds worse than your threshold pace."),
    (WATTS, "Your average power was 8 W above the target."),
    (WATTS, "Your average power was 8 W more than the target."),
    (WATTS, "Your power was 8 W better than the target."),
    (WATTS, "You beat your target by 8 W."),
    (SWIMS, "Your 11 swims are three more than planned."),
    (SWIMS, "You were three swims ahead of plan."),
    (INTERVALS, "You did two more interval runs than the month before."),
    (INTERVALS, "You did five more interval rides than the month before."),
    (EXTENTS, "Your run distance was 6 km more than usual."),
    (EXTENTS, "Your run time was 60% more than usual."),
    (ENDS, "The last interval was 19 W lower than the first."),
    (ENDS, "You lost 19 W from the first interval to the last."),
    (LAPS, "Six seconds separate the fastest lap from the slowest."),
    (LAPS, "The fastest lap was six seconds faster than the slowest."),
]
TURNED = [
    (LATE, "You beat your goal by six minutes."),
    (LATE, "You were six minutes ahead of your goal."),
    (LATE, "Your finish time was six minutes less than your goal."),
    (LATE, "Your finish time was six minutes better than your goal."),
    (EARLY, "You missed your goal by one minute."),
    (EARLY, "You finished one minute short of your goal."),
    (HOURS, "You trained an hour and a half more than planned."),
    (HOURS, "You were an hour and a half ahead of plan."),
    (HOURS, "You beat your plan by an hour and a half."),
    (PACE, "Your target pace is six seconds faster than your threshold pace."),
    (PACE, "Your target pace is six seconds better than your threshold pace."),
    (WATTS, "Your average power was 8 W below the target."),
    (WATTS, "Your power was 8 W worse than the target."),
    (WATTS, "You missed your target by 8 W."),
    (WATTS, "You were 8 W short of your target."),
    (SWIMS, "Your 11 swims are three fewer than planned."),
    (SWIMS, "You missed your plan by three swims."),
    (INTERVALS, "You did two fewer interval runs than the month before."),
    (EXTENTS, "Your run distance was 6 km less than usual."),
    (ENDS, "The last interval was 19 W higher than the first."),
    (ENDS, "You gained 19 W from the first interval to the last."),
    (LAPS, "The fastest lap was six seconds slower than the slowest."),
]
OTHERS = [
    (LATE, "You missed your goal by five minutes."),
    (HOURS, "You trained three hours less than planned."),
    (PACE, "Your target pace is five seconds slower than your threshold pace."),
    (WATTS, "Your average power was 6 W above the target."),
    (SWIMS, "Your 11 swims are four more than planned."),
    (INTERVALS, "You did five more interval runs than the month before."),
    (INTERVALS, "You did two more interval rides than the month before."),
    (EXTENTS, "Your run distance was 60% more than usual."),
    (ENDS, "You lost 18 W from the first interval to the last."),
    (LAPS, "Four seconds separate the fastest lap from the slowest."),
    (LAPS, "Your slowest lap was six seconds slower than the average."),
]


@pytest.mark.parametrize(("facts", "text"), RIGHT)
def test_how_far_the_two_are_apart_may_be_said(facts: Sequence[Fact], text: str) -> None:
    assert verify(text, evidence(facts)) == []


@pytest.mark.parametrize(("facts", "text"), TURNED)
def test_the_wrong_way_round_is_called_so(facts: Sequence[Fact], text: str) -> None:
    assert any("right, but the wrong way round" in one for one in verify(text, evidence(facts)))


@pytest.mark.parametrize(("facts", "text"), OTHERS)
def test_a_number_of_no_two_or_of_two_others_is_told_of_none(facts: Sequence[Fact], text: str) -> None:
    assert any(one.startswith("no fact says") for one in verify(text, evidence(facts)))


@pytest.mark.parametrize(
    ("language", "text", "holds"),
    [
        ("en", "Nine of the 24 sessions were swims, more than a third.", True),
        ("en", "Nine of the 24 sessions were swims, 38%.", True),
        ("en", "Nine of the 24 sessions were swims, less than a third.", False),
        ("en", "Nine of the 24 sessions were swims, almost half.", False),
        ("de", "9 von 24 Einheiten waren Schwimmen, mehr als ein Drittel.", True),
        ("de", "9 von 24 Einheiten waren Schwimmen, mehr als die Hälfte.", False),
    ],
)
def test_a_share_behind_two_numbers_is_of_these_two(language: str, text: str, holds: bool) -> None:
    found = verify(text, evidence(SHARES), language=language)
    assert found == [] if holds else any("what the number before it is of the other" in one for one in found)


REPEATS = [
    Fact(id="intervals", label="intervals of the main set", value=8, unit="intervals"),
    Fact(id="fastest_interval", label="time of the fastest interval of the main set", value=108, unit="s"),
    Fact(id="slowest_interval", label="time of the slowest interval of the main set", value=117, unit="s"),
    Fact(
        id="pace_change",
        label="average pace against usual swims, negative is faster",
        value=-5,
        unit="s/100m",
        direction="down",
    ),
]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Between the fastest and the slowest interval was a difference of only {} seconds."),
        ("es", "Entre la repetición más rápida y la más lenta solo hubo {} segundos de diferencia."),
        ("it", "Tra la ripetuta più veloce e la più lenta ci sono stati solo {} secondi."),
        ("nl", "Tussen je snelste en je langzaamste herhaling zat maar {} seconden verschil."),
    ],
)
def test_the_fastest_and_the_slowest_are_as_far_apart_as_they_are(language: str, text: str) -> None:
    assert verify(text.format(9), evidence(REPEATS), language=language) == []
    assert verify(text.format(5), evidence(REPEATS), language=language)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Your longest run was 21.5 km, {} km farther than last month."),
        ("es", "Tu tirada más larga fue de 21,5 km, {} km más que el mes anterior."),
        ("nl", "Je langste loop was 21,5 km, precies {} km verder dan vorige maand."),
    ],
)
def test_how_much_farther_is_no_distance_that_a_best_time_is_over(language: str, text: str) -> None:
    facts = [
        Fact(id="load_month", label="load of the month", value=1520),
        Fact(id="runs_month", label="runs of the month", value=18, unit="runs"),
        Fact(id="distance_month", label="run distance of the month", value=224, unit="km"),
        Fact(id="longest_run", label="longest run of the month", value=21.5, unit="km", decimals=1),
        Fact(id="longest_run_before", label="longest run of the month before", value=18, unit="km"),
        Fact(id="best_5k", label="best 5 km of the month", value=1290, unit="s"),
    ]
    right = "3.5" if language == "en" else "3,5"
    assert verify(text.format(right), evidence(facts), language=language) == []
    assert verify(text.format(5), evidence(facts), language=language)


@pytest.mark.parametrize(
    ("language", "right", "wrong"),
    [
        ("en", "You swam slower than your CSS of 1:50.", "You swam faster than your CSS of 1:50."),
        ("nl", "Je tempo was langzamer dan je CSS.", "Je tempo was sneller dan je CSS."),
        ("pt", "Seu ritmo foi mais lento do que o CSS.", "Seu ritmo foi mais rápido do que o CSS."),
    ],
)
def test_the_pace_of_all_is_held_against_a_critical_one(language: str, right: str, wrong: str) -> None:
    facts = [
        Fact(id="pace", label="average pace of the swim", value=125, unit="s/100m"),
        Fact(id="css", label="critical swim speed as a pace", value=110, unit="s/100m"),
    ]
    assert verify(right, evidence(facts), language=language) == []
    assert verify(wrong, evidence(facts), language=language)
