"""What was written for athletes, with everything that it rests on."""

from datetime import date
from typing import Any

from sqlalchemy import BigInteger, Index
from sqlmodel import Field

from training_analyzer.storage.tables.table import (
    Identifier,
    Moment,
    Table,
    athlete_key,
    document,
    flag,
    moment,
    reference,
    uuid_key,
    words,
)


class InsightRow(Table, table=True):
    """Immutable, but for being marked as stale; a newer one takes its place in lists."""

    __tablename__ = "insights"
    __table_args__ = (
        Index("insights_newest", "athlete_id", "kind", "subject", "last_day", "written_at"),
        Index("insights_by_key", "athlete_id", "cache_key"),
    )

    id: Identifier = uuid_key()
    athlete_id: Identifier = athlete_key()
    kind: str = words()
    subject: str = words("")
    """Which session or question it is about; else empty."""
    first_day: date
    last_day: date
    body: Any = document()
    backend: str = words()
    model: str = words("")
    cache_key: str = words("")
    cost_microusd: int = Field(default=0, sa_type=BigInteger, sa_column_kwargs={"server_default": "0"})
    written_at: Moment = moment()


class QuestionRow(Table, table=True):
    """What an athlete asked, in their own words."""

    __tablename__ = "questions"

    id: Identifier = uuid_key()
    athlete_id: Identifier = athlete_key()
    body: str = words()
    asked_at: Moment = moment()


class FeedbackRow(Table, table=True):
    """What an athlete thinks of one observation. It never reaches a prompt."""

    __tablename__ = "insight_feedback"

    insight_id: Identifier = reference("insights.id", primary_key=True)
    observation: int = Field(primary_key=True)
    """Which one, from 0."""
    athlete_id: Identifier = athlete_key()
    helpful: bool = flag()
    comment: str = words("")
    given_at: Moment = moment()
