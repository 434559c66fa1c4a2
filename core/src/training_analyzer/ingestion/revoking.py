"""Telling a provider later that an athlete has disconnected, where it did not answer at the time."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from training_analyzer.domain.errors import ConfigurationError, Missing, TrainingAnalyzerError
from training_analyzer.domain.events import RevocationOwed
from training_analyzer.ingestion.source import Caller, Source
from training_analyzer.sdk import Forbidden, MissingScope, NotAuthorized, NotFound, PluginError
from training_analyzer.storage import revocations
from training_analyzer.storage.connections import StoredConnection
from training_analyzer.storage.database import Database, Transaction
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


def tell_before_erasing(
    database: Database, source: Callable[[str], Source | None], athlete_id: UUID, keys: KeyRing
) -> dict[str, bool]:
    """
    Tell once more of what providers have not heard yet; return of each whether it knows all now.

    With the athlete erased, nobody can.
    """
    with database.transaction(athlete_id) as tx:
        pending = [one for one in revocations.of_athlete(tx, athlete_id) if not one.in_use]
    knows: dict[str, bool] = {}
    for revocation in pending:
        found = source(revocation.provider)
        try:
            if found is None:
                raise Missing(f"the plugin {revocation.provider} is not active")
            tell(found, revocation, keys)
        except (PluginError, TrainingAnalyzerError) as error:
            LOGGER.warning("%s was not told of a disconnection: %s", revocation.provider, error)
            knows[revocation.provider] = False
        else:
            knows.setdefault(revocation.provider, True)
    return knows
