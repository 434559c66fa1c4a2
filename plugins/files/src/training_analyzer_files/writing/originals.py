"""The file that an athlete once handed over, as it came."""

from collections.abc import Mapping, Sequence
from typing import Final

from training_analyzer.sdk import ExportedFile, RawDocument
from training_analyzer_files.documents import FILE, MEDIA_TYPES
from training_analyzer_files.recognition import Kind

_SUFFIXES: Final[Mapping[str, str]] = {
    MEDIA_TYPES[Kind.FIT]: ".fit",
    MEDIA_TYPES[Kind.TCX]: ".tcx",
    MEDIA_TYPES[Kind.GPX]: ".gpx",
}
GZIP: Final = "application/gzip"


def original_of(documents: Sequence[RawDocument]) -> ExportedFile | None:
    """Return the original byte for byte, packed if it came packed; None where there is none."""
    for document in documents:
        if document.kind == FILE:
            media_type, plus, _ = document.media_type.rpartition("+gzip")
            kind = media_type if plus else document.media_type
            suffix = _SUFFIXES.get(kind, "") + (".gz" if plus else "")
            return ExportedFile(media_type=GZIP if plus else kind, suffix=suffix, content=document.body)
    return None
