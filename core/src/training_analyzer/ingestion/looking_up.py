"""
Looking one activity up: what a hint is worth, or a gap in a list, is decided by asking the provider.

Whatever the hint said, and in whichever order hints came: what counts is how the activity is now.
"""

from datetime import datetime

from training_analyzer.domain.events import Event, FetchOwed, Priority, RecordingRemoved
from training_analyzer.ingestion.listing import receive
from training_analyzer.ingestion.planning import Horizon
from training_analyzer.sdk import Account, NotFound, RawActivity, SupportsLookup
from training_analyzer.storage import erasing, recordings
from training_analyzer.storage.connections import StoredConnection
from training_analyzer.storage.database import Transaction


def look_up(provider: SupportsLookup, account: Account, external_id: str) -> RawActivity | None:
    """Ask for the activity; None where the provider says that it is gone."""
    try:
        return provider.look_up(account, external_id)
    except NotFound:
        return None


def store(
    tx: Transaction,
    connection: StoredConnection,
    external_id: str,
    found: RawActivity | None,
    horizon: Horizon,
    *,
    priority: Priority,
    asked_at: datetime,
    now: datetime,
) -> list[Event]:
    """Keep the activity as it is now, or remove it with all that was made of it alone."""
    if found is not None:
        events = receive(tx, connection, found, horizon, seen_at=asked_at, now=now)
        # Somebody has just uploaded or edited it, whenever it was: its age does not make it wait.
        return [
            event.model_copy(update={"priority": priority}) if isinstance(event, FetchOwed) else event
            for event in events
        ]
    recording = recordings.of_connection(tx, connection.id, external_id)
    if recording is None:
        return []
    erasing.erase_recording(tx, recording)
    return [RecordingRemoved(athlete_id=connection.athlete_id, provider=connection.provider)]
