"""
The bytes of files that athletes handed over, in pieces, until they are read.

They lie in PostgreSQL, so that whichever worker takes the upload on finds them, on whatever host.
"""

import io
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import BinaryIO, Final, cast
from uuid import UUID

import psycopg
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from training_analyzer.domain.errors import NotPossible
from training_analyzer.storage.database import Transaction
from training_analyzer.storage.upload_files import UploadFile

PIECE_BYTES: Final = 1024 * 1024


def add(tx: Transaction, athlete_id: UUID, file_id: int, number: int, body: bytes) -> None:
    """Add the next piece: `PIECE_BYTES` long, but for the last."""
    tx.execute(
        text("""
            INSERT INTO upload_pieces (file_id, number, athlete_id, body)
            VALUES (:file_id, :number, :athlete_id, :body)
        """),
        {"file_id": file_id, "number": number, "athlete_id": athlete_id, "body": body},
    )
    tx.execute(
        text("UPDATE upload_files SET size = size + :size WHERE id = :id"),
        {"id": file_id, "size": len(body)},
    )


def waiting_bytes(tx: Transaction, athlete_id: UUID) -> int:
    """Return how much the athlete's files that are not read yet hold together."""
    size: int = tx.execute(
        text("""
            SELECT COALESCE(sum(size), 0)::bigint FROM upload_files
            WHERE athlete_id = :id AND done_at IS NULL
        """),
        {"id": athlete_id},
    ).scalar_one()
    return size


class _Spooled(io.RawIOBase):
    """A file's pieces as one file, of which one piece at a time is in memory."""

    def __init__(
        self, open_: Callable[[], AbstractContextManager[Transaction]], file_id: int, size: int
    ) -> None:
        super().__init__()
        self._open = open_
        self._file_id = file_id
        self._size = size
        self._position = 0
        self._number = -1
        self._piece = b""

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        origin = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._size}[whence]
        self._position = max(0, origin + offset)
        return self._position

    def readinto(self, buffer: object) -> int:
        target = memoryview(cast("bytearray", buffer)).cast("B")
        number, within = divmod(self._position, PIECE_BYTES)
        if self._position >= self._size or not len(target):
            return 0
        if number != self._number:
            with self._open() as tx:
                self._piece = _piece(tx, self._file_id, number)
            self._number = number
        part = self._piece[within : within + len(target)]
        target[: len(part)] = part
        self._position += len(part)
        return len(part)


def _piece(tx: Transaction, file_id: int, number: int) -> bytes:
    """
    Ask for the bytes as they are: as text, which the driver asks for otherwise, they are twice as many.

    Raises DBAPIError, as every other question does; NotPossible where the piece is gone.
    """
    driver = cast("psycopg.Connection[tuple[bytes]]", tx.connection.driver_connection)
    asked = "SELECT body FROM upload_pieces WHERE file_id = %s AND number = %s"
    try:
        with driver.cursor(binary=True) as cursor:
            cursor.execute(asked, (file_id, number))
            found = cursor.fetchone()
    except psycopg.Error as error:
        raise DBAPIError(asked, None, error) from error
    if found is None:
        raise NotPossible("a piece of the file is gone: it was erased, or somebody else has read it")
    return found[0]


def open_file(open_: Callable[[], AbstractContextManager[Transaction]], file: UploadFile) -> BinaryIO:
    """Open a file for reading; each piece that is needed is fetched in a transaction of its own."""
    return cast("BinaryIO", io.BufferedReader(_Spooled(open_, file.id, file.size), 64 * 1024))
