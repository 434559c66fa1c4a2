"""Grants that are good for the next request: refreshed once for all workers, stored before they are used."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TypeVar

from training_analyzer.domain.errors import Missing
from training_analyzer.domain.events import Priority
from training_analyzer.ingestion.source import Caller, Source
from training_analyzer.sdk import Account, Grant, MissingScope, NotAuthorized
from training_analyzer.storage import connections
from training_analyzer.storage.connections import StoredConnection
from training_analyzer.storage.database import Database
from training_analyzer.storage.secrets import KeyRing

Answer = TypeVar("Answer")


def ask(
    database: Database,
    source: Source,
    connection: StoredConnection,
    keys: KeyRing,
    call: Callable[[Account], Answer],
    *,
    purpose: str,
    priority: Priority,
    now: datetime,
) -> Answer:
    """
    Ask the provider as the athlete, and return what `call` made of the answer.

    A refusal may mean the access token alone: the grant is then refreshed, however young it is, and
    `call` is made once more. Raises what that one raises, or what refreshing raises.
    """
    caller = Caller(connection.athlete_id, connection.id, purpose, priority)
    grant = _valid_grant(database, source, connection, keys, priority=priority, now=now)
    try:
        with source.client(caller) as http:
            return call(Account(grant, http))
    except MissingScope:
        raise  # another token would lack it too
    except NotAuthorized:
        if source.oauth is None:
            raise
    fresh = _valid_grant(database, source, connection, keys, priority=priority, now=now, refused=grant)
    with source.client(caller) as http:
        return call(Account(fresh, http))


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
    refused: Grant | None = None,
) -> Grant:
    """Return a grant that has not ended, and is not the one that was refused."""

    def is_good(grant: Grant) -> bool:
        if refused is not None and grant.access_token == refused.access_token:
            return False
        return not _ends_soon(source, grant, now)

    with database.transaction(connection.athlete_id) as tx:
        grant = connections.grant(tx, connection.id, keys)
    if grant is not None and is_good(grant):
        return grant
    # The row stays locked while we ask: whoever waits for it finds a grant that is new already,
    # and an old refresh token is never used twice.
    caller = Caller(connection.athlete_id, connection.id, "token", priority)
    with database.transaction(connection.athlete_id) as tx:
        grant = connections.grant(tx, connection.id, keys, lock=True)
        if grant is None:
            raise Missing("the connection is gone")
        if source.oauth is None or is_good(grant):
            return grant
        with source.client(caller) as http:
            fresh = source.oauth.refresh(http, grant)
        connections.replace_grant(tx, connection.id, fresh, keys)
    return fresh


def _ends_soon(source: Source, grant: Grant, now: datetime) -> bool:
    if source.oauth is None or grant.expires_at is None:
        return False
    return grant.expires_at - now < timedelta(seconds=source.oauth.refresh_before_s)
