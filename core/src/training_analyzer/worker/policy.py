"""
What a failure means: one table from errors to what becomes of the unit of work.

RateLimited          wait until the quota opens; nobody else begins either; no failure
Misconfigured        the same, until the deployer had time to act
ConfigurationError   the same: one of our own settings is wrong
Unavailable          try again with growing delays, for as long as it takes; meanwhile one unit at a
                     time asks its service whether it answers again, see `outages`
NotAuthorized        (also after one refresh) mark the connection; the athlete has to reconnect
NotFound             done: there is nothing
BadData              an answer that is cut off comes whole the next time: ask once more, then park
                     with the document
BadRequest           park: it will not get better by trying
Missing              done: what it was about is gone
anything else        try again with growing delays; park after `MAX_FAILURES`
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from training_analyzer.domain.errors import ConfigurationError, Missing
from training_analyzer.sdk import (
    BadData,
    BadRequest,
    Misconfigured,
    NotAuthorized,
    NotFound,
    RateLimited,
    Unavailable,
)

MAX_FAILURES: Final = 5
MAX_BAD_ANSWERS: Final = 2
"""Each costs a request."""
FIRST_DELAY: Final = timedelta(seconds=15)
TIME_TO_ACT: Final = timedelta(minutes=15)
SHORTEST_WAIT: Final = timedelta(seconds=1)
LONGEST_WAIT: Final = timedelta(days=1)
"""No quota that we know is longer. Whoever asks for more is asked again then."""
LONGEST_DELAY: Final = timedelta(hours=1)
LONGEST_PAUSE: Final = timedelta(minutes=15)
"""Of a service that does not answer: whoever has just connected waits no longer once it does."""
DOUBLINGS: Final = 10
"""Enough to pass both, and few enough for a timedelta."""


@dataclass(frozen=True, slots=True)
class Wait:
    """The quota is closed until then: for this unit, and for all that need the same."""

    until: datetime


@dataclass(frozen=True, slots=True)
class Outlast:
    """The service does not answer. That is no fault of the unit, and will pass."""

    at: datetime


@dataclass(frozen=True, slots=True)
class TryAgain:
    """A failure that may pass."""

    at: datetime


@dataclass(frozen=True, slots=True)
class Park:
    """Give the unit up, visibly."""


@dataclass(frozen=True, slots=True)
class Disconnect:
    """The athlete has to reconnect."""


@dataclass(frozen=True, slots=True)
class Drop:
    """There is nothing left to do."""


Verdict = Wait | Outlast | TryAgain | Park | Disconnect | Drop


def judge(error: Exception, *, failures: int, waits: int, now: datetime) -> Verdict:
    """
    Say what becomes of a unit that failed.

    `failures`: how often it had failed before; `waits`: how often its service had not answered.
    """
    match error:
        case RateLimited():
            return Wait(min(max(error.retry_at, now + SHORTEST_WAIT), now + LONGEST_WAIT))
        case Misconfigured() | ConfigurationError():
            return Wait(now + TIME_TO_ACT)
        case Unavailable():
            return Outlast(now + _delay(waits))
        case NotAuthorized():
            return Disconnect()
        case NotFound() | Missing():
            return Drop()
        case BadRequest():
            return Park()
        case BadData() if failures + 1 >= MAX_BAD_ANSWERS:
            return Park()
        case _ if failures + 1 >= MAX_FAILURES:
            return Park()
        case _:
            return TryAgain(now + _delay(failures))


def pause(tries: int) -> timedelta:
    """Say how long a service is left alone that was asked so often in vain since it did not answer."""
    return min(_delay(tries), LONGEST_PAUSE)


def _delay(before: int) -> timedelta:
    factor: int = 2 ** min(before, DOUBLINGS)
    return min(FIRST_DELAY * factor, LONGEST_DELAY)
