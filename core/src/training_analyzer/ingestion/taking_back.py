"""Taking back what was handed over: one recording goes, with all that was made of it alone."""

from uuid import UUID

from training_analyzer.domain.errors import Missing, NotPossible
from training_analyzer.domain.events import RecordingRemoved
from training_analyzer.storage import erasing, recordings
from training_analyzer.storage.database import Transaction


def take_back(tx: Transaction, activity_id: UUID, recording_id: int) -> RecordingRemoved:
    """
    Erase a recording that its athlete handed over; return what happened.

    Its activity falls back to the recordings that are left, or goes with it. Raises Missing, and
    NotPossible for what a connection brought: the next list would bring it again.
    """
    found = next((one for one in recordings.of_activity(tx, activity_id) if one.id == recording_id), None)
    if found is None:
        raise Missing("That activity has no such recording. `GET /activities/{id}` lists its recordings.")
    if found.connection_id is not None:
        raise NotPossible(
            f"It came through {found.provider}, which would bring it again. Delete it there, or disconnect."
        )
    erasing.erase_recording(tx, found)
    return RecordingRemoved(athlete_id=found.athlete_id, provider=found.provider)
