"""What providers have of an athlete's sessions: one row for each record, with its documents beside it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal
from uuid import UUID

from sqlalchemy import text

from training_analyzer.sdk import RawActivity, RawDocument
from training_analyzer.storage import documents
from training_analyzer.storage.database import Transaction

Miss = Literal["missed_once", "missed_twice", "not_found"]
"""
How often the provider had nothing to fetch, where it should have. After the last, it is believed.

What was missed may come: it is asked for again, but nobody waits for it.
"""

_WANTS_FETCH: Final = """
    has_more AND fetched_at IS NULL AND COALESCE(absent, 'missed_once') IN ('missed_once', 'missed_twice')
"""


@dataclass(frozen=True, slots=True)
class Recording:
    """One provider's record of a session."""

    id: int
    athlete_id: UUID
    connection_id: UUID | None
    provider: str
    external_id: str
    started_at: datetime
    wants_fetch: bool
    """The provider holds more of it than we do."""
    revision: str
    """Of what there is to fetch."""
    absent: str | None
    """Why there is nothing to fetch, as far as is known."""


@dataclass(frozen=True, slots=True)
class Received:
    """What became of a listed activity."""

    recording_id: int
    changed: bool
    wants_fetch: bool


def receive(
    tx: Transaction,
    athlete_id: UUID,
    connection_id: UUID | None,
    provider: str,
    raw: RawActivity,
    *,
    now: datetime,
    seen_at: datetime | None = None,
) -> Received:
    """
    Store what a list or an upload holds of an activity. Receiving it again changes nothing.

    `seen_at`: when the provider was asked and showed it, by PostgreSQL's clock.
    """
    row = tx.execute(
        text(f"""
            INSERT INTO recordings AS r
                (athlete_id, connection_id, provider, external_id, started_at, has_more, revision, seen_at)
            VALUES
                (:athlete_id, :connection_id, :provider, :external_id, :started_at, :has_more, :revision,
                 :seen_at)
            ON CONFLICT (athlete_id, provider, external_id) DO UPDATE SET
                connection_id = excluded.connection_id,
                started_at = excluded.started_at,
                has_more = excluded.has_more,
                revision = excluded.revision,
                seen_at = GREATEST(r.seen_at, excluded.seen_at),
                fetched_at = CASE WHEN r.revision = excluded.revision THEN r.fetched_at END,
                absent = CASE WHEN r.revision = excluded.revision THEN r.absent END,
                updated_at = now()
            RETURNING id, {_WANTS_FETCH} AS wants_fetch, absent = 'retention' AS expired
        """),  # noqa: S608 - a constant of this module
        {
            "athlete_id": athlete_id,
            "connection_id": connection_id,
            "provider": provider,
            "external_id": raw.external_id,
            "started_at": raw.started_at,
            "has_more": raw.has_more,
            "revision": raw.revision,
            "seen_at": seen_at,
        },
    ).one()
    if row.expired:  # kept for its time already: a part of it would make its numbers worse
        return Received(row.id, changed=False, wants_fetch=False)
    retired = [documents.retire(tx, row.id, kind, now=now) for kind in sorted(raw.supersedes)]
    changed = _store(tx, athlete_id, row.id, raw.documents, now, changed=any(retired))
    return Received(row.id, changed, row.wants_fetch)


def seen(tx: Transaction, connection_id: UUID, external_id: str, seen_at: datetime) -> None:
    """Remember that a list shows it, and nothing else: what is stored is newer."""
    tx.execute(
        text("""
            UPDATE recordings SET seen_at = GREATEST(seen_at, CAST(:seen_at AS timestamptz))
            WHERE connection_id = :connection_id AND external_id = :external_id
        """),
        {"connection_id": connection_id, "external_id": external_id, "seen_at": seen_at},
    )


def complete(tx: Transaction, recording: Recording, fetched: Sequence[RawDocument], *, now: datetime) -> bool:
    """
    Store what was fetched; return whether it is new.

    Where the provider has another revision meanwhile, more is still wanted.
    """
    there = tx.execute(
        text("""
            UPDATE recordings SET absent = NULL, updated_at = now(),
                fetched_at = CASE WHEN revision = :revision THEN CAST(:now AS timestamptz) END
            WHERE id = :id
        """),
        {"id": recording.id, "revision": recording.revision, "now": now},
    )
    # It may have been removed since it was asked for.
    return there.rowcount > 0 and _store(tx, recording.athlete_id, recording.id, fetched, now)


def nothing_to_fetch(tx: Transaction, recording: Recording, why: Miss) -> bool:
    """Remember that the provider holds no more of it; return whether that still holds of what is wanted."""
    marked = tx.execute(
        text("""
            UPDATE recordings SET absent = :why, updated_at = now() WHERE id = :id AND revision = :revision
        """),
        {"id": recording.id, "why": why, "revision": recording.revision},
    )
    return marked.rowcount > 0


def forget_misses(tx: Transaction, connection_id: UUID) -> list[Recording]:
    """Forget that the provider held no more of some of the connection's recordings; return these."""
    missed = tx.execute(
        text("""
            UPDATE recordings SET absent = NULL, updated_at = now()
            WHERE connection_id = :id AND absent IN ('missed_once', 'missed_twice', 'not_found') RETURNING id
        """),
        {"id": connection_id},
    ).scalars()
    return _select(tx, "id = ANY(:ids)", {"ids": list(missed)})


def find(tx: Transaction, recording_id: int) -> Recording | None:
    found = _select(tx, "id = :id", {"id": recording_id})
    return found[0] if found else None


def of_connection(tx: Transaction, connection_id: UUID, external_id: str) -> Recording | None:
    """Return the connection's recording of this activity."""
    found = _select(
        tx,
        "connection_id = :connection_id AND external_id = :external_id",
        {"connection_id": connection_id, "external_id": external_id},
    )
    return found[0] if found else None


def of_activity(tx: Transaction, activity_id: UUID) -> list[Recording]:
    """Return the recordings of an activity, the leading one first; none where there is no such activity."""
    found = _select(tx, "activity_id = :id", {"id": activity_id})
    leading: int | None = tx.execute(
        text("SELECT leading_id FROM activities WHERE id = :id"), {"id": activity_id}
    ).scalar()
    return sorted(found, key=lambda recording: (recording.id != leading, recording.id))


def wanting_fetch(tx: Transaction, connection_id: UUID) -> list[Recording]:
    """Return the connection's recordings of which the provider holds more, newest first."""
    return _select(
        tx,
        f"connection_id = :id AND {_WANTS_FETCH} ORDER BY started_at DESC",
        {"id": connection_id},
    )


def _select(tx: Transaction, condition: str, parameters: Mapping[str, object]) -> list[Recording]:
    rows = tx.execute(
        text(f"""
            SELECT id, athlete_id, connection_id, provider, external_id, started_at,
                   {_WANTS_FETCH} AS wants_fetch, revision, absent
            FROM recordings WHERE {condition}
        """),  # noqa: S608 - the condition is a constant of this module
        parameters,
    )
    return [Recording(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class Tally:
    """How many recordings of a connection there are since a day, and how complete they are."""

    recordings: int
    complete: int
    without_more: int
    parked: int
    given_up: int


def tally(tx: Transaction, connection_id: UUID, *, since: datetime) -> Tally:
    row = tx.execute(
        text("""
            SELECT count(*), count(*) FILTER (WHERE fetched_at IS NOT NULL),
                   count(*) FILTER (WHERE fetched_at IS NULL AND (NOT has_more OR absent IS NOT NULL)),
                   count(*) FILTER (WHERE problem IS NOT NULL),
                   count(*) FILTER (WHERE fetched_at IS NULL AND has_more AND absent IS NULL AND EXISTS (
                       SELECT FROM work w
                       WHERE w.kind = 'fetch' AND w.subject = r.id::text AND w.state = 'parked'))
            FROM recordings r WHERE connection_id = :id AND started_at >= :since
        """),
        {"id": connection_id, "since": since},
    ).one()
    return Tally(*row)


def oldest(tx: Transaction, connection_id: UUID) -> datetime | None:
    """Return when the oldest activity of a connection began."""
    moment: datetime | None = tx.execute(
        text("SELECT min(started_at) FROM recordings WHERE connection_id = :id"), {"id": connection_id}
    ).scalar()
    return moment


def known(tx: Transaction, connection_id: UUID, external_ids: Sequence[str]) -> set[str]:
    """Return which of these activities are stored."""
    return set(
        tx.execute(
            text("""
                SELECT external_id FROM recordings
                WHERE connection_id = :id AND external_id = ANY(:external_ids)
            """),
            {"id": connection_id, "external_ids": list(external_ids)},
        ).scalars()
    )


def _store(
    tx: Transaction,
    athlete_id: UUID,
    recording_id: int,
    raw: Sequence[RawDocument],
    now: datetime,
    *,
    changed: bool = False,
) -> bool:
    stored = [documents.store(tx, athlete_id, recording_id, document, received_at=now) for document in raw]
    changed = changed or any(stored)
    if changed:
        tx.execute(
            # Whatever was wrong was wrong with the former documents.
            text("""
                UPDATE recordings SET digest = :digest, attempts = 0, problem = NULL, problem_digest = NULL
                WHERE id = :id
            """),
            {"id": recording_id, "digest": documents.digest(tx, recording_id)},
        )
    return changed
