"""An upload, read activity by activity: a file, an archive, archives inside archives."""

from collections.abc import Iterator
from contextlib import closing
from typing import BinaryIO

from training_analyzer.sdk import BadData, BrokenRecord, RawActivity, RawDocument, UploadedFile
from training_analyzer_files import exports
from training_analyzer_files.archives import DEEPEST, Budget, BudgetSpent, Member, members, seekable
from training_analyzer_files.documents import (
    BYTES,
    FILE,
    PART,
    beginning_of,
    details_document,
    open_original,
    part_document,
)
from training_analyzer_files.errors import LimitReached, NotARecording
from training_analyzer_files.exports import Export
from training_analyzer_files.formats import sessions_of
from training_analyzer_files.places import Place, is_called_recording, is_hidden, last_of
from training_analyzer_files.recognition import HEAD_BYTES, Kind, describe_unknown, recognise
from training_analyzer_files.settings import MEGABYTE, FilesSettings
from training_analyzer_files.unpacking import read_at_most, too_large

Found = Iterator[RawActivity | BrokenRecord]

_MOST_MISNAMED = 20
_MISNAMED = (
    f"This is a zip archive under the name of a recording, and holds more than {_MOST_MISNAMED} files. "
    "Give it a name that ends in .zip."
)
_NOTHING = (
    "There is no session in this archive that can be read: no file in it is FIT, TCX or GPX and holds one."
)
_NOT_THERE = "The list of activities names this file, and the archive does not have it."


class Upload:
    """Reads one upload, behind `skip` files. Make a new one for the next: the budget is spent once."""

    def __init__(self, limits: FilesSettings, skip: int = 0) -> None:
        self._limits = limits
        self._budget = Budget(limits)
        self._skip = skip
        self._number = 0
        self._known = 1

    def read(self, name: str, content: BinaryIO) -> Found:
        """Read a file or an archive."""
        place = Place(name or "upload")
        is_empty = not self._skip
        try:
            for record in self._any(place, content):
                is_empty = False
                yield record
        except BudgetSpent as spent:
            yield self._about_all(place, spent)
            return
        if is_empty:
            yield self._about_all(place, BadData(_NOTHING))

    def _about_all(self, place: Place, error: BadData) -> BrokenRecord:
        self._number += 1
        return self._broken(place, error, beginning_of(b""))

    def _any(self, place: Place, content: BinaryIO, size: int = 0) -> Found:
        """Read what lies at a place, whatever it is; `size` is what it unpacks to, as its archive says."""
        head = b""
        is_counted = False
        try:
            head = _head(content)
            kind = recognise(head)
            if kind is Kind.ZIP and not place.is_one_recording:
                yield from self._archive(place, head, content)
                return
            is_counted = True
            if not self._is_next():
                self._budget.count_bytes(max(0, size - len(head)))
            elif kind is Kind.ZIP:
                yield from self._misnamed(place, head, content)
            elif kind is Kind.UNKNOWN:
                if place.matters:
                    yield self._broken(place, BadData(describe_unknown(head)), beginning_of(head))
            else:
                received = read_at_most(content, self._limits.max_file_bytes, already=head)
                yield from self._file(place, received)
        except BudgetSpent:
            raise
        except BadData as error:
            if is_counted or self._is_next():
                yield self._broken(place, error, beginning_of(head))

    def _is_next(self) -> bool:
        """Count a file, and tell whether it is to be read: those before were read already."""
        self._number += 1
        return self._number > self._skip

    def _file(self, place: Place, received: bytes) -> Found:
        """Read one recording: an activity, or each of its sessions."""
        try:
            original = open_original(received, self._limits.max_file_bytes)
            self._budget.count_bytes(
                len(original.content) - len(received) if original.content != received else 0
            )
            sessions = sessions_of(original, self._limits)
        except LimitReached:
            raise
        except NotARecording as error:
            # Garmin's export holds thousands of files about sleep and steps: that is no fault of theirs.
            if not place.export.is_garmin:
                yield self._broken(place, error, _as_received(received))
            return
        except BadData as error:
            if place.matters:
                yield self._broken(place, error, _as_received(received))
            return
        is_part = len(sessions) > 1
        for number, session in enumerate(sessions, start=1):
            activity, ends = session.activity, number == len(sessions)
            if isinstance(activity, BadData):
                yield self._broken(place, activity, _as_received(received), ends=ends)
                continue
            documents = [session.kept.document()]
            if is_part:
                documents.append(part_document(number, alone=session.kept is not original))
            details = place.export.details_of(place.path, activity.started_at)
            if details is not None:
                documents.append(details_document(details))
            yield RawActivity(
                external_id=original.identity + (f"#{number}" if is_part else ""),
                started_at=activity.started_at,
                documents=tuple(documents),
                named_by=frozenset({FILE, PART}),
                file=self._named(place, ends=ends),
                activity=exports.with_details(activity, details, is_part=is_part),
            )

    def _archive(self, place: Place, head: bytes, content: BinaryIO) -> Found:
        """Read an archive: first what it says of its files, then the files."""
        if place.depth >= DEEPEST:
            raise LimitReached(f"Archives lie inside each other more than {DEEPEST} deep.")
        with seekable(content, head, self._limits.max_archive_megabytes) as file:
            found = members(file, self._budget, self._limits)
            export = self._export_of(found, place)
            wanted = [member for member in found if not is_hidden(member.name)]
            self._known += len(wanted) - 1
            for member in wanted:
                inside = Place(member.name, export, in_archive=True, depth=place.depth + 1)
                yield from self._member(inside, member)
            yield from self._rows_without_file(export)

    def _member(self, place: Place, member: Member) -> Found:
        place.export.seen.add(place.path)
        if place.is_one_recording and self._number < self._skip:
            # Opening thousands that were read before, for every batch, would take longer than reading them.
            self._number += 1
            self._budget.count_bytes(member.most_bytes(self._limits.max_compression_ratio))
            return
        try:
            stream = member.open(self._budget, self._limits.max_compression_ratio)
        except BadData as error:
            if self._is_next() and place.matters:
                yield self._broken(place, error, beginning_of(b""))
            return
        with closing(stream):
            yield from self._any(place, stream, member.info.file_size)

    def _misnamed(self, place: Place, head: bytes, content: BinaryIO) -> Found:
        """
        Read an archive that is called a recording. It counts as one file, as one with several sessions does.

        For those that were read before are told by their names alone. So together its files may hold no more
        than one: they are in memory at once. What the archive is called, its only recording is called, too.
        """
        limit = self._limits.max_file_bytes
        with seekable(content, head, limit // MEGABYTE) as file:
            found = members(file, self._budget, self._limits)
            wanted = [member for member in found if not is_hidden(member.name)]
            if len(wanted) > _MOST_MISNAMED:
                raise BadData(_MISNAMED)
            alone = wanted if len(wanted) == 1 else [one for one in wanted if is_called_recording(one.name)]
            records: list[RawActivity | BrokenRecord] = []
            left_before = self._budget.bytes_left
            for member in wanted:
                inside = place if alone == [member] else place.inside(member.name)
                records += (_with_less(record) for record in self._content(inside, member))
                if left_before - self._budget.bytes_left > limit:
                    raise LimitReached(too_large(limit))
        if not records:
            raise BadData(_NOTHING)
        for number, record in enumerate(records, start=1):
            assert record.file is not None
            ends = number == len(records)
            yield record.model_copy(update={"file": record.file.model_copy(update={"ends": ends})})

    def _content(self, place: Place, member: Member) -> Found:
        """Read a member of an archive that counts as one file."""
        try:
            with closing(member.open(self._budget, self._limits.max_compression_ratio)) as stream:
                received = read_at_most(stream, self._limits.max_file_bytes)
            yield from self._file(place, received)
        except BudgetSpent:
            raise
        except BadData as error:
            yield self._broken(place, error, beginning_of(b""))

    def _named(self, place: Place, *, ends: bool = True) -> UploadedFile:
        known = max(self._known, self._number)
        return UploadedFile(name=place.shown, number=self._number, known=known, ends=ends)

    def _broken(
        self, place: Place, error: BadData, document: RawDocument, *, ends: bool = True
    ) -> BrokenRecord:
        return BrokenRecord(reason=str(error), document=document, file=self._named(place, ends=ends))

    def _export_of(self, found: list[Member], place: Place) -> Export:
        """Read the lists that Strava and Garmin put beside the files; without them, nothing is lost."""
        export = Export(
            is_garmin=place.export.is_garmin or any("DI_CONNECT/" in member.name for member in found),
            by_start=place.export.by_start,
        )
        for member in found:
            name = last_of(member.name)
            is_garmins = name.endswith("_summarizedActivities.json")
            if not is_garmins and name != exports.LIST:
                continue
            try:
                with closing(member.open(self._budget, self._limits.max_compression_ratio)) as stream:
                    content = read_at_most(stream, exports.LARGEST_LIST)
                if is_garmins:
                    exports.add_garmin(export, content)
                else:
                    exports.add_strava(export, content, member.name.removesuffix(name))
            except BudgetSpent:
                raise
            except BadData as error:
                export.unread.append((member.name, str(error)))
        return export

    def _rows_without_file(self, export: Export) -> Found:
        """Yield what an archive lists and has no file of: entered by hand, or missing."""
        lost = list(export.missing())
        self._known += len(export.without_file) + len(lost) + len(export.unread)
        for details in export.without_file:
            if not self._is_next():
                continue
            document = details_document(details)
            row = Place(f"{exports.LIST}: {exports.name_of(details)}")
            try:
                activity = exports.manual_activity(details)
            except BadData as error:
                yield self._broken(row, error, document)
                continue
            yield RawActivity(
                external_id=f"strava-{exports.identity_of(details)}",
                started_at=activity.started_at,
                documents=(document,),
                file=self._named(row),
                activity=activity,
            )
        for name, details in lost:
            if self._is_next():
                yield self._broken(Place(name), BadData(_NOT_THERE), details_document(details))
        for name, reason in export.unread:
            if self._is_next():
                yield self._broken(Place(name), BadData(reason), beginning_of(b""))


def _as_received(received: bytes) -> RawDocument:
    return RawDocument(kind=FILE, media_type=BYTES, body=received)


def _with_less(record: RawActivity | BrokenRecord) -> RawActivity | BrokenRecord:
    """Keep only the beginning of what is broken."""
    if isinstance(record, RawActivity):
        return record
    return record.model_copy(update={"document": beginning_of(record.document.body)})


def _head(content: BinaryIO) -> bytes:
    head = b""
    while len(head) < HEAD_BYTES and (piece := content.read(HEAD_BYTES - len(head))):
        head += piece
    return head
