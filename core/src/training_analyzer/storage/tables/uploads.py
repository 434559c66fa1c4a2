"""Files that athletes handed over: their bytes until they are read, and what became of each for good."""

from sqlalchemy import BigInteger, ForeignKey, Index, text
from sqlmodel import Field

from training_analyzer.storage.tables.table import (
    Identifier,
    Moment,
    Table,
    athlete_key,
    count,
    moment,
    number_key,
    raw_bytes,
    reference,
    uuid_key,
    words,
)


class UploadRow(Table, table=True):
    """Files that were handed over at once."""

    __tablename__ = "uploads"

    id: Identifier = uuid_key()
    athlete_id: Identifier = athlete_key()
    provider: str = words()
    """Which plugin reads the files."""
    origin: str = words()
    """`api`, `command` or `folder`."""
    state: str = words("receiving")
    """`receiving`, `reading`, `done`."""
    created_at: Moment = moment(now=True)
    received_at: Moment | None = moment(nullable=True)
    done_at: Moment | None = moment(nullable=True)
    careful: int = count()
    """Among how many of the next activities is what ended the program: they are read with care."""
    reported_at: Moment | None = moment(nullable=True)
    """When whoever handed them over was told the outcome, where that is ours to do."""


class UploadFileRow(Table, table=True):
    """One file, or one archive."""

    __tablename__ = "upload_files"
    __table_args__ = (
        Index("upload_files_by_identity", "athlete_id", "identity", postgresql_where=text("identity <> ''")),
    )

    id: int = number_key()
    upload_id: Identifier = reference("uploads.id")
    athlete_id: Identifier = athlete_key()
    name: str = words()
    size: int = count()
    identity: str = words("")
    """So that it is not taken twice: of a file on a disk here, path, size and time of change; of one that
    was sent, the SHA-256."""
    files_read: int = count()
    """How many of the files in an archive are dealt with: reading goes on behind them."""
    files_known: int = count()
    """How many there are, as far as can be told."""
    attempts: int = count()
    """How often what comes next, read alone, ended the program or never came to an end."""
    done_at: Moment | None = moment(nullable=True)


class UploadPieceRow(Table, table=True):
    """A part of a file's bytes, until the file is read."""

    __tablename__ = "upload_pieces"

    file_id: int = Field(
        default=None,
        primary_key=True,
        sa_type=BigInteger,
        sa_column_args=[ForeignKey("upload_files.id", ondelete="CASCADE")],
    )
    number: int = Field(default=None, primary_key=True)
    athlete_id: Identifier = athlete_key()
    body: bytes = raw_bytes()


class UploadResultRow(Table, table=True):
    """What became of one activity, or of one file that holds none."""

    __tablename__ = "upload_results"
    __table_args__ = (Index("upload_results_in_order", "upload_id", "id"),)

    id: int = number_key()
    upload_id: Identifier = reference("uploads.id")
    athlete_id: Identifier = athlete_key()
    name: str = words()
    outcome: str = words()
    """`added`, `changed`, `known` or `refused`."""
    reason: str | None = words(nullable=True)
    recording_id: int | None = reference("recordings.id", nullable=True, on_delete="SET NULL")
