"""
Services that do not answer: asked by one unit at a time, with growing pauses, and by all once they answer.

The first request that is not answered closes its service to all units. When a pause is over, whoever is
claimed first asks alone. Any answer, a refusal too, opens the service.

It may also be one thing alone that is never answered. A unit that has long been waiting tells nothing new,
so it makes the pauses no longer; and where nobody else asked in vain, nobody is hurried afterwards.
"""

from datetime import datetime
from typing import Final

from training_analyzer.domain.errors import ConfigurationError, Missing
from training_analyzer.quota.counters import Uncounted
from training_analyzer.sdk import BadData, BadRequest, NotAuthorized, NotFound, Unavailable
from training_analyzer.storage import work
from training_analyzer.storage.database import Database, Transaction
from training_analyzer.storage.work import Claim
from training_analyzer.worker.policy import pause

NOTHING_ASKED: Final = (Missing, ConfigurationError, Uncounted)
ANSWERS: Final = (type(None), NotAuthorized, NotFound, BadData, BadRequest)


def unanswered(tx: Transaction, claim: Claim, error: Exception, *, now: datetime) -> None:
    """Leave the unit's service alone for a while, if it was asked at all."""
    if claim.resource is None or isinstance(error, Uncounted):
        return
    tries = claim.tried or 0
    if claim.tried is not None and (claim.waits == 0 or claim.waits < claim.tried):
        tries += 1
    work.shut(tx, claim.resource, until=now + pause(tries), why=Unavailable.__name__, tries=tries)


def answered(database: Database, claim: Claim, error: Exception | None, *, now: datetime) -> None:
    """
    Let everybody ask again, if this unit asked alone and was answered; at once, if several asked in vain.

    Where it had nothing to ask after all, the next one asks in its place. In a transaction of its own: it
    touches units that others are about to claim.
    """
    if claim.resource is None or claim.tried is None:
        return
    if isinstance(error, NOTHING_ASKED):
        with database.transaction() as tx:
            work.ask_next(tx, claim.resource, now=now)
    elif isinstance(error, ANSWERS):
        with database.transaction() as tx:
            work.reopen(tx, claim.resource)
            if claim.tried:
                work.hurry(tx, claim.resource, why=Unavailable.__name__, now=now)
