"""What a file is, told by its content. Names are not believed."""

import re
from enum import StrEnum

from training_analyzer_files.encodings import marked

HEAD_BYTES = 4096
"""How much of a file's beginning is looked at."""


class Kind(StrEnum):
    """The formats that are read."""

    FIT = "FIT"
    TCX = "TCX"
    GPX = "GPX"
    GZIP = "gzip"
    ZIP = "zip"
    UNKNOWN = "unknown"


_ROOTS = {"trainingcenterdatabase": Kind.TCX, "gpx": Kind.GPX}
_ROOT = re.compile(r"<(?![?!])(?:[\w.-]+:)?([\w.-]+)")
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_OTHERS = (
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"%PDF", "a PDF document"),
    (b"PK\x03\x04", "a zip archive packed once more; unpack it once"),
    (b"\x1f\x8b", "packed with gzip again and again; unpack it"),
    (b"7z\xbc\xaf", "a 7z archive; pack it as a zip archive"),
    (b"Rar!", "a RAR archive; pack it as a zip archive"),
    (b"BZh", "a bzip2 file; unpack it first"),
    (b"\xfd7zXZ", "an xz file; unpack it first"),
    (b"{", "JSON"),
    (b"[", "JSON"),
)


def recognise(head: bytes) -> Kind:
    """Return what a file is by its first `HEAD_BYTES` bytes."""
    if head[:2] == b"\x1f\x8b":
        return Kind.GZIP
    if head[:4] in {b"PK\x03\x04", b"PK\x05\x06"}:
        return Kind.ZIP
    if head[8:12] == b".FIT" and head[0] in {12, 14}:
        return Kind.FIT
    return _ROOTS.get(_root(head).lower(), Kind.UNKNOWN)


def describe_unknown(head: bytes) -> str:
    """Say what a file of no known kind seems to be, as the end of a sentence."""
    if not head:
        return "The file is empty."
    for magic, words in _OTHERS:
        if head.startswith(magic):
            return f"This is {words}, not a FIT, TCX or GPX file."
    if head[257:262] == b"ustar":
        return "This is a tar archive, not a FIT, TCX or GPX file; pack it as a zip archive."
    root = _root(head)
    if root.lower() == "html":
        return "This is a web page, not a FIT, TCX or GPX file. Perhaps the download needed a login."
    if root:
        return f"This is XML of another kind ({root[:40]}), not TCX or GPX."
    return "This is no FIT, TCX or GPX file, nor an archive of them."


def _root(head: bytes) -> str:
    text = head[:HEAD_BYTES].decode(marked(head) or "utf-8", errors="ignore").lstrip()
    if not text.startswith("<"):
        return ""
    found = _ROOT.search(_COMMENT.sub("", text))
    return found.group(1) if found else ""
