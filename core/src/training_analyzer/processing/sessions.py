"""An activity as its documents have it: read when somebody wants more of it than is stored, such as laps."""

from collections.abc import Mapping
from uuid import UUID

from training_analyzer.domain.activity import Activity
from training_analyzer.domain.errors import Missing, NotPossible
from training_analyzer.processing.translating import translate
from training_analyzer.sdk import BadData, DataProvider
from training_analyzer.storage import documents, recordings
from training_analyzer.storage.database import Transaction
from training_analyzer.storage.recordings import Recording


def leading_session(tx: Transaction, activity_id: UUID, providers: Mapping[str, DataProvider]) -> Activity:
    """Return the session as its leading recording has it. Raises Missing and NotPossible."""
    return session_of(tx, recording_of(tx, activity_id), providers)


def recording_of(tx: Transaction, activity_id: UUID, recording_id: int | None = None) -> Recording:
    """Return the activity's recording of this id, or else the leading one. Raises Missing."""
    found = recordings.of_activity(tx, activity_id)
    if not found:
        raise Missing("You have no such activity. `GET /api/v1/activities` lists yours.")
    if recording_id is None:
        return found[0]
    for recording in found:
        if recording.id == recording_id:
            return recording
    there = ", ".join(str(one.id) for one in found)
    raise Missing(f"This activity has no recording {recording_id}. There are: {there}.")


def session_of(tx: Transaction, recording: Recording, providers: Mapping[str, DataProvider]) -> Activity:
    """Return what a recording's documents say. Raises NotPossible where nobody can tell now."""
    provider = providers.get(recording.provider)
    if provider is None:
        raise NotPossible(f"The plugin {recording.provider}, which understands its documents, is not active.")
    received = documents.current(tx, recording.id)
    if not received:
        raise NotPossible("Its documents are no longer kept: only its numbers are.")
    try:
        return translate(provider, received)
    except BadData as error:
        raise NotPossible(str(error)) from error
