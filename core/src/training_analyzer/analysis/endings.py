"""How a request to a backend ends, and what each failure means: for the chain, the bill and the breaker."""

from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Ending:
    """What a failed request means."""

    outcome: str
    words: str
    ends_chain: bool
    charge: Charge
    breaker: Breaker


ENDINGS: Final[tuple[tuple[type[PluginError], Ending], ...]] = (
    # the special before the general
    (
        QuotaSpent,
        Ending("quota_spent", "its quota is spent", False, Charge.NOTHING, Breaker.UNTIL_RETRY),
    ),
    (RateLimited, Ending("rate_limited", "rate limited", False, Charge.NOTHING, Breaker.UNTIL_RETRY)),
    (TimedOut, Ending("timed_out", "did not answer in time", False, Charge.WORST_CASE, Breaker.COUNT)),
    (Unavailable, Ending("unavailable", "did not answer", False, Charge.NOTHING, Breaker.COUNT)),
    (
        Truncated,
        Ending("truncated", "the answer was cut off", False, Charge.WORST_CASE, Breaker.NONE),
    ),
    (BadData, Ending("bad_output", "the answer made no sense", False, Charge.WORST_CASE, Breaker.COUNT)),
    # Another service would receive what its own may not, or the fault is ours: nobody else is asked.
    (
        NotAuthorized,
        Ending(
            "not_authorized",
            "the key is not accepted; set a valid one",
            True,
            Charge.NOTHING,
            Breaker.UNTIL_MENDED,
        ),
    ),
    (
        Misconfigured,
        Ending("misconfigured", "is set up wrongly", True, Charge.NOTHING, Breaker.UNTIL_MENDED),
    ),
    (NotFound, Ending("misconfigured", "is set up wrongly", True, Charge.NOTHING, Breaker.UNTIL_MENDED)),
    (
        BadRequest,
        Ending("bad_request", "does not understand the request", True, Charge.NOTHING, Breaker.UNTIL_MENDED),
    ),
    (
        Refused,
        Ending(
            "refused", "would not answer, and no other backend was asked", True, Charge.NOTHING, Breaker.NONE
        ),
    ),
)
UNFORESEEN: Final = Ending(FAILED, "the plugin failed", False, Charge.WORST_CASE, Breaker.COUNT)


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
