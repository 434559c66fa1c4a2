"""
Everything that is held of an athlete, written as a zip while it is sent.

Each page and each document is read in a transaction of its own: a slow reader holds no connection,
and only one document is in memory at a time.
"""

import io
import zipfile
from collections.abc import Iterator
from datetime import datetime
from typing import Final
from urllib.parse import quote
from uuid import UUID

from training_analyzer.domain.endings import ending_of
from training_analyzer.storage import exporting
from training_analyzer.storage.database import Database
from training_analyzer.storage.exporting import HeldFile

LONGEST_NAME: Final = 120
COMPRESSION: Final = 4
"""Of documents: half the time that zlib takes by itself, for streams a twelfth larger, by measure."""

README: Final = """\
Everything that Training Analyzer holds of you, as of {now:%Y-%m-%d %H:%M} UTC.

documents/PROVIDER/ID/   what the provider sent, byte for byte; ID is the activity's id there.
                         Files with "replaced" in their name are earlier versions. The names of files
                         that you handed over stand in upload_results.json; recording_id, there and in
                         documents.json, says which is which.
profile/                 what the provider says of you.
rejected/                what was received and made no sense, as it was received.
data/                    the rest, one file for each table, each a JSON array. The hashes of what was
                         received stand in documents.json. Passwords, tokens and keys are left out.
"""


def export(database: Database, athlete_id: UUID, *, now: datetime) -> Iterator[bytes]:
    """Yield the zip in pieces."""
    written = _Pieces()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(_entry("README.txt", now), README.format(now=now))
        for table in exporting.tables():
            with archive.open(_entry(f"data/{table}.json", now), "w") as entry:
                for text in _rows(database, athlete_id, table):
                    entry.write(text.encode())
                    yield from written.take()
        for table in exporting.FILES:
            for held in _files(database, athlete_id, table):
                with database.transaction(athlete_id) as tx:
                    body = exporting.content(tx, held)
                if body is not None:
                    archive.writestr(_entry(_name(held), held.received_at), body, compresslevel=COMPRESSION)
                yield from written.take()
    yield from written.take()


def _rows(database: Database, athlete_id: UUID, table: str) -> Iterator[str]:
    behind = None
    begin = "[\n"
    while True:
        with database.transaction(athlete_id) as tx:
            page, last = exporting.rows(tx, athlete_id, table, behind=behind)
        if page:
            yield begin + ",\n".join(page)
            begin, behind = ",\n", last
        if len(page) < exporting.PAGE:
            yield "\n]\n" if behind is not None else "[]\n"
            return


def _files(database: Database, athlete_id: UUID, table: str) -> Iterator[HeldFile]:
    behind = 0
    while True:
        with database.transaction(athlete_id) as tx:
            page = exporting.files(tx, athlete_id, table, behind=behind)
        yield from page
        if len(page) < exporting.PAGE:
            return
        behind = page[-1].id


def _name(held: HeldFile) -> str:
    suffix = ending_of(held.media_type)
    match held.table:
        case "rejections":
            return f"rejected/{held.id}{suffix}"
        case "profile_documents":
            return f"profile/{_part(held.provider)}/{held.external_id}/{_part(held.kind)}{suffix}"
    replaced = "" if held.replaced_at is None else f".replaced-{held.replaced_at:%Y%m%dT%H%M%SZ}-{held.id}"
    return f"documents/{_part(held.provider)}/{_part(held.external_id)}/{held.kind}{replaced}{suffix}"


def _part(text: str) -> str:
    """Return a name that is one folder, whatever a provider calls its activities."""
    return quote(text, safe=" ")[:LONGEST_NAME].replace(".", "%2E") or "_"


def _entry(name: str, moment: datetime) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, moment.timetuple()[:6])
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    return entry


class _Pieces(io.RawIOBase):
    """What the archive writes, until it is taken."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, piece: object) -> int:
        written = bytes(piece)  # type: ignore[call-overload] # whatever holds bytes
        self._pieces.append(written)
        return len(written)

    def take(self) -> Iterator[bytes]:
        if self._pieces:
            yield b"".join(self._pieces)
            self._pieces.clear()
