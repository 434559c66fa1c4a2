"""An activity as its documents have it: read when somebody wants more of it than is stored, such as laps."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from training_analyzer.domain.activity import Activity
from training_analyzer.domain.errors import Missing, NotPossible
from training_analyzer.processing.translating import translate
from training_analyzer.sdk import BadData, DataProvider, RawDocument
from training_analyzer.storage import documents, recordings
from training_analyzer.storage.database import Transaction
from training_analyzer.storage.recordings import Recording


@dataclass(frozen=True, slots=True)
class Kept:
    """The documents of a recording, read and not yet understood, and who understands them."""

    provider: DataProvider
    documents: Sequence[RawDocument]

    def session(self) -> Activity:
        """
        Return what they say. Raises NotPossible where nobody can tell.

        For long recordings this takes seconds, and no connection is to be held for so long: call it when
        the transaction has ended.
        """
        try:
            return translate(self.provider, self.documents)
        except BadData as error:
            raise NotPossible(str(error)) from error


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


def kept_of(tx: Transaction, recording: Recording, providers: Mapping[str, DataProvider]) -> Kept:
    """Return what is kept of a recording. Raises NotPossible where nothing is, or nobody understands it."""
    provider = providers.get(recording.provider)
    if provider is None:
        raise NotPossible(f"The plugin {recording.provider}, which understands its documents, is not active.")
    received = documents.current(tx, recording.id)
    if not received:
        raise NotPossible("Its documents are no longer kept: only its numbers are.")
    return Kept(provider, received)
