"""Who does not train: one insight says so, written by the rules, and no model is asked again and again."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from tests.conftest import NOW, StoppedClock
from tests.fakes.backend import ScriptedBackend
from tests.fakes.provider import FakeService
from training_analyzer import pipeline
from training_analyzer.domain.events import DaysChanged
from training_analyzer.domain.insight import InsightKind
from training_analyzer.runtime import Runtime
from training_analyzer.storage import insights


def test_old_sessions_alone_are_told_of_once_and_no_model_is_asked(
    runtime: Runtime,
    clock: StoppedClock,
    athlete_id: UUID,
    work_off: Callable[[], int],
    service: FakeService,
    backend: ScriptedBackend,
    connect: Callable[[], UUID],
) -> None:
    for days_ago in range(100, 160, 2):
        service.add(days_ago, NOW)
    connect()
    for _ in range(4):
        work_off()
        clock.advance(seconds=6)
        work_off()
        clock.moment += timedelta(days=8)
        with runtime.database.transaction(athlete_id) as tx:
            now = clock.now()
            changed = DaysChanged(athlete_id=athlete_id, first_day=now.date(), next_midnight_s=3600)
            pipeline.record(tx, [changed], now=now)
    with runtime.database.transaction(athlete_id) as tx:
        written = {kind: insights.newest(tx, athlete_id, kind) for kind in InsightKind}
    week = written.pop(InsightKind.WEEK)
    assert week is not None
    assert (week.backend, week.last_day) == ("rules", NOW.date() - timedelta(days=1))
    assert not any(written.values())
    assert backend.prompts == []
