"""
When requests that are owed will have been sent: the quotas' windows, played forward from how they stand.

In each of the shortest windows as many are sent as every quota has room for: HIGH before LOW. Both leave
alone what is held back from them as far as that has not melted by the window's end. Each takes half a
second. What comes up meanwhile, and answers that never come, are not foreseen.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from training_analyzer.domain.events import Priority
from training_analyzer.quota.reserve import Reserve
from training_analyzer.quota.windows import window_at
from training_analyzer.sdk.quota import Quota

REQUEST: Final = timedelta(seconds=0.5)
"""Measured at the local Strava with two workers: listing, fetching and storing of one activity."""
STEPS: Final = 4000
"""More than a month of quarter hours: whoever needs longer is not told when."""


def arrival(
    used: Sequence[tuple[Quota, int]],
    reserve: Reserve,
    *,
    high: int,
    low: int,
    now: datetime,
) -> datetime | None:
    """Return when the last of these requests will have been sent; None where that is too far to tell."""
    if not used:
        return now + (high + low) * REQUEST
    counts = {quota.name: number for quota, number in used}
    quotas = [quota for quota, _ in used]
    shortest_s = min(quota.window_s for quota in quotas)
    moment = now

    def room(priority: Priority, end: datetime) -> int:
        """Return how many requests of a priority fit into every quota until the shortest window ends."""
        return max(0, min(free(quota, priority, end) for quota in quotas))

    def free(quota: Quota, priority: Priority, end: datetime) -> int:
        left = window_at(moment, quota.window_s).fraction_left(end)
        held = round(quota.limit * reserve.held(quota, priority, fraction_left=left))
        return quota.limit - held - counts[quota.name]

    for _ in range(STEPS):
        end = window_at(moment, shortest_s).ends_at
        sent = min(high, room("high", end))
        high -= sent
        if not high:
            more = min(low, max(0, room("low", end) - sent))
            low -= more
            sent += more
        if not high and not low:
            return min(moment + sent * REQUEST, end)
        for quota in quotas:
            is_new = window_at(end, quota.window_s).starts_at == end
            counts[quota.name] = 0 if is_new else counts[quota.name] + sent
        moment = end
    return None
