"""Disconnecting: the provider is told, and everything that came from it is erased at once."""

import logging
from datetime import datetime

from training_analyzer.domain.errors import TrainingAnalyzerError
from training_analyzer.domain.events import Disconnected
from training_analyzer.ingestion.grants import account
from training_analyzer.ingestion.source import Source
from training_analyzer.sdk import PluginError
from training_analyzer.storage import erasing
from training_analyzer.storage.connections import StoredConnection
from training_analyzer.storage.database import Database, Transaction
from training_analyzer.storage.erasing import Erased
from training_analyzer.storage.secrets import KeyRing

LOGGER = logging.getLogger(__name__)


def revoke(
    database: Database, source: Source | None, connection: StoredConnection, keys: KeyRing, *, now: datetime
) -> None:
    """
    Tell the provider that the athlete has disconnected.

    Whatever the provider says, we go on: with the grant erased, we cannot ask again.
    """
    if source is None or source.oauth is None:
        return
    try:
        with account(database, source, connection, keys, purpose="revoke", priority="high", now=now) as ready:
            source.oauth.revoke(ready.http, ready.grant)
    except (PluginError, TrainingAnalyzerError) as error:
        LOGGER.warning("%s was not told of a disconnection: %s", connection.provider, error)


def erase(tx: Transaction, connection: StoredConnection) -> tuple[Erased, Disconnected]:
    """Erase what came from the connection; return how much, and what happened."""
    erased = erasing.erase_connection(tx, connection)
    return erased, Disconnected(athlete_id=connection.athlete_id, provider=connection.provider)
