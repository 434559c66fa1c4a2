"""What has been settled: asking after it, and clearing it away."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import text

from training_analyzer.storage.database import Transaction

DONE_FOR_GOOD: Final = (
    *("fetch", "look_up", "look_again", "check_access", "let_in", "upload", "erase", "revoke", "profile"),
)
"""Kinds of which each unit is about something that is over with it."""
REMOVED_AT_ONCE: Final = 10_000


def moment(tx: Transaction) -> datetime:
    """Return what PostgreSQL's clock says: by it, transactions are put in order."""
    now: datetime = tx.execute(text("SELECT clock_timestamp()")).scalar_one()
    return now


def settled_since(
    tx: Transaction, kinds: tuple[str, ...], subjects: Sequence[str], since: datetime
) -> set[str]:
    """Return the subjects of which a unit of these kinds was settled after a moment of PostgreSQL's clock."""
    return set(
        tx.execute(
            text("""
                SELECT subject FROM work
                WHERE kind = ANY(:kinds) AND subject = ANY(:subjects) AND lease_until IS NULL
                  AND fence > 0 AND updated_at >= :since
            """),
            {"kinds": list(kinds), "subjects": list(subjects), "since": since},
        ).scalars()
    )


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
