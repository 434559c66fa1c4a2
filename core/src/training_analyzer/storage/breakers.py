"""
Backends that are not asked for a while, by backend and model.

After `FAILURES_TO_OPEN` failures in a row a breaker opens, for longer each time. A spent quota opens
it until the quota is renewed. When the time is over, one request probes; the others wait for it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import text

from training_analyzer.storage.database import Transaction

FAILURES_TO_OPEN: Final = 3
SHORTEST: Final = timedelta(seconds=30)
LONGEST: Final = timedelta(minutes=30)
DOUBLINGS: Final = 10
LONGEST_QUOTA: Final = timedelta(hours=25)
"""A day that has 25 hours. Whoever asks for more is asked again then."""


@dataclass(frozen=True, slots=True)
class Open:
    """The backend is not asked before `until`. `ends_chain`: nor is another in its place."""

    until: datetime
    reason: str
    ends_chain: bool


@dataclass(frozen=True, slots=True)
class OpenBreaker:
    """One that is open, for reports."""

    backend: str
    model: str
    until: datetime
    reason: str


def pass_through(
    tx: Transaction, backend: str, model: str, *, now: datetime, patience: timedelta
) -> Open | None:
    """Return why the backend is not asked; None: it may be. After a pause one probes, for `patience`."""
    row = tx.execute(
        text("""
            SELECT open_until, reason, ends_chain FROM breakers
            WHERE backend = :backend AND model = :model FOR UPDATE
        """),
        {"backend": backend, "model": model},
    ).one_or_none()
    if row is None or row.open_until is None:
        return None
    if row.open_until > now:
        return Open(row.open_until, row.reason, row.ends_chain)
    tx.execute(
        text("UPDATE breakers SET open_until = :until WHERE backend = :backend AND model = :model"),
        {"until": now + patience, "backend": backend, "model": model},
    )
    return None


def close(tx: Transaction, backend: str, model: str) -> None:
    """The backend has answered."""
    tx.execute(
        text("""
            UPDATE breakers SET failures = 0, open_until = NULL, reason = '', ends_chain = false
            WHERE backend = :backend AND model = :model
        """),
        {"backend": backend, "model": model},
    )


def fail(tx: Transaction, backend: str, model: str, *, reason: str, now: datetime) -> None:
    """The backend has failed once more. Enough in a row open the breaker, for longer each time."""
    failures: int = tx.execute(
        text("""
            INSERT INTO breakers AS b (backend, model, failures, reason) VALUES (:backend, :model, 1, :reason)
            ON CONFLICT (backend, model) DO UPDATE SET
                failures = b.failures + 1, reason = excluded.reason, ends_chain = false
            RETURNING failures
        """),
        {"backend": backend, "model": model, "reason": reason},
    ).scalar_one()
    more = failures - FAILURES_TO_OPEN
    until = None if more < 0 else now + min(SHORTEST * 2 ** min(more, DOUBLINGS), LONGEST)
    tx.execute(
        text("UPDATE breakers SET open_until = :until WHERE backend = :backend AND model = :model"),
        {"until": until, "backend": backend, "model": model},
    )


def open_until(
    tx: Transaction,
    backend: str,
    model: str,
    *,
    until: datetime,
    reason: str,
    ends_chain: bool,
    now: datetime,
) -> None:
    """Ask the backend no more before `until`."""
    tx.execute(
        text("""
            INSERT INTO breakers AS b (backend, model, open_until, reason, ends_chain)
            VALUES (:backend, :model, :until, :reason, :ends_chain)
            ON CONFLICT (backend, model) DO UPDATE SET
                open_until = excluded.open_until, reason = excluded.reason, ends_chain = excluded.ends_chain
        """),
        {
            "backend": backend,
            "model": model,
            "until": min(until, now + LONGEST_QUOTA),
            "reason": reason,
            "ends_chain": ends_chain,
        },
    )


def all_open(tx: Transaction, *, now: datetime) -> list[OpenBreaker]:
    rows = tx.execute(
        text("""
            SELECT backend, model, open_until, reason FROM breakers
            WHERE open_until > :now ORDER BY backend, model
        """),
        {"now": now},
    )
    return [OpenBreaker(row.backend, row.model, row.open_until, row.reason) for row in rows]
