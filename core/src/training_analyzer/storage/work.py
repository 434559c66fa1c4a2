"""
What is owed: one row for each unit of work, with one life, `owed → done | parked`.

Owing what is owed already raises `requested`. A claim raises `fence`, takes a lease and hands out both
numbers; to finish requires the fence, so that a late orphan changes nothing, and says done only if
`requested` is still what it was, so that a cause that arrived meanwhile is not lost. Leases go by
PostgreSQL's clock; `not_before` goes by ours, which a demonstration may set to another day.

While a unit is worked on its `not_before` is infinity: what is owed meanwhile lowers it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text

from training_analyzer.domain.errors import Superseded
from training_analyzer.domain.events import Priority, QueueName
from training_analyzer.storage.database import Transaction, announce_work


@dataclass(frozen=True, slots=True)
class Owed:
    """A unit of work that an event has caused. `not_before` None: at once."""

    kind: str
    subject: str
    athlete_id: UUID
    priority: Priority
    resource: str | None = None
    position: int = 0
    not_before: datetime | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """A unit that this process may work on until its lease ends."""

    id: int
    kind: str
    subject: str
    athlete_id: UUID
    priority: Priority
    resource: str | None
    fence: int
    requested: int
    failures: int
    waits: int
    after_death: bool = False
    """Whoever had it before died at it, while PostgreSQL was there to be told how it ended."""


@dataclass(frozen=True, slots=True)
class Parked:
    """A unit that was given up, until something new happens or a person retries it."""

    id: int
    kind: str
    subject: str
    failures: int
    last_error: str


LONGEST_WHY: Final = 1000
DIED: Final = "WorkerDied"
CUT_OFF: Final = "DatabaseRestarted"
"""Instead of an error, where a lease ran out: who had it is gone, or PostgreSQL was."""
WAITS_IN: Final[Mapping[QueueName, Sequence[Priority]]] = {"high": ("first", "high"), "low": ("low",)}
"""The priorities of each queue, the most urgent first."""

_OWE: Final = text("""
    INSERT INTO work AS w (kind, subject, athlete_id, priority, resource, position, not_before)
    VALUES (:kind, :subject, :athlete_id, :priority, :resource, :position,
            COALESCE(CAST(:not_before AS timestamptz), '-infinity'))
    ON CONFLICT (kind, subject) DO UPDATE SET
        requested = w.requested + 1,
        state = 'owed',
        priority = CASE WHEN w.state = 'owed' THEN LEAST(w.priority, excluded.priority)
                        ELSE excluded.priority END,
        position = excluded.position,
        not_before = CASE WHEN w.state = 'owed' THEN LEAST(w.not_before, excluded.not_before)
                          ELSE excluded.not_before END,
        failures = CASE WHEN w.state = 'owed' THEN w.failures ELSE 0 END,
        waits = CASE WHEN w.state = 'owed' THEN w.waits ELSE 0 END,
        rung_at = CASE WHEN w.state = 'owed' AND w.priority <= excluded.priority THEN w.rung_at END,
        updated_at = now()
""")  # the smaller of two priorities is the more urgent

# A unit whose lease ran out is due whatever `not_before` says: its worker died, and that is a failure.
_MAY_RUN: Final = """
    w.state = 'owed'
    AND (w.lease_until < now() OR (w.lease_until IS NULL AND w.not_before <= :now))
    AND NOT EXISTS (SELECT FROM closures c
                    WHERE c.resource = w.resource AND c.priority = w.priority AND c.until > :now)
"""

_CLAIM: Final = text(f"""
    UPDATE work w SET
        fence = fence + 1,
        failures = failures + (lease_until IS NOT NULL)::int,
        last_error = CASE WHEN lease_until - make_interval(secs => :lease_s) > pg_postmaster_start_time()
                              THEN '{DIED}'
                          WHEN lease_until IS NOT NULL THEN '{CUT_OFF}'
                          ELSE last_error END,
        lease_until = now() + make_interval(secs => :lease_s),
        not_before = 'infinity',
        rung_at = NULL,
        served_at = now(),
        updated_at = now()
    WHERE w.id = :id AND {_MAY_RUN}
    RETURNING id, kind, subject, athlete_id, priority, resource, fence, requested, failures, waits,
        COALESCE(last_error, '') = '{DIED}'
""")  # noqa: S608 - a constant of this module

# What is first goes first. Athletes take turns within what is rung at once; from ring to ring, whoever
# waited longest goes first.
# One pass, without a join: right after thousands of units were owed, PostgreSQL believes that there is one.
_DUE: Final = text(f"""
    SELECT id FROM (
        SELECT id, priority, is_due, row_number() OVER (
                PARTITION BY athlete_id, is_due ORDER BY priority, kind <> 'list', position, id
            ) AS turn,
            max(served_at) FILTER (WHERE served_at > now() - interval '1 day') OVER (PARTITION BY athlete_id)
                AS served
        FROM (
            SELECT w.*, ({_MAY_RUN}
                AND (w.rung_at IS NULL OR w.rung_at < now() - make_interval(secs => :patience_s))) AS is_due
            FROM work w WHERE w.priority = ANY(:priorities)
                AND (w.state = 'owed' OR w.served_at > now() - interval '1 day')
        ) AS w
    ) AS w WHERE is_due
    ORDER BY priority <> 'first', turn, served NULLS FIRST, id
    LIMIT :room
""")  # noqa: S608 - a constant of this module


# The order in which work causes work. All transactions lock rows in it, so that none waits for another
# in a circle.
_DOWNSTREAM: Final = (
    *("list", "check_access", "look_up", "fetch", "profile", "upload"),
    *("measure", "explain", "detect"),
)


def owe(tx: Transaction, units: Iterable[Owed]) -> None:
    """Record what is owed, in the transaction that caused it."""
    rows = [
        {
            "kind": unit.kind,
            "subject": unit.subject,
            "athlete_id": unit.athlete_id,
            "priority": unit.priority,
            "resource": unit.resource,
            "position": unit.position,
            "not_before": unit.not_before,
        }
        for unit in sorted(units, key=_place_in_line)
    ]
    if rows:
        tx.execute(_OWE, rows)
        announce_work(tx)


def _place_in_line(unit: Owed) -> tuple[int, str, str]:
    known = unit.kind in _DOWNSTREAM
    return _DOWNSTREAM.index(unit.kind) if known else len(_DOWNSTREAM), unit.kind, unit.subject


def claim(tx: Transaction, work_id: int, *, now: datetime, lease_s: float) -> Claim | None:
    """Take the unit, if it is owed, due and nobody's."""
    row = tx.execute(_CLAIM, {"id": work_id, "now": now, "lease_s": lease_s}).one_or_none()
    return None if row is None else Claim(*row)


def renew(tx: Transaction, claim: Claim, *, lease_s: float) -> bool:
    """Extend the lease; return False where another has taken over, or the unit is settled."""
    renewed = tx.execute(
        text("""
            UPDATE work SET lease_until = now() + make_interval(secs => :lease_s)
            WHERE id = :id AND fence = :fence AND state = 'owed' AND lease_until IS NOT NULL
        """),
        {"id": claim.id, "fence": claim.fence, "lease_s": lease_s},
    )
    return renewed.rowcount == 1


def hold(tx: Transaction, claim: Claim) -> None:
    """
    Keep the unit until the transaction ends, so that nobody can take it over meanwhile.

    Comes after the results are stored and before anything is owed. Raises Superseded.
    """
    held = tx.execute(
        text("""
            SELECT FROM work
            WHERE id = :id AND fence = :fence AND state = 'owed' AND lease_until IS NOT NULL FOR UPDATE
        """),
        {"id": claim.id, "fence": claim.fence},
    )
    if held.one_or_none() is None:
        raise _superseded(claim)


def calm(tx: Transaction, claim: Claim) -> None:
    """
    Let what came first be merely urgent now that it is done, unless something arrived meanwhile.

    Comes after `hold` and before anything is owed: a unit that owes itself again would stay first.
    """
    if claim.priority != "first":
        return
    tx.execute(
        text("""
            UPDATE work SET priority = 'high'
            WHERE id = :id AND priority = 'first' AND requested = :requested
        """),
        {"id": claim.id, "requested": claim.requested},
    )


def forgive(tx: Transaction, claim: Claim) -> None:
    """Forget how often a unit that is held has failed: which part of it does so is being found out."""
    tx.execute(text("UPDATE work SET failures = 0 WHERE id = :id"), {"id": claim.id})


def finish(tx: Transaction, claim: Claim) -> None:
    """
    Say that the unit is done, unless more was asked of it meanwhile.

    Belongs into the transaction that stores the results. Raises Superseded, which must roll that
    transaction back, where another has taken over.
    """
    _settle(
        tx,
        claim,
        """state = CASE WHEN requested = :requested THEN 'done' ELSE 'owed' END,
           failures = 0, waits = 0, last_error = NULL""",
        requested=claim.requested,
    )


def release(tx: Transaction, claim: Claim, *, until: datetime, why: str) -> None:
    """Give the unit back, to be done later. No failure: waiting for a quota parks nothing."""
    _settle(
        tx,
        claim,
        # Whose turn ends at a closed quota was not served.
        "not_before = LEAST(not_before, :until), last_error = :why, served_at = NULL",
        until=until,
        why=why,
    )


def wait(tx: Transaction, claim: Claim, *, until: datetime, why: str) -> None:
    """Give the unit back because its service did not answer. Counted, but an outage parks nothing."""
    _settle(
        tx,
        claim,
        "not_before = LEAST(not_before, :until), last_error = :why, waits = waits + 1",
        until=until,
        why=why,
    )


def fail(tx: Transaction, claim: Claim, *, until: datetime, why: str) -> None:
    """Give the unit back after a failure, to be tried again."""
    _settle(
        tx,
        claim,
        "not_before = LEAST(not_before, :until), last_error = :why, failures = failures + 1",
        until=until,
        why=why,
    )


def park(tx: Transaction, claim: Claim, *, why: str) -> None:
    """Give the unit up, visibly; unless something new happened meanwhile, which is worth another try."""
    _settle(
        tx,
        claim,
        """state = CASE WHEN requested = :requested THEN 'parked' ELSE 'owed' END,
           failures = CASE WHEN requested = :requested THEN failures + 1 ELSE 0 END,
           last_error = :why""",
        requested=claim.requested,
        why=why,
    )


def _settle(tx: Transaction, claim: Claim, assignments: str, **parameters: Any) -> None:
    settled = tx.execute(
        text(f"""
            UPDATE work SET {assignments}, lease_until = NULL, rung_at = NULL, updated_at = now()
            WHERE id = :id AND fence = :fence AND state = 'owed' AND lease_until IS NOT NULL
        """),  # noqa: S608 - the assignments are constants of this module
        {"id": claim.id, "fence": claim.fence, **parameters},
    )
    if settled.rowcount != 1:
        raise _superseded(claim)
    announce_work(tx)


def _superseded(claim: Claim) -> Superseded:
    return Superseded(f"{claim.kind} {claim.subject} was taken over by another worker")


def close(tx: Transaction, resource: str, priorities: Sequence[Priority], *, until: datetime) -> None:
    """Let no unit of these priorities begin that needs the resource, until its quota opens."""
    tx.execute(
        text("""
            INSERT INTO closures AS c (resource, priority, until) VALUES (:resource, :priority, :until)
            ON CONFLICT (resource, priority) DO UPDATE SET until = GREATEST(c.until, excluded.until)
        """),
        [{"resource": resource, "priority": priority, "until": until} for priority in priorities],
    )


def open_all(tx: Transaction) -> None:
    """Forget what is closed: whoever starts again may have put things right. The gate still counts."""
    tx.execute(text("DELETE FROM closures"))


def owe_again(tx: Transaction, kind: str) -> int:
    """Owe every unit of a kind once more, for all athletes; return how many there are."""
    again = tx.execute(
        text("""
            UPDATE work SET state = 'owed', requested = requested + 1, failures = 0, waits = 0,
                not_before = '-infinity', updated_at = now()
            WHERE kind = :kind
        """),
        {"kind": kind},
    )
    announce_work(tx)
    return again.rowcount


def forget(tx: Transaction, kind: str, subject: str) -> None:
    """Owe a unit no longer. Whoever is at it stores nothing."""
    tx.execute(
        text("DELETE FROM work WHERE kind = :kind AND subject = :subject"),
        {"kind": kind, "subject": subject},
    )


def moment(tx: Transaction) -> datetime:
    """Return what PostgreSQL's clock says: by it, transactions are put in order."""
    now: datetime = tx.execute(text("SELECT clock_timestamp()")).scalar_one()
    return now


def settled_since(tx: Transaction, kind: str, subjects: Sequence[str], since: datetime) -> set[str]:
    """Return which of these units were settled after a moment of PostgreSQL's clock."""
    return set(
        tx.execute(
            text("""
                SELECT subject FROM work
                WHERE kind = :kind AND subject = ANY(:subjects) AND lease_until IS NULL
                  AND fence > 0 AND updated_at >= :since
            """),
            {"kind": kind, "subjects": list(subjects), "since": since},
        ).scalars()
    )


def opens_at(tx: Transaction, resource: str, *, now: datetime) -> datetime | None:
    """Return when the resource is open to all priorities again; None where it is open now."""
    moment: datetime | None = tx.execute(
        text("SELECT max(until) FROM closures WHERE resource = :resource AND until > :now"),
        {"resource": resource, "now": now},
    ).scalar()
    return moment


def ring(tx: Transaction, queue: QueueName, *, now: datetime, room: int, patience_s: float) -> list[int]:
    """
    Return the units of a queue whose turn it is, at most `room`, and remember that the bell was rung.

    Athletes take turns. A bell that nobody answered within `patience_s` is rung again.
    """
    ids = list(
        tx.execute(
            _DUE,
            {"priorities": list(WAITS_IN[queue]), "now": now, "room": room, "patience_s": patience_s},
        ).scalars()
    )
    if ids:
        tx.execute(
            text("UPDATE work SET rung_at = now(), served_at = now() WHERE id = ANY(:ids)"), {"ids": ids}
        )
    return ids


def owed_of(
    tx: Transaction, athlete_id: UUID, *, now: datetime, waiting: bool = True
) -> dict[tuple[str, str], int]:
    """
    Return how many units are owed now, by kind and priority; what is planned for later is not.

    `waiting`: count also what waits for a quota or for another try.
    """
    rows = tx.execute(
        text("""
            SELECT kind, priority, count(*) AS units FROM work w
            WHERE athlete_id = :athlete_id AND state = 'owed'
              AND CASE WHEN w.lease_until IS NOT NULL THEN true
                       WHEN w.not_before > :now THEN :waiting AND w.last_error IS NOT NULL
                       ELSE :waiting OR NOT EXISTS (
                           SELECT FROM closures c WHERE c.resource = w.resource
                           AND c.priority = w.priority AND c.until > :now) END
            GROUP BY kind, priority
        """),
        {"athlete_id": athlete_id, "now": now, "waiting": waiting},
    )
    return {(row.kind, row.priority): row.units for row in rows}


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


def note(tx: Transaction, claim: Claim, why: str) -> None:
    """Keep what an error said, for its athlete alone. The transaction acts as them."""
    tx.execute(
        text("""
            INSERT INTO troubles (work_id, athlete_id, why)
            SELECT :id, a.id, :why FROM athletes a WHERE a.id = :athlete_id
            ON CONFLICT (work_id) DO UPDATE SET why = excluded.why
        """),
        {"id": claim.id, "athlete_id": claim.athlete_id, "why": why.replace("\0", "")[:LONGEST_WHY]},
    )


DONE_FOR_GOOD: Final = ("fetch", "look_up", "check_access", "upload", "erase", "profile")
"""Kinds of which each unit is about something that is over with it."""
REMOVED_AT_ONCE: Final = 10_000


def remove_done(tx: Transaction, *, older_than_s: float) -> int:
    """
    Remove units that have long been done, and whose cause will not come again; return how many.

    An athlete's own unit of a kind, such as measuring, stays: it is owed again and again.
    """
    removed = tx.execute(
        text("""
            DELETE FROM work WHERE id IN (
                SELECT id FROM work
                WHERE state = 'done' AND updated_at < now() - make_interval(secs => :older_than_s)
                  AND (kind = ANY(:kinds) OR kind = 'explain' AND subject <> CAST(athlete_id AS text))
                ORDER BY id LIMIT :at_once FOR UPDATE SKIP LOCKED)
        """),
        {"older_than_s": older_than_s, "kinds": list(DONE_FOR_GOOD), "at_once": REMOVED_AT_ONCE},
    )
    return removed.rowcount


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
