"""Telling a provider later that an athlete has disconnected, where it did not answer at the time."""

import logging
from datetime import datetime, timedelta
from typing import Final

from training_analyzer.domain.errors import ConfigurationError
from training_analyzer.domain.events import RevocationOwed
from training_analyzer.ingestion.source import Caller, Source
from training_analyzer.sdk import Forbidden, MissingScope, NotAuthorized, NotFound
from training_analyzer.storage import revocations
from training_analyzer.storage.connections import StoredConnection
from training_analyzer.storage.database import Transaction
from training_analyzer.storage.revocations import Revocation
from training_analyzer.storage.secrets import KeyRing

LOGGER = logging.getLogger(__name__)

TRIED_FOR: Final = timedelta(days=7)
"""Longer than a service is down; and no grant of a connection that is gone is kept for longer."""


def owe(tx: Transaction, connection: StoredConnection, *, now: datetime) -> RevocationOwed:
    """Keep the grant of a connection that is about to be erased, and owe its end."""
    revocations.keep(tx, connection.id, until=now + TRIED_FOR)
    return RevocationOwed(
        athlete_id=connection.athlete_id, connection_id=connection.id, provider=connection.provider
    )


def has_ended(refusal: Exception) -> bool:
    """Tell whether what `revoke` raised says that the grant lets nobody in: what is forbidden does not."""
    return isinstance(refusal, NotAuthorized | NotFound) and not isinstance(refusal, MissingScope | Forbidden)


def tell(source: Source, revocation: Revocation, keys: KeyRing) -> None:
    """End the grant at the provider, with one request. Raises what that one raises."""
    if source.oauth is None:
        return
    try:
        grant = revocation.grant(keys)
    except ConfigurationError:
        LOGGER.warning("%s is not told of a disconnection: the grant's key is gone", revocation.provider)
        return
    caller = Caller(revocation.athlete_id, None, "revoke", "low")
    try:
        with source.client(caller) as http:
            source.oauth.revoke(http, grant)
    except (NotAuthorized, NotFound) as refusal:
        if not has_ended(refusal):
            raise
        LOGGER.info("%s has ended that grant already", revocation.provider)
