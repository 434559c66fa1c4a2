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
"""The original, byte for byte as received; its media type ends with `+gzip` if it came packed."""
PART: Final = "part"
"""Which session of a file with several: `{"session": 1}`. Absent where the file holds one."""
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


def part_document(session: int) -> RawDocument:
    return RawDocument(kind=PART, media_type=JSON, body=json.dumps({"session": session}).encode())


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
    session: int | None
    """From 1; None where the file holds one only."""
    details: Mapping[str, Any] | None


def understand(documents: Sequence[RawDocument]) -> Understood:
    """Take the documents of one recording apart. Raises `BadData` where they are nonsense."""
    by_kind = {document.kind: document.body for document in documents}
    if FILE not in by_kind and DETAILS not in by_kind:
        raise BadData("There is no file among the documents.")
    session = _json_of(by_kind[PART]).get("session", 0) if PART in by_kind else None
    if session is not None and (not isinstance(session, int) or session < 1):
        raise BadData("The document that names the session of a file holds no session number.")
    details = _json_of(by_kind[DETAILS]) if DETAILS in by_kind else None
    return Understood(by_kind.get(FILE), session, details)


def _json_of(body: bytes) -> dict[str, Any]:
    try:
        read = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise BadData("A document beside the file is no JSON.") from error
    if not isinstance(read, dict):
        raise BadData("A document beside the file is no JSON object.")
    return read
