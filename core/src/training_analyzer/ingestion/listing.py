"""
Listing what a provider has of an athlete: window by window, page by page, each page kept at once.

A new connection lists the newest weeks first (HIGH), then the rest of the year (LOW): a few
requests bring a year of summaries. After that, a window that overlaps the last weeks is listed
regularly, because files are uploaded late and activities are edited.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final, Self

from training_analyzer.domain.events import (
    Connected,
    Event,
    FetchOwed,
    ListingOwed,
    Priority,
    RecordingReceived,
)
from training_analyzer.domain.values import Value
from training_analyzer.sdk import Account, DataProvider, NotFound, Page, Window
from training_analyzer.storage import listings, recordings
from training_analyzer.storage.connections import StoredConnection
from training_analyzer.storage.database import Transaction
from training_analyzer.storage.listings import Listing
from training_analyzer.storage.recordings import Recording

AHEAD: Final = timedelta(days=1)
"""Windows reach into the future: devices' clocks run ahead."""


class Horizon(Value):
    """How far back listing goes, and how often it is done again."""

    initial_days: int
    history_days: int
    overlap_days: int
    every_minutes: int

    def within(self, days: int | None) -> Self:
        """Return a horizon that reaches no further back than so many days."""
        if days is None:
            return self
        reaches = {
            name: min(getattr(self, name), days) for name in ("initial_days", "history_days", "overlap_days")
        }
        return self.model_copy(update=reaches)


def begin_listings(tx: Transaction, connected: Connected, horizon: Horizon, *, now: datetime) -> list[Event]:
    """Owe the windows of a connection that was made, or made again, and what is still to be fetched."""
    listings.give_up(tx, connected.connection_id, now=now)
    border = now - timedelta(days=horizon.initial_days)
    windows: list[tuple[listings.ListingPurpose, Priority, datetime, datetime]] = [
        ("initial", "high", border, now + AHEAD),
        ("history", "low", now - timedelta(days=horizon.history_days), border),
    ]
    events: list[Event] = [
        ListingOwed(
            athlete_id=connected.athlete_id,
            listing_id=listings.begin(
                tx, connected.athlete_id, connected.connection_id, purpose, since=since, until=until
            ),
            provider=connected.provider,
            priority=priority,
        )
        for purpose, priority, since, until in windows
        if since < until
    ]
    waiting = recordings.wanting_fetch(tx, connected.connection_id)
    return events + [fetch_owed(recording, horizon, now=now) for recording in waiting]


def list_recent(
    tx: Transaction, connection: StoredConnection, horizon: Horizon, *, now: datetime, delay_s: float = 0
) -> Event:
    """Owe a listing of the last weeks. There is one at most; asking again brings it forward."""
    since = now + timedelta(seconds=delay_s) - timedelta(days=horizon.overlap_days)
    until = now + timedelta(seconds=delay_s) + AHEAD
    listing_id = listings.planned(tx, connection.id)
    if listing_id is None:
        listing_id = listings.begin(
            tx, connection.athlete_id, connection.id, "recent", since=since, until=until
        )
    elif not delay_s:
        listings.move(tx, listing_id, since=since, until=until)
    return ListingOwed(
        athlete_id=connection.athlete_id,
        listing_id=listing_id,
        provider=connection.provider,
        priority="low" if delay_s else "high",
        delay_s=delay_s,
    )


def up_to_date(tx: Transaction, listing: Listing, *, now: datetime) -> Listing:
    """Let a window of recent activities that begins later than planned reach up to now."""
    if listing.purpose != "recent" or listing.cursor is not None or listing.until >= now + AHEAD:
        return listing
    listings.move(tx, listing.id, since=listing.since, until=now + AHEAD)
    return replace(listing, until=now + AHEAD)


def list_page(provider: DataProvider, account: Account, listing: Listing) -> Page:
    """Ask for the next page of the window: one request."""
    window = Window(since=listing.since, until=listing.until)
    try:
        return provider.list_activities(account, window, listing.cursor)
    except NotFound:
        return Page(activities=())  # nothing there now; the next listing asks again


def store_page(
    tx: Transaction,
    connection: StoredConnection,
    listing: Listing,
    page: Page,
    horizon: Horizon,
    *,
    now: datetime,
) -> list[Event]:
    """Keep every activity of the page, and owe what is to be fetched and the page that follows."""
    events: list[Event] = []
    # In one order, in which measuring takes them too: neither waits for the other in a circle.
    for raw in sorted(page.activities, key=lambda raw: raw.external_id):
        received = recordings.receive(
            tx, connection.athlete_id, connection.id, connection.provider, raw, now=now
        )
        if received.changed:
            events.append(
                RecordingReceived(athlete_id=connection.athlete_id, recording_id=received.recording_id)
            )
        if received.changed and received.wants_fetch:
            recording = recordings.find(tx, received.recording_id)
            assert recording is not None
            events.append(fetch_owed(recording, horizon, now=now))
    for broken in page.broken:
        recordings.reject(tx, connection.athlete_id, connection.id, broken, now=now)
    listings.advance(tx, listing.id, listed=len(page.activities), cursor=page.next_cursor, now=now)
    if page.next_cursor is not None:
        priority: Priority = "low" if listing.purpose == "history" else "high"
        events.append(
            ListingOwed(
                athlete_id=connection.athlete_id,
                listing_id=listing.id,
                provider=connection.provider,
                priority=priority,
            )
        )
    elif listings.planned(tx, connection.id) is None:
        events.append(list_recent(tx, connection, horizon, now=now, delay_s=horizon.every_minutes * 60))
    return events


def fetch_owed(recording: Recording, horizon: Horizon, *, now: datetime) -> FetchOwed:
    """Return the event that a recording has more to give: the newest weeks go first."""
    is_new = recording.started_at >= now - timedelta(days=horizon.initial_days)
    return FetchOwed(
        athlete_id=recording.athlete_id,
        recording_id=recording.id,
        provider=recording.provider,
        priority="high" if is_new else "low",
        started_at_epoch_s=int(recording.started_at.timestamp()),
    )
