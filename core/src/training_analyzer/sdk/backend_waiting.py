"""The time, for backends, and how long a service asks to be left alone."""

from datetime import UTC, datetime, timedelta
from typing import Final

UNTOLD_WAIT: Final = timedelta(minutes=1)
"""Where a service refuses and does not say for how long: the shortest window in which any of ours counts."""

LONGEST_WAIT: Final = timedelta(days=1)
"""The core asks again then, whatever it is told."""


def system_time() -> datetime:
    """Return the time, with its zone. Let it be a parameter's default, so that tests can bring theirs."""
    return datetime.now(UTC)


def told_to_wait(seconds: float | str | None) -> timedelta:
    """
    Return what a service says as seconds ("2", 12.5, "30s"); a minute where that makes no sense.

    It is never less than nothing nor more than a day, and so can be added to the time.
    """
    try:
        told = timedelta(seconds=float(str(seconds).removesuffix("s")))
        return min(max(told, timedelta()), LONGEST_WAIT)
    except (ValueError, OverflowError):
        return UNTOLD_WAIT
