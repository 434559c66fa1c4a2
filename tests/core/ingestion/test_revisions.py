"""What was fetched is fetched again when the provider has something else, and only then."""

from collections.abc import Callable
from uuid import UUID

import pytest
from sqlalchemy import text

from tests.conftest import NOW, StoppedClock
from tests.fakes.provider import FakeService
from training_analyzer.runtime import Runtime


@pytest.fixture
def relist(clock: StoppedClock, runtime: Runtime, work_off: Callable[[], int]) -> Callable[[], None]:
    def done() -> None:
        clock.advance(seconds=runtime.settings.sync_every_minutes * 60 + 1)
        work_off()

    return done


def test_a_cropped_ride_is_fetched_again_and_a_renamed_one_is_not(
    runtime: Runtime,
    service: FakeService,
    athlete_id: UUID,
    connect: Callable[[], UUID],
    work_off: Callable[[], int],
    relist: Callable[[], None],
) -> None:
    cropped, renamed = service.add(1, NOW, minutes=60), service.add(2, NOW, minutes=60)
    connect()
    work_off()
    assert sorted(service.asked("fetch")) == ["1", "2"]

    cropped.minutes, renamed.title = 30, "Morning ride"
    relist()
    assert sorted(service.asked("fetch")) == ["1", "1", "2"]
    with runtime.database.transaction(athlete_id) as tx:
        measured = tx.execute(
            text(
                "SELECT a.moving_s, m.value, m.method FROM activities a JOIN measurements m ON m.activity_id = a.id "
                "WHERE m.key = 'fake.load' ORDER BY a.moving_s"
            )
        ).all()
    assert [tuple(row) for row in measured] == [(1800, 30, "samples"), (3600, 60, "samples")]


def test_streams_that_were_absent_are_asked_for_when_the_activity_changes(
    service: FakeService,
    connect: Callable[[], UUID],
    work_off: Callable[[], int],
    relist: Callable[[], None],
) -> None:
    ride = service.add(1, NOW, minutes=60)

    def still_processing(method: str, _subject: str) -> None:
        if method == "fetch" and ride.minutes == 60:
            from training_analyzer.sdk import NotFound

            raise NotFound("not yet")

    service.fault = still_processing
    connect()
    work_off()
    for _ in range(8):
        relist()
    assert len(service.asked("fetch")) == 3, "the same activity is asked for again twice, and then no more"
    ride.minutes = 61
    relist()
    assert len(service.asked("fetch")) == 4
