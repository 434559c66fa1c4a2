"""
How often lists are asked for again, so that all athletes' schedules together stay within a share of the day.

A complete listing comes first: it finds deletions and changes that no webhook told of. Strava asks that
what an athlete deletes there is gone here within 48 hours (API Policy of 2026-06-01, §6.3): once a day
leaves a day for being late. What is left of the share goes to the newest weeks, which webhooks and the
athletes themselves ask for anyway.
"""

from collections.abc import Sequence
from typing import Final

from training_analyzer.domain.values import Value
from training_analyzer.sdk import Quota

DAY_S: Final = 86_400
SHARE: Final = 0.05
"""Of a day's requests: the rest is for athletes who are waiting, and for histories."""
FOR_EVERYTHING: Final = 0.75
"""Of that share, this much at most goes to complete listings."""
REQUESTS_OF_RECENT: Final = 2
"""A page, and the one that says that there is no more."""


class Pace(Value):
    """Seconds from the end of one listing to the next."""

    recent_s: float
    full_s: float


def requests_a_day(quotas: Sequence[Quota]) -> float | None:
    """Return how many requests the tightest quota allows in a day; None where there is none."""
    return min((quota.limit * DAY_S / quota.window_s for quota in quotas), default=None)


def pace(
    *,
    recent_s: float,
    full_s: float,
    athletes: int,
    requests_of_full: int,
    requests_a_day: float | None,
) -> Pace:
    """
    Return the wanted intervals, or longer ones where that many athletes would ask for too much.

    `requests_of_full`: what listing everything of one athlete takes.
    """
    if requests_a_day is None:
        return Pace(recent_s=recent_s, full_s=full_s)
    budget = SHARE * requests_a_day
    full_load = athletes * requests_of_full * DAY_S / full_s
    full_budget = FOR_EVERYTHING * budget
    recent_load = athletes * REQUESTS_OF_RECENT * DAY_S / recent_s
    recent_budget = budget - min(full_load, full_budget)
    return Pace(
        recent_s=recent_s * max(1.0, recent_load / recent_budget),
        full_s=full_s * max(1.0, full_load / full_budget),
    )
