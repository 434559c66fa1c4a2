"""Recordings that athletes hand over as files, stored many at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text

from training_analyzer.sdk import RawActivity
from training_analyzer.storage import documents
from training_analyzer.storage.database import Transaction


@dataclass(frozen=True, slots=True)
class HandedOver:
    """What became of an activity that an athlete handed over. `digest`: of all its documents."""

    recording_id: int
    is_new: bool
    changed: bool
    digest: str


def receive_files(
    tx: Transaction, athlete_id: UUID, provider: str, files: Sequence[RawActivity], *, now: datetime
) -> dict[str, HandedOver]:
    """Store activities that came as files, each external id once, in few statements; return them by it."""
    ordered = sorted(files, key=lambda raw: raw.external_id)  # in one order: nobody waits in a circle
    rows = tx.execute(
        text("""
            INSERT INTO recordings AS r (athlete_id, provider, external_id, started_at)
            SELECT :athlete_id, :provider, f.external_id, f.started_at
            FROM unnest(CAST(:ids AS text[]), CAST(:starts AS timestamptz[])) AS f(external_id, started_at)
            ON CONFLICT (athlete_id, provider, external_id) DO UPDATE SET updated_at = now()
            RETURNING r.id, r.external_id, r.xmax = 0 AS is_new
        """),
        {
            "athlete_id": athlete_id,
            "provider": provider,
            "ids": [raw.external_id for raw in ordered],
            "starts": [raw.started_at for raw in ordered],
        },
    ).all()
    by_id = {raw.external_id: raw for raw in ordered}
    changed = documents.store_many(
        tx,
        athlete_id,
        {row.id: by_id[row.external_id].documents for row in rows},
        staying={row.id: by_id[row.external_id].named_by for row in rows},
        received_at=now,
    )
    digests = documents.digests(tx, [row.id for row in rows])
    tx.execute(
        text("""
            UPDATE recordings r SET digest = d.digest, attempts = 0, problem = NULL, problem_digest = NULL
            FROM unnest(CAST(:ids AS bigint[]), CAST(:digests AS text[])) AS d(id, digest)
            WHERE r.id = d.id AND r.digest <> d.digest
        """),
        {"ids": list(digests), "digests": list(digests.values())},
    )
    return {
        row.external_id: HandedOver(row.id, row.is_new, row.id in changed, digests[row.id]) for row in rows
    }
