"""What AI may cost, has cost, and is reserved for it: money, requests and tokens, by day and month in UTC."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, Literal
from uuid import UUID

from training_analyzer.domain.insight import Usage

Scope = Literal["deployment", "athlete"]
Period = Literal["day", "month"]
Unit = Literal["microusd", "requests", "tokens"]

ACCOUNTS: Final[tuple[tuple[Scope, Period], ...]] = (
    ("deployment", "day"),
    ("deployment", "month"),
    ("athlete", "day"),
    ("athlete", "month"),
)
UNITS: Final[tuple[Unit, ...]] = ("microusd", "requests", "tokens")


@dataclass(frozen=True, slots=True)
class Budget:
    """How much may be spent in one period."""

    microusd: int
    requests: int
    tokens: int

    def of(self, unit: Unit) -> int:
        return int(getattr(self, unit))


Budgets = Mapping[tuple[Scope, Period], Budget]


@dataclass(frozen=True, slots=True)
class Amount:
    """What one request may cost, or has cost."""

    microusd: int
    tokens: int


@dataclass(frozen=True, slots=True)
class Spent:
    """What was spent in one period, and what is reserved besides."""

    microusd: int = 0
    reserved_microusd: int = 0
    requests: int = 0
    tokens: int = 0
    reserved_tokens: int = 0

    def of(self, unit: Unit, *, with_reserved: bool) -> int:
        match unit:
            case "microusd":
                return self.microusd + (self.reserved_microusd if with_reserved else 0)
            case "tokens":
                return self.tokens + (self.reserved_tokens if with_reserved else 0)
            case "requests":  # counted when they are sent
                return self.requests


@dataclass(frozen=True, slots=True)
class OverBudget:
    """The request does not fit. `reserved`: it may, once others have settled."""

    scope: Scope
    period: Period
    unit: Unit
    limit: int
    reserved: bool


@dataclass(frozen=True, slots=True)
class Call:
    """A request that is being made."""

    id: int
    athlete_id: UUID
    backend: str
    model: str
    reserved: Amount
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class Settlement:
    """What became of a request."""

    outcome: str
    answered: str
    usage: Usage
    microusd: int
    tokens: int
    billed: bool
    latency_ms: int = 0


def starts_on(period: Period, moment: datetime) -> date:
    day = moment.astimezone(UTC).date()
    return day if period == "day" else day.replace(day=1)


def ends_at(period: Period, moment: datetime) -> datetime:
    """Return when the period of a moment is over, and its budget whole again."""
    first = starts_on(period, moment)
    following = first + timedelta(days=1 if period == "day" else 32)
    return datetime.combine(following if period == "day" else following.replace(day=1), time(), UTC)
