"""What AI has cost, what is reserved for it, and what keeps it from being asked."""

from datetime import date

from sqlalchemy import BigInteger, Boolean, Index, text
from sqlalchemy.dialects.postgresql import UUID as POSTGRES_UUID
from sqlmodel import Field

from training_analyzer.storage.tables.table import (
    Identifier,
    Moment,
    Table,
    athlete_key,
    count,
    flag,
    moment,
    number_key,
    words,
)


class ModelCallRow(Table, table=True):
    """One request to a backend. While it is `asking`, its worst case is reserved in the budgets."""

    __tablename__ = "model_calls"
    __table_args__ = (
        Index("model_calls_by_key", "athlete_id", "cache_key", "asked_at"),
        Index("model_calls_asking", "lease_until", postgresql_where=text("state = 'asking'")),
    )

    id: int = number_key()
    athlete_id: Identifier = athlete_key()
    cache_key: str = words("")
    backend: str = words()
    model: str = words()
    answered: str = words("")
    state: str = words("asking")
    outcome: str = words("")
    billed: bool = Field(default=True, sa_type=Boolean, sa_column_kwargs={"server_default": text("true")})
    reserved_microusd: int = count()
    reserved_tokens: int = count()
    microusd: int = count()
    input_tokens: int = count()
    output_tokens: int = count()
    cached_tokens: int = count()
    latency_ms: int = count()
    asked_at: Moment = moment()
    lease_until: Moment = moment()


class FlightRow(Table, table=True):
    """Who is writing about which facts: nobody else does meanwhile."""

    __tablename__ = "flights"

    athlete_id: Identifier = athlete_key(primary_key=True)
    cache_key: str = words(primary_key=True)
    holder: Identifier = Field(sa_type=POSTGRES_UUID)
    lease_until: Moment = moment()


class AthleteSpendingRow(Table, table=True):
    """What one athlete's insights have cost in a day or a month."""

    __tablename__ = "athlete_spending"

    athlete_id: Identifier = athlete_key(primary_key=True)
    period: str = words(primary_key=True)
    starts_on: date = Field(primary_key=True)
    microusd: int = count()
    reserved_microusd: int = count()
    requests: int = count()
    tokens: int = count()
    reserved_tokens: int = count()


class DeploymentSpendingRow(Table, table=True):
    """What all insights together have cost; with a backend and a model, the part of these."""

    __tablename__ = "deployment_spending"

    period: str = words(primary_key=True)
    starts_on: date = Field(primary_key=True)
    backend: str = words("", primary_key=True)
    model: str = words("", primary_key=True)
    microusd: int = count()
    reserved_microusd: int = count()
    requests: int = count()
    tokens: int = count()
    reserved_tokens: int = count()


class CallWindowRow(Table, table=True):
    """How much of a backend's rate limit is used."""

    __tablename__ = "call_windows"

    backend: str = words(primary_key=True)
    model: str = words(primary_key=True)
    unit: str = words(primary_key=True)
    per: str = words(primary_key=True)
    declared: int | None = Field(default=None, nullable=True, sa_type=BigInteger)
    learned: int | None = Field(default=None, nullable=True, sa_type=BigInteger)
    used: int = count()
    resets_at: Moment = moment()


class BreakerRow(Table, table=True):
    """A backend that is not asked for a while."""

    __tablename__ = "breakers"

    backend: str = words(primary_key=True)
    model: str = words(primary_key=True)
    failures: int = count()
    open_until: Moment = moment(nullable=True)
    reason: str = words("")
    ends_chain: bool = flag()
