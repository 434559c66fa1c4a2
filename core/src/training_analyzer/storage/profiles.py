"""What providers say of an athlete's body, in bytes as received."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

import zstandard
from sqlalchemy import text

from training_analyzer.sdk import RawDocument
from training_analyzer.storage.database import Transaction


def store(
    tx: Transaction,
    athlete_id: UUID,
    connection_id: UUID,
    documents: Iterable[RawDocument],
    *,
    received_at: datetime,
) -> None:
    """Keep the documents in place of those of the same kinds."""
    for document in documents:
        tx.execute(
            text("""
                INSERT INTO profile_documents (connection_id, kind, athlete_id, media_type, body, received_at)
                VALUES (:connection_id, :kind, :athlete_id, :media_type, :body, :received_at)
                ON CONFLICT (connection_id, kind) DO UPDATE SET
                    media_type = excluded.media_type, body = excluded.body,
                    received_at = excluded.received_at
            """),
            {
                "connection_id": connection_id,
                "kind": document.kind,
                "athlete_id": athlete_id,
                "media_type": document.media_type,
                "body": zstandard.compress(document.body),
                "received_at": received_at,
            },
        )


def received_at(tx: Transaction, connection_id: UUID) -> datetime | None:
    """Return when the provider was last asked with success; None where it never was."""
    moment: datetime | None = tx.execute(
        text("SELECT max(received_at) FROM profile_documents WHERE connection_id = :id"),
        {"id": connection_id},
    ).scalar()
    return moment


def documents(tx: Transaction, connection_id: UUID) -> list[RawDocument]:
    rows = tx.execute(
        text("SELECT kind, media_type, body FROM profile_documents WHERE connection_id = :id ORDER BY kind"),
        {"id": connection_id},
    )
    return [
        RawDocument(kind=row.kind, media_type=row.media_type, body=zstandard.decompress(row.body))
        for row in rows
    ]
