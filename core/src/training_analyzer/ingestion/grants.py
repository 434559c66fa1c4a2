"""Grants that are good for the next request: refreshed once for all workers, stored before they are used."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from training_analyzer.domain.errors import Missing
from training_analyzer.domain.events import Priority
from training_analyzer.ingestion.source import Caller, Source
from training_analyzer.sdk import Account, Grant
from training_analyzer.storage import connections
from training_analyzer.storage.connections import StoredConnection
from training_analyzer.storage.database import Database
from training_analyzer.storage.secrets import KeyRing


@contextmanager
def account(
    database: Database,
    source: Source,
    connection: StoredConnection,
    keys: KeyRing,
    *,
    purpose: str,
    priority: Priority,
    now: datetime,
) -> Iterator[Account]:
    """Yield the athlete's account, ready to be asked. Raises what refreshing raises."""
    grant = _valid_grant(database, source, connection, keys, priority=priority, now=now)
    with source.client(Caller(connection.athlete_id, connection.id, purpose, priority)) as http:
        yield Account(grant, http)


def _valid_grant(
    database: Database,
    source: Source,
    connection: StoredConnection,
    keys: KeyRing,
    *,
    priority: Priority,
    now: datetime,
) -> Grant:
    with database.transaction(connection.athlete_id) as tx:
        grant = connections.grant(tx, connection.id, keys)
    if grant is not None and not _ends_soon(source, grant, now):
        return grant
    # The row stays locked while we ask: whoever waits for it finds a grant that is new already,
    # and an old refresh token is never used twice.
    caller = Caller(connection.athlete_id, connection.id, "token", priority)
    with database.transaction(connection.athlete_id) as tx:
        grant = connections.grant(tx, connection.id, keys, lock=True)
        if grant is None:
            raise Missing("the connection is gone")
        if source.oauth is None or not _ends_soon(source, grant, now):
            return grant
        with source.client(caller) as http:
            fresh = source.oauth.refresh(http, grant)
        connections.replace_grant(tx, connection.id, fresh, keys)
    return fresh


def _ends_soon(source: Source, grant: Grant, now: datetime) -> bool:
    if source.oauth is None or grant.expires_at is None:
        return False
    return grant.expires_at - now < timedelta(seconds=source.oauth.refresh_before_s)
