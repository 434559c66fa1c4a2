"""The steps of a unit of work, each in a transaction of its own."""

from uuid import UUID

import pytest
from sqlalchemy import text

from training_analyzer.domain.events import QueueName
from training_analyzer.runtime import Runtime
from training_analyzer.storage import work
from training_analyzer.storage.work import Claim, Owed

LEASE_S = 3600.0
"""It ends where a test says so."""


@pytest.fixture
def unit(runtime: Runtime, athlete_id: UUID) -> int:
    """One unit that is owed."""
    return owe(runtime, Owed("measure", str(athlete_id), athlete_id, "high"))


def owe(runtime: Runtime, owed: Owed) -> int:
    with runtime.database.transaction() as tx:
        work.owe(tx, [owed])
        return int(
            tx.execute(
                text("SELECT id FROM work WHERE kind = :kind AND subject = :subject"),
                {"kind": owed.kind, "subject": owed.subject},
            ).scalar_one()
        )


def claim(runtime: Runtime, unit: int, *, lease_s: float = LEASE_S) -> Claim | None:
    with runtime.database.transaction() as tx:
        return work.claim(tx, unit, now=runtime.now(), lease_s=lease_s)


def must_claim(runtime: Runtime, unit: int, *, lease_s: float = LEASE_S) -> Claim:
    claimed = claim(runtime, unit, lease_s=lease_s)
    assert claimed is not None
    return claimed


def state(runtime: Runtime, unit: int) -> str:
    with runtime.database.transaction() as tx:
        return str(tx.execute(text("SELECT state FROM work WHERE id = :id"), {"id": unit}).scalar_one())


def finish(runtime: Runtime, claimed: Claim) -> None:
    with runtime.database.transaction() as tx:
        work.finish(tx, claimed)


def due(runtime: Runtime, priority: QueueName = "high") -> list[int]:
    with runtime.database.transaction() as tx:
        return work.ring(tx, priority, now=runtime.now(), room=100, patience_s=0)


def expire(runtime: Runtime, unit: int) -> None:
    """Let the lease end, as time would."""
    with runtime.database.transaction() as tx:
        tx.execute(text("UPDATE work SET lease_until = now() - interval '1 s' WHERE id = :id"), {"id": unit})
