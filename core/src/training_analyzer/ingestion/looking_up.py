"""
Looking one activity up: what a hint is worth, or a gap in a list, is decided by asking the provider.

Whatever the hint said, and in whichever order hints came: what counts is how the activity is now. That it is
gone is believed when it is said twice, some time apart: services forget for a moment.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from training_analyzer.domain.events import Event, FetchOwed, Priority, RecordingRemoved
from training_analyzer.ingestion.listing import look_up_owed, receive
from training_analyzer.ingestion.planning import Horizon
from training_analyzer.sdk import Account, NotFound, RawActivity, SupportsLookup
from training_analyzer.storage import erasing, recordings, work
from training_analyzer.storage.connections import StoredConnection
from training_analyzer.storage.database import Transaction

AGAIN_IN_S: Final[Mapping[Priority, float]] = {"first": 90, "high": 90, "low": 3600}
"""An athlete who has just uploaded waits; nobody does for what a list missed."""


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
    is_second: bool,
    asked_at: datetime,
    now: datetime,
) -> list[Event]:
    """
    Keep the activity as it is now, or remove it with all that was made of it alone.

    `is_second`: a request some time ago did not find it either. Otherwise there is to be another.
    """
    if found is not None:
        events = receive(tx, connection, found, horizon, seen_at=asked_at, now=now)
        if not is_second:  # after the recording, as whoever is at it takes the two in this order
            work.forget(tx, "look_again", f"{connection.id}/{external_id}")
        # Somebody has just uploaded or edited it, whenever it was: its age does not make it wait.
        return [
            event.model_copy(update={"priority": priority}) if isinstance(event, FetchOwed) else event
            for event in events
        ]
    if not is_second:
        owed = look_up_owed(connection, external_id, priority)
        return [owed.model_copy(update={"again_in_s": AGAIN_IN_S[priority]})]
    recording = recordings.of_connection(tx, connection.id, external_id)
    if recording is None:
        return []
    erasing.erase_recording(tx, recording)
    return [RecordingRemoved(athlete_id=connection.athlete_id, provider=connection.provider)]
