"""Windows of a connection's activities, and how far each has been listed."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal
from uuid import UUID

from sqlalchemy import text

from training_analyzer.storage.database import Transaction

ListingPurpose = Literal["initial", "history", "recent", "full"]
UP_TO_NOW: Final[tuple[ListingPurpose, ...]] = ("initial", "recent", "full")


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
    requests: int
    reached: datetime | None
    """When the oldest activity began that has been listed so far."""
    begun_at: datetime | None
    """When the first page was asked for, by PostgreSQL's clock. None also where it ended incomplete."""


_COLUMNS: Final = """
    id, connection_id, purpose, since, until, cursor, listed, done_at, requests, reached, begun_at
"""


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
        text(f"SELECT {_COLUMNS} FROM listings WHERE id = :id"),  # noqa: S608 - a constant of this module
        {"id": listing_id},
    ).one_or_none()
    return None if row is None else Listing(*row)


def advance(
    tx: Transaction,
    listing_id: int,
    *,
    cursor: str | None,
    reached: datetime | None,
    asked_at: datetime,
    now: datetime,
    found: bool = True,
) -> None:
    """
    Remember that a page was listed. Without a cursor the window is done; what is done stays so.

    `found`: there was such a page; without it, what the listing lacks shows nothing. `reached`: when the
    oldest activity of the page began. `asked_at`: by PostgreSQL's clock.
    """
    tx.execute(
        text("""
            UPDATE listings l SET
                listed = (SELECT count(*) FROM recordings r
                          WHERE r.connection_id = l.connection_id
                            AND r.started_at >= l.since AND r.started_at < l.until
                            AND r.seen_at >= COALESCE(l.begun_at, :asked_at)),
                requests = requests + 1,
                reached = LEAST(reached, CAST(:reached AS timestamptz)),
                begun_at = CASE WHEN :found THEN COALESCE(begun_at, :asked_at) END,
                cursor = CAST(:cursor AS text),
                done_at = CASE WHEN CAST(:cursor AS text) IS NULL THEN CAST(:now AS timestamptz) END
            WHERE id = :id AND done_at IS NULL
        """),
        {
            "id": listing_id,
            "reached": reached,
            "asked_at": asked_at,
            "cursor": cursor,
            "now": now,
            "found": found,
        },
    )


@dataclass(frozen=True, slots=True)
class Absent:
    """An activity that a complete listing did not show. `again`: nor did the one before."""

    external_id: str
    again: bool


def missing(tx: Transaction, listing: Listing, *, asked_at: datetime) -> list[Absent]:
    """
    Return the activities of the window that no list has shown since this one began, now that it is complete.

    Those that were not seen for the longest come first: whoever is looked up has been seen, and the next
    time it is the others' turn.

    `asked_at`: when its last page was asked for, by PostgreSQL's clock.
    """
    rows = tx.execute(
        text("""
            WITH before AS (
                SELECT max(begun_at) AS begun_at FROM listings
                WHERE connection_id = :connection_id AND purpose = :purpose AND id < :id
                  AND done_at IS NOT NULL)
            SELECT r.external_id, COALESCE(r.seen_at, r.created_at) < before.begun_at AS again
            FROM recordings r, before
            WHERE r.connection_id = :connection_id AND r.started_at >= :since AND r.started_at < :until
              AND (r.seen_at IS NULL OR r.seen_at < :begun_at) AND r.created_at < :begun_at
            ORDER BY r.seen_at NULLS FIRST, r.external_id COLLATE "C"
        """),
        {
            "id": listing.id,
            "connection_id": listing.connection_id,
            "purpose": listing.purpose,
            "since": listing.since,
            "until": listing.until,
            "begun_at": listing.begun_at or asked_at,
        },
    )
    return [Absent(row.external_id, bool(row.again)) for row in rows]


def of_connection(tx: Transaction, connection_id: UUID) -> list[Listing]:
    """Return the newest listing of each purpose."""
    rows = tx.execute(
        text(f"""
            SELECT DISTINCT ON (purpose) {_COLUMNS}
            FROM listings WHERE connection_id = :id ORDER BY purpose, id DESC
        """),  # noqa: S608 - a constant of this module
        {"id": connection_id},
    )
    return [Listing(*row) for row in rows]


def last_done(
    tx: Transaction, connection_id: UUID, purposes: Collection[ListingPurpose] = UP_TO_NOW
) -> datetime | None:
    """Return when a listing was last complete; if not said otherwise, one up to the newest activities."""
    moment: datetime | None = tx.execute(
        text("""
            SELECT max(done_at) FROM listings
            WHERE connection_id = :id AND purpose = ANY(:purposes) AND begun_at IS NOT NULL
        """),
        {"id": connection_id, "purposes": list(purposes)},
    ).scalar()
    return moment


def planned(tx: Transaction, connection_id: UUID, purpose: ListingPurpose = "recent") -> int | None:
    """Return the listing of this purpose that is begun or planned but not done, if there is one."""
    listing_id: int | None = tx.execute(
        text("""
            SELECT id FROM listings
            WHERE connection_id = :id AND purpose = :purpose AND done_at IS NULL ORDER BY id DESC LIMIT 1
        """),
        {"id": connection_id, "purpose": purpose},
    ).scalar()
    return listing_id


def requests_of_everything(tx: Transaction, connection_id: UUID) -> int:
    """Return how many requests it took to list all that there is, the last time it was done."""
    found: int | None = tx.execute(
        text("""
            SELECT COALESCE(
                (SELECT requests FROM listings WHERE connection_id = :id AND purpose = 'full'
                 AND done_at IS NOT NULL AND begun_at IS NOT NULL ORDER BY id DESC LIMIT 1),
                (SELECT sum(requests) FROM (
                    SELECT DISTINCT ON (purpose) requests FROM listings
                    WHERE connection_id = :id AND purpose IN ('initial', 'history')
                      AND done_at IS NOT NULL AND begun_at IS NOT NULL
                    ORDER BY purpose, id DESC) AS first))
        """),
        {"id": connection_id},
    ).scalar()
    return int(found or 1)


def forget_old(tx: Transaction, connection_id: UUID) -> None:
    """Forget listings, and that they were owed, once a newer one of their purpose is done too."""
    tx.execute(
        text("""
            WITH old AS (
                DELETE FROM listings l USING listings newer
                WHERE l.connection_id = :id AND l.done_at IS NOT NULL
                  AND newer.connection_id = :id AND newer.purpose = l.purpose
                  AND newer.done_at IS NOT NULL AND newer.id > l.id
                RETURNING l.id)
            DELETE FROM work WHERE kind = 'list' AND state = 'done'
              AND subject IN (SELECT old.id::text FROM old)
        """),
        {"id": connection_id},
    )


def give_up(tx: Transaction, connection_id: UUID, *, now: datetime) -> None:
    """End what is begun or planned: the athlete connected again, and all is listed anew."""
    tx.execute(
        text("""
            UPDATE listings SET done_at = :now, begun_at = NULL
            WHERE connection_id = :id AND done_at IS NULL
        """),
        {"id": connection_id, "now": now},
    )


def move(tx: Transaction, listing_id: int, *, since: datetime, until: datetime) -> None:
    """Set the window of a listing that has not begun."""
    tx.execute(
        text("UPDATE listings SET since = :since, until = :until WHERE id = :id AND cursor IS NULL"),
        {"id": listing_id, "since": since, "until": until},
    )
