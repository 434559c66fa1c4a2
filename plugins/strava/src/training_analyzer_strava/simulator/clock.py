"""The simulator's clock: it is injected, and it can be moved while the simulator runs."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

Clock = Callable[[], datetime]


def system_clock() -> datetime:
    """The machine's time, in UTC."""
    return datetime.now(UTC)


def clock_running_from(instant: datetime) -> Clock:
    """A clock that shows `instant` now and runs on at real speed."""
    start_s = time.monotonic()
    start = as_utc(instant)
    return lambda: start + timedelta(seconds=time.monotonic() - start_s)


def as_utc(instant: datetime) -> datetime:
    """The same instant in UTC; an instant without a time zone is taken as UTC."""
    return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)


class MovableClock:
    """A clock on top of another one, which tests and the control API can move in both directions."""

    def __init__(self, source: Clock) -> None:
        self._source = source
        self._moved_by = timedelta()

    def __call__(self) -> datetime:
        return as_utc(self._source()) + self._moved_by

    def advance(self, duration: timedelta) -> None:
        """Move the clock by `duration`; it keeps its speed."""
        self._moved_by += duration

    def show(self, instant: datetime) -> None:
        """Set the clock to `instant`; it keeps its speed."""
        self._moved_by += as_utc(instant) - self()
