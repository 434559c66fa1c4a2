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
    moment,
    uuid_key,
    words,
)


class InsightRow(Table, table=True):
    """Immutable, but for being marked as stale; a newer one takes its place in lists."""

    __tablename__ = "insights"
    __table_args__ = (
        Index("insights_newest", "athlete_id", "kind", "last_day", "written_at"),
        Index("insights_by_key", "athlete_id", "cache_key"),
    )

    id: Identifier = uuid_key()
    athlete_id: Identifier = athlete_key()
    kind: str = words()
    first_day: date
    last_day: date
    body: Any = document()
    backend: str = words()
    model: str = words("")
    cache_key: str = words("")
    cost_microusd: int = Field(default=0, sa_type=BigInteger, sa_column_kwargs={"server_default": "0"})
    written_at: Moment = moment()
