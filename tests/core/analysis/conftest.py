"""Made-up athletes."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta

import numpy as np
import pytest

from training_analyzer.analysis.week import ActivityFact, Role, WeekInput
from training_analyzer.domain.activity import Sport
from training_analyzer.domain.metric import DailySeries

LAST_DAY = date(2026, 11, 22)
USUAL_WEEK = (0, 60, 0, 80, 0, 120, 40)


def made_up(
    *weeks: Sequence[float],
    denied: int = 0,
    estimated: int = 0,
    older_denied: int = 0,
    without: Sequence[Role] = (),
) -> WeekInput:
    """Make an athlete who trains at a load of 60 per hour; the last sessions may be denied or estimated."""
    loads = np.array([load for week in weeks for load in week], dtype=float)
    first_day = LAST_DAY - timedelta(days=loads.size - 1)
    days = [day for day, load in enumerate(loads) if load > 0]
    activities = [
        ActivityFact(
            sport=Sport.RUN if day % 3 == 0 else Sport.RIDE,
            local_date=first_day + timedelta(days=day),
            moving_s=float(loads[day]) * 60,
            distance_m=float(loads[day]) * 300,
            load=float(loads[day]),
            estimated=number >= len(days) - estimated,
            ai_permitted=number < len(days) - denied,
        )
        for number, day in enumerate(days)
    ]
    fitness, fatigue = _average(loads, 42), _average(loads, 7)
    form = np.concatenate([[0.0], (fitness - fatigue)[:-1]])
    series = {Role.LOAD: loads, Role.FITNESS: fitness, Role.FATIGUE: fatigue, Role.FORM: form}
    return WeekInput(
        last_day=LAST_DAY,
        series={
            role: DailySeries(key=f"made_up.{role}", first_day=first_day, values=values)
            for role, values in series.items()
            if role not in without
        },
        activities=activities,
        history_days=int(loads.size),
        older_denied=older_denied,
    )


def _average(
    loads: np.ndarray[tuple[int], np.dtype[np.float64]], days: int
) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    averages = np.zeros_like(loads)
    state = 0.0
    for day, load in enumerate(loads):
        state += (load - state) * (1 - np.exp(-1 / days))
        averages[day] = state
    return averages


@pytest.fixture
def athlete() -> Callable[..., WeekInput]:
    return made_up


@pytest.fixture
def steady() -> WeekInput:
    """Twenty weeks that are all alike."""
    return made_up(*[USUAL_WEEK] * 20)


@pytest.fixture
def spike() -> WeekInput:
    """Nineteen weeks alike, and one of more than twice the load, without a rest day."""
    return made_up(*[USUAL_WEEK] * 19, (60, 100, 60, 120, 80, 200, 120))


@pytest.fixture(scope="module")
def module_athlete() -> Callable[..., WeekInput]:
    """For property-based tests, which refuse fixtures that are made anew for each test."""
    return made_up
