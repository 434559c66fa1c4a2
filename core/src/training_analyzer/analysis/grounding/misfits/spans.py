"""Spans of time, and when two of them are the same."""

from typing import Final

ONE_WEEK: Final = 7.0
_DAYS_ALIKE, _MONTHS_ALIKE = 0.5, 3.0
"""Days by which four weeks and a month differ."""
LONG: Final = frozenset({30.0, 90.0, 365.0, 36500.0})


def overlap(days: frozenset[float], others: frozenset[float]) -> bool:
    return bool(days and others) and any(
        abs(one - other) <= min(_MONTHS_ALIKE, max(_DAYS_ALIKE, one / 10)) for one in days for other in others
    )
