"""Grants of connections that are gone here, kept sealed until their providers know or their time is up."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, text

from training_analyzer.sdk import Grant
from training_analyzer.storage import connections
from training_analyzer.storage.database import Transaction
from training_analyzer.storage.secrets import KeyRing, Sealed


@dataclass(frozen=True, slots=True)
class Revocation:
    """What a provider is to be told. `in_use`: somebody here has connected the account again."""

    connection_id: UUID
    athlete_id: UUID
    provider: str
    sealed: Sealed
    until: datetime
    in_use: bool

    def grant(self, keys: KeyRing) -> Grant:
        """Return the grant that is to end. Raises ConfigurationError where its key is gone."""
        return connections.opened(keys, self.connection_id, self.sealed)


def keep(tx: Transaction, connection_id: UUID, *, until: datetime) -> None:
    """Keep the grant of a connection that is about to be erased."""
    tx.execute(
        text("""
            INSERT INTO revocations
                (connection_id, athlete_id, provider, account_id, grant_key, grant_sealed, until)
            SELECT id, athlete_id, provider, account_id, grant_key, grant_sealed, :until
            FROM connections WHERE id = :id
        """),
        {"id": connection_id, "until": until},
    )


_HELD: Final = """
    SELECT connection_id, athlete_id, provider, grant_key, grant_sealed, until,
           EXISTS (SELECT FROM connection_of_account(provider, account_id)) AS in_use
    FROM revocations
"""


def find(tx: Transaction, connection_id: UUID) -> Revocation | None:
    row = tx.execute(text(f"{_HELD} WHERE connection_id = :id"), {"id": connection_id}).one_or_none()
    return None if row is None else _read(row)


def of_athlete(tx: Transaction, athlete_id: UUID) -> list[Revocation]:
    """Return what providers do not know yet of an athlete's connections that are gone."""
    rows = tx.execute(text(f"{_HELD} WHERE athlete_id = :id ORDER BY until"), {"id": athlete_id})
    return [_read(row) for row in rows]


def _read(row: Row[Any]) -> Revocation:
    sealed = Sealed(row.grant_key, row.grant_sealed)
    return Revocation(row.connection_id, row.athlete_id, row.provider, sealed, row.until, row.in_use)


def forget(tx: Transaction, connection_id: UUID) -> None:
    tx.execute(text("DELETE FROM revocations WHERE connection_id = :id"), {"id": connection_id})
