"""
What a plugin raises, and what the core then does.

PluginError
├── RateLimited          the unit waits until `retry_at`, without holding a worker
│   └── QuotaSpent       … which is a day's or a month's quota: a backend is not asked before then
├── Unavailable          the unit is tried again with growing delays
│   └── TimedOut         no answer in time: an AI backend may have billed it, so it is charged
├── NotAuthorized        the grant is refreshed and the call made once more; refused again, the
│                        connection is marked, and the athlete is asked to reconnect
│   ├── MissingScope     the same at once; and they are told which permission to tick
│   └── Forbidden        the same, but no sign that the athlete has left: nothing is erased for it
├── Misconfigured        the deployer has to act; the provider's work waits, no athlete is bothered
├── NotFound             there is no such document: that is remembered, the activity stays
├── BadRequest           the service says that the request is wrong: a bug of ours, asking again is useless
├── BadData              asked once more, later; then parked with its document; the rest goes on
│   └── Truncated        a model's answer was cut off
└── Refused              a model would not answer; the next backend is not asked

What each of them means for the chain of AI backends is in `docs/ai-cost.md`.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from training_analyzer.domain.insight import LimitReading, Usage

if TYPE_CHECKING:
    from training_analyzer.sdk.provider import RawDocument


class PluginError(Exception):
    """
    Base of every error that a plugin may raise on purpose.

    `usage` is what an AI backend consumed all the same; None for everything else. `limits` is what
    it said about its rate limits.
    """

    def __init__(
        self, message: str, *, usage: Usage | None = None, limits: Iterable[LimitReading] = ()
    ) -> None:
        super().__init__(message)
        self.usage = usage
        self.limits = tuple(limits)


class RateLimited(PluginError):
    """
    The service, or our own count of its quota, asks us to wait until `retry_at`.

    That needs a time zone: raises ValueError without. The core waits for a day at most, then asks again.
    """

    def __init__(
        self,
        message: str,
        *,
        retry_at: datetime,
        usage: Usage | None = None,
        limits: Iterable[LimitReading] = (),
    ) -> None:
        super().__init__(message, usage=usage, limits=limits)
        if retry_at.tzinfo is None:
            raise ValueError("retry_at needs a time zone")
        self.retry_at = retry_at


class QuotaSpent(RateLimited):
    """A quota of a day or longer is spent. It is renewed at `retry_at`."""


class Unavailable(PluginError):
    """The service did not answer, or answered that it cannot now."""


class TimedOut(Unavailable):
    """The request was sent, and no answer came in time. The service may have done its work and bill it."""


class NotAuthorized(PluginError):
    """
    The grant or the key is not valid.

    The core refreshes a grant once, and makes the call once more, before it believes this.
    """


class MissingScope(NotAuthorized):
    """The athlete did not grant a permission that is needed. `scopes` names what is missing."""

    def __init__(self, message: str, *, scopes: Iterable[str]) -> None:
        super().__init__(message)
        self.scopes = frozenset(scopes)


class Forbidden(NotAuthorized):
    """The service does not allow this, and does not say that the grant has ended."""


class Misconfigured(PluginError):
    """
    The deployer's credentials are refused, or their application may not ask (any more).

    No athlete can help. The message says what the deployer has to do.
    """


class NotFound(PluginError):
    """The service has no such thing, or not for this athlete."""


class BadRequest(PluginError):
    """The service does not understand the request. Asking again changes nothing."""


class BadData(PluginError):
    """
    The service sent something that makes no sense.

    `document` is what it sent, if it was a document: the core keeps it with the unit that it parks.
    """

    def __init__(
        self,
        message: str,
        *,
        usage: Usage | None = None,
        limits: Iterable[LimitReading] = (),
        document: "RawDocument | None" = None,
    ) -> None:
        super().__init__(message, usage=usage, limits=limits)
        self.document = document


class Truncated(BadData):
    """A model's answer ended before it was finished."""


class Refused(PluginError):
    """A model would not answer, for reasons of its own policy."""
