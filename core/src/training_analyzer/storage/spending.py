"""
What AI has cost and what is reserved for it, in days and months by UTC.

A request reserves its worst case before it is made, and settles what it really cost afterwards. Both
are one transaction each, over the same rows in the same order: deployment before athlete, day before
month. So no two processes can spend the same money, and none waits for another in a circle.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import text

from training_analyzer.domain.insight import Usage
from training_analyzer.domain.spending import (
    ACCOUNTS,
    UNITS,
    Amount,
    Budgets,
    Call,
    OverBudget,
    Period,
    Scope,
    Settlement,
    Spent,
    starts_on,
)
from training_analyzer.storage.database import Transaction
from training_analyzer.storage.spent import spent_of


def reserve(
    tx: Transaction, athlete_id: UUID, amount: Amount, budgets: Budgets, *, now: datetime
) -> OverBudget | None:
    """Reserve the worst case in every account. Where one has no room, the caller rolls back."""
    for scope, period in ACCOUNTS:
        spent = _add(
            tx,
            athlete_id,
            (scope, period),
            now,
            Spent(reserved_microusd=amount.microusd, requests=1, reserved_tokens=amount.tokens),
        )
        for unit in UNITS:
            limit = budgets[scope, period].of(unit)
            if spent.of(unit, with_reserved=True) > limit:
                mine = {"microusd": amount.microusd, "tokens": amount.tokens, "requests": 0}[unit]
                waits = spent.of(unit, with_reserved=False) + mine <= limit
                return OverBudget(scope, period, unit, limit, reserved=waits)
    return None


def begin(
    tx: Transaction,
    athlete_id: UUID,
    cache_key: str,
    amount: Amount,
    *,
    backend: str,
    model: str,
    now: datetime,
    lease_s: float,
) -> Call:
    """Write down that the request is being made. After `lease_s` its process counts as dead."""
    call_id: int = tx.execute(
        text("""
            INSERT INTO model_calls (athlete_id, cache_key, backend, model, reserved_microusd,
                reserved_tokens, asked_at, lease_until)
            VALUES (:athlete_id, :cache_key, :backend, :model, :microusd, :tokens, :now,
                clock_timestamp() + make_interval(secs => :lease_s))
            RETURNING id
        """),
        {
            "athlete_id": athlete_id,
            "cache_key": cache_key,
            "backend": backend,
            "model": model,
            "microusd": amount.microusd,
            "tokens": amount.tokens,
            "now": now,
            "lease_s": lease_s,
        },
    ).scalar_one()
    return Call(call_id, athlete_id, backend, model, amount, now)


def settle(tx: Transaction, call: Call, settled: Settlement) -> Mapping[tuple[Scope, Period], Spent]:
    """Replace the reservation by what the request cost; return what is spent now, by account."""
    state = tx.execute(
        text("SELECT state FROM model_calls WHERE id = :id FOR UPDATE"), {"id": call.id}
    ).scalar()
    # `lost`: this process was believed dead and its worst case charged. None: the athlete is erased.
    freed = Amount(0, 0) if state == "lost" else call.reserved
    charged = call.reserved if state == "lost" else Amount(0, 0)
    change = Spent(
        microusd=settled.microusd - charged.microusd,
        reserved_microusd=-freed.microusd,
        tokens=settled.tokens - charged.tokens,
        reserved_tokens=-freed.tokens,
    )
    accounts = {}
    for scope, period in ACCOUNTS:
        if scope == "athlete" and state is None:
            continue
        accounts[scope, period] = _add(tx, call.athlete_id, (scope, period), call.asked_at, change)
    for period in ("day", "month"):
        _add_to_model(tx, call, period, settled, counted=state != "lost", charged=charged)
    if state is not None:
        _write_down(tx, call, settled)
    return accounts


def leaked(tx: Transaction) -> list[tuple[int, UUID]]:
    """Return the requests whose process died, and whose they are."""
    rows = tx.execute(text("SELECT id, athlete_id FROM leaked_model_calls()"))
    return [(row.id, row.athlete_id) for row in rows]


def lose(tx: Transaction, call_id: int) -> Call | None:
    """
    Charge the worst case of a request whose process died: the service may have billed it.

    Returns None where it has been settled meanwhile.
    """
    row = tx.execute(
        text("""
            SELECT athlete_id, backend, model, reserved_microusd, reserved_tokens, asked_at
            FROM model_calls
            WHERE id = :id AND state = 'asking' AND lease_until < clock_timestamp()
            FOR UPDATE SKIP LOCKED
        """),
        {"id": call_id},
    ).one_or_none()
    if row is None:
        return None
    amount = Amount(row.reserved_microusd, row.reserved_tokens)
    call = Call(call_id, row.athlete_id, row.backend, row.model, amount, row.asked_at)
    settle(tx, call, Settlement("lost", "", Usage(), amount.microusd, amount.tokens, billed=True))
    tx.execute(text("UPDATE model_calls SET state = 'lost' WHERE id = :id"), {"id": call_id})
    return call


@dataclass(frozen=True, slots=True)
class AskedAbout:
    """What became of the requests about some facts of an athlete."""

    billed: int
    """Since the given moment: those that were billed, or may still be."""
    first_billed_at: datetime | None
    billed_failures: int
    """Of those, how many ended in what passes."""
    ever_billed: int
    failures: int
    """How many ended in what passes, whenever, and billed or not."""


def asked_about(
    tx: Transaction, athlete_id: UUID, cache_key: str, *, since: datetime, passing: Collection[str]
) -> AskedAbout:
    """Return what became of the requests about these facts. `passing`: outcomes that pass."""
    row = tx.execute(
        text("""
            SELECT count(*) FILTER (WHERE recent) AS billed, min(asked_at) FILTER (WHERE recent) AS first,
                count(*) FILTER (WHERE recent AND passes) AS billed_failures,
                count(*) FILTER (WHERE billed) AS ever_billed, count(*) FILTER (WHERE passes) AS failures
            FROM (
                SELECT asked_at, billed, billed AND asked_at > :since AS recent,
                    outcome = ANY(:passing) AS passes
                FROM model_calls WHERE athlete_id = :athlete_id AND cache_key = :cache_key
            ) AS calls
        """),
        {"athlete_id": athlete_id, "cache_key": cache_key, "since": since, "passing": list(passing)},
    ).one()
    return AskedAbout(*row)


_ADD: Final = """
    microusd = s.microusd + excluded.microusd,
    reserved_microusd = GREATEST(s.reserved_microusd + :reserved_microusd, 0),
    requests = s.requests + excluded.requests,
    tokens = s.tokens + excluded.tokens,
    reserved_tokens = GREATEST(s.reserved_tokens + :reserved_tokens, 0)
    RETURNING microusd, reserved_microusd, requests, tokens, reserved_tokens
"""
_ADD_TO_ATHLETE: Final = text(f"""
    INSERT INTO athlete_spending AS s
        (athlete_id, period, starts_on, microusd, reserved_microusd, requests, tokens, reserved_tokens)
    VALUES (:athlete_id, :period, :day, :microusd, GREATEST(:reserved_microusd, 0), :requests, :tokens,
        GREATEST(:reserved_tokens, 0))
    ON CONFLICT (athlete_id, period, starts_on) DO UPDATE SET {_ADD}
""")  # noqa: S608 - put together from constants
_ADD_TO_DEPLOYMENT: Final = text(f"""
    INSERT INTO deployment_spending AS s
        (period, starts_on, backend, model, microusd, reserved_microusd, requests, tokens, reserved_tokens)
    VALUES (:period, :day, :backend, :model, :microusd, GREATEST(:reserved_microusd, 0), :requests, :tokens,
        GREATEST(:reserved_tokens, 0))
    ON CONFLICT (period, starts_on, backend, model) DO UPDATE SET {_ADD}
""")  # noqa: S608 - put together from constants


def _add(
    tx: Transaction, athlete_id: UUID, account: tuple[Scope, Period], moment: datetime, change: Spent
) -> Spent:
    scope, period = account
    values = {
        "period": period,
        "day": starts_on(period, moment),
        "microusd": change.microusd,
        "reserved_microusd": change.reserved_microusd,
        "requests": change.requests,
        "tokens": change.tokens,
        "reserved_tokens": change.reserved_tokens,
    }
    if scope == "athlete":
        return spent_of(tx.execute(_ADD_TO_ATHLETE, values | {"athlete_id": athlete_id}).one())
    return spent_of(tx.execute(_ADD_TO_DEPLOYMENT, values | {"backend": "", "model": ""}).one())


def _add_to_model(
    tx: Transaction, call: Call, period: Period, settled: Settlement, *, counted: bool, charged: Amount
) -> None:
    tx.execute(
        _ADD_TO_DEPLOYMENT,
        {
            "period": period,
            "day": starts_on(period, call.asked_at),
            "backend": call.backend,
            "model": settled.answered or call.model,
            "microusd": settled.microusd - charged.microusd,
            "reserved_microusd": 0,
            "requests": int(counted),
            "tokens": settled.tokens - charged.tokens,
            "reserved_tokens": 0,
        },
    )


def _write_down(tx: Transaction, call: Call, settled: Settlement) -> None:
    tx.execute(
        text("""
            UPDATE model_calls SET state = 'done', outcome = :outcome, answered = :answered, billed = :billed,
                microusd = :microusd, input_tokens = :input_tokens, output_tokens = :output_tokens,
                cached_tokens = :cached_tokens, latency_ms = :latency_ms
            WHERE id = :id
        """),
        {
            "id": call.id,
            "outcome": settled.outcome,
            "answered": settled.answered,
            "billed": settled.billed,
            "microusd": settled.microusd,
            "input_tokens": settled.usage.input_tokens,
            "output_tokens": settled.usage.output_tokens,
            "cached_tokens": settled.usage.cached_tokens,
            "latency_ms": settled.latency_ms,
        },
    )
