"""What became of each activity that athletes handed over, and of each file that held none: for good."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from sqlalchemy import text

from training_analyzer.storage.database import Transaction
from training_analyzer.storage.upload_files import storable_name

Outcome = Literal["added", "changed", "known", "refused"]


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one activity, or of one file that holds none."""

    name: str
    outcome: Outcome
    reason: str | None = None
    recording_id: int | None = None


def add(tx: Transaction, athlete_id: UUID, upload_id: UUID, results: Sequence[Result]) -> None:
    """Remember what became of files, in this order."""
    tx.execute(
        text("""
            INSERT INTO upload_results (upload_id, athlete_id, name, outcome, reason, recording_id)
            SELECT :upload_id, :athlete_id, name, outcome, reason, recording_id
            FROM unnest(CAST(:names AS text[]), CAST(:outcomes AS text[]), CAST(:reasons AS text[]),
                        CAST(:recordings AS bigint[]))
                WITH ORDINALITY AS r(name, outcome, reason, recording_id, n)
            ORDER BY n
        """),
        {
            "upload_id": upload_id,
            "athlete_id": athlete_id,
            "names": [storable_name(result.name) for result in results],
            "outcomes": [result.outcome for result in results],
            "reasons": [
                None if result.reason is None else storable_name(result.reason) for result in results
            ],
            "recordings": [result.recording_id for result in results],
        },
    )


def listed(
    tx: Transaction, upload_id: UUID, *, outcome: str | None, behind: int, limit: int
) -> list[tuple[int, Result, UUID | None]]:
    """Return results in order, each with its number and its activity where there is one."""
    rows = tx.execute(
        text("""
            SELECT u.id, u.name, u.outcome, u.reason, u.recording_id, r.activity_id
            FROM upload_results u LEFT JOIN recordings r ON r.id = u.recording_id
            WHERE u.upload_id = :id AND u.id > :behind
              AND (CAST(:outcome AS text) IS NULL OR u.outcome = :outcome)
            ORDER BY u.id LIMIT :limit
        """),
        {"id": upload_id, "outcome": outcome, "behind": behind, "limit": limit},
    )
    return [
        (row.id, Result(row.name, row.outcome, row.reason, row.recording_id), row.activity_id) for row in rows
    ]
