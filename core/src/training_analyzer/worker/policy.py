"""
What a failure means: one table from errors to what becomes of the unit of work.

RateLimited          wait until the quota opens; nobody else begins either; no failure
Misconfigured        the same, until the deployer had time to act
Unavailable          try again with growing delays
NotAuthorized        mark the connection; the athlete has to reconnect; nothing is owed until then
NotFound             done: there is nothing
BadData              park: it will not get better by trying
Missing              done: what it was about is gone
anything else        try again with growing delays; park after `MAX_FAILURES`
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from training_analyzer.domain.errors import Missing
from training_analyzer.sdk import BadData, Misconfigured, NotAuthorized, NotFound, RateLimited

MAX_FAILURES: Final = 5
FIRST_DELAY: Final = timedelta(seconds=15)
TIME_TO_ACT: Final = timedelta(minutes=15)
LONGEST_DELAY: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Wait:
    """The quota is closed until then: for this unit, and for all that need the same."""

    until: datetime


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


Verdict = Wait | TryAgain | Park | Disconnect | Drop


def judge(error: Exception, *, failures: int, now: datetime) -> Verdict:
    """Say what becomes of a unit that failed. `failures`: how often it had failed before."""
    match error:
        case RateLimited():
            return Wait(max(error.retry_at, now + timedelta(seconds=1)))
        case Misconfigured():
            return Wait(now + TIME_TO_ACT)
        case NotAuthorized():
            return Disconnect()
        case NotFound() | Missing():
            return Drop()
        case BadData():
            return Park()
        case _ if failures + 1 >= MAX_FAILURES:
            return Park()
        case _:
            return TryAgain(now + min(FIRST_DELAY * 2**failures, LONGEST_DELAY))
