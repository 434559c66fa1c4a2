"""
What each kind of work does: slow things first, then one transaction that stores the results.

A handler returns a function that stores what it found and says what happened. It is run in the
transaction that finishes the unit, so that both become true together or not at all.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Final
from uuid import UUID

from training_analyzer.domain.errors import Missing
from training_analyzer.domain.events import DaysChanged, Event, MeasuringUnfinished, ThresholdsSuggested
from training_analyzer.ingestion import fetching, listing, planning, profiles
from training_analyzer.processing import days, detecting, measuring
from training_analyzer.runtime import Runtime
from training_analyzer.storage import listings, recordings, retention, work
from training_analyzer.storage.database import Transaction
from training_analyzer.storage.suggestions import Made
from training_analyzer.storage.work import Claim
from training_analyzer.worker import purging
from training_analyzer.worker.detecting import detect
from training_analyzer.worker.explaining import explain
from training_analyzer.worker.looking_up import check_access, erase, let_in, look_up
from training_analyzer.worker.requesting import ask, usable
from training_analyzer.worker.results import Store
from training_analyzer.worker.revoking import revoke
from training_analyzer.worker.uploading import read_upload


def list_activities(runtime: Runtime, claim: Claim) -> Store:
    """List one page of a window."""
    now = runtime.now()
    with runtime.database.transaction(claim.athlete_id) as tx:
        window = listings.find(tx, int(claim.subject))
        if window is None or window.done_at is not None:
            raise Missing("the listing is gone or done")
        connection = usable(tx, window.connection_id)
        window = planning.up_to_date(tx, window, now=now)
        asked_at = work.moment(tx)
    page = ask(
        runtime,
        connection,
        claim,
        "list",
        lambda provider, account: listing.list_page(provider, account, window),
    )
    asks = planning.Asks.of(runtime.source(connection.provider).provider)
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


def fetch_activity(runtime: Runtime, claim: Claim) -> Store:
    """Fetch what the list does not hold of one recording."""
    now = runtime.now()
    with runtime.database.transaction(claim.athlete_id) as tx:
        recording = recordings.find(tx, int(claim.subject))
        if recording is None or not recording.wants_fetch or recording.connection_id is None:
            raise Missing("the recording is gone or complete")
        connection = usable(tx, recording.connection_id)
    documents = ask(
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
            return [MeasuringUnfinished(athlete_id=athlete_id, priority=claim.priority)]
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
        connection = usable(tx, UUID(claim.subject))
        today, _ = days.today(tx, connection.athlete_id, now)
    documents = ask(runtime, connection, claim, "profile", profiles.fetch)
    provider = runtime.source(connection.provider).provider
    said = detecting.plausible(profiles.read(provider, documents, received_on=today))

    def store(tx: Transaction) -> Iterable[Event]:
        profiles.store(tx, connection, documents, now=now)
        found = detecting.Found(
            tuple(Made(connection.provider, one, frozenset({connection.provider})) for one in said),
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
    "look_again": look_up,
    "check_access": check_access,
    "let_in": let_in,
    "erase": erase,
    "revoke": revoke,
    "fetch": fetch_activity,
    "upload": read_upload,
    "measure": measure,
    "explain": explain,
    "purge": purging.purge,
    "profile": ask_profile,
    "detect": detect,
}
