"""What was received, what it was translated into, and what was computed from it."""

from datetime import date
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, UniqueConstraint, text
from sqlmodel import Field

from training_analyzer.storage.tables.table import (
    Identifier,
    Moment,
    Table,
    athlete_key,
    count,
    document,
    flag,
    list_of_numbers,
    list_of_words,
    moment,
    number_key,
    raw_bytes,
    reference,
    uuid_key,
    words,
)


class ActivityRow(Table, table=True):
    """A session, whoever recorded it. Can be deleted and made again from its recordings."""

    __tablename__ = "activities"
    __table_args__ = (
        Index("activities_newest", "athlete_id", text("started_at DESC"), "id"),
        Index("activities_by_day", "athlete_id", "local_date"),
    )

    id: Identifier = uuid_key()
    athlete_id: Identifier = athlete_key()
    sport: str = words()
    sport_name: str = words("")
    title: str = words("")
    description: str = words("")
    started_at: Moment = moment()
    utc_offset_s: int = 0
    utc_offset_is_guessed: bool = flag()
    local_date: date
    elapsed_s: float
    moving_s: float
    distance_m: float | None = None
    ascent_m: float | None = None
    indoor: bool = flag()
    manual: bool = flag()
    private: bool = flag()
    device: str = words("")
    gear: str = words("")
    pool_length_m: float | None = None
    pool_lengths: int | None = None
    """How many were swum, where the device counted them."""
    reported: Any = document()
    """What the device or the provider itself says of the whole."""
    has_samples: bool = flag()
    leading_id: int | None = Field(default=None, sa_type=BigInteger)
    """The recording that the numbers are made from."""
    sources: list[str] = list_of_words()
    """The providers whose recordings the numbers were made from."""
    fingerprint: str = words("")
    """Of the translated activity: what the numbers were made from."""
    measured_from: str | None = words(nullable=True)
    """Of documents, thresholds and calculators; stale where it differs from the wanted one."""
    created_at: Moment = moment(now=True)
    updated_at: Moment = moment(now=True)


class RecordingRow(Table, table=True):
    """One provider's record of a session. Its documents are the truth."""

    __tablename__ = "recordings"
    __table_args__ = (
        UniqueConstraint("athlete_id", "provider", "external_id"),
        Index("recordings_by_time", "athlete_id", "begins", "ends"),
    )

    id: int = number_key()
    athlete_id: Identifier = athlete_key()
    connection_id: Identifier | None = reference("connections.id", nullable=True)
    activity_id: Identifier | None = reference("activities.id", nullable=True, on_delete="SET NULL")
    """An activity is made from its recordings, not the other way round: it may go, and they stay."""
    provider: str = words()
    external_id: str = words()
    started_at: Moment = moment()
    has_more: bool = flag()
    revision: str = words("")
    """As the provider states it: where it changes, what was fetched is out of date."""
    seen_at: Moment | None = moment(nullable=True)
    """When the provider was last asked and showed it, by PostgreSQL's clock."""
    fetched_at: Moment | None = moment(nullable=True)
    absent: str | None = words(nullable=True)
    """Why there is nothing to fetch, once the provider has said so."""
    digest: str = words("")
    """Of the current documents."""
    outline: Any | None = document(None)
    """When and where it was made: what tells whether it is of one session with another."""
    outlined_from: str | None = words(nullable=True)
    """The documents that the outline was made of: stale where they are no longer the current ones."""
    begins: Moment | None = moment(nullable=True)
    ends: Moment | None = moment(nullable=True)
    utc_offset_s: int | None = None
    """Of the outline. None: it does not say what its local time was."""
    chosen_at: Moment | None = moment(nullable=True)
    """When the athlete decided that it leads its activity."""
    attempts: int = count()
    """How often measuring it has begun without coming to an end."""
    problem: str | None = words(nullable=True)
    """Why it is parked."""
    problem_digest: str | None = words(nullable=True)
    """The documents with which it was parked: others are tried again."""
    created_at: Moment = moment(now=True)
    updated_at: Moment = moment(now=True)


class RulingRow(Table, table=True):
    """What the athlete decided about two recordings: of one session, or not."""

    __tablename__ = "rulings"

    one_id: int = reference("recordings.id", primary_key=True)
    other_id: int = Field(
        primary_key=True,
        index=True,
        sa_type=BigInteger,
        sa_column_args=[ForeignKey("recordings.id", ondelete="CASCADE")],
    )
    """The greater of the two."""
    athlete_id: Identifier = athlete_key()
    together: bool = flag()
    decided_at: Moment = moment()


class DocumentRow(Table, table=True):
    """Bytes as received. A new version is added only where they differ."""

    __tablename__ = "documents"
    __table_args__ = (
        Index(
            "documents_current",
            "recording_id",
            "kind",
            unique=True,
            postgresql_where=text("replaced_at IS NULL"),
        ),
        Index("documents_oldest", "received_at"),
    )

    id: int = number_key()
    athlete_id: Identifier = athlete_key()
    recording_id: int = reference("recordings.id")
    kind: str = words()
    media_type: str = words()
    body: bytes = raw_bytes()
    """Compressed with zstd."""
    size: int = count()
    sha256: str = words()
    """Of the bytes as received."""
    received_at: Moment = moment()
    replaced_at: Moment | None = moment(nullable=True)


class RejectionRow(Table, table=True):
    """Something received that makes no sense: kept with its bytes."""

    __tablename__ = "rejections"
    __table_args__ = (UniqueConstraint("connection_id", "sha256"),)

    id: int = number_key()
    athlete_id: Identifier = athlete_key()
    connection_id: Identifier = reference("connections.id")
    recording_id: int | None = reference("recordings.id", nullable=True)
    """Of which recording it is an answer; None: of none that we know."""
    reason: str = words()
    media_type: str = words()
    body: bytes = raw_bytes()
    sha256: str = words()
    received_at: Moment = moment()


class MeasurementRow(Table, table=True):
    """One metric of one activity, and how it was made."""

    __tablename__ = "measurements"
    __table_args__ = (Index("measurements_by_key", "athlete_id", "key"),)

    activity_id: Identifier = reference("activities.id", primary_key=True)
    key: str = words(primary_key=True)
    athlete_id: Identifier = athlete_key()
    value: float | None = None
    detail: Any | None = document(None)
    """A curve or a distribution, where the value is no single number."""
    reason: str | None = words(nullable=True)
    method: str = words("")
    estimated: bool = flag()
    thresholds: Any = document()
    version: int = count()
    doubtful: bool = flag()


class CurveRow(Table, table=True):
    """The columns of a measurement that is a curve: periods and records are made from these."""

    __tablename__ = "curves"
    __table_args__ = (Index("curves_by_key", "athlete_id", "key"),)

    activity_id: Identifier = reference("activities.id", primary_key=True)
    key: str = words(primary_key=True)
    athlete_id: Identifier = athlete_key()
    seconds: list[float] = list_of_numbers()
    values: list[float] = list_of_numbers()
    starts_s: list[float] | None = list_of_numbers(nullable=True)


class SeriesRow(Table, table=True):
    """How a daily series was made."""

    __tablename__ = "series"

    athlete_id: Identifier = athlete_key(primary_key=True)
    key: str = words(primary_key=True)
    method: str = words("")
    version: int = count()


class DayRow(Table, table=True):
    """One daily metric on one day."""

    __tablename__ = "days"

    athlete_id: Identifier = athlete_key(primary_key=True)
    key: str = words(primary_key=True)
    day: date = Field(primary_key=True)
    value: float | None = None
    reason: str | None = words(nullable=True)
    estimated: float = Field(default=0, sa_column_kwargs={"server_default": "0"})
