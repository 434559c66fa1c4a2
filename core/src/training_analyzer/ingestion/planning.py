"""
Which lists of a connection are owed, and when: window by window.

A new connection lists the newest weeks before anything else, then the rest of the year (LOW): a few
requests bring a year of summaries. After that, two listings are done again and again: that of the
last weeks, because files are uploaded late and activities are edited, and that of everything,
because a webhook may be lost.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, Literal, Self

from training_analyzer.domain.events import Connected, Event, FetchOwed, ListingOwed, Priority
from training_analyzer.domain.values import Value
from training_analyzer.ingestion.pace import pace, requests_a_day
from training_analyzer.sdk import DataProvider, SupportsLookup
from training_analyzer.storage import connections, listings, recordings
from training_analyzer.storage.connections import StoredConnection
from training_analyzer.storage.database import Transaction
from training_analyzer.storage.listings import Listing
from training_analyzer.storage.recordings import Recording

AHEAD: Final = timedelta(days=1)
"""Windows reach into the future: devices' clocks run ahead."""
IN_DOUBT_S: Final = 4 * 3600.0
"""A list that missed very much is asked for again after so long: 50 are looked up six times a day at most."""

Again = Literal["recent", "full"]
"""What is listed again and again."""
AGAIN: Final = frozenset({"recent", "full"})
QUARTER_HOUR: Final = timedelta(minutes=15)
REST: Final[Mapping[Again, timedelta]] = {"recent": timedelta(minutes=1), "full": QUARTER_HOUR}
"""A list that has ended is not asked for again within this time, whoever wants it."""


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
    priority: Priority = "high",
) -> ListingOwed:
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
        priority=priority,
        delay_s=delay_s,
    )


def sync(
    tx: Transaction, connection: StoredConnection, horizon: Horizon, *, everything: bool, now: datetime
) -> tuple[ListingOwed, list[FetchOwed]]:
    """
    Owe what an athlete asks for who wants to see the newest activities now.

    `everything`: all that there is, also what the provider said it had no more of. Who asks again and again
    does so at the cost of all others: a list that has just ended has its rest first, and for a quarter of an
    hour another one goes behind what others wait for.
    """
    purpose: Again = "full" if everything else "recent"
    ended = listings.last_done(tx, connection.id, (purpose,))
    rest = timedelta() if ended is None else max(ended + REST[purpose] - now, timedelta())
    listed = list_again(
        tx,
        connection,
        purpose,
        horizon,
        now=now,
        delay_s=rest.total_seconds(),
        priority="high" if ended is None or now - ended >= QUARTER_HOUR else "low",
    )
    if not everything:
        return listed, []
    fetches = [
        fetch_owed(one, horizon, now=now).model_copy(update={"delay_s": listed.delay_s})
        for one in recordings.forget_misses(tx, connection.id)
    ]
    return listed, fetches


def up_to_date(tx: Transaction, listing: Listing, *, now: datetime) -> Listing:
    """Let a window that is listed again, and begins later than planned, reach up to now."""
    if listing.purpose not in AGAIN or listing.cursor is not None or listing.until >= now + AHEAD:
        return listing
    listings.move(tx, listing.id, since=listing.since, until=now + AHEAD)
    return replace(listing, until=now + AHEAD)


def plan(
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
        list_again(tx, connection, purpose, horizon, now=now, delay_s=delay_s, priority="low")
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
