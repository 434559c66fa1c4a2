"""How a request to a backend ends, and what each failure means: for the chain, the bill and the breaker."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Final

from training_analyzer.domain.insight import Reply, Usage
from training_analyzer.sdk import (
    BadData,
    BadRequest,
    Misconfigured,
    NotAuthorized,
    NotFound,
    PluginError,
    QuotaSpent,
    RateLimited,
    Refused,
    TimedOut,
    Truncated,
    Unavailable,
)

ANSWERED, UNGROUNDED, FAILED = "answered", "ungrounded", "plugin_failed"
LOST = "lost"
"""Its process died."""


class Charge(Enum):
    """What a failure costs, where the service does not say."""

    NOTHING = "nothing"
    WORST_CASE = "worst case"
    """It may have been billed."""


class Breaker(Enum):
    """What a failure does to the backend's breaker."""

    NONE = "none"
    COUNT = "count"
    """One more failure in a row."""
    UNTIL_RETRY = "until retry"
    """Open until the service says that it may be asked again."""
    UNTIL_MENDED = "until mended"
    """Open for as long as a person needs."""


# Our choice: what costs nothing soon, what may be billed later.
MINUTE: Final = timedelta(minutes=1)
TIME_TO_MEND: Final = timedelta(minutes=15)
HOUR: Final = timedelta(hours=1)
LONGEST_WAIT: Final = timedelta(hours=6)
MOST_DOUBLINGS: Final = 10


@dataclass(frozen=True, slots=True)
class Ending:
    """What a failed request means."""

    outcome: str
    words: str
    ends_chain: bool
    charge: Charge
    breaker: Breaker
    again_after: timedelta | None
    """
    When another request about the same facts is worth it after the first failure, unless the service says
    later; twice as long after each further one. None: never, for another would end likewise.
    """


SET_UP_WRONGLY: Final = Ending(
    "misconfigured", "is set up wrongly", True, Charge.NOTHING, Breaker.UNTIL_MENDED, TIME_TO_MEND
)
ENDINGS: Final[tuple[tuple[type[PluginError], Ending], ...]] = (
    # the special before the general
    (
        QuotaSpent,
        Ending("quota_spent", "its quota is spent", False, Charge.NOTHING, Breaker.UNTIL_RETRY, MINUTE),
    ),
    (
        RateLimited,
        Ending("rate_limited", "rate limited", False, Charge.NOTHING, Breaker.UNTIL_RETRY, MINUTE),
    ),
    (
        TimedOut,
        Ending("timed_out", "did not answer in time", False, Charge.WORST_CASE, Breaker.COUNT, 5 * MINUTE),
    ),
    (Unavailable, Ending("unavailable", "did not answer", False, Charge.NOTHING, Breaker.COUNT, MINUTE)),
    (
        Truncated,
        Ending("truncated", "the answer was cut off", False, Charge.WORST_CASE, Breaker.NONE, HOUR),
    ),
    (
        BadData,
        Ending("bad_output", "the answer made no sense", False, Charge.WORST_CASE, Breaker.COUNT, HOUR),
    ),
    # Another service would receive what its own may not, or the fault is ours: nobody else is asked.
    (
        NotAuthorized,
        Ending(
            "not_authorized",
            "the key is not accepted; set a valid one",
            True,
            Charge.NOTHING,
            Breaker.UNTIL_MENDED,
            TIME_TO_MEND,
        ),
    ),
    (Misconfigured, SET_UP_WRONGLY),
    (NotFound, SET_UP_WRONGLY),
    (
        BadRequest,
        Ending(
            "bad_request",
            "does not understand the request",
            True,
            Charge.NOTHING,
            Breaker.UNTIL_MENDED,
            TIME_TO_MEND,
        ),
    ),
    (
        Refused,
        Ending(
            "refused",
            "would not answer, and no other backend was asked",
            True,
            Charge.NOTHING,
            Breaker.NONE,
            None,
        ),
    ),
)
UNFORESEEN: Final = Ending(FAILED, "the plugin failed", False, Charge.WORST_CASE, Breaker.COUNT, HOUR)
PASSING: Final = frozenset(
    {ending.outcome for _, ending in ENDINGS if ending.again_after} | {UNFORESEEN.outcome, LOST}
)
"""Outcomes that pass by themselves, or with a hand that mends: the next request may end otherwise."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a request came to: a reply, or an error and what it means."""

    name: str
    reply: Reply | None = None
    error: Exception | None = None
    ending: Ending | None = None
    latency_ms: int = 0

    @property
    def usage(self) -> Usage | None:
        """What the service says that it used; None where it does not say."""
        said = self.reply.usage if self.reply else getattr(self.error, "usage", None)
        return said if said and said.input_tokens + said.output_tokens else None


def again_at(outcome: Outcome, failures: int, now: datetime) -> datetime | None:
    """
    Return when another request about the same facts is worth it; None where it is not.

    `failures`: how many of the requests about them ended in what passes, this one among them.
    """
    if outcome.ending is None or outcome.ending.again_after is None:
        return None
    doublings = min(max(failures - 1, 0), MOST_DOUBLINGS)
    again = now + min(outcome.ending.again_after * (1 << doublings), LONGEST_WAIT)
    # A service may say "at once", again and again.
    return max(again, outcome.error.retry_at) if isinstance(outcome.error, RateLimited) else again
