"""The size of a zip archive's directory, told before anything is made of it: a false one fills the memory."""

import struct
from typing import BinaryIO

from training_analyzer.sdk import BadData
from training_analyzer_files.errors import LimitReached

_END = struct.Struct("<4s4H2IH")
_LOCATOR = struct.Struct("<4sIQI")
_END_64 = struct.Struct("<4sQ2H2I4Q")
_LONGEST_COMMENT = 0xFFFF
_BYTES_PER_ENTRY = 400  # 46 and the name; honest archives stay below 150


def check_directory(file: BinaryIO, most_entries: int) -> None:
    """Raise `LimitReached` where the directory is too large, `BadData` where there is none."""
    entries, size = _stated(file)
    if entries > most_entries:
        raise LimitReached(f"The archive holds {entries:,} files; the limit is {most_entries:,}.")
    most_bytes = most_entries * _BYTES_PER_ENTRY
    if size > most_bytes:
        raise LimitReached(
            f"The names of the archive's files take {size:,} bytes; the limit is {most_bytes:,}, "
            f"{_BYTES_PER_ENTRY} for each of {most_entries:,} files."
        )


def _stated(file: BinaryIO) -> tuple[int, int]:
    """Return how many entries the archive states, and how many bytes describe them. Raises `BadData`."""
    length = file.seek(0, 2)
    begin = max(0, length - _END.size - _LONGEST_COMMENT - _LOCATOR.size)
    file.seek(begin)
    tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or at + _END.size > len(tail):
        raise BadData("The archive is cut off: its directory is missing. Download it again.")
    _, _, _, _, entries, size, _, _ = _END.unpack_from(tail, at)
    ends_at, locator = begin + at, at - _LOCATOR.size
    if locator >= 0 and tail[locator : locator + 4] == b"PK\x06\x07":
        _, _, position, _ = _LOCATOR.unpack_from(tail, locator)
        if position + _END_64.size > length:
            raise BadData("The archive is damaged: its directory is not where it says.")
        file.seek(position)
        found = _END_64.unpack(file.read(_END_64.size))
        entries, size, ends_at = found[7], found[8], position
    if size > ends_at:
        raise BadData("The archive is damaged: its directory is larger than the archive. Download it again.")
    return entries, size
