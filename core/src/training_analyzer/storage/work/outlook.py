"""What is owed to one athlete, and what stands before it: for whoever waits."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import text

from training_analyzer.storage.database import Transaction
from training_analyzer.storage.work.closures import IS_CLOSED


def owed_of(
    tx: Transaction, athlete_id: UUID, *, now: datetime, waiting: bool = True
) -> dict[tuple[str, str], int]:
    """
    Return how many units are owed now, by kind and priority; what is planned for later is not.

    `waiting`: count also what waits for a quota or for another try.
    """
    rows = tx.execute(
        text(f"""
            SELECT kind, priority, count(*) AS units FROM work w
            WHERE athlete_id = :athlete_id AND state = 'owed'
              AND CASE WHEN w.lease_until IS NOT NULL THEN true
                       WHEN w.not_before > :now THEN :waiting AND w.last_error IS NOT NULL
                       ELSE :waiting OR NOT {IS_CLOSED} END
            GROUP BY kind, priority
        """),  # noqa: S608 - a constant of ours
        {"athlete_id": athlete_id, "now": now, "waiting": waiting},
    )
    return {(row.kind, row.priority): row.units for row in rows}


ARRIVING: Final = frozenset({"list", "look_up", "look_again", "fetch", "upload", "measure"})


def is_arriving(tx: Transaction, athlete_id: UUID, *, now: datetime) -> bool:
    """Whether an athlete's newest weeks are on their way: work on them is owed, and waits for no quota."""
    owed = owed_of(tx, athlete_id, now=now, waiting=False)
    return any(units for (kind, priority), units in owed.items() if kind in ARRIVING and priority != "low")


@dataclass(frozen=True, slots=True)
class Held:
    """
    Units of one kind that wait for the same reason. `until`: when the first goes on; `last`: when all have.

    `why`: what kind of error held them up; `told`: what it said, where it was theirs.
    """

    kind: str
    units: int
    why: str
    told: str | None
    until: datetime
    last: datetime


def held_of(tx: Transaction, athlete_id: UUID, resource: str, *, now: datetime) -> list[Held]:
    """Return what of an athlete's work waits for a resource or its next try. The transaction acts as them."""
    rows = tx.execute(
        text("""
            SELECT kind, count(*) AS units, held.why, said.told, min(held.until), max(held.until)
            FROM (
                SELECT w.kind, GREATEST(w.not_before, c.until) AS until,
                       CASE WHEN w.last_error IS NULL OR c.until > w.not_before THEN c.why
                            ELSE w.last_error END AS why,
                       w.last_error, t.why AS told
                FROM work w
                LEFT JOIN troubles t ON t.work_id = w.id
                LEFT JOIN LATERAL (
                    SELECT until, why FROM closures c
                    WHERE c.resource = w.resource AND c.priority IN (w.priority, 'any') AND c.until > :now
                    ORDER BY until DESC LIMIT 1) c ON true
                WHERE w.athlete_id = :athlete_id AND w.resource = :resource
                  AND w.state = 'owed' AND w.lease_until IS NULL
                  AND CASE WHEN w.not_before > :now THEN w.last_error IS NOT NULL
                           ELSE c.until IS NOT NULL END
            ) AS held,
            LATERAL (SELECT CASE WHEN held.why = last_error AND starts_with(held.told, held.why || ':')
                                 THEN held.told END AS told) AS said
            GROUP BY kind, held.why, said.told ORDER BY min(held.until), kind, held.why
        """),
        {"athlete_id": athlete_id, "resource": resource, "now": now},
    )
    return [Held(*row) for row in rows]


def find_due(tx: Transaction, kind: str, subject: str, *, now: datetime) -> int | None:
    """Return the unit's id where it is owed now, also while somebody works on it."""
    found: int | None = tx.execute(
        text("""
            SELECT id FROM work WHERE kind = :kind AND subject = :subject AND state = 'owed'
              AND (lease_until IS NOT NULL OR not_before <= :now)
        """),
        {"kind": kind, "subject": subject, "now": now},
    ).scalar()
    return found


@dataclass(frozen=True, slots=True)
class Queue:
    """Requests that one athlete's work needs, and those of everybody until it has had its turns."""

    mine: int
    high: int
    low: int


def queue_of(tx: Transaction, athlete_id: UUID, resource: str, *, now: datetime) -> Queue:
    """
    Return what stands before the last of an athlete's requests, theirs included.

    Athletes take turns: nobody's many go before somebody's few. A list is a page and the one that
    follows. What is planned for later is not counted.
    """
    rows = tx.execute(
        text("""
            SELECT athlete_id = :athlete_id AS mine,
                   CASE priority WHEN 'low' THEN 'low' ELSE 'high' END AS queue,
                   sum(CASE kind WHEN 'list' THEN 2 ELSE 1 END) AS n
            FROM work w
            WHERE resource = :resource AND state = 'owed'
              AND (lease_until IS NOT NULL OR not_before <= :now OR last_error IS NOT NULL)
            GROUP BY athlete_id, queue
        """),
        {"athlete_id": athlete_id, "resource": resource, "now": now},
    ).all()
    mine = {row.queue: int(row.n) for row in rows if row.mine}
    high, low = mine.get("high", 0), mine.get("low", 0)
    for row in rows:
        if row.mine:
            continue
        if row.queue == "high":
            # Before anything of low priority, all that is urgent is done.
            high += int(row.n) if mine.get("low") else min(int(row.n), mine.get("high", 0))
        else:
            low += min(int(row.n), mine.get("low", 0))
    return Queue(sum(mine.values()), high, low)
