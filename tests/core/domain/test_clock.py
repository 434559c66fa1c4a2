"""The clock: the true time, another start that runs on, or standing still."""

from datetime import UTC, datetime, timedelta

from training_analyzer.domain.clock import Clock

LONG_AGO = datetime(2020, 2, 29, 12, tzinfo=UTC)
A_WHILE = timedelta(seconds=30)


def test_the_system_s_time_is_aware() -> None:
    assert abs(Clock.system().now() - datetime.now(UTC)) < A_WHILE
    assert Clock.system().now().tzinfo is UTC


def test_it_starts_elsewhere_and_runs_on() -> None:
    clock = Clock.starting_at(LONG_AGO)
    first, second = clock.now(), clock.now()
    assert LONG_AGO <= first <= second < LONG_AGO + A_WHILE


def test_processes_that_start_later_agree_with_the_first() -> None:
    began = datetime.now(UTC) - timedelta(hours=1)
    late = Clock.starting_at(LONG_AGO, began=began)
    assert timedelta(0) <= late.now() - (LONG_AGO + timedelta(hours=1)) < A_WHILE


def test_it_stands_still() -> None:
    assert Clock.fixed(LONG_AGO).now() == LONG_AGO
