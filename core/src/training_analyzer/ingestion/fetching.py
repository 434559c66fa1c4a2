"""Fetching what a list does not hold: one activity, as few requests as the provider needs."""

from datetime import datetime

from training_analyzer.domain.events import Event, Priority, RecordingReceived
from training_analyzer.sdk import Account, DataProvider, NotFound, RawDocument
from training_analyzer.storage import recordings
from training_analyzer.storage.database import Transaction
from training_analyzer.storage.recordings import Recording


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
    """Keep what was fetched, or remember that there is nothing: it is not asked for again."""
    if documents is None:
        recordings.nothing_to_fetch(tx, recording, "not_found")
        return []
    if not recordings.complete(tx, recording, documents, now=now):
        return []
    return [RecordingReceived(athlete_id=recording.athlete_id, recording_id=recording.id, priority=priority)]
