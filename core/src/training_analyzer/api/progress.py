"""How far a connection has come, gathered from what PostgreSQL and the quota's counters know."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from training_analyzer.api.answers.progress import (
    AllRecordings,
    Frontier,
    ListingProgress,
    OwedUnits,
    ParkedUnit,
    ProgressAnswer,
    QuotaProgress,
    RecordingProgress,
    WaitingUnits,
)
from training_analyzer.api.dependencies import Session
from training_analyzer.api.routes.connections import own_connection
from training_analyzer.runtime import Runtime
from training_analyzer.sdk import Unavailable
from training_analyzer.storage import connections, listings, recordings, rejections, work
from training_analyzer.storage.database import Transaction
from training_analyzer.storage.listings import Listing
from training_analyzer.storage.work import Held, Queue

LISTED_ONCE: Final = ("initial", "history")
REASONS: Final = {
    "RateLimited": "the provider's quota is used up for now",
    "Unavailable": "the provider does not answer",
    "Misconfigured": "whoever runs this server has to put something right first",
    "ConfigurationError": "whoever runs this server has to put something right first",
}
"""Of what holds everybody up: what the error said is known to those alone whom it met."""


def read_progress(session: Session, connection_id: UUID) -> ProgressAnswer:
    """Return the progress of one of the athlete's connections. Raises Problem where it is not theirs."""
    now = session.runtime.now()
    with session.transaction() as tx:
        connection = own_connection(tx, connection_id)
        windows: Mapping[str, Listing] = {
            window.purpose: window for window in listings.of_connection(tx, connection_id)
        }
        first_listings = [windows[purpose] for purpose in LISTED_ONCE if purpose in windows]
        newest_weeks = windows.get("initial")
        initial = _recordings(tx, connection_id, newest_weeks.since if newest_weeks else None)
        everything = _recordings(
            tx, connection_id, min((window.since for window in first_listings), default=None)
        )
        owed = work.owed_of(tx, session.athlete_id, now=now)
        parked = work.parked_of(tx, session.athlete_id)
        requests = connections.requests_spent(tx, connection_id)
        opens_at = work.opens_at(tx, connection.provider, now=now)
        held = work.held_of(tx, session.athlete_id, connection.provider, now=now)
        rejected = rejections.rejected(tx, connection_id)
        queue = work.queue_of(tx, session.athlete_id, connection.provider, now=now)
        last_done = listings.last_done(tx, connection_id)
    return ProgressAnswer(
        connection_id=connection_id,
        provider=connection.provider,
        status=connection.status,
        problem=connection.problem,
        summaries_complete=bool(windows) and all(window.done_at for window in first_listings),
        initial_complete=newest_weeks is not None
        and newest_weeks.done_at is not None
        # What was given up does not arrive by waiting: it stands in `parked`.
        and initial.recordings - initial.complete - initial.without_more <= initial.given_up,
        listings={purpose: _listing(window) for purpose, window in windows.items()},
        frontier=_frontier(windows, last_done),
        recordings=AllRecordings(initial=initial, all=everything),
        requests=dict(requests),
        owed=[
            OwedUnits(kind=kind, priority=priority, units=units)
            for (kind, priority), units in sorted(owed.items())
        ],
        requests_owed=queue.mine,
        arrives_at=_arrival(session.runtime, connection.provider, queue, held) if queue.mine else None,
        quota=_quota(session.runtime, connection.provider),
        opens_at=opens_at,
        waiting=[
            WaitingUnits(kind=one.kind, units=one.units, reason=_reason(one), until=one.until) for one in held
        ],
        parked=[ParkedUnit(kind=one.kind, failures=one.failures, reason=one.last_error) for one in parked],
        rejected=rejected,
    )


def _recordings(tx: Transaction, connection_id: UUID, since: datetime | None) -> RecordingProgress:
    if since is None:
        return RecordingProgress(since=None, recordings=0, complete=0, without_more=0, parked=0, given_up=0)
    tally = recordings.tally(tx, connection_id, since=since)
    return RecordingProgress(
        since=since,
        recordings=tally.recordings,
        complete=tally.complete,
        without_more=tally.without_more,
        parked=tally.parked,
        given_up=tally.given_up,
    )


def _listing(window: Listing) -> ListingProgress:
    return ListingProgress(
        since=window.since, until=window.until, listed=window.listed, done=window.done_at is not None
    )


def _frontier(windows: Mapping[str, Listing], last_done: datetime | None) -> Frontier:
    """Return how far back lists were read: the newest weeks first, then the history behind them."""
    reached: datetime | None = None
    complete = bool(windows)
    for purpose in LISTED_ONCE:
        window = windows.get(purpose)
        if window is None:
            continue
        if window.done_at is None:
            reached, complete = window.reached or reached, False
            break
        reached = window.since
    return Frontier(since=reached, until=last_done, complete=complete)


def _reason(held: Held) -> str:
    if held.told or held.why not in REASONS:
        return held.told or held.why
    return f"{held.why}: {REASONS[held.why]}"


def _arrival(runtime: Runtime, provider: str, queue: Queue, held: Sequence[Held]) -> datetime | None:
    found = runtime.registry.providers.get(provider)
    if found is None:
        return None
    try:
        sent = runtime.gate(provider).arrival(found.quota_rules(), high=queue.high, low=queue.low)
    except Unavailable:
        return None  # Redis is away: nobody knows how much of the quota is left
    return None if sent is None else max(sent, *(one.last for one in held), sent)


def _quota(runtime: Runtime, provider: str) -> list[QuotaProgress] | None:
    found = runtime.registry.providers.get(provider)
    if found is None:
        return None
    try:
        usage = runtime.gate(provider).usage(found.quota_rules())
    except Unavailable:
        return None  # Redis is away; what is owed is known all the same
    return [QuotaProgress.model_validate(one.model_dump()) for one in usage]
