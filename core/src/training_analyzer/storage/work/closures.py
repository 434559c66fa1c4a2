"""Whether a unit may run now: nobody is at it, its time has come, and its provider is not closed to it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import text

from training_analyzer.domain.events import Priority
from training_analyzer.storage.database import Transaction, announce_work

IS_CLOSED: Final = """
    EXISTS (SELECT FROM closures c
            WHERE c.resource = w.resource AND c.priority IN (w.priority, 'any') AND c.until > :now)
"""
# A unit whose lease ran out is due whatever `not_before` says: its worker died, and that is a failure.
MAY_RUN: Final = f"""
    w.state = 'owed'
    AND (w.lease_until < now() OR (w.lease_until IS NULL AND w.not_before <= :now))
    AND NOT {IS_CLOSED}
"""


def close(
    tx: Transaction, resource: str, priorities: Sequence[Priority], *, until: datetime, why: str
) -> None:
    """Let no unit of these priorities begin that needs the resource, until its quota opens."""
    tx.execute(
        text("""
            INSERT INTO closures AS c (resource, priority, until, why)
            VALUES (:resource, :priority, :until, :why)
            ON CONFLICT (resource, priority) DO UPDATE SET
                until = GREATEST(c.until, excluded.until),
                why = CASE WHEN c.until > excluded.until THEN c.why ELSE excluded.why END
        """),
        [{"resource": resource, "priority": one, "until": until, "why": why} for one in priorities],
    )


def shut(tx: Transaction, resource: str, *, until: datetime, why: str, tries: int) -> None:
    """Let no unit begin that needs the resource, which does not answer; then one, to ask whether it does."""
    tx.execute(
        text("""
            INSERT INTO closures AS c (resource, priority, until, why, tries)
            VALUES (:resource, 'any', :until, :why, :tries)
            ON CONFLICT (resource, priority) DO UPDATE SET
                until = excluded.until, why = excluded.why, tries = GREATEST(c.tries, excluded.tries)
        """),
        {"resource": resource, "until": until, "why": why, "tries": tries},
    )


def ask_next(tx: Transaction, resource: str, *, now: datetime) -> None:
    """Let the next unit ask whether a service that is shut answers: whoever was to do so did not."""
    tx.execute(
        text("""
            UPDATE closures SET until = :now
            WHERE resource = :resource AND priority = 'any' AND until > :now
        """),
        {"resource": resource, "now": now},
    )
    announce_work(tx)


def reopen(tx: Transaction, resource: str) -> None:
    """Let all units begin that need the resource: it answers."""
    tx.execute(
        text("DELETE FROM closures WHERE resource = :resource AND priority = 'any'"), {"resource": resource}
    )
    announce_work(tx)


def hurry(tx: Transaction, resource: str, *, why: str, now: datetime) -> None:
    """Let what failed with an error of this kind be tried at once, as if it had never waited."""
    tx.execute(
        text("""
            UPDATE work SET not_before = '-infinity', waits = 0, updated_at = now() WHERE id IN (
                SELECT id FROM work
                WHERE resource = :resource AND state = 'owed' AND lease_until IS NULL
                  AND last_error = :why AND not_before > :now
                ORDER BY id FOR UPDATE SKIP LOCKED)
        """),
        {"resource": resource, "why": why, "now": now},
    )
    announce_work(tx)


def open_all(tx: Transaction) -> None:
    """Forget what is closed: whoever starts again may have put things right. The gate still counts."""
    tx.execute(text("DELETE FROM closures"))


def opens_at(tx: Transaction, resource: str, *, now: datetime) -> datetime | None:
    """Return when the resource's quota is open to all priorities again; None where it is open now."""
    moment: datetime | None = tx.execute(
        text("""
            SELECT max(until) FROM closures
            WHERE resource = :resource AND until > :now AND why = 'RateLimited'
        """),
        {"resource": resource, "now": now},
    ).scalar()
    return moment
