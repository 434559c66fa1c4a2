"""
Making things gone: everything that rests on a connection, or all that there is of an athlete.

What is left is a record that it happened: when, how much, and which providers know. It names nobody.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal
from uuid import UUID, uuid4

from sqlalchemy import text

from training_analyzer.storage import days
from training_analyzer.storage.connections import StoredConnection
from training_analyzer.storage.database import Transaction
from training_analyzer.storage.recordings import Recording

OF_A_CONNECTION: Final = ("listings", "profile_documents", "receipts", "rejections", "request_counts")
"""What goes with a connection, beside its recordings."""


@dataclass(frozen=True, slots=True)
class Erased:
    """How much is gone."""

    recordings: int
    documents: int
    activities: int
    insights: int

    @property
    def is_nothing(self) -> bool:
        return not (self.recordings or self.documents or self.activities or self.insights)


def erase_connection(tx: Transaction, connection: StoredConnection, *, keep_it: bool = False) -> Erased:
    """
    Erase the connection with its grant, documents, recordings, activities and all insights; and all days,
    where it had an activity.

    An activity that another source recorded too stays, and becomes stale. The caller has days made again
    from what is left. `keep_it`: the connection itself stays, to tell its athlete what happened.
    """
    mine = {"id": connection.id, "athlete_id": connection.athlete_id}
    # Whoever is measuring one of these ends first; whoever comes later finds nothing.
    tx.execute(
        text("""
            SELECT FROM recordings WHERE connection_id = :id
            ORDER BY provider COLLATE "C", external_id COLLATE "C" FOR UPDATE
        """),
        mine,
    )
    documents = tx.execute(
        text("""
            SELECT count(*) FROM documents d JOIN recordings r ON r.id = d.recording_id
            WHERE r.connection_id = :id
        """),
        mine,
    ).scalar_one()
    activity_ids: list[UUID] = list(
        tx.execute(
            text(
                "SELECT DISTINCT activity_id FROM recordings "
                "WHERE connection_id = :id AND activity_id IS NOT NULL"
            ),
            mine,
        ).scalars()
    )
    # An insight that is being written rests on these too: with its unit gone, it cannot be stored.
    tx.execute(
        text("""
            DELETE FROM work w WHERE w.athlete_id = :athlete_id AND (
                w.kind IN ('explain', 'detect')
                OR w.kind = 'profile' AND w.subject = CAST(:id AS text)
                OR w.kind = 'fetch' AND w.subject IN (
                    SELECT r.id::text FROM recordings r WHERE r.connection_id = :id)
                OR w.kind IN ('look_up', 'look_again') AND starts_with(w.subject, CAST(:id AS text) || '/')
                OR w.kind = 'list' AND w.subject IN (
                    SELECT l.id::text FROM listings l WHERE l.connection_id = :id))
        """),
        mine,
    )
    recordings = tx.execute(text("DELETE FROM recordings WHERE connection_id = :id"), mine).rowcount
    activities = settle_activities(tx, activity_ids)
    # Fitness rests on every activity, and insights rest on fitness.
    if activity_ids:
        days.clear(tx, connection.athlete_id, but=())
    insights = tx.execute(text("DELETE FROM insights WHERE athlete_id = :athlete_id"), mine).rowcount
    # So do suggestions, which training shows or the provider makes. What the athlete accepted stays, and
    # goes on naming whose data it rests on.
    tx.execute(text("DELETE FROM suggestions WHERE athlete_id = :athlete_id"), mine)
    tx.execute(text("DELETE FROM questions WHERE athlete_id = :athlete_id"), mine)
    for table in OF_A_CONNECTION if keep_it else ():
        tx.execute(text(f"DELETE FROM {table} WHERE connection_id = :id"), mine)  # noqa: S608 - constants
    if not keep_it:
        tx.execute(text("DELETE FROM connections WHERE id = :id"), mine)
    return Erased(recordings, documents, activities, insights)


def settle_activities(tx: Transaction, activity_ids: Sequence[UUID]) -> int:
    """
    Erase those of which no recording is left, and return how many; the others become stale.

    What is left of these may be several sessions now: it is sorted again.
    """
    gone = tx.execute(
        text("""
            DELETE FROM activities a
            WHERE a.id = ANY(:ids) AND NOT EXISTS (SELECT FROM recordings r WHERE r.activity_id = a.id)
        """),
        {"ids": list(activity_ids)},
    )
    tx.execute(
        text("UPDATE activities SET measured_from = NULL, fingerprint = '' WHERE id = ANY(:ids)"),
        {"ids": list(activity_ids)},
    )
    tx.execute(
        text("UPDATE recordings SET outlined_from = NULL WHERE activity_id = ANY(:ids)"),
        {"ids": list(activity_ids)},
    )
    return gone.rowcount


def erase_recording(tx: Transaction, recording: Recording) -> None:
    """
    Erase one recording with its documents, its activity, and the insights that may rest on it.

    An activity that another source recorded too stays, and becomes stale. Days are the caller's
    to rewrite. Whoever wants to fetch it finds it gone.
    """
    mine = {"id": recording.id, "athlete_id": recording.athlete_id}
    # Whoever is measuring it ends first; whoever comes later finds nothing.
    activity_id = tx.execute(
        text("SELECT activity_id FROM recordings WHERE id = :id FOR UPDATE"), mine
    ).scalar()
    tx.execute(text("DELETE FROM recordings WHERE id = :id"), mine)
    if activity_id is None:
        return
    first_day = tx.execute(
        text("SELECT local_date FROM activities WHERE id = :activity_id"), {"activity_id": activity_id}
    ).scalar()
    settle_activities(tx, [activity_id])
    # Fitness rests on every activity before it, and insights rest on fitness.
    tx.execute(
        text("DELETE FROM insights WHERE athlete_id = :athlete_id AND last_day >= :first_day"),
        {**mine, "first_day": first_day},
    )


Asker = Literal["athlete", "deployer", "provider"]


@dataclass(frozen=True, slots=True)
class Erasure:
    """The record of something that is gone. `not_told`: providers that did not answer."""

    id: UUID
    what: Literal["athlete", "connection"]
    asked_by: Asker
    told: tuple[str, ...]
    not_told: tuple[str, ...]
    erased: Erased
    erased_at: datetime


def erase_athlete(tx: Transaction, athlete_id: UUID) -> Erased:
    """Erase the athlete with everything that was stored, computed or owed."""
    erased = Erased(
        *tx.execute(
            text("""
                SELECT (SELECT count(*) FROM recordings WHERE athlete_id = :id),
                       (SELECT count(*) FROM documents WHERE athlete_id = :id),
                       (SELECT count(*) FROM activities WHERE athlete_id = :id),
                       (SELECT count(*) FROM insights WHERE athlete_id = :id)
            """),
            {"id": athlete_id},
        ).one()
    )
    # Whoever works for the athlete now finds its unit gone, and stores nothing.
    tx.execute(text("DELETE FROM work WHERE athlete_id = :id"), {"id": athlete_id})
    tx.execute(text("DELETE FROM athletes WHERE id = :id"), {"id": athlete_id})  # all else goes with it
    return erased


def remember(
    tx: Transaction,
    what: Literal["athlete", "connection"],
    erased: Erased,
    *,
    asked_by: Asker,
    told: Sequence[str],
    not_told: Sequence[str],
    now: datetime,
) -> Erasure:
    """Record that something is gone, in the transaction that erases it."""
    made = Erasure(uuid4(), what, asked_by, tuple(told), tuple(not_told), erased, now)
    tx.execute(
        text("""
            INSERT INTO erasures (id, what, asked_by, told, not_told,
                                  recordings, documents, activities, insights, erased_at)
            VALUES (:id, :what, :asked_by, :told, :not_told,
                    :recordings, :documents, :activities, :insights, :now)
        """),
        {
            "id": made.id,
            "what": what,
            "asked_by": asked_by,
            "told": list(told),
            "not_told": list(not_told),
            "recordings": erased.recordings,
            "documents": erased.documents,
            "activities": erased.activities,
            "insights": erased.insights,
            "now": now,
        },
    )
    return made
