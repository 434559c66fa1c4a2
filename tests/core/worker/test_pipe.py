"""The whole street in one process: from a connection to an insight."""

from collections.abc import Callable
from uuid import UUID

from sqlalchemy import text

from tests.conftest import NOW, StoppedClock
from tests.fakes.provider import FakeService
from training_analyzer.runtime import Runtime
from training_analyzer.storage import insights


def test_a_connection_brings_activities_days_and_an_insight(
    runtime: Runtime,
    clock: StoppedClock,
    service: FakeService,
    athlete_id: UUID,
    connect: Callable[[], UUID],
    work_off: Callable[[], int],
) -> None:
    for days_ago in range(0, 100, 2):
        service.add(days_ago, NOW)
    connect()

    work_off()
    clock.advance(seconds=11)  # the history has gathered, and things have settled
    work_off()

    with runtime.database.transaction(athlete_id) as tx:
        kinds = tx.execute(text("SELECT kind, state, count(*) FROM work GROUP BY 1, 2 ORDER BY 1, 2")).all()
        stored = tx.execute(text("SELECT count(*) FROM activities WHERE has_samples")).scalar()
        days = tx.execute(text("SELECT count(*) FROM days WHERE key = 'fake.fitness'")).scalar()
        insight = insights.newest(tx, athlete_id, "week")
    assert stored == 50, kinds
    assert days == 99
    assert insight is not None
    assert insight.backend == "rules"
    assert sorted(service.asked("list"), reverse=True) == [
        "2026-05-04/2",
        "2026-05-04/1",
        "2025-06-15/2",
        "2025-06-15/1",
    ]
