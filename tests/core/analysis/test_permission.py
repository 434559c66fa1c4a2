"""The door to AI backends: one forbidden recording closes it."""

from collections.abc import Callable

import pytest
from hypothesis import given as generated
from hypothesis import settings
from hypothesis import strategies as st

from training_analyzer.analysis.facts import week_context
from training_analyzer.analysis.permission import permitted_context
from training_analyzer.analysis.week import WeekInput

Athlete = Callable[..., WeekInput]
WEEK = (0, 60, 0, 80, 0, 120, 40)


def test_everything_passes_where_everything_is_permitted(steady: WeekInput) -> None:
    permission = permitted_context(steady)
    assert permission.context == week_context(steady)
    assert permission.reason == ""


def test_the_reason_says_what_is_permitted(athlete: Athlete) -> None:
    permission = permitted_context(athlete(*[WEEK] * 5, denied=4))
    assert permission.context is None
    assert "16 of 20 activities (80 % of the load)" in permission.reason


@pytest.mark.parametrize("weeks_ago", [6, 15])
def test_an_old_recording_taints_fitness_and_fatigue(athlete: Athlete, weeks_ago: int) -> None:
    """It is outside of the weeks compared, but fitness remembers it."""
    old = athlete(*[WEEK] * (20 - weeks_ago), denied=1).activities
    recent = athlete(*[WEEK] * 20)
    shifted = [activity for activity in recent.activities if activity not in old]
    given = WeekInput(recent.last_day, recent.series, shifted, recent.history_days, older_denied=1)
    permission = permitted_context(given)
    assert permission.context is None
    assert "1 older activity" in permission.reason


def test_a_forbidden_recording_among_the_older_ones_given(athlete: Athlete) -> None:
    quiet = athlete(*[WEEK] * 2, *[[0] * 7] * 6, denied=1)
    permission = permitted_context(quiet)
    assert permission.context is None
    assert "older" in permission.reason


@settings(max_examples=40, deadline=None)
@generated(weeks=st.integers(1, 8), denied=st.integers(0, 40), older=st.integers(0, 3))
def test_nothing_forbidden_ever_passes(weeks: int, denied: int, older: int, module_athlete: Athlete) -> None:
    given = module_athlete(*[WEEK] * weeks, denied=denied, older_denied=older)
    permission = permitted_context(given)
    assert (permission.context is None) == (denied > 0 or older > 0)
    assert bool(permission.reason) == (permission.context is None)
