"""Logins, keys, begun connections and kept grants whose time is over: whose they are, and forgetting them."""

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import text

from training_analyzer.storage.database import Transaction

TABLES: Final = {
    "sessions": "expires_at",
    "oauth_states": "expires_at",
    "api_keys": "expires_at",
    "revocations": "until",
}
"""And when a row's time is over."""


def athletes_with_expired(tx: Transaction, *, now: datetime) -> list[UUID]:
    """Return the athletes of whom something has expired."""
    return list(tx.execute(text("SELECT id FROM athletes_with_expired_logins(:now)"), {"now": now}).scalars())


def forget_expired(tx: Transaction, *, now: datetime) -> None:
    """Remove what has expired of the athlete whom the transaction acts for."""
    for table, until in TABLES.items():
        tx.execute(text(f"DELETE FROM {table} WHERE {until} <= :now"), {"now": now})  # noqa: S608 - ours
