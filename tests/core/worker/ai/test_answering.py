"""A question that is asked twice is answered twice, and paid for once."""

from collections.abc import Callable
from uuid import UUID

from tests.conftest import NOW, StoppedClock
from tests.fakes.backend import ScriptedBackend
from tests.fakes.provider import FakeService
from training_analyzer import pipeline
from training_analyzer.domain.events import InsightOwed
from training_analyzer.domain.insight import InsightKind
from training_analyzer.runtime import Runtime
from training_analyzer.storage import insights


def test_the_same_question_twice(
    runtime: Runtime,
    service: FakeService,
    backend: ScriptedBackend,
    connect: Callable[[], UUID],
    athlete_id: UUID,
    clock: StoppedClock,
    work_off: Callable[[], int],
) -> None:
    for days_ago in range(0, 60, 2):
        service.add(days_ago, NOW)
    connect()
    work_off()
    clock.advance(seconds=6)
    work_off()
    asked_before = len(backend.prompts)
    subjects = []
    for _ in range(2):
        with runtime.database.transaction(athlete_id) as tx:
            question = insights.ask(tx, athlete_id, "How much load was it this week?", now=clock.now())
            owed = InsightOwed(athlete_id=athlete_id, kind=InsightKind.QUESTION, key=str(question))
            pipeline.record(tx, [owed], now=clock.now())
        subjects.append(str(question))
        work_off()
    with runtime.database.transaction(athlete_id) as tx:
        answers = [insights.newest(tx, athlete_id, InsightKind.QUESTION, subject=one) for one in subjects]
    for answer in answers:
        assert answer is not None
        assert answer.backend == "scripted", answer.notes
        assert answer.observations[0].text == "The load of the week was 240."
    assert len(backend.prompts) == asked_before + 1
    assert [answer.subject for answer in answers if answer] == subjects
