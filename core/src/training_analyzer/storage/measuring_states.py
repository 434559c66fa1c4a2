"""How far measuring is with each recording: what its numbers are of, what was tried, what is parked."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text

from training_analyzer.domain.sport import Sport
from training_analyzer.storage.database import Transaction


@dataclass(frozen=True, slots=True)
class RecordingState:
    """What processing has to know of a recording before it opens a document."""

    id: int
    provider: str
    digest: str
    outlined_from: str | None
    attempts: int
    parked: bool
    """Given up, and nothing new has been received since."""
    activity_id: UUID | None
    leads: bool
    """The numbers of its activity are made from it."""
    sport: Sport | None
    """Of its activity, as are the rest."""
    local_date: date | None
    measured_from: str | None
    begins: datetime | None
    """Of its outline, as is the next."""
    utc_offset_s: int | None
    """What the recording itself says; None: nothing."""


_STATES: Final = """
    SELECT r.id, r.provider, r.digest, r.outlined_from, r.attempts,
           r.problem_digest IS NOT DISTINCT FROM r.digest AS parked,
           a.id AS activity_id, COALESCE(a.leading_id = r.id, false) AS leads,
           a.sport, a.local_date, a.measured_from, r.begins, r.utc_offset_s
    FROM recordings r LEFT JOIN activities a ON a.id = r.activity_id
    WHERE r.digest <> ''
"""


def states(tx: Transaction, athlete_id: UUID) -> list[RecordingState]:
    """Return every recording of the athlete, newest first, and what its activity's numbers were made from."""
    rows = tx.execute(
        text(f"{_STATES} AND r.athlete_id = :athlete_id ORDER BY r.started_at DESC, r.id"),
        {"athlete_id": athlete_id},
    )
    return [_state(row) for row in rows]


def hold(tx: Transaction, recording_ids: Iterable[int]) -> dict[int, RecordingState]:
    """
    Lock the recordings, in the order in which listing takes them too, and return them as they are now.

    What is gone meanwhile is not among them.
    """
    ids = {"ids": list(recording_ids)}
    tx.execute(
        text("""
            SELECT FROM recordings WHERE id = ANY(:ids)
            ORDER BY provider COLLATE "C", external_id COLLATE "C" FOR NO KEY UPDATE
        """),
        ids,
    )
    return {row.id: _state(row) for row in tx.execute(text(f"{_STATES} AND r.id = ANY(:ids)"), ids)}


def of(tx: Transaction, recording_ids: Sequence[int]) -> list[RecordingState]:
    """Return these recordings as they are now, in this order; what is gone is not among them."""
    rows = tx.execute(text(f"{_STATES} AND r.id = ANY(:ids)"), {"ids": list(recording_ids)})
    found = {row.id: _state(row) for row in rows}
    return [found[recording_id] for recording_id in recording_ids if recording_id in found]


def leading(tx: Transaction, activity_id: UUID) -> RecordingState | None:
    """Return the recording that an activity's numbers were made from; None where there is none."""
    row = tx.execute(text(f"{_STATES} AND a.id = :id AND a.leading_id = r.id"), {"id": activity_id}).first()
    return None if row is None else _state(row)


def are_well(tx: Transaction, recording_ids: Sequence[int]) -> None:
    """Say that these make sense, whatever was wrong before."""
    tx.execute(
        text("""
            UPDATE recordings SET problem = NULL, problem_digest = NULL, attempts = 0
            WHERE id = ANY(:ids) AND (problem IS NOT NULL OR attempts > 0)
        """),
        {"ids": list(recording_ids)},
    )


def _state(row: Any) -> RecordingState:
    return RecordingState(
        row.id,
        row.provider,
        row.digest,
        row.outlined_from,
        row.attempts,
        row.parked,
        row.activity_id,
        row.leads,
        Sport(row.sport) if row.sport else None,
        row.local_date,
        row.measured_from,
        row.begins,
        row.utc_offset_s,
    )


def attempt(tx: Transaction, recording_ids: Sequence[int]) -> None:
    """Remember that measuring these begins, in case it never ends."""
    tx.execute(
        text("UPDATE recordings SET attempts = attempts + 1 WHERE id = ANY(:ids)"),
        {"ids": list(recording_ids)},
    )


def attempted(tx: Transaction, recording_ids: Sequence[int]) -> None:
    """Remember that measuring these came to an end."""
    tx.execute(
        text("UPDATE recordings SET attempts = 0 WHERE id = ANY(:ids) AND attempts > 0"),
        {"ids": list(recording_ids)},
    )


def set_problem(tx: Transaction, recording_id: int, problem: str | None) -> None:
    """Park a recording with the documents it has now, or say that it is well (None)."""
    tx.execute(
        text("""
            UPDATE recordings SET problem = CAST(:problem AS text), attempts = 0,
                problem_digest = CASE WHEN CAST(:problem AS text) IS NULL THEN NULL ELSE digest END
            WHERE id = :id AND (CAST(:problem AS text) IS NOT NULL OR problem IS NOT NULL)
        """),
        {"id": recording_id, "problem": problem},
    )
