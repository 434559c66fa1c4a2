"""What is owed, and which quotas are closed. Ids only: the dispatcher reads these across athletes."""

from sqlalchemy import BigInteger, CheckConstraint, DateTime, ForeignKey, Index, UniqueConstraint, text
from sqlmodel import Field

from training_analyzer.storage.tables.table import (
    Identifier,
    Moment,
    Table,
    athlete_key,
    count,
    moment,
    number_key,
    words,
)


class WorkRow(Table, table=True):
    """One unit of work: `owed`, then `done` or `parked`."""

    __tablename__ = "work"
    __table_args__ = (
        UniqueConstraint("kind", "subject"),
        CheckConstraint("state IN ('owed', 'done', 'parked')", name="work_state"),
        CheckConstraint("priority IN ('first', 'high', 'low')", name="work_priority"),
        Index("work_due", "priority", "not_before", postgresql_where=text("state = 'owed'")),
        Index("work_of_athlete", "athlete_id"),
    )

    id: int = number_key()
    kind: str = words()
    subject: str = words()
    athlete_id: Identifier | None = None
    resource: str | None = words(nullable=True)
    """The provider whose quota it needs."""
    priority: str = words()
    position: int = count()
    """What goes first among one athlete's units of a kind: the smaller."""
    state: str = words("owed")
    requested: int = Field(default=1, sa_column_kwargs={"server_default": "1"})
    """How often it was owed: raised by each cause."""
    fence: int = count()
    """How often it was claimed: only the newest claim may finish."""
    failures: int = count()
    """How often in a row it failed or ended its worker: too often parks it."""
    waits: int = count()
    """How often in a row its service did not answer: the delays grow, and nothing is parked."""
    not_before: Moment = Field(
        default=None,
        sa_type=DateTime(timezone=True),
        sa_column_kwargs={"server_default": text("'-infinity'")},
    )
    """By our clock; `infinity` while it is worked on and nothing new is owed."""
    lease_until: Moment | None = moment(nullable=True)
    """By PostgreSQL's clock."""
    rung_at: Moment | None = moment(nullable=True)
    """When the dispatcher last rang the bell for it."""
    served_at: Moment | None = moment(nullable=True)
    """When it was last claimed, unless its quota was closed: whose athlete waited longest goes first."""
    last_error: str | None = words(nullable=True)
    """What kind of error, or why it waits: never an error's own words, which are in `troubles`."""
    created_at: Moment = moment(now=True)
    updated_at: Moment = moment(now=True)


class TroubleRow(Table, table=True):
    """What the newest error of a unit said: it may quote what was received, and is the athlete's alone."""

    __tablename__ = "troubles"

    work_id: int = Field(
        default=None,
        primary_key=True,
        sa_type=BigInteger,
        sa_column_args=[ForeignKey("work.id", ondelete="CASCADE")],
    )
    athlete_id: Identifier = athlete_key()
    why: str = words()


class ClosureRow(Table, table=True):
    """Until when a provider admits nothing of a priority, or, where it does not answer, nothing at all."""

    __tablename__ = "closures"

    resource: str = words(primary_key=True)
    priority: str = words(primary_key=True)
    """Or `any`: the provider does not answer. Once it is over, one unit asks before the others."""
    until: Moment = moment()
    why: str = words("RateLimited")
    """What kind of error closed it."""
    tries: int = count()
    """How often a unit asked in vain, beside those that long have: the pauses grow."""


class MarkRow(Table, table=True):
    """What this deployment was like when it last ran, such as its calculators: no athlete's data."""

    __tablename__ = "marks"

    name: str = words(primary_key=True)
    value: str = words()


class QuotaWindowRow(Table, table=True):
    """How much of a quota's window is used: Redis may forget it."""

    __tablename__ = "quota_windows"

    scope: str = words(primary_key=True)
    quota: str = words(primary_key=True)
    window_start: Moment = Field(
        primary_key=True,
        sa_type=DateTime(timezone=True),
    )
    used: int = count()
