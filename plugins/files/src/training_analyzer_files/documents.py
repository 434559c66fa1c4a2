"""The documents of a recording: the file as received, which part of it, and what its archive says of it."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from training_analyzer.sdk import BadData, RawDocument
from training_analyzer_files.recognition import HEAD_BYTES, Kind, describe_unknown, recognise
from training_analyzer_files.unpacking import gunzip

FILE: Final = "file"
"""
The original, byte for byte as received; its media type ends with `+gzip` if it came packed.

Of a TCX or GPX file with several sessions, the bytes of this one, with the tags that it stands in: or a file
of 300 tracks would be kept, and read, 300 times.
"""
PART: Final = "part"
"""
Which session of a file with several: `{"session": 1}`. Absent where the file holds one.

`{"session": 7, "alone": true}`: it came as the seventh, and is the only one that is kept in its file.
"""
DETAILS: Final = "details"
"""What the archive says of the recording: its row of `activities.csv`, or Garmin's summary."""
BEGINNING: Final = "beginning"
"""The first bytes of something that is too large, or of no use, to keep."""

MEDIA_TYPES: Mapping[Kind, str] = {
    Kind.FIT: "application/vnd.ant.fit",
    Kind.TCX: "application/vnd.garmin.tcx+xml",
    Kind.GPX: "application/gpx+xml",
}
_DEEPEST_GZIP: Final = 2
JSON: Final = "application/json"
BYTES: Final = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Original:
    """A file's content, unpacked, and what it is."""

    kind: Kind
    content: bytes
    received: bytes

    @property
    def identity(self) -> str:
        """The same content is the same recording, packed or not."""
        return hashlib.sha256(self.content).hexdigest()

    def part(self, content: bytes) -> "Original":
        """Return one session of it as a file of its own."""
        return Original(self.kind, content, content)

    def document(self) -> RawDocument:
        packed = "+gzip" if self.content is not self.received else ""
        return RawDocument(kind=FILE, media_type=MEDIA_TYPES[self.kind] + packed, body=self.received)


def open_original(received: bytes, limit: int) -> Original:
    """Unpack what may be packed, also twice, and tell what it is. Raises `BadData` if it is no recording."""
    content = received
    for _ in range(_DEEPEST_GZIP):
        if recognise(content[:HEAD_BYTES]) is Kind.GZIP:
            content = gunzip(content, limit)
    kind = recognise(content[:HEAD_BYTES])
    if kind not in MEDIA_TYPES:
        raise BadData(describe_unknown(content[:HEAD_BYTES]))
    return Original(kind, content, received)


def part_document(session: int, *, alone: bool = False) -> RawDocument:
    said = {"session": session} | ({"alone": True} if alone else {})
    return RawDocument(kind=PART, media_type=JSON, body=json.dumps(said).encode())


def details_document(details: Mapping[str, Any]) -> RawDocument:
    """Halves of letters, which JSON can name and no text can hold, become question marks."""
    body = json.dumps(details, ensure_ascii=False, separators=(",", ":")).encode(errors="replace")
    return RawDocument(kind=DETAILS, media_type=JSON, body=body)


def beginning_of(head: bytes) -> RawDocument:
    return RawDocument(kind=BEGINNING, media_type=BYTES, body=head[:HEAD_BYTES])


@dataclass(frozen=True, slots=True)
class Understood:
    """The documents of one recording, taken apart."""

    received: bytes | None
    session: int
    """Of those that are kept in the file, from 1."""
    is_part: bool
    """It came in a file with several."""
    details: Mapping[str, Any] | None


def understand(documents: Sequence[RawDocument]) -> Understood:
    """Take the documents of one recording apart. Raises `BadData` where they are nonsense."""
    by_kind = {document.kind: document.body for document in documents}
    if FILE not in by_kind and DETAILS not in by_kind:
        raise BadData("There is no file among the documents.")
    part = _json_of(by_kind[PART]) if PART in by_kind else {"session": 1}
    session = part.get("session")
    if not isinstance(session, int) or session < 1:
        raise BadData("The document that names the session of a file holds no session number.")
    details = _json_of(by_kind[DETAILS]) if DETAILS in by_kind else None
    return Understood(by_kind.get(FILE), 1 if part.get("alone") else session, PART in by_kind, details)


def _json_of(body: bytes) -> dict[str, Any]:
    try:
        read = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise BadData("A document beside the file is no JSON.") from error
    if not isinstance(read, dict):
        raise BadData("A document beside the file is no JSON object.")
    return read
