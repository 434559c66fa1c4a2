"""Made-up athletes, and a desk at which AI is asked on a real database."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from uuid import UUID

import numpy as np
import pytest

from tests.conftest import StoppedClock
from tests.fakes.desk import Desk
from tests.fakes.trainings import series_of
from training_analyzer.analysis.contexts import week_context
from training_analyzer.analysis.training import Role, Session, Training
from training_analyzer.domain.insight import Context
from training_analyzer.domain.sport import Sport
from training_analyzer.runtime import Runtime

LAST_DAY = date(2026, 11, 22)
USUAL_WEEK = (0, 60, 0, 80, 0, 120, 40)


def made_up(
    *weeks: Sequence[float],
    denied: int = 0,
    estimated: int = 0,
    older_denied: int = 0,
    without: Sequence[Role] = (),
) -> Training:
    """Make an athlete who trains at a load of 60 per hour; the last sessions may be denied or estimated."""
    loads = np.array([load for week in weeks for load in week], dtype=float)
    first_day = LAST_DAY - timedelta(days=loads.size - 1)
    days = [day for day, load in enumerate(loads) if load > 0]
    sessions = [
        Session(
            sport=Sport.RUN if day % 3 == 0 else Sport.RIDE,
            local_date=first_day + timedelta(days=day),
            moving_s=float(loads[day]) * 60,
            distance_m=float(loads[day]) * 300,
            load=float(loads[day]),
            estimated=number >= len(days) - estimated,
            ai_permitted=number < len(days) - denied,
            key=f"session-{number}",
        )
        for number, day in enumerate(days)
    ]
    return Training(
        last_day=LAST_DAY,
        series=series_of(sessions, first_day, loads.size, without),
        sessions=sessions,
        history_days=int(loads.size),
        older_denied=older_denied,
    )


@pytest.fixture
def athlete() -> Callable[..., Training]:
    return made_up


@pytest.fixture
def steady() -> Training:
    """Twenty weeks that are all alike."""
    return made_up(*[USUAL_WEEK] * 20)


@pytest.fixture
def spike() -> Training:
    """Nineteen weeks alike, and one of more than twice the load, without a rest day."""
    return made_up(*[USUAL_WEEK] * 19, (60, 100, 60, 120, 80, 200, 120))


@pytest.fixture(scope="module")
def module_athlete() -> Callable[..., Training]:
    """For property-based tests, which refuse fixtures that are made anew for each test."""
    return made_up


@pytest.fixture
def context(spike: Training) -> Context:
    """The week with too much of a jump in it."""
    return week_context(spike)


@pytest.fixture
def desk(runtime: Runtime, clock: StoppedClock, athlete_id: UUID) -> Desk:
    return Desk(runtime, clock, athlete_id)
