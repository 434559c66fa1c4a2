"""
Reading what athletes handed over: a bounded number of files at a time, each with its result.

A batch ends between two files, never inside one; what was read is remembered as a number of files. So a
process that dies costs one batch. What was in that batch is then read a few at a time, and, if that ends
a process too, one at a time; what does so alone, and again, is passed over.
"""

import logging
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.exc import SQLAlchemyError

from training_analyzer.domain.activity import Activity
from training_analyzer.domain.errors import TrainingAnalyzerError
from training_analyzer.domain.events import Event, UploadRead, UploadReceived
from training_analyzer.sdk import (
    BrokenRecord,
    DataProvider,
    RawActivity,
    RawDocument,
    SupportsUpload,
    UploadedFile,
)
from training_analyzer.storage import (
    handed_over,
    outlines,
    upload_files,
    upload_pieces,
    upload_results,
    uploads,
)
from training_analyzer.storage.database import Transaction
from training_analyzer.storage.upload_files import UploadFile
from training_analyzer.storage.upload_results import Outcome, Result
from training_analyzer.storage.uploads import Upload

LOGGER = logging.getLogger(__name__)

MOST_RECORDS: Final = 50
"""Activities of one batch."""
MOST_BYTES: Final = 12 * 1024 * 1024
"""Of documents in one batch: what it holds in memory is several times as much."""
ENOUGH_S: Final = 8.0
"""A batch that took so long to read ends."""
FEW_RECORDS: Final = 7
"""Of one batch, among those that ended a process: the root of what may have been in it."""
MAX_ATTEMPTS: Final = 3
"""How often reading something alone may end the process. It must stay below the number of failures at which
the whole upload would be given up. The deaths before, among others, count towards neither."""

MOST_IN_VAIN: Final = 3
"""Of an archive, passed over in a row without a word of what follows: it kills, not what is in it."""

MOST_AHEAD: Final = timedelta(days=2)
"""A recording may begin so far in the future: local times taken for UTC, and clocks that are not ours."""

LARGE_BYTES: Final = 32 * 1024 * 1024
LARGE_FILES: Final = 50
"""What holds more is years of training: it waits behind what somebody is looking at."""

Opener = Callable[[], AbstractContextManager[Transaction]]


class _PluginFailed(Exception):
    """The plugin raised what its contract does not permit."""


@dataclass(slots=True)
class Read:
    """What was read of an upload, and how far that is."""

    records: list[RawActivity | BrokenRecord] = field(default_factory=list)
    reached: dict[int, tuple[int, int]] = field(default_factory=dict)
    """By file: how many files in it are read, and how many are known."""
    finished: list[int] = field(default_factory=list)
    bytes: int = 0

    def add(self, file: UploadFile, record: RawActivity | BrokenRecord) -> None:
        self.records.append(record)
        documents = record.documents if isinstance(record, RawActivity) else (record.document,)
        self.bytes += sum(len(document.body) for document in documents)
        before = self.reached.get(file.id, (file.files_read, 0))
        number = record.file.number if record.file is not None else before[0] + 1
        self.reached[file.id] = (number, max(before[1], _known(record)))


def read(
    provider: DataProvider, files: Sequence[UploadFile], open_: Opener, *, most: int = MOST_RECORDS
) -> Read:
    """
    Read on in these files, until it is enough for one batch.

    `most`: how many activities a batch may have. What ended the process alone, and again, is passed over.
    """
    assert isinstance(provider, SupportsUpload)
    found = Read()
    begun = time.monotonic()

    def is_enough() -> bool:
        return len(found.records) >= most or found.bytes >= MOST_BYTES or time.monotonic() - begun > ENOUGH_S

    for file in files:
        if file.attempts >= MAX_ATTEMPTS:
            found.add(file, _passed_over(file))
            if _is_in_vain(file):
                found.finished.append(file.id)
            return found
        current = file.files_read
        try:
            with closing(_records(provider, file, open_)) as records:
                for record in records:
                    number = record.file.number if record.file is not None else current + 1
                    if number > current and found.records and is_enough():
                        found.reached[file.id] = (number - 1, _known(record))
                        return found
                    current = number
                    found.add(file, record)
                    if len(found.records) >= most and _has_more_files(record):
                        return found  # without a look at the next file, which may be the one that kills
        except _PluginFailed as failure:
            found.add(file, _refused(file, current + 1, str(failure)))
            return found
        found.finished.append(file.id)
        if is_enough() or most == 1:
            return found  # alone means one file: where the next one kills, this one must not be blamed
    return found


def _records(
    provider: SupportsUpload, file: UploadFile, open_: Opener
) -> Generator[RawActivity | BrokenRecord]:
    """Ask the plugin. Raises _PluginFailed where it raises what it should not; our own errors stay."""
    with upload_pieces.open_file(open_, file) as content:
        try:
            yield from provider.read_upload(file.name, content, skip=file.files_read)
        except (SQLAlchemyError, TrainingAnalyzerError):
            raise
        except Exception as error:
            LOGGER.exception("reading %s failed", file.name)
            raise _PluginFailed(f"It could not be read: {type(error).__name__}: {error}") from error


def most_records(upload: Upload) -> int:
    """Return how many activities the next batch may have."""
    if not upload.careful:
        return MOST_RECORDS
    return FEW_RECORDS if upload.careful > FEW_RECORDS else 1


def blame(tx: Transaction, upload: Upload, file: UploadFile) -> bool:
    """
    Remember that reading on from this file ended a process, or took too long: care is taken now.

    Return whether it was this one: it was read alone.
    """
    is_alone = most_records(upload) == 1
    if is_alone:
        upload_files.blame(tx, file.id)
    uploads.take_care(tx, upload.id, FEW_RECORDS if upload.careful else MOST_RECORDS)
    return is_alone


def store(
    tx: Transaction, upload: Upload, found: Read, *, now: datetime
) -> tuple[list[Event], dict[int, tuple[str, Activity]]]:
    """
    Store a batch: recordings, results, and how far it is.

    Return what happened, and what the recordings are as activities, each with the digest of its documents:
    as far as they are new and the plugin had to understand them anyway.
    """
    # Before any recording is: whoever sorts these holds the athlete, and then wants the same recordings.
    outlines.lock_athlete(tx, upload.athlete_id)
    once: dict[str, RawActivity] = {}
    records = [_of_the_past(record, now) for record in found.records]
    for record in records:
        if isinstance(record, RawActivity):
            once.setdefault(record.external_id, record)
    handed = handed_over.receive_files(tx, upload.athlete_id, upload.provider, list(once.values()), now=now)
    results: list[Result] = []
    read: dict[int, tuple[str, Activity]] = {}
    for record in records:
        name = record.file.name if record.file is not None else ""
        if isinstance(record, BrokenRecord):
            results.append(Result(name, "refused", record.reason))
            continue
        became = handed[record.external_id]
        is_first = once[record.external_id] is record
        outcome: Outcome = "known"
        if is_first and (became.is_new or became.changed):
            outcome = "added" if became.is_new else "changed"
            if became.is_new and record.activity is not None:
                read[became.recording_id] = (became.digest, record.activity)
        results.append(Result(name, outcome, recording_id=became.recording_id))
    upload_results.add(tx, upload.athlete_id, upload.id, results)
    uploads.relax(tx, upload, len(results))
    finished = set(found.finished)
    for file_id, (files_read, files_known) in found.reached.items():
        if file_id in finished and files_read <= 1:
            continue  # a file that is no archive: that it is finished says all
        upload_files.advance(tx, file_id, files_read=files_read, files_known=files_known)
    upload_files.finish(tx, found.finished, now=now)
    return _events(tx, upload, now=now), read


def _of_the_past(record: RawActivity | BrokenRecord, now: datetime) -> RawActivity | BrokenRecord:
    """Refuse what has not happened yet: it would stand before everything, for years."""
    if isinstance(record, BrokenRecord) or record.started_at <= now + MOST_AHEAD:
        return record
    why = f"It begins on {record.started_at:%Y-%m-%d}, which is still to come: the device's clock was wrong."
    return BrokenRecord(reason=why, document=record.documents[0], file=record.file)


def _events(tx: Transaction, upload: Upload, *, now: datetime) -> list[Event]:
    if upload_files.unread(tx, upload.id, limit=1):
        return [received_event(tx, upload)]
    uploads.finish(tx, upload.id, now=now)
    return [UploadRead(athlete_id=upload.athlete_id, upload_id=upload.id)]


def received_event(tx: Transaction, upload: Upload) -> UploadReceived:
    """Return the event that there is more to read. Archives of years wait behind what somebody looks at."""
    progress = uploads.progress(tx, upload.id)
    is_large = progress.bytes > LARGE_BYTES or progress.files > LARGE_FILES
    return UploadReceived(
        athlete_id=upload.athlete_id, upload_id=upload.id, priority="low" if is_large else "high"
    )


def _has_more_files(record: RawActivity | BrokenRecord) -> bool:
    """Tell whether the file ends with this record, and others follow it in its archive."""
    return record.file is not None and record.file.ends and record.file.number < record.file.known


def _passed_over(file: UploadFile) -> BrokenRecord:
    number = file.files_read + 1
    what = "It" if file.files_known <= 1 else f"File number {number:,} in it"
    became = "is given up, with all that follows in it" if _is_in_vain(file) else "was passed over"
    why = f"{what} {became}: reading it alone ended the program {MAX_ATTEMPTS} times."
    return _refused(file, number, why)


def _is_in_vain(file: UploadFile) -> bool:
    """Tell whether to pass over what comes next would lead nowhere: nothing says that anything does."""
    return file.files_known <= file.files_read and file.files_read >= MOST_IN_VAIN - 1


def _known(record: RawActivity | BrokenRecord) -> int:
    return record.file.known if record.file is not None else 0


def _refused(file: UploadFile, number: int, why: str) -> BrokenRecord:
    nothing = RawDocument(kind="beginning", media_type="application/octet-stream", body=b"")
    return BrokenRecord(
        reason=why, document=nothing, file=UploadedFile(name=file.name, number=number, known=number)
    )
