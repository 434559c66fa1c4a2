"""What was given up: why, and giving it another try."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text

from training_analyzer.storage.database import Transaction, announce_work


@dataclass(frozen=True, slots=True)
class Parked:
    """A unit that was given up, until something new happens or a person retries it."""

    id: int
    kind: str
    subject: str
    failures: int
    last_error: str


def parked_of(tx: Transaction, athlete_id: UUID) -> list[Parked]:
    """Return what was given up of an athlete's work, and why."""
    rows = tx.execute(
        text("""
            SELECT w.id, w.kind, w.subject, w.failures, COALESCE(t.why, w.last_error, '') AS last_error
            FROM work w LEFT JOIN troubles t ON t.work_id = w.id
            WHERE w.athlete_id = :athlete_id AND w.state = 'parked' ORDER BY w.id
        """),
        {"athlete_id": athlete_id},
    )
    return [Parked(*row) for row in rows]


def retry_parked(
    tx: Transaction, *, athlete_id: UUID | None = None, kind: str | None = None, idle_s: float = 0
) -> int:
    """
    Owe again what was given up: of one athlete or of all, of one kind or of any; return how many units.

    `idle_s`: only what was given up so long ago.
    """
    again = tx.execute(
        text("""
            UPDATE work SET state = 'owed', requested = requested + 1, failures = 0, waits = 0,
                not_before = '-infinity', rung_at = NULL, updated_at = now()
            WHERE state = 'parked'
              AND (CAST(:athlete_id AS uuid) IS NULL OR athlete_id = :athlete_id)
              AND (CAST(:kind AS text) IS NULL OR kind = :kind)
              AND updated_at <= now() - make_interval(secs => :idle_s)
        """),
        {"athlete_id": athlete_id, "kind": kind, "idle_s": idle_s},
    )
    announce_work(tx)
    return again.rowcount
