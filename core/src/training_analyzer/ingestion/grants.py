"""Grants that are good for the next request: refreshed once for all workers, stored before they are used."""

import logging
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
from training_analyzer.storage.database import Database, Transaction
from training_analyzer.storage.secrets import KeyRing

LOGGER = logging.getLogger(__name__)
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
    former = fresh = None
    try:
        with database.transaction(connection.athlete_id) as tx:
            former = _locked(tx, connection, keys)
            if source.oauth is None or is_good(former):
                return former
            with source.client(caller) as http:
                fresh = source.oauth.refresh(http, former)
            connections.replace_grant(tx, connection.id, fresh, keys)
    except Exception:
        if former is None or fresh is None:
            raise
        # PostgreSQL went away while we asked. The service accepts the former one no more.
        LOGGER.warning("A fresh grant of %s is stored in a second transaction", connection.provider)
        return _replace(database, connection, keys, former, fresh)
    return fresh


def _replace(
    database: Database, connection: StoredConnection, keys: KeyRing, former: Grant, fresh: Grant
) -> Grant:
    """Store a grant in place of the former one, unless that was done meanwhile; return what is stored."""

    def store(tx: Transaction) -> Grant:
        stored = _locked(tx, connection, keys)
        if stored != former:
            return stored
        connections.replace_grant(tx, connection.id, fresh, keys)
        return fresh

    return database.outlast(connection.athlete_id, store)


def _locked(tx: Transaction, connection: StoredConnection, keys: KeyRing) -> Grant:
    grant = connections.grant(tx, connection.id, keys, lock=True)
    if grant is None:
        raise Missing("the connection is gone")
    return grant


def _ends_soon(source: Source, grant: Grant, now: datetime) -> bool:
    if source.oauth is None or grant.expires_at is None:
        return False
    return grant.expires_at - now < timedelta(seconds=source.oauth.refresh_before_s)
