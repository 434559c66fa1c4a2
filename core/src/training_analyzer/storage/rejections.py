"""What providers have that is no activity, with the reasons."""

import hashlib
from datetime import datetime
from uuid import UUID

import zstandard
from sqlalchemy import text

from training_analyzer.sdk import BrokenRecord
from training_analyzer.storage.database import Transaction


def reject(
    tx: Transaction,
    athlete_id: UUID,
    connection_id: UUID,
    broken: BrokenRecord,
    *,
    now: datetime,
    recording_id: int | None = None,
) -> None:
    """Keep something that is no activity, with its bytes and the reason."""
    tx.execute(
        text("""
            INSERT INTO rejections
                (athlete_id, connection_id, recording_id, reason, media_type, body, sha256, received_at)
            VALUES (:athlete_id, :connection_id, :recording_id, :reason, :media_type, :body, :sha256, :now)
            ON CONFLICT (connection_id, sha256) DO NOTHING
        """),
        {
            "athlete_id": athlete_id,
            "connection_id": connection_id,
            "recording_id": recording_id,
            "reason": broken.reason,
            "media_type": broken.document.media_type,
            "body": zstandard.compress(broken.document.body),
            "sha256": hashlib.sha256(broken.document.body).hexdigest(),
            "now": now,
        },
    )


def rejected(tx: Transaction, connection_id: UUID) -> list[str]:
    """Return the reasons why records of this connection were rejected."""
    return list(
        tx.execute(
            text("SELECT reason FROM rejections WHERE connection_id = :id ORDER BY id"), {"id": connection_id}
        ).scalars()
    )
