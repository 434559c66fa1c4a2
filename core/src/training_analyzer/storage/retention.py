"""What may be kept no longer: documents beyond their time, and what was made from them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import text

from training_analyzer.storage import erasing
from training_analyzer.storage.database import Transaction

AT_ONCE: Final = 200
EXPIRED: Final = "retention"
"""Why there is nothing to fetch of a recording whose documents were kept long enough."""


@dataclass(frozen=True, slots=True)
class Expired:
    """What one pass erased. `more`: it is not all."""

    recordings: int
    documents: int
    activities: int
    more: bool


def athletes_due(tx: Transaction, provider: str, *, before: datetime) -> list[UUID]:
    """Return the athletes of whom something from this provider was received before a moment."""
    return list(
        tx.execute(
            text("SELECT id FROM athletes_with_documents_before(:provider, :before)"),
            {"provider": provider, "before": before},
        ).scalars()
    )


def providers_of(tx: Transaction, athlete_id: UUID) -> list[str]:
    """Return the providers whose data an athlete's numbers rest on, or rested on."""
    return list(
        tx.execute(
            text("""
                SELECT provider FROM recordings WHERE athlete_id = :id
                UNION SELECT provider FROM connections WHERE athlete_id = :id
            """),
            {"id": athlete_id},
        ).scalars()
    )


def expire(
    tx: Transaction, athlete_id: UUID, provider: str, *, before: datetime, keep_derived: bool
) -> Expired:
    """
    Erase what was received from a provider before a moment, and, unless kept, what was computed from it.

    A recording goes as a whole, with the first of its current documents.
    """
    mine = {"athlete_id": athlete_id, "provider": provider, "before": before, "at_once": AT_ONCE}
    # Locked in the order in which listing and measuring take them too.
    ids: list[int] = list(
        tx.execute(
            text("""
                SELECT r.id FROM recordings r
                WHERE r.athlete_id = :athlete_id AND r.provider = :provider AND EXISTS (
                    SELECT FROM documents d
                    WHERE d.recording_id = r.id AND d.replaced_at IS NULL AND d.received_at < :before)
                ORDER BY r.provider COLLATE "C", r.external_id COLLATE "C" LIMIT :at_once FOR UPDATE
            """),
            mine,
        ).scalars()
    )
    replaced = tx.execute(
        text("""
            DELETE FROM documents d USING recordings r
            WHERE r.id = d.recording_id AND r.athlete_id = :athlete_id AND r.provider = :provider
              AND d.received_at < :before AND d.replaced_at IS NOT NULL
        """),
        mine,
    ).rowcount
    tx.execute(
        text("""
            DELETE FROM rejections j USING connections c
            WHERE c.id = j.connection_id AND j.athlete_id = :athlete_id AND c.provider = :provider
              AND j.received_at < :before
        """),
        mine,
    )
    tx.execute(
        text("""
            DELETE FROM profile_documents p USING connections c
            WHERE c.id = p.connection_id AND p.athlete_id = :athlete_id AND c.provider = :provider
              AND p.received_at < :before
        """),
        mine,
    )
    documents = tx.execute(
        text("SELECT count(*) FROM documents WHERE recording_id = ANY(:ids)"), {"ids": ids}
    ).scalar_one()
    tx.execute(
        text(
            "DELETE FROM work WHERE kind = 'fetch' AND athlete_id = :athlete_id AND subject = ANY(:subjects)"
        ),
        {"athlete_id": athlete_id, "subjects": [str(number) for number in ids]},
    )
    activities = 0 if keep_derived else _erase(tx, athlete_id, ids, before)
    if keep_derived:
        _empty(tx, ids)
    return Expired(len(ids), documents + replaced, activities, more=len(ids) == AT_ONCE)


def _empty(tx: Transaction, ids: Sequence[int]) -> None:
    """Erase the documents alone. Without a digest, a recording is never measured again: its numbers stay."""
    tx.execute(text("DELETE FROM documents WHERE recording_id = ANY(:ids)"), {"ids": ids})
    tx.execute(
        text("""
            UPDATE recordings SET digest = '', absent = :why, attempts = 0, problem = NULL,
                problem_digest = NULL, updated_at = now()
            WHERE id = ANY(:ids)
        """),
        {"ids": ids, "why": EXPIRED},
    )


def _erase(tx: Transaction, athlete_id: UUID, ids: Sequence[int], before: datetime) -> int:
    """Erase the recordings, activities that nobody else recorded, and insights that spoke of them."""
    activity_ids: list[UUID] = list(
        tx.execute(
            text(
                "SELECT DISTINCT activity_id FROM recordings WHERE id = ANY(:ids) AND activity_id IS NOT NULL"
            ),
            {"ids": ids},
        ).scalars()
    )
    tx.execute(text("DELETE FROM recordings WHERE id = ANY(:ids)"), {"ids": ids})
    erased = erasing.settle_activities(tx, activity_ids)
    tx.execute(
        text("""
            DELETE FROM insights i
            WHERE i.athlete_id = :athlete_id AND (i.written_at < :before OR NOT EXISTS (
                SELECT FROM activities a WHERE a.athlete_id = :athlete_id
                AND a.local_date BETWEEN i.first_day AND i.last_day))
        """),
        {"athlete_id": athlete_id, "before": before},
    )
    return erased
