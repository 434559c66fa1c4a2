"""Windows of a connection's activities, and how far each has been listed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import text

from training_analyzer.storage.database import Transaction

ListingPurpose = Literal["initial", "history", "recent"]


@dataclass(frozen=True, slots=True)
class Listing:
    """A window [`since`, `until`) to be listed; `cursor` says where the next page begins."""

    id: int
    connection_id: UUID
    purpose: ListingPurpose
    since: datetime
    until: datetime
    cursor: str | None
    listed: int
    done_at: datetime | None


def begin(
    tx: Transaction,
    athlete_id: UUID,
    connection_id: UUID,
    purpose: ListingPurpose,
    *,
    since: datetime,
    until: datetime,
) -> int:
    listing_id: int = tx.execute(
        text("""
            INSERT INTO listings (athlete_id, connection_id, purpose, since, until)
            VALUES (:athlete_id, :connection_id, :purpose, :since, :until) RETURNING id
        """),
        {
            "athlete_id": athlete_id,
            "connection_id": connection_id,
            "purpose": purpose,
            "since": since,
            "until": until,
        },
    ).scalar_one()
    return listing_id


def find(tx: Transaction, listing_id: int) -> Listing | None:
    row = tx.execute(
        text("""
            SELECT id, connection_id, purpose, since, until, cursor, listed, done_at
            FROM listings WHERE id = :id
        """),
        {"id": listing_id},
    ).one_or_none()
    return None if row is None else Listing(*row)


def advance(tx: Transaction, listing_id: int, *, listed: int, cursor: str | None, now: datetime) -> None:
    """Remember that a page was listed. Without a cursor the window is complete; what is done stays so."""
    tx.execute(
        text("""
            UPDATE listings SET listed = listed + :listed, cursor = CAST(:cursor AS text),
                done_at = CASE WHEN CAST(:cursor AS text) IS NULL THEN CAST(:now AS timestamptz) END
            WHERE id = :id AND done_at IS NULL
        """),
        {"id": listing_id, "listed": listed, "cursor": cursor, "now": now},
    )


def of_connection(tx: Transaction, connection_id: UUID) -> list[Listing]:
    """Return the newest listing of each purpose."""
    rows = tx.execute(
        text("""
            SELECT DISTINCT ON (purpose) id, connection_id, purpose, since, until, cursor, listed, done_at
            FROM listings WHERE connection_id = :id ORDER BY purpose, id DESC
        """),
        {"id": connection_id},
    )
    return [Listing(*row) for row in rows]


def planned(tx: Transaction, connection_id: UUID) -> int | None:
    """Return the listing of recent activities that is begun or planned but not done, if there is one."""
    listing_id: int | None = tx.execute(
        text("""
            SELECT id FROM listings
            WHERE connection_id = :id AND purpose = 'recent' AND done_at IS NULL ORDER BY id DESC LIMIT 1
        """),
        {"id": connection_id},
    ).scalar()
    return listing_id


def give_up(tx: Transaction, connection_id: UUID, *, now: datetime) -> None:
    """End what is begun or planned: the athlete connected again, and all is listed anew."""
    tx.execute(
        text("UPDATE listings SET done_at = :now WHERE connection_id = :id AND done_at IS NULL"),
        {"id": connection_id, "now": now},
    )


def move(tx: Transaction, listing_id: int, *, since: datetime, until: datetime) -> None:
    """Set the window of a listing that has not begun."""
    tx.execute(
        text("UPDATE listings SET since = :since, until = :until WHERE id = :id AND cursor IS NULL"),
        {"id": listing_id, "since": since, "until": until},
    )
