"""Files that athletes handed over: where each is on its way from being received to being read."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal
from uuid import UUID

from sqlalchemy import text

from training_analyzer.storage.database import Transaction

LONGEST_RECEIVING: Final = timedelta(hours=6)
"""What is not received by then never will be: whoever sent it died."""

Origin = Literal["api", "command", "folder"]

_UPLOADS: Final = """
    SELECT u.id, u.athlete_id, u.provider, u.state, u.created_at, u.done_at, u.careful,
           (SELECT COALESCE(t.why, w.last_error, '') FROM work w LEFT JOIN troubles t ON t.work_id = w.id
            WHERE w.kind = 'upload' AND w.subject = u.id::text AND w.state = 'parked') AS given_up
    FROM uploads u
"""


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
    given_up: str | None
    """Why it is not read on, until somebody has it tried again; None while it is."""


@dataclass(frozen=True, slots=True)
class Progress:
    """
    How far an upload is. `files_known` counts files in archives as far as these are known.

    `outcomes` counts recordings; `activities`, the sessions that they are of, as far as these are sorted.
    """

    files: int
    bytes: int
    files_read: int
    files_known: int
    outcomes: dict[str, int]
    activities: int


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
        text(f"{_UPLOADS} WHERE u.id = :id"),
        {"id": upload_id},
    ).one_or_none()
    return None if row is None else Upload(*row)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page of uploads ends: the next one begins behind it."""

    created_at: datetime
    id: UUID


def newest(tx: Transaction, athlete_id: UUID, *, limit: int, behind: Place | None = None) -> list[Upload]:
    """Return the athlete's uploads, newest first."""
    rows = tx.execute(
        text(f"""
            {_UPLOADS}
            WHERE u.athlete_id = :id
              AND (CAST(:created_at AS timestamptz) IS NULL
                   OR (u.created_at, u.id) < (:created_at, CAST(:behind AS uuid)))
            ORDER BY u.created_at DESC, u.id DESC LIMIT :limit
        """),
        {
            "id": athlete_id,
            "limit": limit,
            "created_at": behind.created_at if behind else None,
            "behind": behind.id if behind else None,
        },
    )
    return [Upload(*row) for row in rows]


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
    activities: int = tx.execute(
        text("""
            SELECT count(DISTINCT r.activity_id)
            FROM upload_results u JOIN recordings r ON r.id = u.recording_id WHERE u.upload_id = :id
        """),
        {"id": upload_id},
    ).scalar_one()
    return Progress(
        row.files,
        row.bytes,
        row.files_read,
        row.files_known,
        {one.outcome: one.n for one in outcomes},
        activities,
    )


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
