"""The week's insight as work: written when there is something new to say, and not more often."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from tests.conftest import NOW, StoppedClock
from tests.fakes.provider import FakeService
from training_analyzer import pipeline
from training_analyzer.analysis.gathering import Meaning, sessions_of
from training_analyzer.domain.events import DaysChanged, InsightOwed
from training_analyzer.domain.insight import Insight, InsightKind
from training_analyzer.domain.rights import DataRights
from training_analyzer.domain.sport import Sport
from training_analyzer.ingestion.planning import list_again
from training_analyzer.runtime import Runtime
from training_analyzer.sdk import RateLimited
from training_analyzer.storage import connections, insights
from training_analyzer.storage.briefs import ActivityBrief

ALLOWED, DENIED = DataRights(), DataRights(ai=False)


@pytest.mark.parametrize(
    ("sources", "permitted"),
    [
        (("open",), True),
        (("closed",), False),
        (("open", "closed"), False),
        (("unknown",), False),
        (("open", "unknown"), False),
        ((), False),
    ],
)
def test_what_comes_from_nobody_knows_where_is_not_shown_to_an_ai(
    sources: tuple[str, ...], permitted: bool
) -> None:
    today, meaning = NOW.date(), Meaning.of_plugin("any")
    row = ActivityBrief(
        id=uuid4(),
        sport=Sport.RIDE,
        local_date=today,
        moving_s=3600,
        distance_m=None,
        has_samples=True,
        sources=sources,
        values={"any.load": 60.0},
        estimated=frozenset(),
    )
    (session,) = sessions_of([row], meaning, {"open": ALLOWED, "closed": DENIED}, today=today)
    assert session.ai_permitted is permitted
    assert session.load == 60
    assert not session.estimated


class Week:
    def __init__(
        self, runtime: Runtime, clock: StoppedClock, athlete_id: UUID, work_off: Callable[[], int]
    ) -> None:
        self.runtime, self.clock, self.athlete_id, self.work_off = runtime, clock, athlete_id, work_off

    def insights(self) -> int:
        with self.runtime.database.transaction(self.athlete_id) as tx:
            return int(tx.execute(text("SELECT count(*) FROM insights WHERE kind = 'week'")).scalar_one())

    def newest(self) -> Insight:
        with self.runtime.database.transaction(self.athlete_id) as tx:
            newest = insights.newest(tx, self.athlete_id, InsightKind.WEEK)
        assert newest is not None
        return newest

    def ask_again(self) -> None:
        with self.runtime.database.transaction(self.athlete_id) as tx:
            now = self.clock.now()
            event = DaysChanged(athlete_id=self.athlete_id, first_day=now.date(), next_midnight_s=3600)
            pipeline.record(tx, [event], now=now)
        self.settle()

    def settle(self) -> None:
        self.work_off()
        self.clock.advance(seconds=6)
        self.work_off()


@pytest.fixture
def week(runtime: Runtime, clock: StoppedClock, athlete_id: UUID, work_off: Callable[[], int]) -> Week:
    return Week(runtime, clock, athlete_id, work_off)


def test_the_same_facts_are_written_about_once(
    week: Week, service: FakeService, connect: Callable[[], UUID]
) -> None:
    for days_ago in range(0, 60, 2):
        service.add(days_ago, NOW)
    connect()
    week.settle()
    assert week.insights() == 1
    for _ in range(3):
        week.clock.advance(seconds=1200)
        week.ask_again()
    assert week.insights() == 1


def test_new_facts_are_written_about_after_a_while(
    week: Week, service: FakeService, connect: Callable[[], UUID]
) -> None:
    for days_ago in range(0, 60, 2):
        service.add(days_ago, NOW)
    connection_id = connect()
    week.settle()
    week.clock.advance(seconds=120)
    service.add(0, NOW - timedelta(hours=1))
    with week.runtime.database.transaction(week.athlete_id) as tx:
        connection = connections.find(tx, connection_id)
        assert connection is not None
        now = week.clock.now()
        pipeline.record(tx, [list_again(tx, connection, "recent", week.runtime.horizon, now=now)], now=now)
    week.settle()
    assert week.insights() == 1, "a quarter of an hour between two"
    week.clock.advance(seconds=900)
    week.settle()
    assert week.insights() == 2


def test_a_day_without_a_session_is_told_of_when_it_is_over(
    week: Week, service: FakeService, connect: Callable[[], UUID]
) -> None:
    yesterday = NOW.date() - timedelta(days=1)
    for days_ago in range(1, 60, 2):
        service.add(days_ago, NOW)
    connect()
    week.settle()
    assert week.newest().last_day == yesterday
    week.clock.advance(seconds=11 * 3600)
    week.ask_again()
    assert week.newest().last_day == yesterday, "there may still come one"
    week.clock.advance(seconds=3600)
    week.settle()
    assert week.newest().last_day == NOW.date(), "a day without training, which is a session less"


def test_nothing_is_written_while_the_newest_weeks_arrive(
    week: Week, service: FakeService, connect: Callable[[], UUID]
) -> None:
    for days_ago in range(1, 20):
        service.add(days_ago, NOW)
    full = [True]

    def fault(method: str, subject: str) -> None:
        if method == "fetch" and subject == "19" and full:
            raise RateLimited("full", retry_at=week.clock.now() + timedelta(minutes=15))

    service.fault = fault
    connect()
    seen = []
    real = service.fault

    def watch(method: str, subject: str) -> None:
        seen.append(week.insights())
        real(method, subject)

    service.fault = watch
    week.settle()
    assert set(seen) == {0}, "nothing was written before the last of them"
    assert week.insights() == 1, "what waits for a quota is not waited for"


def test_an_athlete_without_activities_gets_none(week: Week, connect: Callable[[], UUID]) -> None:
    connect()
    week.settle()
    week.ask_again()
    assert week.insights() == 0


def test_of_nothing_only_those_are_told_who_ask(week: Week) -> None:
    """What was owed automatically may have been purged since."""
    for is_asked, expected in ((False, 0), (True, 1)):
        owed = InsightOwed(athlete_id=week.athlete_id, kind=InsightKind.WEEK, asked=is_asked)
        with week.runtime.database.transaction(week.athlete_id) as tx:
            pipeline.record(tx, [owed], now=week.clock.now())
        week.work_off()
        assert week.insights() == expected
