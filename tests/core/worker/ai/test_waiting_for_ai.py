"""An AI that fails for a while: what the athlete reads meanwhile, and when it is asked again."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import text

from tests.conftest import NOW, StoppedClock
from tests.fakes.backend import ANSWER, ScriptedBackend
from tests.fakes.provider import FakeService
from training_analyzer import pipeline
from training_analyzer.domain.events import InsightOwed
from training_analyzer.domain.insight import Insight, InsightKind
from training_analyzer.ingestion.planning import list_again
from training_analyzer.runtime import Runtime
from training_analyzer.sdk import Unavailable
from training_analyzer.storage import connections, insights


class Desk:
    """An athlete whose week an AI has written about, and who has trained since."""

    def __init__(
        self, runtime: Runtime, clock: StoppedClock, athlete_id: UUID, work_off: Callable[[], int]
    ) -> None:
        self.runtime, self.clock, self.athlete_id, self.work_off = runtime, clock, athlete_id, work_off

    def settle(self) -> None:
        self.work_off()
        self.clock.advance(seconds=6)
        self.work_off()

    def list_again(self, connection_id: UUID) -> None:
        with self.runtime.database.transaction(self.athlete_id) as tx:
            connection = connections.find(tx, connection_id)
            assert connection is not None
            now = self.clock.now()
            pipeline.record(
                tx, [list_again(tx, connection, "recent", self.runtime.horizon, now=now)], now=now
            )
        self.settle()

    def ask_for_the_week(self) -> None:
        with self.runtime.database.transaction(self.athlete_id) as tx:
            owed = InsightOwed(athlete_id=self.athlete_id, kind=InsightKind.WEEK)
            pipeline.record(tx, [owed], now=self.clock.now())
        self.work_off()

    def week(self) -> Insight:
        with self.runtime.database.transaction(self.athlete_id) as tx:
            newest = insights.newest(tx, self.athlete_id, InsightKind.WEEK)
        assert newest is not None
        return newest

    def write_the_week_earlier(self, *, by: timedelta) -> None:
        week = self.week()
        with self.runtime.database.transaction(self.athlete_id) as tx:
            tx.execute(
                text("""
                    UPDATE insights SET written_at = written_at - :by,
                        body = body || jsonb_build_object('written_at', CAST(:written_at AS text))
                    WHERE kind = 'week'
                """),
                {"by": by, "written_at": (week.written_at - by).isoformat()},
            )

    def owed_at(self) -> datetime | None:
        with self.runtime.database.transaction(self.athlete_id) as tx:
            owed: datetime | None = tx.execute(
                text("""
                    SELECT not_before FROM work
                    WHERE kind = 'explain' AND subject = :subject AND not_before < 'infinity'
                """),
                {"subject": f"{self.athlete_id}/week"},
            ).scalar()
        return owed


@pytest.fixture
def desk(
    runtime: Runtime,
    clock: StoppedClock,
    athlete_id: UUID,
    work_off: Callable[[], int],
    service: FakeService,
    backend: ScriptedBackend,
    connect: Callable[[], UUID],
) -> Desk:
    """The AI is down since the athlete has trained again."""
    desk = Desk(runtime, clock, athlete_id, work_off)
    for days_ago in range(0, 60, 2):
        service.add(days_ago, NOW)
    connection_id = connect()
    desk.settle()
    assert desk.week().backend == "scripted"
    clock.advance(seconds=3600)
    backend.deeds = [Unavailable("503")]
    service.add(0, NOW + timedelta(minutes=30))
    desk.list_again(connection_id)
    return desk


def test_its_last_word_stays_until_it_is_back(desk: Desk, backend: ScriptedBackend) -> None:
    stale = desk.week()
    assert (stale.backend, stale.stale_since is not None) == ("scripted", True)
    assert stale.stale_because == "scripted: did not answer"
    owed_at = desk.owed_at()
    assert owed_at is not None, "the work is owed again"
    backend.deeds = [ANSWER]
    desk.clock.moment = owed_at + timedelta(hours=1)  # the breaker has let others pass again
    desk.work_off()
    assert (desk.week().backend, desk.week().stale_since) == ("scripted", None)
    assert desk.week().cache_key != stale.cache_key
    assert desk.owed_at() is None


def test_the_rules_too_wait_for_a_week_at_most(
    runtime: Runtime,
    clock: StoppedClock,
    athlete_id: UUID,
    work_off: Callable[[], int],
    service: FakeService,
    backend: ScriptedBackend,
    connect: Callable[[], UUID],
) -> None:
    """It has been down since the athlete came, and they rest: the facts stay the same."""
    desk = Desk(runtime, clock, athlete_id, work_off)
    backend.deeds = [Unavailable("503")]
    for days_ago in range(0, 60, 12):
        service.add(days_ago, NOW)
    connect()
    desk.settle()
    first = desk.week()
    assert (first.backend, desk.owed_at()) == ("rules", first.better_after)
    clock.advance(seconds=3600)
    desk.work_off()
    assert first.better_after is not None
    later = desk.week()
    assert later.better_after is not None
    assert later.better_after > clock.now()
    assert later == first.model_copy(update={"better_after": later.better_after})
    desk.write_the_week_earlier(by=timedelta(days=8))
    clock.moment = later.better_after
    desk.ask_for_the_week()
    assert desk.week().better_after is None, "the last word is theirs"
    assert desk.owed_at() is None
    clock.advance(seconds=3600)
    desk.work_off()  # the other kinds, which are owed still
    asked = len(backend.prompts)
    desk.ask_for_the_week()
    assert len(backend.prompts) == asked


def test_nobody_waits_for_it_for_longer_than_a_week(desk: Desk) -> None:
    stale = desk.week()
    with desk.runtime.database.transaction(desk.athlete_id) as tx:
        tx.execute(
            text(
                "UPDATE insights SET body = body || jsonb_build_object('stale_since', CAST(:since AS text))"
            ),
            {"since": (desk.clock.now() - timedelta(days=8)).isoformat()},
        )
    desk.ask_for_the_week()
    last = desk.week()
    assert (stale.backend, last.backend, last.better_after) == ("scripted", "rules", None)
    assert desk.owed_at() is None
