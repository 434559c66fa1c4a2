"""The work that files which athletes handed over owe: a batch is read, stored and measured at once."""

import time
from collections.abc import Callable, Iterable
from uuid import UUID

from training_analyzer.domain.errors import Missing
from training_analyzer.domain.events import Event
from training_analyzer.ingestion import uploads
from training_analyzer.processing import measuring
from training_analyzer.processing.measuring import Translated
from training_analyzer.queue import UnitTimedOut
from training_analyzer.runtime import Runtime
from training_analyzer.sdk import Misconfigured, SupportsUpload
from training_analyzer.storage import upload_files, work
from training_analyzer.storage import uploads as stored
from training_analyzer.storage.database import Transaction
from training_analyzer.storage.upload_files import UploadFile
from training_analyzer.storage.uploads import Upload
from training_analyzer.storage.work import Claim


def read_upload(runtime: Runtime, claim: Claim) -> Callable[[Transaction], Iterable[Event]]:
    """
    Read the next batch of an upload.

    What the plugin had to understand in order to read it is measured as it is: no file is parsed twice.
    """
    upload_id = UUID(claim.subject)
    with runtime.database.transaction(claim.athlete_id) as tx:
        upload = stored.find(tx, upload_id)
        if upload is None or upload.state != "reading":
            raise Missing("the upload is gone or done")
        provider = runtime.registry.providers.get(upload.provider)
        if not isinstance(provider, SupportsUpload):
            # The work waits until the deployer has the plugin back: it is not forgotten.
            raise Misconfigured(f"the plugin {upload.provider!r}, which reads this upload, is not active")
        files = upload_files.unread(tx, upload_id, limit=uploads.MOST_RECORDS)
    if files and claim.after_death:
        upload, files = _blame(runtime, claim, upload, files)
    try:
        found = (
            uploads.read(
                provider,
                files,
                lambda: runtime.database.transaction(upload.athlete_id),
                most=uploads.most_records(upload),
            )
            if files
            else uploads.Read()
        )
    except UnitTimedOut:
        _blame(runtime, claim, upload, files)
        raise

    def store(tx: Transaction) -> Iterable[Event]:
        events, read = uploads.store(tx, upload, found, now=runtime.now())
        translated = {
            recording_id: Translated(upload.provider, digest, activity)
            for recording_id, (digest, activity) in read.items()
        }
        # What slow calculators leave no time for is measured when the upload is read.
        measuring.measure_translated(
            tx,
            upload.athlete_id,
            translated,
            runtime.plan,
            runtime.registry.providers,
            until=time.monotonic() + measuring.ENOUGH_S,
        )
        return events

    return store


def _blame(
    runtime: Runtime, claim: Claim, upload: Upload, files: list[UploadFile]
) -> tuple[Upload, list[UploadFile]]:
    """
    Remember that reading these ended a process, or took too long; return them as they are now.

    Raises Superseded: whoever comes too late does not know what is being read now.
    """
    with runtime.database.transaction(upload.athlete_id) as tx:
        is_alone = uploads.blame(tx, upload, files[0])
        work.hold(tx, claim)
        if not is_alone:
            work.forgive(tx, claim)
        again = stored.find(tx, upload.id)
        return again or upload, upload_files.unread(tx, upload.id, limit=uploads.MOST_RECORDS)


def sweep(runtime: Runtime) -> int:
    """Forget uploads that began long ago and never came to their end; return of how many athletes."""
    before = runtime.now() - stored.LONGEST_RECEIVING
    with runtime.database.transaction() as tx:
        athletes = stored.athletes_to_sweep(tx, before=before)
    for athlete_id in athletes:
        with runtime.database.transaction(athlete_id) as tx:
            stored.discard_abandoned(tx, athlete_id, before=before)
    return len(athletes)
