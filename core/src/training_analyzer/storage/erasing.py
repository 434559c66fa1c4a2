"""Making things gone: everything that rests on a connection, in one transaction."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text

from training_analyzer.storage.connections import StoredConnection
from training_analyzer.storage.database import Transaction


@dataclass(frozen=True, slots=True)
class Erased:
    """How much is gone."""

    recordings: int
    documents: int
    activities: int
    insights: int


def erase_connection(tx: Transaction, connection: StoredConnection) -> Erased:
    """
    Erase the connection with its grant, documents, recordings and activities, and all insights.

    An activity that another source recorded too stays, and becomes stale. Days are the caller's
    to rewrite.
    """
    mine = {"id": connection.id, "athlete_id": connection.athlete_id}
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
    recordings = tx.execute(text("DELETE FROM recordings WHERE connection_id = :id"), mine).rowcount
    activities = tx.execute(
        text("""
            DELETE FROM activities a
            WHERE a.id = ANY(:ids) AND NOT EXISTS (SELECT FROM recordings r WHERE r.activity_id = a.id)
        """),
        {"ids": activity_ids},
    ).rowcount
    tx.execute(
        text("UPDATE activities SET measured_from = NULL, fingerprint = '' WHERE id = ANY(:ids)"),
        {"ids": activity_ids},
    )
    # Fitness rests on every activity, and insights rest on fitness.
    insights = tx.execute(text("DELETE FROM insights WHERE athlete_id = :athlete_id"), mine).rowcount
    tx.execute(
        text("DELETE FROM work WHERE athlete_id = :athlete_id AND resource = :provider"),
        {**mine, "provider": connection.provider},
    )
    tx.execute(text("DELETE FROM connections WHERE id = :id"), mine)
    return Erased(recordings, documents, activities, insights)
