"""Files that athletes handed over: where each is on its way from being received to being read."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal
from uuid import UUID

from sqlalchemy import text

from training_analyzer.storage.database import Transaction

LONGEST_RECEIVING: Final = timedelta(hours=6)
"""What is not received by then never will be: whoever sent it died."""

Origin = Literal["api", "command", "folder"]

_COLUMNS: Final = "id, athlete_id, provider, state, created_at, done_at, careful"


@dataclass(frozen=True, slots=True)
class Upload:
    """Files that were handed over at once."""

    id: UUID
    athlete_id: UUID
    provider: str
    state: str
    created_at: datetime
    done_at: datetime | None
    careful: int
    """Among how many of the next activities is what ended the program; 0: it never did."""


@dataclass(frozen=True, slots=True)
class UploadFile:
    """One file, or one archive, and how far it is read."""

    id: int
    name: str
    size: int
    files_read: int
    files_known: int
    attempts: int


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
    """Forget uploads of the athlete that began long ago and never came to their end."""
    tx.execute(
        text("""
            DELETE FROM uploads
            WHERE athlete_id = :athlete_id AND state = 'receiving' AND created_at < :before
        """),
        {"athlete_id": athlete_id, "before": before},
    )


def athletes_to_sweep(tx: Transaction, *, before: datetime) -> list[UUID]:
    """Return the athletes whose uploads began long ago and never came to their end."""
    return list(
        tx.execute(
            text("SELECT id FROM athletes_with_uploads_unfinished_since(:before)"), {"before": before}
        ).scalars()
    )


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
        text(f"SELECT {_COLUMNS} FROM uploads WHERE id = :id"),  # noqa: S608 - a constant
        {"id": upload_id},
    ).one_or_none()
    return None if row is None else Upload(*row)


def newest(tx: Transaction, athlete_id: UUID, *, limit: int) -> list[Upload]:
    """Return the athlete's uploads, newest first."""
    rows = tx.execute(
        text(f"""
            SELECT {_COLUMNS} FROM uploads WHERE athlete_id = :id ORDER BY created_at DESC, id LIMIT :limit
        """),  # noqa: S608 - a constant
        {"id": athlete_id, "limit": limit},
    )
    return [Upload(*row) for row in rows]


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


def take_care(tx: Transaction, upload_id: UUID, activities: int) -> None:
    """Remember that among the next ones is what ended the program."""
    tx.execute(
        text("UPDATE uploads SET careful = :activities WHERE id = :id"),
        {"id": upload_id, "activities": activities},
    )


def relax(tx: Transaction, upload: Upload, activities: int) -> None:
    """Remember that these were read, and that the program lives."""
    if upload.careful:
        tx.execute(
            text("UPDATE uploads SET careful = GREATEST(careful - :activities, 0) WHERE id = :id"),
            {"id": upload.id, "activities": activities},
        )


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
        text("""
            UPDATE upload_files SET done_at = :now, attempts = 0,
                files_read = GREATEST(files_read, files_known)
            WHERE id = ANY(:ids)
        """),
        {"ids": list(file_ids), "now": now},
    )


def finish(tx: Transaction, upload_id: UUID, *, now: datetime) -> None:
    tx.execute(
        text("UPDATE uploads SET state = 'done', done_at = :now WHERE id = :id"),
        {"id": upload_id, "now": now},
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


def identify(tx: Transaction, file_id: int, identity: str) -> None:
    """Remember by what a file is known, now that it is whole."""
    tx.execute(
        text("UPDATE upload_files SET identity = :identity WHERE id = :id"),
        {"id": file_id, "identity": identity},
    )


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


def storable_name(name: str) -> str:
    """Return a text that PostgreSQL can hold, whatever came in."""
    return name.replace("\0", "?").encode("utf-8", errors="replace").decode("utf-8")
