"""Quota windows: stretches of time of one length, aligned to midnight UTC."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
CLOCK_SKEW = timedelta(seconds=2)
"""How far the service's clock may be from ours. Simulated with ±1.5 s: a guard ends all 429s."""


@dataclass(frozen=True, slots=True)
class QuotaWindow:
    """One window: [`starts_at`, `ends_at`)."""

    starts_at: datetime
    ends_at: datetime

    def fraction_left(self, moment: datetime) -> float:
        """Return how much of the window is still to come: 1 until it begins, 0 once it is over."""
        return min(1.0, max(0.0, (self.ends_at - moment) / (self.ends_at - self.starts_at)))


def window_at(moment: datetime, window_s: int) -> QuotaWindow:
    """Return the window that an aware moment falls into."""
    length = timedelta(seconds=window_s)
    starts_at = EPOCH + (moment - EPOCH) // length * length
    return QuotaWindow(starts_at, starts_at + length)


def windows_around(moment: datetime, window_s: int) -> tuple[QuotaWindow, ...]:
    """
    Return every window that the service may hold us to be in, the earlier first.

    One, but for the seconds around a boundary: there nobody can know on which side the service
    counts a request, so it has to fit into both windows.
    """
    earlier = window_at(moment - CLOCK_SKEW, window_s)
    later = window_at(moment + CLOCK_SKEW, window_s)
    return (earlier,) if earlier == later else (earlier, later)
