"""
Listing what a provider has of an athlete: window by window, page by page, each page kept at once.

A new connection lists the newest weeks before anything else, then the rest of the year (LOW): a few
requests bring a year of summaries. After that, two listings are done again and again: that of the
last weeks, because files are uploaded late and activities are edited, and that of everything,
because a webhook may be lost.

What a complete listing does not show is not deleted on its word: the provider is asked for it. Where very
much is missing at once, the list itself is doubted: it is asked for again soon, and only what it misses a
second time is looked up, a bounded number each time.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, Literal, Self

from training_analyzer.domain.events import (
    Connected,
    Event,
    FetchOwed,
    ListingOwed,
    LookUpOwed,
    Priority,
    RecordingReceived,
)
from training_analyzer.domain.values import Value
from training_analyzer.ingestion.pace import pace, requests_a_day
from training_analyzer.sdk import (
    Account,
    DataProvider,
    NotFound,
    Page,
    RawActivity,
    SupportsLookup,
    Window,
)
from training_analyzer.storage import connections, listings, recordings, rejections, work
from training_analyzer.storage.connections import StoredConnection
from training_analyzer.storage.database import Transaction
from training_analyzer.storage.listings import Listing
from training_analyzer.storage.recordings import Recording

AHEAD: Final = timedelta(days=1)
"""Windows reach into the future: devices' clocks run ahead."""
MOST_LOOK_UPS: Final = 50
"""Of activities that one list did not show. Each costs a request: 50 are a twentieth of Strava's day."""
SLACK: Final = timedelta(days=2)
"""A window begins when it was planned, and is listed some time later."""
IN_DOUBT_S: Final = 4 * 3600.0
"""A list that missed more is asked for again after so long: six times 50 in a day are looked up at most."""

Again = Literal["recent", "full"]
"""What is listed again and again."""
AGAIN: Final = frozenset({"recent", "full"})


@dataclass(frozen=True, slots=True)
class Asks:
    """What a provider can be asked: for one activity (`looks_up`), and how often in a day."""

    looks_up: bool
    requests_a_day: float | None

    @classmethod
    def of(cls, provider: DataProvider) -> Self:
        return cls(isinstance(provider, SupportsLookup), requests_a_day(provider.quota_rules().quotas))


class Horizon(Value):
    """How far back listing goes, and how often it is done again."""

    initial_days: int
    history_days: int
    overlap_days: int
    every_minutes: int
    full_every_hours: int
    is_bounded: bool = False
    """Nothing older may be listed, whatever is stored."""

    def within(self, days: int | None) -> Self:
        """Return a horizon that reaches no further back than so many days."""
        if days is None:
            return self
        reaches = {
            name: min(getattr(self, name), days) for name in ("initial_days", "history_days", "overlap_days")
        }
        return self.model_copy(update={**reaches, "is_bounded": True})

    def oldest_wanted(self, now: datetime) -> datetime:
        """Return from when on an activity is wanted that nobody has told of."""
        return now - timedelta(days=max(self.history_days, self.initial_days, self.overlap_days))


def begin_listings(tx: Transaction, connected: Connected, horizon: Horizon, *, now: datetime) -> list[Event]:
    """Owe the windows of a connection that was made, or made again, and what is still to be fetched."""
    listings.give_up(tx, connected.connection_id, now=now)
    border = now - timedelta(days=horizon.initial_days)
    windows: list[tuple[listings.ListingPurpose, Priority, datetime, datetime]] = [
        ("initial", "first", border, now + AHEAD),
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


def list_again(
    tx: Transaction,
    connection: StoredConnection,
    purpose: Again,
    horizon: Horizon,
    *,
    now: datetime,
    delay_s: float = 0,
) -> Event:
    """
    Owe a listing of the last weeks (`recent`), or of everything (`full`).

    There is one of each at most; asking again brings it forward.
    """
    since, until = _window(tx, connection, purpose, horizon, now + timedelta(seconds=delay_s))
    listing_id = listings.planned(tx, connection.id, purpose)
    if listing_id is None:
        listing_id = listings.begin(
            tx, connection.athlete_id, connection.id, purpose, since=since, until=until
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
    """Let a window that is listed again, and begins later than planned, reach up to now."""
    if listing.purpose not in AGAIN or listing.cursor is not None or listing.until >= now + AHEAD:
        return listing
    listings.move(tx, listing.id, since=listing.since, until=now + AHEAD)
    return replace(listing, until=now + AHEAD)


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
    return events + _plan(tx, connection, horizon, asks, now=now, in_doubt=in_doubt)


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
    settled = work.settled_since(tx, "look_up", list(subjects), asked_at) if subjects else set()
    return {subjects[subject] for subject in settled}


def _window(
    tx: Transaction, connection: StoredConnection, purpose: Again, horizon: Horizon, now: datetime
) -> tuple[datetime, datetime]:
    """Return what is listed: the last weeks, or everything that is wanted or stored."""
    if purpose == "recent":
        return now - timedelta(days=horizon.overlap_days), now + AHEAD
    since = horizon.oldest_wanted(now)
    oldest = None if horizon.is_bounded else recordings.oldest(tx, connection.id)
    # A service may leave out the very first second of a window.
    return since if oldest is None else min(since, oldest - timedelta(minutes=1)), now + AHEAD


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


def _plan(
    tx: Transaction,
    connection: StoredConnection,
    horizon: Horizon,
    asks: Asks,
    *,
    now: datetime,
    in_doubt: bool = False,
) -> list[Event]:
    """
    Owe the next listings, as soon as none of them is planned, at the pace that the quota allows.

    `in_doubt`: one has just missed so much that it is done again soon.
    """
    listings.forget_old(tx, connection.id)
    steady = pace(
        recent_s=horizon.every_minutes * 60,
        full_s=horizon.full_every_hours * 3600,
        athletes=connections.athletes_connected(tx, connection.provider),
        requests_of_full=listings.requests_of_everything(tx, connection.id),
        requests_a_day=asks.requests_a_day,
    )
    delays: dict[Again, float] = {"recent": steady.recent_s, "full": steady.full_s}
    if in_doubt:
        delays = {purpose: min(IN_DOUBT_S, delay_s) for purpose, delay_s in delays.items()}
    return [
        list_again(tx, connection, purpose, horizon, now=now, delay_s=delay_s)
        for purpose, delay_s in delays.items()
        if listings.planned(tx, connection.id, purpose) is None
        # Everything is being listed anyway, for the first time.
        and not (purpose == "full" and listings.planned(tx, connection.id, "history") is not None)
    ]


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
