"""Facts compare a week with the athlete's own baseline, and leave out what is not known."""

import dataclasses
from collections.abc import Callable
from datetime import date

import numpy as np
import pytest
from hypothesis import given as generated
from hypothesis import settings
from hypothesis import strategies as st

from training_analyzer.analysis.contexts import week_context
from training_analyzer.analysis.facts.week import week_facts
from training_analyzer.analysis.training import Role, Training
from training_analyzer.domain.insight import Fact
from training_analyzer.domain.metric import DailySeries

Athlete = Callable[..., Training]
WEEK = (0, 60, 0, 80, 0, 120, 40)


def facts_of(given: Training) -> dict[str, Fact]:
    return {fact.id: fact for fact in week_facts(given)}


def test_a_week_is_compared_with_the_mean_of_the_four_before(athlete: Athlete) -> None:
    facts = facts_of(athlete(*[WEEK] * 8, (0, 90, 0, 90, 0, 180, 0)))
    assert facts["load_week"].value == 360
    assert facts["load_usual"].value == 300
    assert facts["load_change"].value == pytest.approx(20)
    assert facts["load_change"].direction == "up"
    assert facts["sessions_week"].text == "3 sessions"
    assert facts["rest_days"].text == "4 rest days"
    assert facts["time_week"].text == "6.0 h"


def test_a_change_is_a_size_and_a_direction(athlete: Athlete) -> None:
    change = facts_of(athlete(*[WEEK] * 8, (0, 30, 0, 40, 0, 60, 20)))["load_change"]
    assert (change.text, change.direction) == ("50%", "down")


def test_a_small_change_is_flat(athlete: Athlete) -> None:
    change = facts_of(athlete(*[WEEK] * 8, (0, 60, 0, 80, 0, 120, 45)))["load_change"]
    assert change.direction == "flat"


def test_the_rise_of_fitness_is_the_difference_to_seven_days_before(spike: Training) -> None:
    fitness = spike.series[Role.FITNESS].values
    change = facts_of(spike)["fitness_change"]
    assert change.value == pytest.approx(fitness[-1] - fitness[-8])
    assert change.direction == "up"


@pytest.mark.parametrize(
    ("role", "prefix"),
    [(Role.LOAD, "load_"), (Role.FITNESS, "fitness"), (Role.FATIGUE, "fatigue"), (Role.FATIGUE, "form")],
)
def test_an_absent_series_yields_no_facts(athlete: Athlete, role: Role, prefix: str) -> None:
    facts = facts_of(athlete(*[WEEK] * 8, without=[role]))
    assert not [name for name in facts if name.startswith(prefix)]
    assert "time_week" in facts


def test_a_day_that_is_not_known_leaves_no_total(steady: Training) -> None:
    series = steady.series[Role.LOAD]
    values = series.values.copy()
    values[-3] = np.nan
    broken = DailySeries(key=series.key, first_day=series.first_day, values=values)
    given = dataclasses.replace(steady, series={**steady.series, Role.LOAD: broken})
    assert not {"load_week", "load_usual", "load_change"} & facts_of(given).keys()


def test_a_series_that_ends_early_yields_no_facts(steady: Training) -> None:
    later = dataclasses.replace(steady, last_day=date(2026, 12, 1))
    assert not {"load_week", "fitness", "form"} & facts_of(later).keys()


def test_without_a_baseline_nothing_is_compared(athlete: Athlete) -> None:
    facts = facts_of(athlete(WEEK, WEEK))
    assert {"load_week", "time_week", "sessions_week"} <= facts.keys()
    assert (
        not {"load_usual", "load_change", "time_change", "longest_before", "rest_days_usual"} & facts.keys()
    )


def test_no_percentage_of_nothing(athlete: Athlete) -> None:
    facts = facts_of(athlete(*[WEEK] * 8, *[[0] * 7] * 4, WEEK))
    assert facts["load_usual"].value == 0
    assert not {"load_change", "time_change", "intensity_change"} & facts.keys()


def test_one_is_singular(athlete: Athlete) -> None:
    facts = facts_of(athlete((0, 60, 60, 60, 60, 60, 60)))
    assert facts["rest_days"].text == "1 rest day"


def test_estimates_are_counted_by_load(athlete: Athlete) -> None:
    coverage = week_context(athlete(*[WEEK] * 8, estimated=1)).coverage
    assert coverage.estimated_share == pytest.approx(40 / (5 * 300))
    assert coverage.activities == 20


weeks = st.lists(st.lists(st.floats(0, 400), min_size=7, max_size=7), min_size=1, max_size=12)


@settings(max_examples=60, deadline=None)
@generated(weeks=weeks)
def test_whatever_the_training_facts_agree_with_it(weeks: list[list[float]], module_athlete: Athlete) -> None:
    given = module_athlete(*weeks)
    facts = week_facts(given)
    known = {fact.id: fact for fact in facts}
    assert len(known) == len(facts)
    assert all(fact.value >= 0 for fact in facts if fact.direction)
    change = known.get("load_change")
    if change is not None and change.direction != "flat":
        assert (change.direction == "up") == (known["load_week"].value > known["load_usual"].value)
    assert known["sessions_week"].value == len(given.last(7))
