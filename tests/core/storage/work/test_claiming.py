"""Owing, claiming and settling on real PostgreSQL: no cause is lost, and no orphan has a say."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import text

from tests.conftest import NOW, StoppedClock
from tests.core.storage.work.conftest import LEASE_S, claim, due, expire, finish, must_claim, owe, state
from training_analyzer.domain.errors import Superseded
from training_analyzer.runtime import Runtime
from training_analyzer.storage import work
from training_analyzer.storage.database import Transaction
from training_analyzer.storage.work import Owed


def test_a_unit_is_claimed_once_and_done_once(runtime: Runtime, unit: int) -> None:
    mine = must_claim(runtime, unit)
    assert claim(runtime, unit) is None
    assert due(runtime) == []
    finish(runtime, mine)
    assert state(runtime, unit) == "done"
    assert claim(runtime, unit) is None


def test_a_cause_that_arrives_during_the_work_is_not_lost(
    runtime: Runtime, athlete_id: UUID, unit: int
) -> None:
    mine = must_claim(runtime, unit)
    assert owe(runtime, Owed("measure", str(athlete_id), athlete_id, "high")) == unit
    finish(runtime, mine)
    assert state(runtime, unit) == "owed"
    assert due(runtime) == [unit]
    finish(runtime, must_claim(runtime, unit))
    assert state(runtime, unit) == "done"


def test_a_cause_that_arrives_before_the_claim_is_done_with_it(
    runtime: Runtime, athlete_id: UUID, unit: int
) -> None:
    owe(runtime, Owed("measure", str(athlete_id), athlete_id, "high"))
    finish(runtime, must_claim(runtime, unit))
    assert state(runtime, unit) == "done"


def test_a_late_orphan_changes_nothing(runtime: Runtime, unit: int) -> None:
    orphan = must_claim(runtime, unit)
    expire(runtime, unit)
    heir = must_claim(runtime, unit)
    assert heir.fence == orphan.fence + 1
    assert heir.failures == 1  # the lease of the first ran out
    endings: list[Callable[[Transaction], None]] = [
        lambda tx: work.finish(tx, orphan),
        lambda tx: work.park(tx, orphan, why="late"),
        lambda tx: work.fail(tx, orphan, until=NOW, why="late"),
        lambda tx: work.release(tx, orphan, until=NOW, why="late"),
    ]
    for settle in endings:
        with pytest.raises(Superseded), runtime.database.transaction() as tx:
            settle(tx)
    with runtime.database.transaction() as tx:
        assert not work.renew(tx, orphan, lease_s=LEASE_S)
    finish(runtime, heir)
    assert state(runtime, unit) == "done"


def test_something_new_gives_a_parked_unit_another_try(runtime: Runtime, athlete_id: UUID, unit: int) -> None:
    with runtime.database.transaction() as tx:
        claimed = work.claim(tx, unit, now=NOW, lease_s=LEASE_S)
        assert claimed is not None
        work.park(tx, claimed, why="given up")
    assert due(runtime) == []
    owe(runtime, Owed("measure", str(athlete_id), athlete_id, "high"))
    assert must_claim(runtime, unit).failures == 0


def test_a_plan_for_later_is_due_then_and_not_before(
    runtime: Runtime, clock: StoppedClock, athlete_id: UUID, unit: int
) -> None:
    mine = must_claim(runtime, unit)
    later = NOW + timedelta(hours=12)
    owe(runtime, Owed("measure", str(athlete_id), athlete_id, "high", not_before=later))
    finish(runtime, mine)
    assert state(runtime, unit) == "owed"
    assert due(runtime) == []
    with runtime.database.transaction() as tx:
        assert work.owed_of(tx, athlete_id, now=runtime.now()) == {}
    clock.advance(seconds=12 * 3600 + 1)
    assert due(runtime) == [unit]


def test_a_late_renewal_leases_nothing_that_is_settled(runtime: Runtime, athlete_id: UUID, unit: int) -> None:
    """The thread that renews may come just after the end, to a unit that is owed again for midnight."""
    mine = must_claim(runtime, unit)
    owe(runtime, Owed("measure", str(athlete_id), athlete_id, "high", not_before=NOW + timedelta(hours=12)))
    finish(runtime, mine)
    with runtime.database.transaction() as tx:
        assert not work.renew(tx, mine, lease_s=-1)
    assert due(runtime) == []
    with pytest.raises(Superseded):
        finish(runtime, mine)


def test_the_earliest_of_two_plans_counts(runtime: Runtime, clock: StoppedClock, athlete_id: UUID) -> None:
    for hours in (6, 2, 9):
        unit = owe(
            runtime,
            Owed("explain", str(athlete_id), athlete_id, "low", not_before=NOW + timedelta(hours=hours)),
        )
    clock.advance(seconds=2 * 3600 - 60)
    assert due(runtime, "low") == []
    clock.advance(seconds=120)
    assert due(runtime, "low") == [unit]


@pytest.mark.parametrize(("meanwhile", "then"), [(False, "high"), (True, "first")])
def test_what_owes_itself_again_is_first_once_unless_something_came_meanwhile(
    runtime: Runtime, athlete_id: UUID, meanwhile: bool, then: str
) -> None:
    unit = owe(runtime, Owed("measure", str(athlete_id), athlete_id, "first"))
    claimed = must_claim(runtime, unit)
    if meanwhile:
        owe(runtime, Owed("measure", str(athlete_id), athlete_id, "first"))
    with runtime.database.transaction() as tx:
        work.calm(tx, claimed)
        work.owe(tx, [Owed("measure", str(athlete_id), athlete_id, "high")])
        work.finish(tx, claimed)
        found = tx.execute(text("SELECT state, priority FROM work WHERE id = :id"), {"id": unit}).one()
    assert tuple(found) == ("owed", then)
