"""
What each kind of work does: slow things first, then one transaction that stores the results.

A handler returns a function that stores what it found and says what happened. It is run in the
transaction that finishes the unit, so that both become true together or not at all.
"""

import logging
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

from training_analyzer.domain.errors import Missing
from training_analyzer.domain.events import DaysChanged, Event, MeasuringUnfinished, ThresholdsSuggested
from training_analyzer.ingestion import disconnecting, fetching, listing, looking_up, profiles
from training_analyzer.ingestion.grants import Answer, ask
from training_analyzer.processing import days, detecting, measuring
from training_analyzer.runtime import Runtime
from training_analyzer.sdk import (
    Account,
    BadData,
    BrokenRecord,
    DataProvider,
    Misconfigured,
    MissingScope,
    NotAuthorized,
    RawActivity,
    SupportsLookup,
)
from training_analyzer.storage import connections, listings, recordings, retention, work
from training_analyzer.storage.connections import StoredConnection
from training_analyzer.storage.database import Transaction
from training_analyzer.storage.work import Claim
from training_analyzer.worker import purging
from training_analyzer.worker.detecting import detect
from training_analyzer.worker.explaining import explain
from training_analyzer.worker.results import Store
from training_analyzer.worker.uploading import read_upload

LOGGER = logging.getLogger(__name__)


class BadAnswer(BadData):
    """The provider's answer makes no sense: `error` says why, and has what was received."""

    def __init__(self, error: BadData, connection: StoredConnection, recording_id: int | None) -> None:
        super().__init__(str(error), document=error.document)
        self.error = error
        self.connection = connection
        self.recording_id = recording_id


def keep_answer(tx: Transaction, error: Exception, *, now: datetime) -> None:
    """Keep what made no sense, with its bytes, where it is parked."""
    if isinstance(error, BadAnswer) and error.document is not None:
        recordings.reject(
            tx,
            error.connection.athlete_id,
            error.connection.id,
            BrokenRecord(reason=str(error), document=error.document),
            now=now,
            recording_id=error.recording_id,
        )


class AccessLost(NotAuthorized):
    """The provider refused this connection."""

    def __init__(self, connection: StoredConnection, refusal: NotAuthorized) -> None:
        super().__init__(str(refusal))
        self.connection = connection


def list_activities(runtime: Runtime, claim: Claim) -> Store:
    """List one page of a window."""
    now = runtime.now()
    with runtime.database.transaction(claim.athlete_id) as tx:
        window = listings.find(tx, int(claim.subject))
        if window is None or window.done_at is not None:
            raise Missing("the listing is gone or done")
        connection = _usable(tx, window.connection_id)
        window = listing.up_to_date(tx, window, now=now)
        asked_at = work.moment(tx)
    page = _ask(
        runtime,
        connection,
        claim,
        "list",
        lambda provider, account: listing.list_page(provider, account, window),
    )
    asks = listing.Asks.of(runtime.source(connection.provider).provider)
    return lambda tx: listing.store_page(
        tx,
        connection,
        window,
        page,
        runtime.horizon_of(connection.provider),
        asks=asks,
        asked_at=asked_at,
        priority=claim.priority,
        now=now,
    )


def look_up(runtime: Runtime, claim: Claim) -> Store:
    """Ask for one activity of which something was said, or which a list did not show."""
    now = runtime.now()
    connection_id, _, external_id = claim.subject.partition("/")
    with runtime.database.transaction(claim.athlete_id) as tx:
        connection = _usable(tx, UUID(connection_id))
        asked_at = work.moment(tx)

    def ask_for_it(provider: DataProvider, account: Account) -> RawActivity | None:
        if not isinstance(provider, SupportsLookup):
            raise Missing(f"{provider.info.title} cannot be asked for one activity")
        return looking_up.look_up(provider, account, external_id)

    found = _ask(runtime, connection, claim, "look_up", ask_for_it)
    return lambda tx: looking_up.store(
        tx,
        connection,
        external_id,
        found,
        runtime.horizon_of(connection.provider),
        priority=claim.priority,
        asked_at=asked_at,
        now=now,
    )


def check_access(runtime: Runtime, claim: Claim) -> Store:
    """
    Ask whether the athlete still lets us in, because it was said that they do not.

    Also where that is known already: only whoever has left has what came from there erased.
    """
    now = runtime.now()
    with runtime.database.transaction(claim.athlete_id) as tx:
        connection = connections.find(tx, UUID(claim.subject))
    if connection is None:
        raise Missing("the connection is gone")
    try:
        _ask(
            runtime,
            connection,
            claim,
            "check_access",
            lambda provider, account: disconnecting.try_access(provider, account, now=now),
        )
    except AccessLost as lost:
        if isinstance(lost.__cause__, MissingScope):
            raise  # they let us in, to less than we need: that is no farewell
        refusal = lost
        return lambda tx: disconnecting.left(
            tx, connection, str(refusal), runtime.rights[connection.provider], now=now
        )
    return lambda _: ()


def fetch_activity(runtime: Runtime, claim: Claim) -> Store:
    """Fetch what the list does not hold of one recording."""
    now = runtime.now()
    with runtime.database.transaction(claim.athlete_id) as tx:
        recording = recordings.find(tx, int(claim.subject))
        if recording is None or not recording.wants_fetch or recording.connection_id is None:
            raise Missing("the recording is gone or complete")
        connection = _usable(tx, recording.connection_id)
    documents = _ask(
        runtime,
        connection,
        claim,
        "fetch",
        lambda provider, account: fetching.fetch(provider, account, recording),
    )
    return lambda tx: fetching.store(tx, recording, documents, claim.priority, now=now)


def measure(runtime: Runtime, claim: Claim) -> Store:
    """Measure a batch of what is stale, and rewrite the days that it touches."""
    athlete_id = UUID(claim.subject)
    providers = runtime.registry.providers
    with runtime.database.transaction(athlete_id) as tx:
        batch = measuring.choose(tx, athlete_id, runtime.plan, providers)

    def store(tx: Transaction) -> Iterable[Event]:
        if not measuring.measure_batch(tx, athlete_id, batch, runtime.plan, providers):
            return [MeasuringUnfinished(athlete_id=athlete_id)]
        today, until_midnight_s = days.today(tx, athlete_id, runtime.now())
        kept = runtime.days_kept(retention.providers_of(tx, athlete_id))
        first_day = days.rewrite(tx, athlete_id, runtime.plan, until=today, kept_days=kept)
        # Also where nothing changed: tomorrow, the series have to grow by a day.
        return [
            DaysChanged(athlete_id=athlete_id, first_day=first_day or today, next_midnight_s=until_midnight_s)
        ]

    return store


def ask_profile(runtime: Runtime, claim: Claim) -> Store:
    """Ask a provider what it knows of the athlete's body, and suggest what is news."""
    now = runtime.now()
    with runtime.database.transaction(claim.athlete_id) as tx:
        connection = _usable(tx, UUID(claim.subject))
        today, _ = days.today(tx, connection.athlete_id, now)
    documents = _ask(runtime, connection, claim, "profile", profiles.fetch)
    provider = runtime.source(connection.provider).provider
    said = detecting.plausible(profiles.read(provider, documents, received_on=today))

    def store(tx: Transaction) -> Iterable[Event]:
        profiles.store(tx, connection, documents, now=now)
        found = detecting.Found(
            tuple((connection.provider, suggestion) for suggestion in said),
            frozenset({connection.provider}),
            "provider",
        )
        new = detecting.suggest(tx, connection.athlete_id, found, today=today, now=now)
        if new:
            yield ThresholdsSuggested(athlete_id=connection.athlete_id, suggestions=new)
        yield profiles.again(connection)

    return store


HANDLERS: Final[Mapping[str, Callable[[Runtime, Claim], Store]]] = {
    "list": list_activities,
    "look_up": look_up,
    "check_access": check_access,
    "fetch": fetch_activity,
    "upload": read_upload,
    "measure": measure,
    "explain": explain,
    "purge": purging.purge,
    "profile": ask_profile,
    "detect": detect,
}


def _ask(
    runtime: Runtime,
    connection: StoredConnection,
    claim: Claim,
    purpose: str,
    call: Callable[[DataProvider, Account], Answer],
) -> Answer:
    """Ask the connection's provider. Raises AccessLost where it refuses the athlete, also a second time."""
    try:
        source = runtime.source(connection.provider)
    except Missing as error:
        # The work waits until the deployer has the plugin back: it is not forgotten.
        raise Misconfigured(str(error)) from error
    try:
        return ask(
            runtime.database,
            source,
            connection,
            runtime.keys,
            lambda account: call(source.provider, account),
            purpose=purpose,
            priority=claim.priority,
            now=runtime.now(),
        )
    except NotAuthorized as error:
        raise AccessLost(connection, error) from error
    except BadData as error:
        recording_id = int(claim.subject) if claim.kind == "fetch" else None
        raise BadAnswer(error, connection, recording_id) from error


def _usable(tx: Transaction, connection_id: UUID) -> StoredConnection:
    """Return the connection. One that waits for its athlete owes nothing: reconnecting owes it again."""
    connection = connections.find(tx, connection_id)
    if connection is None or connection.status != connections.ACTIVE:
        raise Missing("the connection is gone, or waits for its athlete to reconnect")
    return connection
