"""What AI has cost so far, for those who look at it."""

from collections.abc import Iterator
from datetime import UTC, datetime, time
from uuid import UUID

from sqlalchemy import text

from training_analyzer.domain.spending import Period, Spent, starts_on
from training_analyzer.storage.database import Transaction


def of_athlete(tx: Transaction, athlete_id: UUID, *, now: datetime) -> dict[Period, Spent]:
    """Return what an athlete's insights have cost in the current day and month."""
    return {
        period: spent_of(
            tx.execute(
                text("""
                    SELECT * FROM athlete_spending
                    WHERE athlete_id = :athlete_id AND period = :period AND starts_on = :day
                """),
                {"athlete_id": athlete_id, "period": period, "day": starts_on(period, now)},
            ).one_or_none()
        )
        for period in _periods()
    }


def of_deployment(tx: Transaction, *, now: datetime) -> dict[Period, dict[tuple[str, str], Spent]]:
    """Return what all insights have cost, by backend and model; the total stands under two empty names."""
    return {
        period: {
            (row.backend, row.model): spent_of(row)
            for row in tx.execute(
                text("""
                    SELECT * FROM deployment_spending
                    WHERE period = :period AND starts_on = :day ORDER BY backend, model
                """),
                {"period": period, "day": starts_on(period, now)},
            )
        }
        for period in _periods()
    }


def by_model(tx: Transaction, athlete_id: UUID, *, now: datetime) -> dict[tuple[str, str], Spent]:
    """Return what an athlete's insights have cost this month, by the backend and the model that answered."""
    rows = tx.execute(
        text("""
            SELECT backend, COALESCE(NULLIF(answered, ''), model) AS model, sum(microusd) AS microusd,
                   0 AS reserved_microusd, count(*) AS requests,
                   sum(CASE WHEN billed AND input_tokens + output_tokens = 0 THEN reserved_tokens
                            ELSE input_tokens + output_tokens END) AS tokens,
                   0 AS reserved_tokens
            FROM model_calls
            WHERE athlete_id = :athlete_id AND asked_at >= :since AND state <> 'asking'
            GROUP BY 1, 2 ORDER BY 1, 2
        """),
        {
            "athlete_id": athlete_id,
            "since": datetime.combine(starts_on("month", now), time(), UTC),
        },
    )
    return {(row.backend, row.model): spent_of(row) for row in rows}


def _periods() -> Iterator[Period]:
    yield "day"
    yield "month"


def spent_of(row: object) -> Spent:
    if row is None:
        return Spent()
    return Spent(
        **{
            name: int(getattr(row, name))
            for name in ("microusd", "reserved_microusd", "requests", "tokens", "reserved_tokens")
        }
    )
