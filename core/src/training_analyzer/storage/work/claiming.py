"""Claiming and settling: one process at a time, and only the newest claim may say how it ended."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text

from training_analyzer.domain.errors import Superseded
from training_analyzer.domain.events import Priority
from training_analyzer.storage.database import Transaction, announce_work
from training_analyzer.storage.work.closures import MAY_RUN


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
    tried: int | None = None
    """Its provider does not answer, and was asked so often in vain: this unit asks alone. None: it does."""


LONGEST_WHY: Final = 1000
DIED: Final = "WorkerDied"
CUT_OFF: Final = "DatabaseRestarted"
"""Instead of an error, where a lease ran out: who had it is gone, or PostgreSQL was."""

LONGEST_ASKING_S: Final = 60
"""So long a unit may ask alone whether its provider answers again: longer than a request lasts."""

_CLAIM: Final = text(f"""
    WITH unit AS (SELECT w.id, w.resource FROM work w WHERE w.id = :id AND {MAY_RUN} FOR UPDATE),
    alone AS (
        UPDATE closures c SET until = CAST(:now AS timestamptz) + make_interval(secs => {LONGEST_ASKING_S})
        FROM unit WHERE c.resource = unit.resource AND c.priority = 'any' AND c.until <= :now
        RETURNING c.tries
    )
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
    FROM unit WHERE w.id = unit.id AND (EXISTS (SELECT FROM alone) OR NOT EXISTS (
        SELECT FROM closures c WHERE c.resource = unit.resource AND c.priority = 'any'))
    RETURNING w.id, kind, subject, athlete_id, priority, w.resource, fence, requested, failures, waits,
        COALESCE(last_error, '') = '{DIED}', (SELECT tries FROM alone)
""")  # noqa: S608 - a constant of this module


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
