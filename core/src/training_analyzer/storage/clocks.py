"""Recordings that say what their local time was: when each began, and what it says."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text

from training_analyzer.storage.database import Transaction


@dataclass(frozen=True, slots=True)
class Clock:
    recording_id: int
    begins: datetime
    utc_offset_s: int
    activity_id: UUID | None = None


def between(
    tx: Transaction,
    athlete_id: UUID,
    first: datetime | None = None,
    last: datetime | None = None,
    *,
    besides: Sequence[int] = (),
) -> list[Clock]:
    """Return those that began in this time, or ever, and these recordings' whenever they began, in order."""
    rows = tx.execute(
        text("""
            SELECT id, begins, utc_offset_s, activity_id FROM recordings
            WHERE athlete_id = :athlete_id AND utc_offset_s IS NOT NULL AND begins IS NOT NULL
              AND (
                id = ANY(:besides)
                OR (CAST(:first AS timestamptz) IS NULL OR begins >= :first)
                AND (CAST(:last AS timestamptz) IS NULL OR begins <= :last)
              )
            ORDER BY begins, utc_offset_s, id
        """),
        {"athlete_id": athlete_id, "first": first, "last": last, "besides": list(besides)},
    )
    return [Clock(*row) for row in rows]


def of(tx: Transaction, recording_ids: list[int]) -> set[Clock]:
    """Return those of these recordings that say it."""
    rows = tx.execute(
        text("""
            SELECT id, begins, utc_offset_s, activity_id FROM recordings
            WHERE id = ANY(:ids) AND utc_offset_s IS NOT NULL AND begins IS NOT NULL
        """),
        {"ids": recording_ids},
    )
    return {Clock(*row) for row in rows}


def are_missing(tx: Transaction, athlete_id: UUID) -> bool:
    """Say whether any recording of the athlete does not say it."""
    missing: bool = tx.execute(
        text("""
            SELECT EXISTS (SELECT FROM recordings
            WHERE athlete_id = :athlete_id AND begins IS NOT NULL AND utc_offset_s IS NULL)
        """),
        {"athlete_id": athlete_id},
    ).scalar_one()
    return missing
