"""Fetching what a list does not hold: one activity, as few requests as the provider needs."""

from datetime import datetime, timedelta
from typing import Final

from training_analyzer.domain.events import Event, FetchOwed, Priority, RecordingReceived
from training_analyzer.sdk import Account, DataProvider, NotFound, RawDocument
from training_analyzer.storage import recordings
from training_analyzer.storage.database import Transaction
from training_analyzer.storage.recordings import Miss, Recording

YOUNG: Final = timedelta(days=7)
"""The service may not be done with what is younger."""
SOON: Final = timedelta(hours=1)
LATER: Final = timedelta(days=1)


def fetch(provider: DataProvider, account: Account, recording: Recording) -> tuple[RawDocument, ...] | None:
    """Return the documents; None where the provider says that there are none."""
    try:
        return provider.fetch_activity(account, recording.external_id)
    except NotFound:
        return None


def store(
    tx: Transaction,
    recording: Recording,
    documents: tuple[RawDocument, ...] | None,
    priority: Priority,
    *,
    now: datetime,
) -> list[Event]:
    """
    Keep what was fetched, or remember that there is nothing.

    The list says that there is, so it is asked for again: after an hour, where it is young, and after a day.
    """
    if documents is None:
        miss, again_in = _missed(recording, now)
        if not recordings.nothing_to_fetch(tx, recording, miss) or again_in is None:
            return []
        return [_owed(recording, priority, again_in)]
    if not recordings.complete(tx, recording, documents, now=now):
        return []
    return [RecordingReceived(athlete_id=recording.athlete_id, recording_id=recording.id, priority=priority)]


def _missed(recording: Recording, now: datetime) -> tuple[Miss, timedelta | None]:
    """Return how often it has been missed now, and when to ask again; None: no more."""
    if recording.absent == "missed_twice":
        return "not_found", None
    if recording.absent is None and now - recording.started_at < YOUNG:
        return "missed_once", SOON
    return "missed_twice", LATER


def _owed(recording: Recording, priority: Priority, again_in: timedelta) -> FetchOwed:
    return FetchOwed(
        athlete_id=recording.athlete_id,
        recording_id=recording.id,
        provider=recording.provider,
        priority=priority,
        started_at_epoch_s=int(recording.started_at.timestamp()),
        delay_s=again_in.total_seconds(),
    )
