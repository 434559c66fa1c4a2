"""Athletes' accounts at providers: their grants, sealed; their state; and how they are made."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID, uuid4

from psycopg.errors import UniqueViolation
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from training_analyzer.domain.errors import AlreadyExists
from training_analyzer.sdk import Grant
from training_analyzer.storage.database import Transaction
from training_analyzer.storage.secrets import KeyRing, Sealed

ACTIVE: Final = "active"
RECONNECT: Final = "reconnect"

_GRANT: Final = "SELECT grant_key, grant_sealed FROM connections WHERE id = :id"
# Not FOR UPDATE: the requests that are made meanwhile are counted by rows that refer to this one.
_GRANT_LOCKED: Final = f"{_GRANT} FOR NO KEY UPDATE"
_SEALED_IN: Final = {"connections": "id", "revocations": "connection_id"}
"""The tables of grants, and where each names its connection."""


@dataclass(frozen=True, slots=True)
class StoredConnection:
    """An athlete's account at a provider. `problem` says what the athlete has to do."""

    id: UUID
    athlete_id: UUID
    provider: str
    account_id: str
    status: str
    problem: str | None
    scopes: tuple[str, ...]
    created_at: datetime
    updated_at: datetime
    """When the athlete last made it, or the provider last refused it or let us in again."""


def save(tx: Transaction, athlete_id: UUID, provider: str, grant: Grant, keys: KeyRing) -> UUID:
    """
    Store a new grant: of a new connection, or of one that the athlete has made again.

    Raises AlreadyExists where the account belongs to another athlete here.
    """
    # Two callbacks of one new account would both find nothing: one after the other.
    tx.execute(
        text("SELECT pg_advisory_xact_lock(hashtextextended(:account, 0))"),
        {"account": f"connections/{provider}/{grant.account_id}"},
    )
    known = tx.execute(
        # Not FOR UPDATE: whoever ends a list refers to this row, and holds what we need next.
        text("""
            SELECT id FROM connections WHERE provider = :provider AND account_id = :account_id
            FOR NO KEY UPDATE
        """),
        {"provider": provider, "account_id": grant.account_id},
    ).scalar()
    connection_id: UUID = known or uuid4()
    sealed = keys.seal(_written(grant), place=_place(connection_id))
    try:
        tx.execute(
            text("""
                INSERT INTO connections
                    (id, athlete_id, provider, account_id, scopes, grant_key, grant_sealed)
                VALUES (:id, :athlete_id, :provider, :account_id, :scopes, :key, :sealed)
                ON CONFLICT (id) DO UPDATE SET
                    status = 'active', problem = NULL, scopes = excluded.scopes,
                    grant_key = excluded.grant_key, grant_sealed = excluded.grant_sealed, updated_at = now()
            """),
            {
                "id": connection_id,
                "athlete_id": athlete_id,
                "provider": provider,
                "account_id": grant.account_id,
                "scopes": sorted(grant.scopes),
                "key": sealed.key,
                "sealed": sealed.content,
            },
        )
    except IntegrityError as error:
        if not isinstance(error.orig, UniqueViolation):
            raise
        raise AlreadyExists("this account is connected to another athlete here") from error
    return connection_id


def grant(tx: Transaction, connection_id: UUID, keys: KeyRing, *, lock: bool = False) -> Grant | None:
    """Return the grant. `lock`: hold the row until the transaction ends, so that one process refreshes."""
    row = tx.execute(
        text(_GRANT_LOCKED if lock else _GRANT),
        {"id": connection_id},
    ).one_or_none()
    if row is None:
        return None
    return opened(keys, connection_id, Sealed(row.grant_key, row.grant_sealed))


def opened(keys: KeyRing, connection_id: UUID, sealed: Sealed) -> Grant:
    return _read(keys.open(sealed, place=_place(connection_id)))


def replace_grant(tx: Transaction, connection_id: UUID, grant: Grant, keys: KeyRing) -> None:
    sealed = keys.seal(_written(grant), place=_place(connection_id))
    tx.execute(
        text("""
            UPDATE connections SET grant_key = :key, grant_sealed = :sealed WHERE id = :id
        """),
        {"id": connection_id, "key": sealed.key, "sealed": sealed.content},
    )


def sealed_otherwise(tx: Transaction, newest: str) -> list[tuple[UUID, UUID]]:
    """Return the connections of all athletes whose grant another key seals, each with its athlete."""
    rows = tx.execute(text("SELECT id, athlete_id FROM grants_not_sealed_with(:newest)"), {"newest": newest})
    return [(row.id, row.athlete_id) for row in rows]


def seal_again(tx: Transaction, connection_id: UUID, keys: KeyRing) -> bool:
    """
    Seal the grant with the newest key; return whether it was sealed with another.

    Also that of a connection that is gone, of which the provider does not know yet. Whoever refreshes it at
    this moment ends first: the row is locked. Raises ConfigurationError where it cannot be opened.
    """
    return any(_seal_again(tx, table, column, connection_id, keys) for table, column in _SEALED_IN.items())


def _seal_again(tx: Transaction, table: str, column: str, connection_id: UUID, keys: KeyRing) -> bool:
    row = tx.execute(
        text(f"SELECT grant_key, grant_sealed FROM {table} WHERE {column} = :id FOR NO KEY UPDATE"),  # noqa: S608 - ours
        {"id": connection_id},
    ).one_or_none()
    if row is None or row.grant_key == keys.newest:
        return False
    place = _place(connection_id)
    sealed = keys.seal(keys.open(Sealed(row.grant_key, row.grant_sealed), place=place), place=place)
    tx.execute(
        text(f"UPDATE {table} SET grant_key = :key, grant_sealed = :sealed WHERE {column} = :id"),  # noqa: S608 - ours
        {"id": connection_id, "key": sealed.key, "sealed": sealed.content},
    )
    return True


def mark_reconnect(
    tx: Transaction, connection_id: UUID, problem: str, *, unless_after: datetime | None = None
) -> bool:
    """
    Stop using the connection until the athlete makes it again; return whether that is news.

    `unless_after`: change nothing where the athlete has made it again since, or it is marked already.
    """
    marked = tx.execute(
        text("""
            UPDATE connections SET status = 'reconnect', problem = :problem, updated_at = now()
            WHERE id = :id
              AND (CAST(:unless_after AS timestamptz) IS NULL OR updated_at <= :unless_after)
        """),
        {"id": connection_id, "problem": problem, "unless_after": unless_after},
    )
    return marked.rowcount == 1


def say_more(tx: Transaction, connection_id: UUID, problem: str) -> None:
    """Tell the athlete more of the same problem: whoever is asking the provider meanwhile is heard still."""
    tx.execute(
        text("UPDATE connections SET problem = :problem WHERE id = :id"),
        {"id": connection_id, "problem": problem},
    )


def mark_active(tx: Transaction, connection_id: UUID, *, unless_after: datetime) -> bool:
    """
    Use the connection again, because the provider lets us in after all; return whether that is news.

    `unless_after`: change nothing where it was refused, or made again, since.
    """
    marked = tx.execute(
        text("""
            UPDATE connections SET status = 'active', problem = NULL, updated_at = now()
            WHERE id = :id AND status = 'reconnect' AND updated_at <= :unless_after
        """),
        {"id": connection_id, "unless_after": unless_after},
    )
    return marked.rowcount == 1


def find(tx: Transaction, connection_id: UUID, *, lock: bool = False) -> StoredConnection | None:
    """Return the connection. `lock`: nobody connects again until the transaction ends."""
    found = _select(tx, "id = :id", {"id": connection_id}, lock=lock)
    return found[0] if found else None


def of_athlete(tx: Transaction, athlete_id: UUID) -> list[StoredConnection]:
    return _select(tx, "athlete_id = :athlete_id", {"athlete_id": athlete_id})


def undated(tx: Transaction, athlete_id: UUID, providers: Collection[str]) -> list[StoredConnection]:
    """Return an athlete's refused connections at these, neither emptied nor with the emptying owed."""
    return _select(
        tx,
        """athlete_id = :athlete_id AND status = 'reconnect' AND provider = ANY(:providers)
           AND (EXISTS (SELECT FROM recordings r WHERE r.connection_id = connections.id)
                OR EXISTS (SELECT FROM listings l WHERE l.connection_id = connections.id))
           AND NOT EXISTS (SELECT FROM work w
                           WHERE w.kind = 'erase' AND w.subject = CAST(connections.id AS text)
                             AND w.state <> 'done')""",
        {"athlete_id": athlete_id, "providers": list(providers)},
        lock=True,
    )


def athletes_connected(tx: Transaction, provider: str) -> int:
    """Return how many athletes share the provider's quota."""
    return int(
        tx.execute(
            text("SELECT athletes FROM athletes_connected(:provider)"), {"provider": provider}
        ).scalar_one()
    )


def count_requests(
    tx: Transaction, athlete_id: UUID, connection_id: UUID, purpose: str, requests: int = 1
) -> None:
    tx.execute(
        text("""
            INSERT INTO request_counts AS r (connection_id, purpose, athlete_id, requests)
            VALUES (:connection_id, :purpose, :athlete_id, :requests)
            ON CONFLICT (connection_id, purpose) DO UPDATE SET requests = r.requests + excluded.requests
        """),
        {"connection_id": connection_id, "purpose": purpose, "athlete_id": athlete_id, "requests": requests},
    )


def requests_spent(tx: Transaction, connection_id: UUID) -> Mapping[str, int]:
    rows = tx.execute(
        text("SELECT purpose, requests FROM request_counts WHERE connection_id = :id ORDER BY purpose"),
        {"id": connection_id},
    )
    return {row.purpose: row.requests for row in rows}


def _select(
    tx: Transaction, condition: str, parameters: Mapping[str, object], *, lock: bool = False
) -> list[StoredConnection]:
    rows = tx.execute(
        text(f"""
            SELECT id, athlete_id, provider, account_id, status, problem, scopes, created_at, updated_at
            FROM connections WHERE {condition} ORDER BY created_at, id {"FOR NO KEY UPDATE" if lock else ""}
        """),  # noqa: S608 - the condition is a constant of this module
        parameters,
    )
    return [
        StoredConnection(
            row.id,
            row.athlete_id,
            row.provider,
            row.account_id,
            row.status,
            row.problem,
            tuple(row.scopes),
            row.created_at,
            row.updated_at,
        )
        for row in rows
    ]


def _place(connection_id: UUID) -> str:
    return f"connections.grant_sealed.{connection_id}"


def _written(grant: Grant) -> bytes:
    # `model_dump_json` would write asterisks in place of the tokens.
    return json.dumps(
        {
            "account_id": grant.account_id,
            "access_token": grant.access_token.get_secret_value(),
            "refresh_token": grant.refresh_token and grant.refresh_token.get_secret_value(),
            "expires_at": grant.expires_at and grant.expires_at.isoformat(),
            "scopes": sorted(grant.scopes),
        }
    ).encode()


def _read(written: bytes) -> Grant:
    return Grant.model_validate_json(written)
