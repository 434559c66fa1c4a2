"""Retention, where it is set: documents go in time, listing stays within it, and no number pretends."""

from collections.abc import Callable
from dataclasses import replace
from typing import ClassVar
from uuid import UUID

import pytest
from sqlalchemy import text

from tests.conftest import NOW, Deployment, StoppedClock
from tests.fakes.metrics import metric
from tests.fakes.provider import FakeProvider, FakeService
from tests.fakes.registry import registry_of
from training_analyzer.domain.metric import Metric
from training_analyzer.registry.registry import Registry
from training_analyzer.runtime import Runtime
from training_analyzer.sdk import DailyInput, DailyMetrics, DailySeries
from training_analyzer.settings import RightsOverride
from training_analyzer.worker.purging import owe_purges


class Fitness(DailyMetrics):
    """Two series: one of the day, one that rests on 42 days."""

    metrics: ClassVar[tuple[Metric, ...]] = (
        metric("fake.daily_load"),
        metric("fake.fitness").model_copy(update={"window_days": 42}),
    )
    needs = frozenset({"fake.load"})

    def measure(self, given: DailyInput) -> list[DailySeries]:
        loads = given.totals["fake.load"]
        return [
            DailySeries(key="fake.daily_load", first_day=given.first_day, values=loads),
            DailySeries(key="fake.fitness", first_day=given.first_day, values=loads.cumsum()),
        ]


@pytest.fixture
def registry(service: FakeService) -> Registry:
    return replace(registry_of(FakeProvider(service)), daily_metrics=(Fitness(),))


@pytest.fixture
def derived() -> str:
    return "purge"


@pytest.fixture
def runtime(deployment: Deployment, registry: Registry, clock: StoppedClock, derived: str) -> Runtime:
    rights = {"fake": RightsOverride.model_validate({"retention_days": "7", "derived": derived})}
    runtime = Runtime(deployment.settings(rights=rights), registry=registry)
    runtime.clock = clock
    return runtime


@pytest.fixture(autouse=True)
def _close(runtime: Runtime) -> object:
    yield
    runtime.close()


def count(runtime: Runtime, athlete_id: UUID, table: str) -> int:
    with runtime.database.transaction(athlete_id) as tx:
        return int(tx.execute(text(f"SELECT count(*) FROM {table}")).scalar_one())


def fitness(runtime: Runtime, athlete_id: UUID) -> tuple[list[float | None], set[str | None]]:
    with runtime.database.transaction(athlete_id) as tx:
        rows = tx.execute(
            text("SELECT value, reason FROM days WHERE key = 'fake.fitness' ORDER BY day")
        ).all()
    return [row.value for row in rows], {row.reason for row in rows}


def pass_days(clock: StoppedClock, runtime: Runtime, work_off: Callable[[], int], days: int) -> None:
    for _ in range(days):
        clock.advance(days=1)
        owe_purges(runtime)
        work_off()


def test_listing_never_reaches_further_back(
    runtime: Runtime,
    service: FakeService,
    connect: Callable[[], UUID],
    work_off: Callable[[], int],
    clock: StoppedClock,
    athlete_id: UUID,
) -> None:
    for days_ago in (1, 6, 8, 100):
        service.add(days_ago, NOW)
    connect()
    work_off()
    assert count(runtime, athlete_id, "recordings") == 2
    pass_days(clock, runtime, work_off, 3)
    since = {subject.split("/")[0] for subject in service.asked("list")}
    assert min(since) == "2026-06-08"


def test_documents_go_in_time_and_numbers_with_them(
    runtime: Runtime,
    service: FakeService,
    connect: Callable[[], UUID],
    work_off: Callable[[], int],
    clock: StoppedClock,
    athlete_id: UUID,
) -> None:
    for days_ago in (1, 3, 5):
        service.add(days_ago, NOW)
    connect()
    work_off()
    assert (count(runtime, athlete_id, "documents"), count(runtime, athlete_id, "activities")) == (6, 3)
    assert fitness(runtime, athlete_id) == ([None] * 6, {"retention"}), "seven days do not make 42"
    service.add(-5, NOW)  # in five days
    pass_days(clock, runtime, work_off, 6)
    assert count(runtime, athlete_id, "activities") == 4
    pass_days(clock, runtime, work_off, 2)
    assert count(runtime, athlete_id, "documents") == 2
    assert count(runtime, athlete_id, "activities") == 1
    assert count(runtime, athlete_id, "measurements") == 1
    assert count(runtime, athlete_id, "recordings") == 1
    asked = len(service.asked("fetch"))
    pass_days(clock, runtime, work_off, 8)
    assert count(runtime, athlete_id, "documents") == 0
    assert count(runtime, athlete_id, "days") == 0
    with runtime.database.transaction(athlete_id) as tx:
        left = tx.execute(text("SELECT jsonb_path_query(body, '$.observations[*].text') FROM insights"))
        # What was owed when there still was something: a week in which there is nothing says so.
        assert set(left.scalars()) <= {"No session was recorded this week."}
    assert len(service.asked("fetch")) == asked == 4, "what is gone is not asked for again"


@pytest.mark.parametrize("derived", ["keep"])
def test_numbers_stay_where_the_deployer_keeps_them(
    runtime: Runtime,
    service: FakeService,
    connect: Callable[[], UUID],
    work_off: Callable[[], int],
    clock: StoppedClock,
    athlete_id: UUID,
    derived: str,
) -> None:
    for days_ago in (1, 3, 5):
        service.add(days_ago, NOW)
    connect()
    work_off()
    before, _ = fitness(runtime, athlete_id)
    assert before[-1] == 180
    pass_days(clock, runtime, work_off, 8)
    assert count(runtime, athlete_id, "documents") == 0
    assert count(runtime, athlete_id, "activities") == 3
    with runtime.database.transaction(athlete_id) as tx:
        methods = set(tx.execute(text("SELECT method FROM measurements WHERE key = 'fake.load'")).scalars())
    assert methods == {"samples"}
    after, _ = fitness(runtime, athlete_id)
    assert after[: len(before)] == before
    assert len(service.asked("fetch")) == 3


def test_a_long_history_goes_in_several_passes(
    runtime: Runtime,
    service: FakeService,
    connect: Callable[[], UUID],
    work_off: Callable[[], int],
    clock: StoppedClock,
    athlete_id: UUID,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("training_analyzer.storage.retention.AT_ONCE", 3)
    for hours_ago in range(10):
        service.add(hours_ago / 24, NOW, has_streams=False)
    connect()
    work_off()
    assert count(runtime, athlete_id, "documents") == 10
    clock.advance(days=7, seconds=1)
    assert owe_purges(runtime) == 1
    work_off()
    assert count(runtime, athlete_id, "documents") == 0
    assert owe_purges(runtime) == 0


def test_without_a_limit_nothing_is_erased(deployment: Deployment, registry: Registry) -> None:
    unlimited = Runtime(deployment.settings(), registry=registry)
    assert owe_purges(unlimited) == 0
    assert unlimited.horizon_of("fake") == unlimited.horizon
    assert unlimited.days_kept(["fake"]) is None
    unlimited.close()
