"""
How much of each backend's rate limits is used, by all processes together.

A limit is declared by the deployer or learned from the service's answers; of both, the lower one counts.
A window begins with its first request, and ends when the service says so, or after its length.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import text

from training_analyzer.domain.insight import LimitReading
from training_analyzer.sdk import CallLimit
from training_analyzer.storage.database import Transaction

LENGTHS: Final = {"minute": timedelta(minutes=1), "day": timedelta(days=1)}


@dataclass(frozen=True, slots=True)
class Full:
    """No room for the request before `until`; None: never, it is larger than the limit itself."""

    unit: str
    per: str
    limit: int
    until: datetime | None


def take(
    tx: Transaction, backend: str, model: str, declared: Iterable[CallLimit], *, tokens: int, now: datetime
) -> Full | None:
    """Count one request of so many tokens against every limit; or return the one that has no room."""
    _lock(tx, backend, model)
    _declare(tx, backend, model, declared, now)
    rows = tx.execute(
        text("""
            SELECT unit, per, LEAST(learned, declared) AS allowed, used, resets_at FROM call_windows
            WHERE backend = :backend AND model = :model ORDER BY unit, per FOR UPDATE
        """),
        {"backend": backend, "model": model},
    ).all()
    for row in rows:
        if row.allowed is None:
            continue
        over = row.resets_at <= now
        used = (0 if over else row.used) + (1 if row.unit == "requests" else tokens)
        resets_at = now + LENGTHS[row.per] if over else row.resets_at
        if used > row.allowed:
            fits_never = row.unit == "tokens" and tokens > row.allowed
            return Full(row.unit, row.per, row.allowed, None if fits_never else resets_at)
        tx.execute(
            text("""
                UPDATE call_windows SET used = :used, resets_at = :resets_at
                WHERE backend = :backend AND model = :model AND unit = :unit AND per = :per
            """),
            {
                "used": used,
                "resets_at": resets_at,
                "backend": backend,
                "model": model,
                "unit": row.unit,
                "per": row.per,
            },
        )
    return None


def correct(
    tx: Transaction,
    backend: str,
    model: str,
    readings: Iterable[LimitReading],
    *,
    counted_tokens: int,
    used_tokens: int,
    asked_at: datetime,
) -> None:
    """
    Count the tokens that were used, not those that were expected, and learn what the service says.

    A window that has begun since the request was made never counted it.
    """
    _lock(tx, backend, model)
    for per, length in LENGTHS.items():
        tx.execute(
            text("""
                UPDATE call_windows SET used = GREATEST(used + :difference, 0)
                WHERE backend = :backend AND model = :model AND unit = 'tokens' AND per = :per
                  AND resets_at - CAST(:length AS interval) <= :asked_at
            """),
            {
                "difference": used_tokens - counted_tokens,
                "backend": backend,
                "model": model,
                "per": per,
                "length": length,
                "asked_at": asked_at,
            },
        )
    for reading in sorted(readings, key=lambda one: (one.unit, one.per)):
        # Others may be on their way whom the service has not counted yet: a reading only raises the count.
        tx.execute(
            text("""
                INSERT INTO call_windows AS w (backend, model, unit, per, learned, used, resets_at)
                VALUES (:backend, :model, :unit, :per, :limit, :used, :resets_at)
                ON CONFLICT (backend, model, unit, per) DO UPDATE SET
                    learned = excluded.learned,
                    used = GREATEST(w.used, excluded.used),
                    resets_at = excluded.resets_at
            """),
            {
                "backend": backend,
                "model": model,
                "unit": reading.unit,
                "per": reading.per,
                "limit": reading.limit,
                "used": max(reading.limit - reading.remaining, 0),
                "resets_at": reading.resets_at,
            },
        )


def _lock(tx: Transaction, backend: str, model: str) -> None:
    """Take all of a model's rows in one order before any is changed, so that nobody waits in a circle."""
    tx.execute(
        text("""
            SELECT FROM call_windows WHERE backend = :backend AND model = :model ORDER BY unit, per FOR UPDATE
        """),
        {"backend": backend, "model": model},
    )


def _declare(tx: Transaction, backend: str, model: str, declared: Iterable[CallLimit], now: datetime) -> None:
    """Write down the deployer's limits, and forget those that are no longer among them."""
    limits = sorted(declared, key=lambda one: (one.unit, one.per))
    tx.execute(
        text("""
            UPDATE call_windows SET declared = NULL
            WHERE backend = :backend AND model = :model AND declared IS NOT NULL
              AND unit || '/' || per <> ALL(:still)
        """),
        {"backend": backend, "model": model, "still": [f"{limit.unit}/{limit.per}" for limit in limits]},
    )
    for limit in limits:
        tx.execute(
            text("""
                INSERT INTO call_windows AS w (backend, model, unit, per, declared, resets_at)
                VALUES (:backend, :model, :unit, :per, :limit, :resets_at)
                ON CONFLICT (backend, model, unit, per) DO UPDATE SET declared = excluded.declared
                    WHERE w.declared IS DISTINCT FROM excluded.declared
            """),
            {
                "backend": backend,
                "model": model,
                "unit": limit.unit,
                "per": limit.per,
                "limit": limit.limit,
                "resets_at": now + LENGTHS[limit.per],
            },
        )
