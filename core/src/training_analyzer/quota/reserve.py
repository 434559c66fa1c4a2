"""What work of low priority leaves for work of high priority, and when it may have it after all."""

from dataclasses import dataclass
from datetime import datetime

from training_analyzer.quota.windows import QuotaWindow
from training_analyzer.sdk.quota import Quota

DAY_S = 86_400


@dataclass(frozen=True, slots=True)
class Reserve:
    """
    The share of each quota that LOW leaves alone at the beginning of a window: 0 to 1.

    It melts away evenly until the window ends, so that nothing stays unused. `short` is for
    windows shorter than a day, `day` for the others; `day=1` paces LOW evenly over the day.
    The default keeps nothing back: right where no other athlete could need it.
    """

    short: float = 0.0
    day: float = 0.0

    def __post_init__(self) -> None:
        if not (0 <= self.short <= 1 and 0 <= self.day <= 1):
            raise ValueError("a reserve is a share between 0 and 1")

    def __call__(self, quota: Quota) -> float:
        return self.day if quota.window_s >= DAY_S else self.short


def released_at(window: QuotaWindow, *, share: float, limit: int, used: int) -> datetime:
    """Return when a reserve of this share has melted enough for one more request of LOW."""
    # One more fits when limit - share * limit * fraction_left >= used + 1, solved for the moment.
    fraction_left = min(1.0, (limit - used - 1) / (share * limit))
    return window.ends_at - fraction_left * (window.ends_at - window.starts_at)
