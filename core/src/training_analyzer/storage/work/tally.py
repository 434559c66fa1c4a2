"""How much work there is, of all athletes together: for whoever runs this."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text

from training_analyzer.storage.database import DISPATCHER_LOCK, Transaction
from training_analyzer.storage.work.closures import MAY_RUN


@dataclass(frozen=True, slots=True)
class Tally:
    """
    Units of one kind and priority that stand alike.

    `state`: `due` for a worker, `waiting` for their time or a quota, or `working`, which are owed; or
    `parked`. `oldest_s`: how long the oldest that is due has been so.
    """

    kind: str
    priority: str
    state: str
    units: int
    oldest_s: float | None


def tally(tx: Transaction, *, now: datetime) -> list[Tally]:
    """Count all units but those that are done: after a history has come, these are most of the table."""
    rows = tx.execute(
        # `not_before` goes by our clock, `updated_at` by PostgreSQL's: each is held against its own.
        text(f"""
            SELECT kind, priority, state, count(*) AS units,
                   CAST(max(GREATEST(LEAST(
                       CASE WHEN isfinite(not_before)
                            THEN EXTRACT(EPOCH FROM CAST(:now AS timestamptz) - not_before) END,
                       EXTRACT(EPOCH FROM now() - updated_at)
                   ), 0)) FILTER (WHERE state = 'due') AS float8) AS oldest_s
            FROM (
                SELECT w.kind, w.priority, w.not_before, w.updated_at,
                       CASE WHEN w.state <> 'owed' THEN w.state
                            WHEN {MAY_RUN} THEN 'due'
                            WHEN w.lease_until IS NOT NULL THEN 'working'
                            ELSE 'waiting' END AS state
                FROM work w WHERE w.state <> 'done'
            ) AS w
            GROUP BY kind, priority, state ORDER BY kind, priority, state
        """),  # noqa: S608 - a constant of ours
        {"now": now},
    )
    return [Tally(*row) for row in rows]


def is_dispatched(tx: Transaction) -> bool:
    """Return whether a dispatcher is at work: without one, nothing that is owed is begun."""
    found: bool = tx.execute(
        text("""
            SELECT EXISTS (
                SELECT FROM pg_locks
                WHERE locktype = 'advisory' AND granted AND objsubid = 1
                  AND (classid::bigint << 32) + objid::bigint = :lock
                  AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))
        """),
        {"lock": DISPATCHER_LOCK},
    ).scalar_one()
    return found
