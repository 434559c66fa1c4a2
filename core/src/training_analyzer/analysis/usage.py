"""What AI has cost, held against its budgets: for athletes their own, for the deployer all together."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Final, Literal
from uuid import UUID

from training_analyzer.analysis.spending import Terms
from training_analyzer.domain.spending import Period, Scope, Spent, ends_at, starts_on
from training_analyzer.domain.values import Value
from training_analyzer.storage import breakers, spent
from training_analyzer.storage.database import Transaction

FOR_ATHLETES: Final = (
    "The price table of this server cannot be read, so no AI is asked, and the rules write. "
    "Tell whoever runs it: `training-analyzer check` says what is wrong."
)


class Share(Value):
    """How much of a budget is used. `reserved`: for requests that are being made."""

    limit: float
    """What may be used."""
    used: float
    """What was used."""
    reserved: float = 0
    """For requests that are being made."""


class PeriodUsage(Value):
    """One day or month, by UTC."""

    period: Literal["day", "month"]
    """A day or a month."""
    starts_on: date
    """Its first day."""
    ends_at: datetime
    """When the budgets are whole again."""
    state: Literal["open", "running out", "spent"]
    """Whether there is room in every budget."""
    cost_usd: Share
    """In US dollars."""
    requests: Share
    """To backends."""
    tokens: Share
    """Of prompts and replies together."""


class ModelUsage(Value):
    """What one model has cost this month. The model is the one that answered."""

    backend: str
    """The plugin that was asked."""
    model: str
    """The one that answered."""
    cost_usd: float
    """In US dollars."""
    requests: int
    """How many were made."""
    tokens: int
    """Of prompts and replies together."""


class Resting(Value):
    """A backend that is not asked for now, and why."""

    backend: str
    model: str
    until: datetime
    reason: str


class Usage(Value):
    """What AI has cost."""

    periods: tuple[PeriodUsage, ...]
    models: tuple[ModelUsage, ...]
    """This month's, by backend and model."""
    problem: str = ""
    """What keeps every AI from being asked, where something is set up wrongly."""


class DeploymentUsage(Usage):
    """What AI has cost all together, and which backends rest."""

    resting: tuple[Resting, ...]


def of_athlete(tx: Transaction, athlete_id: UUID, terms: Terms, *, now: datetime) -> Usage:
    by_period = spent.of_athlete(tx, athlete_id, now=now)
    return Usage(
        periods=_periods("athlete", by_period, terms, now),
        models=_models(spent.by_model(tx, athlete_id, now=now)),
        problem=FOR_ATHLETES if terms.prices.flaw else "",
    )


def of_deployment(tx: Transaction, terms: Terms, *, now: datetime) -> DeploymentUsage:
    by_model = spent.of_deployment(tx, now=now)
    totals: dict[Period, Spent] = {
        period: models.get(("", ""), Spent()) for period, models in by_model.items()
    }
    return DeploymentUsage(
        periods=_periods("deployment", totals, terms, now),
        problem=terms.prices.flaw,
        models=_models({who: cost for who, cost in by_model["month"].items() if who != ("", "")}),
        resting=tuple(
            Resting(backend=one.backend, model=one.model, until=one.until, reason=one.reason)
            for one in breakers.all_open(tx, now=now)
        ),
    )


def _periods(
    scope: Scope, spent: Mapping[Period, Spent], terms: Terms, now: datetime
) -> tuple[PeriodUsage, ...]:
    return tuple(_period(scope, period, one, terms, now) for period, one in spent.items())


def _period(scope: Scope, period: Period, spent: Spent, terms: Terms, now: datetime) -> PeriodUsage:
    budget = terms.budgets[scope, period]
    shares = {
        "cost_usd": Share(
            limit=budget.microusd / 1_000_000,
            used=spent.microusd / 1_000_000,
            reserved=spent.reserved_microusd / 1_000_000,
        ),
        "requests": Share(limit=budget.requests, used=spent.requests),
        "tokens": Share(limit=budget.tokens, used=spent.tokens, reserved=spent.reserved_tokens),
    }
    fullest = max(share.used / share.limit if share.limit else 1.0 for share in shares.values())
    state: Literal["open", "running out", "spent"] = "open"
    if fullest >= 1:
        state = "spent"
    elif fullest >= terms.soft_share:
        state = "running out"
    return PeriodUsage(
        period=period,
        starts_on=starts_on(period, now),
        ends_at=ends_at(period, now),
        state=state,
        **shares,
    )


def _models(by_model: Mapping[tuple[str, str], Spent]) -> tuple[ModelUsage, ...]:
    return tuple(
        ModelUsage(
            backend=backend,
            model=model,
            cost_usd=spent.microusd / 1_000_000,
            requests=spent.requests,
            tokens=spent.tokens,
        )
        for (backend, model), spent in by_model.items()
    )
