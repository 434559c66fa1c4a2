"""The one clock: `runtime` builds it and passes it down; nothing else asks for the time."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Self


class Clock:
    """
    Tells the time in UTC.

    A clock may start at another moment than now (demo and tests only); it then
    runs on, so that waiting still ends.
    """

    def __init__(self, read: Callable[[], datetime]) -> None:
        self._read = read

    @classmethod
    def system(cls) -> Self:
        return cls(lambda: datetime.now(UTC))

    @classmethod
    def starting_at(cls, moment: datetime, *, began: datetime | None = None, speed: float = 1.0) -> Self:
        """
        Start at `moment` and run on from there.

        `began` is the true time at which it was started, if that was in another process: all
        processes of a deployment have to agree on what time it is. Both must be aware.
        """
        start = began or datetime.now(UTC)
        return cls(lambda: moment + (datetime.now(UTC) - start) * speed)

    @classmethod
    def fixed(cls, moment: datetime) -> Self:
        """Stand still. For tests."""
        return cls(lambda: moment)

    def now(self) -> datetime:
        return self._read()
