"""Keys of athletes for programs: only digests are stored."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text

from training_analyzer.domain.errors import NotPossible
from training_analyzer.domain.scope import Scope
from training_analyzer.storage.athletes import digest
from training_analyzer.storage.database import Transaction, act_as

MOST: Final = 20
"""Of one athlete: enough for every program of theirs, few enough to know each."""
SHOWN: Final = 10
"""So many letters of a key are kept readable, for telling one from another."""
USE_WRITTEN_EVERY: Final = timedelta(minutes=1)
"""A program that asks all the time does not write all the time."""


@dataclass(frozen=True, slots=True)
class ApiKey:
    """What is known of a key, which is not the key."""

    id: UUID
    name: str
    prefix: str
    scopes: tuple[Scope, ...]
    created_at: datetime
    last_used_at: datetime | None
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class Holder:
    """Whose key it is, and what it permits."""

    athlete_id: UUID
    scopes: frozenset[Scope]


def make(
    tx: Transaction,
    athlete_id: UUID,
    key: str,
    *,
    name: str,
    scopes: Collection[Scope],
    expires_at: datetime | None,
    now: datetime,
) -> ApiKey:
    """Remember a key. Raises NotPossible where the athlete has as many as there may be."""
    # Two requests at once count one after the other.
    tx.execute(text("SELECT FROM athletes WHERE id = :id FOR NO KEY UPDATE"), {"id": athlete_id})
    if len([one for one in of_athlete(tx, athlete_id) if not _is_over(one.expires_at, now)]) >= MOST:
        raise NotPossible(f"You have {MOST} keys, which is the most. Delete one that you do not use.")
    row = tx.execute(
        text(f"""
            INSERT INTO api_keys (digest, athlete_id, name, prefix, scopes, created_at, expires_at)
            VALUES (:digest, :athlete_id, :name, :prefix, :scopes, :now, :expires_at)
            RETURNING {_COLUMNS}
        """),  # noqa: S608 - a constant of this module
        {
            "digest": digest(key),
            "athlete_id": athlete_id,
            "name": name,
            "prefix": key[:SHOWN],
            "scopes": sorted(scopes),
            "now": now,
            "expires_at": expires_at,
        },
    ).one()
    return _key(row)


def of_athlete(tx: Transaction, athlete_id: UUID) -> list[ApiKey]:
    """Return the athlete's keys, the oldest first."""
    rows = tx.execute(
        text(f"""
            SELECT {_COLUMNS} FROM api_keys WHERE athlete_id = :id ORDER BY created_at, id
        """),  # noqa: S608 - a constant of this module
        {"id": athlete_id},
    )
    return [_key(row) for row in rows]


def remove(tx: Transaction, key_id: UUID) -> bool:
    """Forget a key; return whether there was one."""
    return tx.execute(text("DELETE FROM api_keys WHERE id = :id"), {"id": key_id}).rowcount > 0


def remove_all(tx: Transaction, athlete_id: UUID) -> int:
    """Forget every key of an athlete; return how many there were."""
    return tx.execute(text("DELETE FROM api_keys WHERE athlete_id = :id"), {"id": athlete_id}).rowcount


def recognize(tx: Transaction, key: str, *, now: datetime) -> Holder | None:
    """
    Return whose key this is, and remember that it was used; None where there is none, or no longer.

    The transaction may act for nobody yet, and for the athlete afterwards.
    """
    row = tx.execute(
        text("""
            SELECT id, athlete_id, scopes, expires_at, last_used_at FROM athlete_by_api_key(:digest)
        """),
        {"digest": digest(key)},
    ).one_or_none()
    if row is None or _is_over(row.expires_at, now):
        return None
    if row.last_used_at is None or row.last_used_at <= now - USE_WRITTEN_EVERY:
        act_as(tx, row.athlete_id)
        tx.execute(
            text("""
                UPDATE api_keys SET last_used_at = :now
                WHERE id = :id AND (last_used_at IS NULL OR last_used_at <= :before)
            """),
            {"id": row.id, "now": now, "before": now - USE_WRITTEN_EVERY},
        )
    return Holder(row.athlete_id, frozenset(map(Scope, row.scopes)))


_COLUMNS: Final = "id, name, prefix, scopes, created_at, last_used_at, expires_at"


def _key(row: Any) -> ApiKey:
    return ApiKey(
        row.id,
        row.name,
        row.prefix,
        tuple(map(Scope, row.scopes)),
        row.created_at,
        row.last_used_at,
        row.expires_at,
    )


def _is_over(expires_at: datetime | None, now: datetime) -> bool:
    return expires_at is not None and expires_at <= now
