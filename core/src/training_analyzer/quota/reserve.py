"""What the less urgent leaves of a quota for the more urgent, and when it may have it after all."""

from dataclasses import astuple, dataclass
from datetime import datetime
from typing import Final

from training_analyzer.domain.events import Priority
from training_analyzer.quota.windows import QuotaWindow
from training_analyzer.sdk.quota import Quota

DAY_S: Final = 86_400
LATE: Final = 15
"""In the last fifteenth of a window nobody's first list is waited for any longer: a minute of 15."""


@dataclass(frozen=True, slots=True)
class Reserve:
    """
    The shares of each quota that are held back when a window begins: 0 to 1.

    From LOW: `short` of windows shorter than a day, `day` of the others. It melts away evenly until the
    window ends, so that nothing stays unused; `day=1` paces LOW evenly over the day.
    From HIGH and LOW, for newcomers' first lists: `first_short` and `first_day`. It melts only at the
    end, because a newcomer may come at any time, and needs a single request.
    The default keeps nothing back: right where no other athlete could need it.
    """

    short: float = 0.0
    day: float = 0.0
    first_short: float = 0.0
    first_day: float = 0.0

    def __post_init__(self) -> None:
        if not all(0 <= share <= 1 for share in astuple(self)):
            raise ValueError("a reserve is a share between 0 and 1")

    def held(self, quota: Quota, priority: Priority, *, fraction_left: float) -> float:
        """Return the share that is held back from a priority when so much of the window is left."""
        first, low = self._shares(quota, priority)
        return max(first * min(1.0, LATE * fraction_left), low * fraction_left)

    def released_at(
        self, quota: Quota, priority: Priority, window: QuotaWindow, *, limit: int, used: int
    ) -> datetime:
        """Return when enough has melted for one more request of this priority."""
        # What is held back is rounded: one more fits once it is half a request less than what is free.
        free = (limit - used - 0.5) / limit
        first, low = self._shares(quota, priority)
        left = min(
            1.0 if first < free else free / (first * LATE),
            1.0 if low < free else free / low,
        )
        return window.ends_at - left * (window.ends_at - window.starts_at)

    def _shares(self, quota: Quota, priority: Priority) -> tuple[float, float]:
        is_long = quota.window_s >= DAY_S
        first = 0.0 if priority == "first" else self.first_day if is_long else self.first_short
        low = 0.0 if priority != "low" else self.day if is_long else self.short
        return first, low
