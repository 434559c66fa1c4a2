"""Owing: what is to be done, in the transaction that caused it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import text

from training_analyzer.domain.events import Priority
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

# The order in which work causes work. All transactions lock rows in it, so that none waits for another
# in a circle.
_DOWNSTREAM: Final = (
    *("list", "check_access", "let_in", "look_up", "look_again", "fetch", "profile", "upload"),
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


def forget_unasked(tx: Transaction, kind: str, subjects: Sequence[str]) -> None:
    """Owe units no longer that are still to be done. What is done, or being done, is kept as such."""
    tx.execute(
        text("""
            DELETE FROM work WHERE id IN (
                SELECT id FROM work
                WHERE kind = :kind AND subject = ANY(:subjects) AND state = 'owed' AND lease_until IS NULL
                ORDER BY id FOR UPDATE SKIP LOCKED)
        """),
        {"kind": kind, "subjects": list(subjects)},
    )
