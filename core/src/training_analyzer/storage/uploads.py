"""
Files that athletes handed over: their bytes in pieces until they are read, and what became of each.

The bytes lie in PostgreSQL, so that whichever worker takes the upload on finds them, on whatever host.
"""

import io
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import BinaryIO, Final, Literal, cast
from uuid import UUID

from sqlalchemy import text

from training_analyzer.storage.database import Transaction

PIECE_BYTES: Final = 1024 * 1024
LONGEST_RECEIVING: Final = timedelta(hours=6)
"""What is not received by then never will be: whoever sent it died."""

Origin = Literal["api", "command", "folder"]
Outcome = Literal["added", "changed", "known", "refused"]


@dataclass(frozen=True, slots=True)
class Upload:
    """Files that were handed over at once."""

    id: UUID
    athlete_id: UUID
    provider: str
    state: str
    created_at: datetime
    done_at: datetime | None


@dataclass(frozen=True, slots=True)
class UploadFile:
    """One file, or one archive, and how far it is read."""

    id: int
    name: str
    size: int
    files_read: int
    attempts: int


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one activity, or of one file that holds none."""

    name: str
    outcome: Outcome
    reason: str | None = None
    recording_id: int | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an upload is. `files_known` counts files in archives as far as these are known."""

    files: int
    bytes: int
    files_read: int
    files_known: int
    outcomes: dict[str, int]


def begin(tx: Transaction, athlete_id: UUID, provider: str, origin: Origin, *, now: datetime) -> UUID:
    """Begin an upload that is still being received."""
    upload_id: UUID = tx.execute(
        text("""
            INSERT INTO uploads (athlete_id, provider, origin, created_at)
            VALUES (:athlete_id, :provider, :origin, :now) RETURNING id
        """),
        {"athlete_id": athlete_id, "provider": provider, "origin": origin, "now": now},
    ).scalar_one()
    return upload_id


def discard(tx: Transaction, upload_id: UUID) -> None:
    """Forget an upload that did not come to its end."""
    tx.execute(
        text("DELETE FROM uploads WHERE id = :id AND state = 'receiving'"),
        {"id": upload_id},
    )


def discard_abandoned(tx: Transaction, athlete_id: UUID, *, before: datetime) -> None:
    """Forget uploads that began long ago and never came to their end."""
    tx.execute(
        text("""
            DELETE FROM uploads
            WHERE athlete_id = :athlete_id AND state = 'receiving' AND created_at < :before
        """),
        {"athlete_id": athlete_id, "before": before},
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


def add_file(tx: Transaction, athlete_id: UUID, upload_id: UUID, name: str, *, identity: str = "") -> int:
    """Add a file whose pieces follow."""
    file_id: int = tx.execute(
        text("""
            INSERT INTO upload_files (upload_id, athlete_id, name, identity)
            VALUES (:upload_id, :athlete_id, :name, :identity) RETURNING id
        """),
        {"upload_id": upload_id, "athlete_id": athlete_id, "name": storable_name(name), "identity": identity},
    ).scalar_one()
    return file_id


def add_piece(tx: Transaction, athlete_id: UUID, file_id: int, number: int, body: bytes) -> None:
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


def received(tx: Transaction, upload_id: UUID, *, now: datetime) -> int:
    """Say that everything has come, and return how many files there are."""
    tx.execute(
        text("UPDATE uploads SET state = 'reading', received_at = :now WHERE id = :id"),
        {"id": upload_id, "now": now},
    )
    files: int = tx.execute(
        text("SELECT count(*) FROM upload_files WHERE upload_id = :id"), {"id": upload_id}
    ).scalar_one()
    return files


def find(tx: Transaction, upload_id: UUID) -> Upload | None:
    row = tx.execute(
        text("SELECT id, athlete_id, provider, state, created_at, done_at FROM uploads WHERE id = :id"),
        {"id": upload_id},
    ).one_or_none()
    return None if row is None else Upload(*row)


def newest(tx: Transaction, athlete_id: UUID, *, limit: int) -> list[Upload]:
    """Return the athlete's uploads, newest first."""
    rows = tx.execute(
        text("""
            SELECT id, athlete_id, provider, state, created_at, done_at FROM uploads
            WHERE athlete_id = :id ORDER BY created_at DESC, id LIMIT :limit
        """),
        {"id": athlete_id, "limit": limit},
    )
    return [Upload(*row) for row in rows]


def unread(tx: Transaction, upload_id: UUID, *, limit: int) -> list[UploadFile]:
    """Return the files that are not read to their end, in the order in which they came."""
    rows = tx.execute(
        text("""
            SELECT id, name, size, files_read, attempts FROM upload_files
            WHERE upload_id = :id AND done_at IS NULL ORDER BY id LIMIT :limit
        """),
        {"id": upload_id, "limit": limit},
    )
    return [UploadFile(*row) for row in rows]


def attempt(tx: Transaction, file_id: int) -> None:
    """Remember that reading on begins, in case it never ends."""
    tx.execute(text("UPDATE upload_files SET attempts = attempts + 1 WHERE id = :id"), {"id": file_id})


def advance(tx: Transaction, file_id: int, *, files_read: int, files_known: int) -> None:
    """Remember how far a file is read."""
    tx.execute(
        text("""
            UPDATE upload_files SET files_read = :files_read, attempts = 0,
                files_known = GREATEST(files_known, :files_known)
            WHERE id = :id
        """),
        {"id": file_id, "files_read": files_read, "files_known": files_known},
    )


def finish_files(tx: Transaction, file_ids: Sequence[int], *, now: datetime) -> None:
    """Say that these are read, and let go of their bytes."""
    tx.execute(text("DELETE FROM upload_pieces WHERE file_id = ANY(:ids)"), {"ids": list(file_ids)})
    tx.execute(
        text("UPDATE upload_files SET done_at = :now, attempts = 0 WHERE id = ANY(:ids)"),
        {"ids": list(file_ids), "now": now},
    )


def finish(tx: Transaction, upload_id: UUID, *, now: datetime) -> None:
    tx.execute(
        text("UPDATE uploads SET state = 'done', done_at = :now WHERE id = :id"),
        {"id": upload_id, "now": now},
    )


def add_results(tx: Transaction, athlete_id: UUID, upload_id: UUID, results: Sequence[Result]) -> None:
    """Remember what became of files, in this order."""
    tx.execute(
        text("""
            INSERT INTO upload_results (upload_id, athlete_id, name, outcome, reason, recording_id)
            SELECT :upload_id, :athlete_id, name, outcome, reason, recording_id
            FROM unnest(CAST(:names AS text[]), CAST(:outcomes AS text[]), CAST(:reasons AS text[]),
                        CAST(:recordings AS bigint[]))
                WITH ORDINALITY AS r(name, outcome, reason, recording_id, n)
            ORDER BY n
        """),
        {
            "upload_id": upload_id,
            "athlete_id": athlete_id,
            "names": [storable_name(result.name) for result in results],
            "outcomes": [result.outcome for result in results],
            "reasons": [
                None if result.reason is None else storable_name(result.reason) for result in results
            ],
            "recordings": [result.recording_id for result in results],
        },
    )


def progress(tx: Transaction, upload_id: UUID) -> Progress:
    row = tx.execute(
        text("""
            SELECT count(*) AS files, COALESCE(sum(size), 0)::bigint AS bytes,
                   COALESCE(sum(GREATEST(files_read, (done_at IS NOT NULL)::int)), 0)::bigint AS files_read,
                   COALESCE(sum(GREATEST(files_known, files_read, 1)), 0)::bigint AS files_known
            FROM upload_files WHERE upload_id = :id
        """),
        {"id": upload_id},
    ).one()
    outcomes = tx.execute(
        text("SELECT outcome, count(*) AS n FROM upload_results WHERE upload_id = :id GROUP BY outcome"),
        {"id": upload_id},
    )
    return Progress(
        row.files,
        row.bytes,
        row.files_read,
        row.files_known,
        {one.outcome: one.n for one in outcomes},
    )


def results(
    tx: Transaction, upload_id: UUID, *, outcome: str | None, behind: int, limit: int
) -> list[tuple[int, Result, UUID | None]]:
    """Return results in order, each with its number and its activity where there is one."""
    rows = tx.execute(
        text("""
            SELECT u.id, u.name, u.outcome, u.reason, u.recording_id, r.activity_id
            FROM upload_results u LEFT JOIN recordings r ON r.id = u.recording_id
            WHERE u.upload_id = :id AND u.id > :behind
              AND (CAST(:outcome AS text) IS NULL OR u.outcome = :outcome)
            ORDER BY u.id LIMIT :limit
        """),
        {"id": upload_id, "outcome": outcome, "behind": behind, "limit": limit},
    )
    return [
        (row.id, Result(row.name, row.outcome, row.reason, row.recording_id), row.activity_id) for row in rows
    ]


def taken(tx: Transaction, athlete_id: UUID, identities: Iterable[str]) -> set[str]:
    """Return which of these files on a disk were handed over before."""
    rows = tx.execute(
        text("""
            SELECT DISTINCT f.identity FROM upload_files f JOIN uploads u ON u.id = f.upload_id
            WHERE f.athlete_id = :athlete_id AND f.identity = ANY(:identities) AND u.state <> 'receiving'
        """),
        {"athlete_id": athlete_id, "identities": list(identities)},
    )
    return set(rows.scalars())


def unfinished(tx: Transaction, athlete_id: UUID, identities: Iterable[str]) -> list[UUID]:
    """Return the uploads of these files on a disk that are not read to their end."""
    rows = tx.execute(
        text("""
            SELECT DISTINCT u.id FROM upload_files f JOIN uploads u ON u.id = f.upload_id
            WHERE f.athlete_id = :athlete_id AND f.identity = ANY(:identities) AND u.state = 'reading'
        """),
        {"athlete_id": athlete_id, "identities": list(identities)},
    )
    return list(rows.scalars())


def names(tx: Transaction, upload_id: UUID) -> list[str]:
    """Return the names of the files that were handed over, in their order."""
    rows = tx.execute(
        text("SELECT name FROM upload_files WHERE upload_id = :id ORDER BY id"), {"id": upload_id}
    )
    return list(rows.scalars())


def unreported(tx: Transaction, athlete_id: UUID, origin: Origin) -> list[UUID]:
    """Return the uploads from there that are done, and of which nobody was told."""
    rows = tx.execute(
        text("""
            SELECT id FROM uploads
            WHERE athlete_id = :athlete_id AND origin = :origin AND state = 'done' AND reported_at IS NULL
            ORDER BY created_at
        """),
        {"athlete_id": athlete_id, "origin": origin},
    )
    return list(rows.scalars())


def reported(tx: Transaction, upload_id: UUID, *, now: datetime) -> None:
    tx.execute(text("UPDATE uploads SET reported_at = :now WHERE id = :id"), {"id": upload_id, "now": now})


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
                self._piece = tx.execute(
                    text("SELECT body FROM upload_pieces WHERE file_id = :id AND number = :number"),
                    {"id": self._file_id, "number": number},
                ).scalar_one()
            self._number = number
        part = self._piece[within : within + len(target)]
        target[: len(part)] = part
        self._position += len(part)
        return len(part)


def open_file(open_: Callable[[], AbstractContextManager[Transaction]], file: UploadFile) -> BinaryIO:
    """Open a file for reading; each piece that is needed is fetched in a transaction of its own."""
    return cast("BinaryIO", io.BufferedReader(_Spooled(open_, file.id, file.size), 64 * 1024))


def storable_name(name: str) -> str:
    """Return a text that PostgreSQL can hold, whatever came in."""
    return name.replace("\0", "?").encode("utf-8", errors="replace").decode("utf-8")
