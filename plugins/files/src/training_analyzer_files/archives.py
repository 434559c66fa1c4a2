"""Zip archives as streams of members, within a budget. Nothing is written under a name of theirs."""

import io
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO, cast

from training_analyzer.sdk import BadData
from training_analyzer_files.errors import LimitReached
from training_analyzer_files.settings import MEGABYTE, FilesSettings
from training_analyzer_files.unpacking import PIECE
from training_analyzer_files.zip_directory import check_directory

DEEPEST = 3
"""Archives inside archives: Garmin's export has two levels."""
_IN_MEMORY = 8 * MEGABYTE
_SMALL = MEGABYTE
_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_ENCRYPTED = 0x1


class BudgetSpent(LimitReached):
    """The archive as a whole is too much: reading it ends."""


class Budget:
    """What one upload may still cost, archives inside it included."""

    def __init__(self, limits: FilesSettings) -> None:
        self._limits = limits
        self._entries = limits.max_archive_entries
        self._bytes = limits.max_unpacked_megabytes * MEGABYTE

    @property
    def bytes_left(self) -> int:
        return self._bytes

    def count_entry(self) -> None:
        self._entries -= 1
        if self._entries < 0:
            raise BudgetSpent(
                f"The archive holds more than {self._limits.max_archive_entries:,} files, which is the limit."
            )

    def count_bytes(self, size: int) -> None:
        self._bytes -= size
        if self._bytes < 0:
            raise BudgetSpent(
                f"The archive unpacks to more than {self._limits.max_unpacked_megabytes:,} MB, "
                "which is the limit."
            )


@dataclass(frozen=True, slots=True)
class Member:
    """One file in an archive."""

    archive: zipfile.ZipFile
    info: zipfile.ZipInfo

    @property
    def name(self) -> str:
        """The path in the archive. Some programs for Windows write it with backslashes."""
        return self.info.filename.replace("\\", "/")

    def open(self, budget: Budget, ratio: int) -> BinaryIO:
        """Open it for reading in pieces. Raises `BadData` where it cannot be."""
        if self.info.flag_bits & _ENCRYPTED:
            raise BadData("The archive is locked with a password. Pack it without one.")
        if self.info.compress_type not in _METHODS:
            raise BadData("The archive is packed in a way that is not read. Pack it as an ordinary zip.")
        try:
            stream = self.archive.open(self.info)
        except (zipfile.BadZipFile, EOFError, OSError, ValueError, NotImplementedError) as error:
            raise BadData(f"The archive is damaged here: {error}.") from error
        return cast(BinaryIO, _MemberStream(cast(BinaryIO, stream), budget, self._most(ratio)))

    def most_bytes(self, ratio: int) -> int:
        """Return how much can be read of it, as the archive says."""
        return min(self.info.file_size, self._most(ratio))

    def _most(self, ratio: int) -> int:
        # Below a size, a ratio says nothing: zeros in a tiny file are no bomb.
        return max(self.info.compress_size * ratio, _SMALL)


class _MemberStream:
    """A member's content, counted as it is read."""

    def __init__(self, stream: BinaryIO, budget: Budget, most: int) -> None:
        self._stream = stream
        self._budget = budget
        self._most = most
        self._read = 0

    def read(self, size: int) -> bytes:
        try:
            piece = self._stream.read(size)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError) as error:
            raise BadData(f"The archive is damaged here: {error}.") from error
        self._read += len(piece)
        self._budget.count_bytes(len(piece))
        if self._read > self._most:
            raise LimitReached("The file unpacks to far more than any recording: this looks like a zip bomb.")
        return piece

    def seekable(self) -> bool:
        return False

    def close(self) -> None:
        self._stream.close()


def members(file: BinaryIO, budget: Budget, limits: FilesSettings) -> list[Member]:
    """Return what an archive holds, readable while the file is open. Raises `BadData` where it is none."""
    check_directory(file, limits.max_archive_entries)
    try:
        archive = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError) as error:
        raise BadData(f"The archive is damaged: {error}. Download it again.") from error
    for _ in archive.infolist():
        budget.count_entry()
    return [Member(archive, info) for info in archive.infolist() if not info.is_dir()]


@contextmanager
def seekable(stream: BinaryIO, head: bytes, limit_megabytes: int) -> Iterator[BinaryIO]:
    """
    Give a stream that can be read back and forth, from its beginning; `head` was read from it already.

    One that cannot be is copied: to memory while it is small, then to a file without a name.
    """
    limit = limit_megabytes * MEGABYTE
    if stream.seekable():
        if stream.seek(0, io.SEEK_END) > limit:
            raise LimitReached(_too_large(limit_megabytes))
        stream.seek(0)
        yield stream
        return
    with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as copy:
        size = copy.write(head)
        while piece := stream.read(PIECE):
            size += copy.write(piece)
            if size > limit:
                raise LimitReached(_too_large(limit_megabytes))
        copy.seek(0)
        yield cast(BinaryIO, copy)


def _too_large(limit_megabytes: int) -> str:
    return f"The archive is larger than {limit_megabytes:,} MB, which is the limit."
