"""
Backends that are not asked for a while, by backend and model.

After `FAILURES_TO_OPEN` failures in a row a breaker opens, for longer each time. A spent quota opens
it until the quota is renewed. When the time is over, one request probes; the others wait for it.

What a request comes to may be known long after another has opened the breaker. It never shortens that
rest, unless it was the probe: then the rest was only its lease, and that is told by when it ends.
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
class Rest:
    """For how long a backend is left alone, and why. None: it is not."""

    until: datetime | None
    reason: str
    ends_chain: bool = False


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


def close(tx: Transaction, backend: str, model: str, *, lease: datetime, now: datetime) -> None:
    """The backend has answered. `lease`: when that of the request ended, if it was a probe."""
    tx.execute(
        text(f"""
            UPDATE breakers SET failures = 0, open_until = NULL, reason = '', ends_chain = false
            WHERE backend = :backend AND model = :model AND {_NOBODY_ELSES}
        """),  # noqa: S608 - put together from constants
        {"backend": backend, "model": model, "lease": lease, "now": now},
    )


def fail(tx: Transaction, backend: str, model: str, *, reason: str, lease: datetime, now: datetime) -> None:
    """The backend has failed once more. Enough in a row open the breaker, for longer each time."""
    failures: int = tx.execute(
        text("""
            INSERT INTO breakers AS b (backend, model, failures) VALUES (:backend, :model, 1)
            ON CONFLICT (backend, model) DO UPDATE SET failures = b.failures + 1
            RETURNING failures
        """),
        {"backend": backend, "model": model},
    ).scalar_one()
    more = failures - FAILURES_TO_OPEN
    until = None if more < 0 else now + min(SHORTEST * 2 ** min(more, DOUBLINGS), LONGEST)
    _rest(tx, backend, model, Rest(until, reason), lease=lease, now=now)


def open_until(
    tx: Transaction, backend: str, model: str, opened: Open, *, lease: datetime, now: datetime
) -> None:
    """Ask the backend no more before it is time."""
    tx.execute(
        text("""
            INSERT INTO breakers (backend, model) VALUES (:backend, :model)
            ON CONFLICT (backend, model) DO NOTHING
        """),
        {"backend": backend, "model": model},
    )
    until = min(opened.until, now + LONGEST_QUOTA)
    _rest(tx, backend, model, Rest(until, opened.reason, opened.ends_chain), lease=lease, now=now)


def all_open(tx: Transaction, *, now: datetime) -> list[OpenBreaker]:
    rows = tx.execute(
        text("""
            SELECT backend, model, open_until, reason FROM breakers
            WHERE open_until > :now ORDER BY backend, model
        """),
        {"now": now},
    )
    return [OpenBreaker(row.backend, row.model, row.open_until, row.reason) for row in rows]


_NOBODY_ELSES: Final = "(open_until IS NULL OR open_until <= :now OR open_until = :lease)"


def _rest(tx: Transaction, backend: str, model: str, rest: Rest, *, lease: datetime, now: datetime) -> None:
    """Let the backend rest, unless another has it rest for longer."""
    tx.execute(
        text(f"""
            UPDATE breakers SET open_until = :until, reason = :reason, ends_chain = :ends_chain
            WHERE backend = :backend AND model = :model
              AND ({_NOBODY_ELSES} OR open_until < CAST(:until AS timestamptz))
        """),  # noqa: S608 - put together from constants
        {
            "backend": backend,
            "model": model,
            "until": rest.until,
            "reason": rest.reason,
            "ends_chain": rest.ends_chain,
            "lease": lease,
            "now": now,
        },
    )
