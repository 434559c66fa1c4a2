"""The files of an upload: by what each is known, and how far it is read."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import text

from training_analyzer.storage.database import Transaction


@dataclass(frozen=True, slots=True)
class UploadFile:
    """One file, or one archive, and how far it is read."""

    id: int
    name: str
    size: int
    files_read: int
    files_known: int
    attempts: int


def add(tx: Transaction, athlete_id: UUID, upload_id: UUID, name: str, *, identity: str = "") -> int:
    """Add a file whose pieces follow."""
    file_id: int = tx.execute(
        text("""
            INSERT INTO upload_files (upload_id, athlete_id, name, identity)
            VALUES (:upload_id, :athlete_id, :name, :identity) RETURNING id
        """),
        {"upload_id": upload_id, "athlete_id": athlete_id, "name": storable_name(name), "identity": identity},
    ).scalar_one()
    return file_id


def unread(tx: Transaction, upload_id: UUID, *, limit: int) -> list[UploadFile]:
    """Return the files that are not read to their end, in the order in which they came."""
    rows = tx.execute(
        text("""
            SELECT id, name, size, files_read, files_known, attempts FROM upload_files
            WHERE upload_id = :id AND done_at IS NULL ORDER BY id LIMIT :limit
        """),
        {"id": upload_id, "limit": limit},
    )
    return [UploadFile(*row) for row in rows]


def blame(tx: Transaction, file_id: int) -> None:
    """Remember that reading what comes next in this file, and nothing else, ended the program."""
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


def finish(tx: Transaction, file_ids: Sequence[int], *, now: datetime) -> None:
    """Say that these are read, and let go of their bytes."""
    tx.execute(text("DELETE FROM upload_pieces WHERE file_id = ANY(:ids)"), {"ids": list(file_ids)})
    tx.execute(
        text("""
            UPDATE upload_files SET done_at = :now, attempts = 0,
                files_read = GREATEST(files_read, files_known)
            WHERE id = ANY(:ids)
        """),
        {"ids": list(file_ids), "now": now},
    )


def identify(tx: Transaction, file_id: int, identity: str) -> None:
    """Remember by what a file is known, now that it is whole."""
    tx.execute(
        text("UPDATE upload_files SET identity = :identity WHERE id = :id"),
        {"id": file_id, "identity": identity},
    )


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


def with_identities(
    tx: Transaction, athlete_id: UUID, identities: Iterable[str]
) -> list[tuple[str, UUID, Literal["reading", "done"]]]:
    """Return which of these files were handed over before: each with its newest upload, and its state."""
    rows = tx.execute(
        text("""
            SELECT DISTINCT ON (f.identity) f.identity, u.id, u.state
            FROM upload_files f JOIN uploads u ON u.id = f.upload_id
            WHERE f.athlete_id = :athlete_id AND f.identity = ANY(:identities) AND u.state <> 'receiving'
            ORDER BY f.identity, u.created_at DESC
        """),
        {"athlete_id": athlete_id, "identities": list(identities)},
    )
    return [(row.identity, row.id, row.state) for row in rows]


def names(tx: Transaction, upload_id: UUID) -> list[str]:
    """Return the names of the files that were handed over, in their order."""
    rows = tx.execute(
        text("SELECT name FROM upload_files WHERE upload_id = :id ORDER BY id"), {"id": upload_id}
    )
    return list(rows.scalars())


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


def storable_name(name: str) -> str:
    """Return a text that PostgreSQL can hold, whatever came in."""
    return name.replace("\0", "?").encode("utf-8", errors="replace").decode("utf-8")
