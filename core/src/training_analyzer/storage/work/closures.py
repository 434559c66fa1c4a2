"""Whether a unit may run now: nobody is at it, its time has come, and its quota is not closed."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import text

from training_analyzer.domain.events import Priority
from training_analyzer.storage.database import Transaction

# A unit whose lease ran out is due whatever `not_before` says: its worker died, and that is a failure.
MAY_RUN: Final = """
    w.state = 'owed'
    AND (w.lease_until < now() OR (w.lease_until IS NULL AND w.not_before <= :now))
    AND NOT EXISTS (SELECT FROM closures c
                    WHERE c.resource = w.resource AND c.priority = w.priority AND c.until > :now)
"""


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


def opens_at(tx: Transaction, resource: str, *, now: datetime) -> datetime | None:
    """Return when the resource is open to all priorities again; None where it is open now."""
    moment: datetime | None = tx.execute(
        text("SELECT max(until) FROM closures WHERE resource = :resource AND until > :now"),
        {"resource": resource, "now": now},
    ).scalar()
    return moment
