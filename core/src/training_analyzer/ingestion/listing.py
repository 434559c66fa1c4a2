"""
What a page of a list brings: each is kept at once, with the work that follows from it.

What a complete listing does not show is not deleted on its word: the provider is asked for it. Where very
much is missing at once, the list itself is doubted: it is asked for again soon, and only what it misses a
second time is looked up, a bounded number each time.
"""

from datetime import datetime, timedelta
from typing import Final

from training_analyzer.domain.events import Event, ListingOwed, LookUpOwed, Priority, RecordingReceived
from training_analyzer.ingestion.planning import Asks, Horizon, fetch_owed, plan
from training_analyzer.sdk import Account, DataProvider, NotFound, Page, RawActivity, Window
from training_analyzer.storage import listings, recordings, rejections, work
from training_analyzer.storage.connections import StoredConnection
from training_analyzer.storage.database import Transaction
from training_analyzer.storage.listings import Listing

MOST_LOOK_UPS: Final = 50
"""Of activities that one list did not show. Each costs one request, or two where it is gone: 50 are a
twentieth of Strava's day, or a tenth."""
SLACK: Final = timedelta(days=2)
"""A window begins when it was planned, and is listed some time later."""


def list_page(provider: DataProvider, account: Account, listing: Listing) -> Page | None:
    """Ask for the next page of the window: one request. None where the provider has no such list now."""
    window = Window(since=listing.since, until=listing.until)
    try:
        return provider.list_activities(account, window, listing.cursor)
    except NotFound:
        return None


def store_page(
    tx: Transaction,
    connection: StoredConnection,
    listing: Listing,
    page: Page | None,
    horizon: Horizon,
    *,
    asks: Asks,
    asked_at: datetime,
    priority: Priority,
    now: datetime,
) -> list[Event]:
    """
    Keep every activity of the page, and owe what follows from it: fetching, looking up, the next page.

    `asked_at`: when the page was asked for, by PostgreSQL's clock. What was looked up since is newer.
    """
    events: list[Event] = []
    looked_up = _looked_up_since(tx, connection, page, asked_at)
    for raw in _wanted(tx, connection, page, horizon, now):
        if raw.external_id in looked_up:
            recordings.seen(tx, connection.id, raw.external_id, asked_at)
        else:
            events += receive(
                tx, connection, raw, horizon, seen_at=asked_at, now=now, is_first=priority == "first"
            )
    for broken in page.broken if page else ():
        rejections.reject(tx, connection.athlete_id, connection.id, broken, now=now)
    cursor = page.next_cursor if page else None
    reached = min((raw.started_at for raw in page.activities), default=None) if page else None
    listings.advance(
        tx,
        listing.id,
        cursor=cursor,
        reached=reached,
        asked_at=asked_at,
        now=now,
        found=page is not None,
    )
    if cursor is not None:
        if priority == "first":
            # A newcomer has their first numbers: what the next page brings is as urgent as their samples.
            priority = "high"
        owed = ListingOwed(
            athlete_id=connection.athlete_id,
            listing_id=listing.id,
            provider=connection.provider,
            priority=priority,
        )
        return [*events, owed]
    absent = listings.missing(tx, listing, asked_at=asked_at) if page is not None and asks.looks_up else []
    in_doubt = len(absent) > MOST_LOOK_UPS
    if in_doubt:
        absent = [one for one in absent if one.again][:MOST_LOOK_UPS]
    events += [look_up_owed(connection, one.external_id, "low") for one in absent]
    return events + plan(tx, connection, horizon, asks, now=now, in_doubt=in_doubt)


def receive(
    tx: Transaction,
    connection: StoredConnection,
    raw: RawActivity,
    horizon: Horizon,
    *,
    seen_at: datetime,
    now: datetime,
    is_first: bool = False,
) -> list[Event]:
    """
    Keep one activity, and owe its measuring and fetching where it is new or has changed.

    `is_first`: it is part of a newcomer's first numbers.
    """
    received = recordings.receive(
        tx,
        connection.athlete_id,
        connection.id,
        connection.provider,
        raw,
        now=now,
        seen_at=seen_at,
    )
    if not received.changed:
        return []
    events: list[Event] = [
        RecordingReceived(
            athlete_id=connection.athlete_id,
            recording_id=received.recording_id,
            priority="first" if is_first else "high",
        )
    ]
    if received.wants_fetch:
        recording = recordings.find(tx, received.recording_id)
        assert recording is not None
        events.append(fetch_owed(recording, horizon, now=now))
    return events


def look_up_owed(connection: StoredConnection, external_id: str, priority: Priority) -> LookUpOwed:
    return LookUpOwed(
        athlete_id=connection.athlete_id,
        connection_id=connection.id,
        provider=connection.provider,
        external_id=external_id,
        priority=priority,
    )


def _looked_up_since(
    tx: Transaction, connection: StoredConnection, page: Page | None, asked_at: datetime
) -> set[str]:
    """Return the activities of the page that were looked up after it was asked for."""
    subjects = {
        f"{connection.id}/{raw.external_id}": raw.external_id for raw in (page.activities if page else ())
    }
    if not subjects:
        return set()
    settled = work.settled_since(tx, ("look_up", "look_again"), list(subjects), asked_at)
    return {subjects[subject] for subject in settled}


def _wanted(
    tx: Transaction, connection: StoredConnection, page: Page | None, horizon: Horizon, now: datetime
) -> list[RawActivity]:
    """
    Return the activities of the page, but for such as are too old and not stored.

    They are in one order, in which measuring takes them too: neither waits for the other in a circle.
    """
    found = sorted(page.activities if page else (), key=lambda raw: raw.external_id)
    since = horizon.oldest_wanted(now) - SLACK
    old = [raw.external_id for raw in found if raw.started_at < since]
    unwanted = set(old) - recordings.known(tx, connection.id, old) if old else set()
    return [raw for raw in found if raw.external_id not in unwanted]
