"""Since when something is so: the best of 90 days, since a return, over so many minutes."""

import pytest

from training_analyzer.analysis.grounding import evidence, verify
from training_analyzer.domain.insight import Fact

BEST = [
    Fact(id="form", label="form, the highest of the last 90 days", value=15.3, decimals=1),
    Fact(id="load", label="training load of the week, the lowest of the year", value=210),
]
EVER = [Fact(id="fitness", label="fitness, the highest ever", value=80)]
BACK = [
    Fact(id="days_since_return", label="days since the first session after the break", value=36, unit="days"),
    Fact(id="break_days", label="days of the break", value=21, unit="days"),
    Fact(id="run_distance_since", label="run distance since the return", value=32, unit="km"),
    Fact(id="run_distance", label="run distance of the week", value=11, unit="km"),
    Fact(id="load_return", label="training load on the day of the return", value=40),
]
NEWLY = [BACK[0].model_copy(update={"value": 6.0}), *BACK[1:3]]
POWERS = [
    Fact(id="best_power_20min", label="best power over 20 minutes", value=282, unit="W"),
    Fact(id="best_power_5min", label="best power over 5 minutes", value=338, unit="W"),
]

RIDDEN = [
    Fact(id="best_power_5min", label="best power over 5 minutes in the ride", value=276, unit="W"),
    Fact(
        id="best_power_5min_before",
        label="best power over 5 minutes of the 90 days before",
        value=289,
        unit="W",
    ),
]


@pytest.mark.parametrize(
    ("facts", "text"),
    [
        (BEST, "Your form is the highest of the last 90 days."),
        (BEST, "Your form is the highest of the last three months."),
        (BEST, "Your form has never been higher in 90 days."),
        (BEST, "Your load has never been lower this year."),
        (EVER, "Your fitness has never been higher."),
        (EVER, "Your fitness is the highest ever."),
        (BACK, "You have run 32 km since your return."),
        (BACK, "You ran 11 km this week."),
        (BACK, "A break of three weeks is behind you."),
        (BACK, "On the day of your return your load was 40."),
        (NEWLY, "You ran 32 km this week."),
        (POWERS, "You held 282 W over 20 minutes."),
        (POWERS, "282 W over 20 minutes and 338 W over five."),
        (RIDDEN, "Your 276 W over five minutes was the best of the ride."),
    ],
)
def test_it_may_be_said_of_the_time_that_facts_name(facts: list[Fact], text: str) -> None:
    assert verify(text, evidence(facts)) == []


@pytest.mark.parametrize(
    ("facts", "text", "why"),
    [
        (BEST, "Your form is the highest of the year.", '"highest", a superlative'),
        (BEST, "Your form has never been higher.", '"never", a superlative'),
        (BEST, "Your form has never been higher this year.", '"never", a superlative'),
        (BEST, "Your load has never been higher this year.", '"never", a superlative'),
        (BEST, "Your load is your lowest ever.", '"ever", a superlative'),
        (BACK, "You ran 32 km this week.", "run_distance_since, which is not of that period"),
        (BACK, "A break of five weeks is behind you.", "days_since_return, which is not of that period"),
        (BACK, "Last week your load was 40.", "load_return, which is not of that period"),
        (POWERS, "You held 282 W over five minutes.", "best_power_20min, which is not of that period"),
        (RIDDEN, "Your 276 W over five minutes is a new 90-day best.", '"best", a superlative'),
    ],
)
def test_and_of_no_other_time(facts: list[Fact], text: str, why: str) -> None:
    assert any(why in one for one in verify(text, evidence(facts)))
