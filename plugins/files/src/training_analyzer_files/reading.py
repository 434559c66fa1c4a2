"""An upload, read activity by activity: a file, an archive, archives inside archives."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import BinaryIO

from training_analyzer.sdk import BadData, BrokenRecord, RawActivity, RawDocument
from training_analyzer_files import exports
from training_analyzer_files.archives import DEEPEST, Budget, BudgetSpent, Member, members, seekable
from training_analyzer_files.documents import (
    BYTES,
    FILE,
    beginning_of,
    details_document,
    open_original,
    part_document,
)
from training_analyzer_files.errors import LimitReached, NotARecording
from training_analyzer_files.exports import Export
from training_analyzer_files.formats import starts_of
from training_analyzer_files.recognition import HEAD_BYTES, Kind, describe_unknown, recognise
from training_analyzer_files.settings import MEGABYTE, FilesSettings
from training_analyzer_files.unpacking import read_at_most

Found = Iterator[RawActivity | BrokenRecord]

_CLAIMS = frozenset({".fit", ".tcx", ".gpx", ".zip"})
_LARGEST_LIST = 64 * MEGABYTE
_LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class Place:
    """Where in an upload a file lies."""

    path: str
    export: Export = field(default_factory=Export)
    in_archive: bool = False
    depth: int = 0

    @property
    def shown(self) -> str:
        """The path as a message may show it."""
        shown = "".join(letter if letter.isprintable() else "?" for letter in self.path)
        return shown if len(shown) <= _LONGEST_NAME else f"…{shown[-_LONGEST_NAME:]}"

    @property
    def matters(self) -> bool:
        """What is not called a recording, in an archive, is passed over in silence if it is none."""
        name = self.path.lower().removesuffix(".gz")
        return not self.in_archive or PurePosixPath(name).suffix in _CLAIMS


class Upload:
    """Reads one upload. Make a new one for the next: the budget is spent once."""

    def __init__(self, limits: FilesSettings) -> None:
        self._limits = limits
        self._budget = Budget(limits)

    def read(self, name: str, content: BinaryIO) -> Found:
        """Read a file or an archive."""
        place = Place(name or "upload")
        try:
            yield from self._any(place, content)
        except BudgetSpent as spent:
            yield BrokenRecord(reason=f"{place.shown}: {spent}", document=beginning_of(b""))

    def _any(self, place: Place, content: BinaryIO) -> Found:
        """Read what lies at a place, whatever it is."""
        head = b""
        try:
            head = _head(content)
            if recognise(head) is Kind.ZIP:
                yield from self._archive(place, head, content)
            elif recognise(head) is Kind.UNKNOWN:
                if place.matters:
                    raise BadData(describe_unknown(head))  # noqa: TRY301 - one place makes records of errors
            else:
                received = read_at_most(content, self._limits.max_file_bytes, already=head)
                yield from self._file(place, received)
        except BudgetSpent:
            raise
        except BadData as error:
            yield BrokenRecord(reason=f"{place.shown}: {error}", document=beginning_of(head))

    def _file(self, place: Place, received: bytes) -> Found:
        """Read one recording: an activity, or each of its sessions."""
        try:
            original = open_original(received, self._limits.max_file_bytes)
            self._budget.count_bytes(
                len(original.content) - len(received) if original.content != received else 0
            )
            starts = starts_of(original, self._limits)
        except LimitReached:
            raise
        except NotARecording as error:
            # Garmin's export holds thousands of files about sleep and steps: that is no fault of theirs.
            if not place.export.is_garmin:
                yield _broken(place, error, received)
            return
        except BadData as error:
            if place.matters:
                yield _broken(place, error, received)
            return
        for session, start in enumerate(starts, start=1):
            documents = [original.document()]
            if len(starts) > 1:
                documents.append(part_document(session))
            if (details := place.export.details_of(place.path, start)) is not None:
                documents.append(details_document(details))
            yield RawActivity(
                external_id=original.identity + (f"#{session}" if len(starts) > 1 else ""),
                started_at=start,
                documents=tuple(documents),
            )

    def _archive(self, place: Place, head: bytes, content: BinaryIO) -> Found:
        """Read an archive: first what it says of its files, then the files."""
        if place.depth >= DEEPEST:
            raise LimitReached(f"Archives lie inside each other more than {DEEPEST} deep.")
        with seekable(content, head, self._limits.max_archive_megabytes) as file:
            found = members(file, self._budget, self._limits)
            export = self._export_of(found, place)
            for member in found:
                if not _is_hidden(member.name):
                    inside = Place(member.name, export, in_archive=True, depth=place.depth + 1)
                    yield from self._member(inside, member)
            yield from _rows_without_file(place, export)

    def _member(self, place: Place, member: Member) -> Found:
        place.export.seen.add(place.path)
        try:
            stream = member.open(self._budget, self._limits.max_compression_ratio)
        except BadData as error:
            if place.matters:
                yield BrokenRecord(reason=f"{place.shown}: {error}", document=beginning_of(b""))
            return
        with closing(stream):
            yield from self._any(place, stream)

    def _export_of(self, found: list[Member], place: Place) -> Export:
        """Read the lists that Strava and Garmin put beside the files; without them, nothing is lost."""
        export = Export(
            is_garmin=place.export.is_garmin or any("DI_CONNECT/" in member.name for member in found),
            by_start=place.export.by_start,
        )
        for member in found:
            path = PurePosixPath(member.name)
            is_garmins = path.name.endswith("_summarizedActivities.json")
            if not is_garmins and path.name != "activities.csv":
                continue
            try:
                with closing(member.open(self._budget, self._limits.max_compression_ratio)) as stream:
                    content = read_at_most(stream, _LARGEST_LIST)
                if is_garmins:
                    exports.add_garmin(export, content)
                else:
                    exports.add_strava(export, content, member.name.removesuffix(path.name))
            except BudgetSpent:
                raise
            except BadData as error:
                export.unread.append((member.name, str(error)))
        return export


def _rows_without_file(place: Place, export: Export) -> Found:
    """Yield what an archive lists and has no file of: entered by hand, or missing."""
    for details in export.without_file:
        document = details_document(details)
        try:
            activity = exports.manual_activity(details)
        except BadData as error:
            yield BrokenRecord(reason=f"{place.shown}: {error}", document=document)
            continue
        yield RawActivity(
            external_id=f"strava-{exports.identity_of(details)}",
            started_at=activity.started_at,
            documents=(document,),
        )
    for name, details in export.missing():
        reason = (
            f"{Place(name).shown}: The list of activities names this file, and the archive does not have it."
        )
        yield BrokenRecord(reason=reason, document=details_document(details))
    for name, reason in export.unread:
        yield BrokenRecord(reason=f"{Place(name).shown}: {reason}", document=beginning_of(b""))


def _broken(place: Place, error: BadData, received: bytes) -> BrokenRecord:
    document = RawDocument(kind=FILE, media_type=BYTES, body=received)
    return BrokenRecord(reason=f"{place.shown}: {error}", document=document)


def _head(content: BinaryIO) -> bytes:
    head = b""
    while len(head) < HEAD_BYTES and (piece := content.read(HEAD_BYTES - len(head))):
        head += piece
    return head


def _is_hidden(name: str) -> bool:
    path = PurePosixPath(name)
    return path.name.startswith(".") or "__MACOSX" in path.parts
