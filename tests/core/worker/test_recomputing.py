"""Measuring again at a deployer's word: what is stale, or everything; and nothing besides."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID, uuid4

from sqlalchemy import text

from tests.conftest import NOW
from tests.fakes.metrics import Failing, Minutes, RunningTotal
from tests.fakes.provider import FakeService
from training_analyzer.processing.plan import Plan
from training_analyzer.runtime import Runtime
from training_analyzer.storage import thresholds
from training_analyzer.storage.thresholds import DatedThreshold
from training_analyzer.worker.recomputing import recompute, stale


def written(runtime: Runtime, athlete_id: UUID, table: str = "activities") -> set[tuple[object, ...]]:
    """Return each row's key, with the transaction that wrote it: of an activity, as it was measured."""
    key = "id" if table == "activities" else "key, day"
    with runtime.database.transaction(athlete_id) as tx:
        return {tuple(row) for row in tx.execute(text(f"SELECT {key}, xmin::text FROM {table}"))}


def test_only_what_a_threshold_touches_is_measured_again(
    runtime: Runtime,
    athlete_id: UUID,
    service: FakeService,
    connect: Callable[[], UUID],
    work_off: Callable[[], int],
) -> None:
    for days_ago in (5, 15, 25, 35):
        service.add(days_ago, NOW)
    service.add(4, NOW, sport="run")
    connect()
    work_off()
    before, days_before = written(runtime, athlete_id), written(runtime, athlete_id, "days")
    since = NOW.date() - timedelta(days=20)
    with runtime.database.transaction(athlete_id) as tx:
        thresholds.store(
            tx,
            athlete_id,
            [
                DatedThreshold("weight_kg", 70, NOW.date() - timedelta(days=100)),
                DatedThreshold("weight_kg", 72, since, "ride"),  # type: ignore[arg-type] # a Sport is a str
            ],
        )
    assert recompute(runtime, athlete_id).measured == 5, "their first weight: all of them"
    with runtime.database.transaction(athlete_id) as tx:
        thresholds.store(tx, athlete_id, [DatedThreshold("weight_kg", 73, since, "ride")])  # type: ignore[arg-type]
    middle = written(runtime, athlete_id)
    assert before.isdisjoint(middle)
    assert stale(runtime, athlete_id) == 2, "the rides of the last 20 days, not the run"
    told: list[int] = []
    assert recompute(runtime, athlete_id, tell=told.append).measured == 2
    assert (told[0], told[-1]) == (2, 0)
    assert len(written(runtime, athlete_id) - middle) == 2
    # The loads are the same under another weight: no day was touched.
    assert written(runtime, athlete_id, "days") == days_before


def test_nothing_stale_is_nothing_to_do_and_all_is_all(
    runtime: Runtime,
    athlete_id: UUID,
    service: FakeService,
    connect: Callable[[], UUID],
    work_off: Callable[[], int],
) -> None:
    service.add(1, NOW)
    service.add(2, NOW)
    connect()
    work_off()
    before = written(runtime, athlete_id)
    assert recompute(runtime, athlete_id).measured == 0
    assert written(runtime, athlete_id) == before
    assert recompute(runtime, athlete_id, everything=True).measured == 2
    assert written(runtime, athlete_id).isdisjoint(before)


def test_a_new_calculator_that_fails_is_recorded_and_the_others_go_on(
    runtime: Runtime,
    athlete_id: UUID,
    service: FakeService,
    connect: Callable[[], UUID],
    work_off: Callable[[], int],
) -> None:
    service.add(1, NOW)
    connect()
    work_off()
    runtime.plan = Plan(
        (Failing(), Minutes()), (RunningTotal(),), lambda calculator: type(calculator).__name__
    )
    assert recompute(runtime, athlete_id).left == 0
    with runtime.database.transaction(athlete_id) as tx:
        rows = tx.execute(text("SELECT key, value, reason, method FROM measurements ORDER BY key")).all()
    assert [tuple(row) for row in rows] == [
        ("failing.number", None, "calculator_failed", ""),
        ("fake.load", 60, None, "samples"),
    ]


def test_who_is_gone_needs_no_measuring(runtime: Runtime) -> None:
    gone = recompute(runtime, uuid4(), everything=True)
    assert (gone.measured, gone.left) == (0, 0)
