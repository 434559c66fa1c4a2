"""The one clock: `runtime` builds it and passes it down; nothing else asks for the time."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Self


class Clock:
    """
    Tells the time in UTC.

    A clock may start at another moment than now (demo and tests only); it then
    runs on at its usual pace, so that waiting still ends.
    """

    def __init__(self, read: Callable[[], datetime]) -> None:
        self._read = read

    @classmethod
    def system(cls) -> Self:
        return cls(lambda: datetime.now(UTC))

    @classmethod
    def starting_at(cls, moment: datetime) -> Self:
        """Start at `moment`, which must be aware, and run on from there."""
        if moment.tzinfo is None:
            raise ValueError("the moment at which a clock starts needs a time zone")
        begun = time.monotonic()
        return cls(lambda: moment.astimezone(UTC) + timedelta(seconds=time.monotonic() - begun))

    @classmethod
    def fixed(cls, moment: datetime) -> Self:
        """Stand still. For tests."""
        return cls(lambda: moment)

    def now(self) -> datetime:
        return self._read()
