"""Days: every one of them up to today, where the athlete is; and only those written that differ."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta, timezone

import numpy as np
import pytest
from sqlalchemy import text

from tests.conftest import NOW
from tests.core.processing.conftest import Training
from tests.fakes.metrics import Minutes, RunningTotal, metric
from training_analyzer.processing import days
from training_analyzer.processing.plan import Plan
from training_analyzer.sdk import ActivityInput, DailyInput, DailyMetrics, DailySeries, Measurement
from training_analyzer.storage import days as stored_days

TODAY = NOW.date()


def day(days_ago: int) -> date:
    return TODAY - timedelta(days=days_ago)


def test_every_day_is_there_from_the_first_activity_to_today(training: Training) -> None:
    training.service.add(10, NOW, minutes=30)
    training.service.add(4, NOW, minutes=60)
    training.service.add(4.1, NOW, minutes=20)
    training.work_off()
    loads = training.series()
    assert list(loads) == [day(number) for number in range(10, -1, -1)]
    assert {when: load for when, load in loads.items() if load} == {day(10): 30, day(4): 80}
    assert training.series("fake.fitness")[TODAY] == 110
    with training.transaction() as tx:
        assert stored_days.span(tx, training.athlete_id) == (day(10), TODAY)


def test_at_midnight_the_series_grow_by_themselves(training: Training) -> None:
    training.service.add(2, NOW, has_streams=False)
    training.work_off()
    for number in range(1, 4):
        midnight = datetime.combine(TODAY + timedelta(days=number), datetime.min.time(), UTC)
        training.clock.moment = midnight - timedelta(seconds=1)
        training.work_off()
        assert max(training.series()) == TODAY + timedelta(days=number - 1)
        training.clock.moment = midnight
        training.work_off()
        assert max(training.series()) == TODAY + timedelta(days=number)


@pytest.mark.parametrize(
    ("offset_s", "now", "today", "left_s"),
    [
        (0, datetime(2026, 6, 15, 23, 59, 50, tzinfo=UTC), date(2026, 6, 15), 10),
        (0, datetime(2026, 6, 16, tzinfo=UTC), date(2026, 6, 16), 86_400),
        (7200, datetime(2026, 6, 15, 22, 30, tzinfo=UTC), date(2026, 6, 16), 84_600),
        (-36_000, datetime(2026, 6, 16, 9, 0, tzinfo=UTC), date(2026, 6, 15), 3600),
        (20_700, datetime(2026, 6, 15, 18, 15, tzinfo=UTC), date(2026, 6, 16), 86_400),  # Nepal: 5 h 45
        (7200, datetime(2026, 6, 16, 0, 30, tzinfo=timezone(timedelta(hours=2))), date(2026, 6, 16), 84_600),
    ],
)
def test_today_is_where_the_athlete_last_trained(
    training: Training, offset_s: int, now: datetime, today: date, left_s: float
) -> None:
    training.service.add(1, NOW)
    training.work_off()
    with training.transaction() as tx:
        tx.execute(text("UPDATE activities SET utc_offset_s = :offset"), {"offset": offset_s})
        assert days.today(tx, training.athlete_id, now) == (today, left_s)


def test_an_activity_counts_for_the_day_on_the_athlete_s_own_calendar(training: Training) -> None:
    training.service.utc_offset_s = -8 * 3600
    training.service.add(0.4, NOW)  # 02:24 UTC on the 15th is the evening of the 14th in California
    training.work_off()
    assert training.series() == {day(1): 60, TODAY: 0}


def test_an_activity_of_tomorrow_waits_for_its_day(training: Training) -> None:
    """A device whose clock runs ahead."""
    training.service.add(2, NOW)
    training.service.add(-0.9, NOW, minutes=33)
    training.work_off()
    assert max(training.series()) == TODAY
    assert sum(filter(None, training.series().values())) == 60
    training.clock.advance(days=1)
    training.work_off()
    assert training.series()[TODAY + timedelta(days=1)] == 33


def test_only_an_activity_of_tomorrow_makes_no_day_yet(training: Training) -> None:
    training.service.add(-0.9, NOW)
    training.work_off()
    assert training.series() == {}
    training.clock.advance(days=1)
    training.work_off()
    assert training.series() == {TODAY + timedelta(days=1): 60}


def test_only_what_differs_is_written(training: Training) -> None:
    for days_ago in (20, 10, 3):
        training.service.add(days_ago, NOW, has_streams=False)
    training.work_off()
    query = "SELECT key, day, xmin::text FROM days"
    before = set(training.ask(query))
    training.owe_measuring()
    training.work_off()
    assert set(training.ask(query)) == before
    training.service.sessions[1].minutes = 90
    training.sync()
    written = {(key, when) for key, when, _ in set(training.ask(query)) - before}
    assert written == {
        ("fake.daily_load", day(10)),
        *(("fake.fitness", day(number)) for number in range(11)),
    }


def test_leading_days_go_with_the_first_activity(training: Training) -> None:
    first = training.service.add(20, NOW, has_streams=False)
    training.service.add(5, NOW, has_streams=False)
    training.work_off()
    first.started_at = NOW - timedelta(days=8)
    training.sync()  # its window does not reach the former date, but the new one
    assert min(training.series()) == day(8)


def test_a_calculator_of_days_that_fails_leaves_its_series_absent(
    training: Training, caplog: pytest.LogCaptureFixture
) -> None:
    class Broken(DailyMetrics):
        metrics = (metric("broken.days"),)
        needs = frozenset({"fake.load"})

        def measure(self, given: DailyInput) -> Iterable[DailySeries]:
            raise IndexError("by design")

    class Short(DailyMetrics):
        metrics = (metric("short.days"),)

        def measure(self, given: DailyInput) -> Iterable[DailySeries]:
            yield DailySeries(key="short.days", first_day=given.first_day, values=np.zeros(given.days - 1))

    training.runtime.plan = Plan(
        (Minutes(),),
        (Broken(), Short(), RunningTotal()),
        lambda calculator: type(calculator).__name__.lower(),
    )
    training.service.add(3, NOW)
    training.work_off()
    assert training.ask("SELECT DISTINCT value, reason FROM days WHERE key LIKE '%.days'") == [
        (None, "calculator_failed")
    ]
    assert len(training.series("broken.days")) == len(training.series("short.days")) == 4
    assert training.series()[day(3)] == 60
    assert "the plugin broken failed to compute days" in caplog.text


def test_a_series_that_nobody_computes_any_more_is_forgotten(training: Training) -> None:
    training.service.add(3, NOW)
    training.work_off()
    training.runtime.plan = Plan((Minutes(),), (), lambda _: "fake")
    training.owe_measuring()
    training.work_off()
    assert training.ask("SELECT count(*) FROM days") == [(0,)]


def test_the_estimated_part_of_a_day_is_told(training: Training) -> None:
    class Shares(DailyMetrics):
        metrics = (metric("shares.load"),)
        needs = frozenset({"fake.load"})

        def measure(self, given: DailyInput) -> Iterable[DailySeries]:
            totals, estimated = given.totals["fake.load"], given.estimated["fake.load"]
            share = np.divide(estimated, totals, out=np.zeros_like(totals), where=totals > 0)
            yield DailySeries(key="shares.load", first_day=given.first_day, values=totals, estimated=share)

    training.runtime.plan = Plan((Minutes(),), (Shares(),), lambda _: "shares")
    training.service.add(1, NOW, minutes=30, has_streams=False)
    training.service.add(1.1, NOW, minutes=90)
    training.work_off()
    assert training.ask("SELECT value, estimated FROM days WHERE day = :day", day=day(1)) == [(120.0, 0.25)]


def test_a_calculator_of_days_may_look_at_sports_maxima_and_every_curve(training: Training) -> None:
    seen: list[DailyInput] = []

    class Looking(DailyMetrics):
        metrics = (metric("looking.days"),)
        needs = frozenset({"fake.load"})

        def measure(self, given: DailyInput) -> Iterable[DailySeries]:
            seen.append(given)
            yield DailySeries(
                key="looking.days", first_day=given.first_day, values=given.activities, method="counting"
            )

    class Spiked(Minutes):
        def measure(self, given: ActivityInput) -> Iterable[Measurement]:
            for one in super().measure(given):
                yield one.model_copy(update={"doubtful": given.activity.title == "spike"})

    training.runtime.plan = Plan((Spiked(),), (Looking(), RunningTotal()), lambda _: "fake")
    training.service.add(1, NOW, minutes=30)
    training.service.add(1.3, NOW, minutes=90, sport="run")
    training.service.add(2, NOW, minutes=50, title="spike")
    training.service.add(3, NOW, minutes=20)
    training.work_off()
    given = seen[-1]
    assert given.totals["fake.load"].tolist() == [20, 50, 120, 0]
    assert np.array_equal(given.highest["fake.load"], [20, np.nan, 90, np.nan], equal_nan=True)
    assert given.ascent_m is not None
    by_sport = {
        str(sport): (part.totals["fake.load"].tolist(), part.activities.tolist())
        for sport, part in given.sports.items()
    }
    assert by_sport == {"ride": ([20, 50, 30, 0], [1, 1, 1, 0]), "run": ([0, 0, 90, 0], [0, 0, 1, 0])}
    assert training.ask("SELECT method, version FROM series WHERE key = 'looking.days'") == [("counting", 1)]


def test_series_that_are_not_stored_are_made_when_somebody_asks(training: Training) -> None:
    class Passing(RunningTotal):
        stored = False

    training.runtime.plan = Plan((Minutes(),), (Passing(),), lambda _: "fake")
    training.service.add(2, NOW)
    training.service.add(1, NOW, minutes=30)
    training.work_off()
    assert training.series() == {}
    with training.transaction() as tx:
        made = days.read(tx, training.athlete_id, training.runtime.plan, ["fake.fitness"], until=TODAY)
    assert made["fake.fitness"].values.tolist() == [60, 90, 90]


def test_without_training_series_go_on_from_today(training: Training) -> None:
    training.service.add(2, NOW)
    training.work_off()
    with training.transaction() as tx:
        made = days.project(
            tx,
            training.athlete_id,
            training.runtime.plan,
            ["fake.daily_load", "fake.fitness"],
            today=TODAY,
            days_to_come=3,
        )
    assert made["fake.daily_load"].first_day == TODAY - timedelta(days=2)
    assert made["fake.daily_load"].values.tolist() == [60, 0, 0, 0, 0, 0]
    assert made["fake.fitness"].values.tolist() == [60, 60, 60, 60, 60, 60]
    assert max(training.series()) == TODAY, "days to come are not stored"


def test_an_activity_of_a_clock_that_runs_ahead_does_not_move_the_day(training: Training) -> None:
    """Not before it has begun."""
    training.service.utc_offset_s = 7200
    training.service.add(1, NOW)
    training.work_off()
    late = datetime(2026, 6, 15, 22, 30, tzinfo=UTC)
    with training.transaction() as tx:
        tx.execute(
            text("""
                INSERT INTO activities (athlete_id, sport, started_at, utc_offset_s, local_date, elapsed_s, moving_s)
                VALUES (:athlete_id, 'ride', :tomorrow, -36000, '2026-06-16', 60, 60)
            """),
            {"athlete_id": training.athlete_id, "tomorrow": late + timedelta(hours=20)},
        )
        assert days.today(tx, training.athlete_id, late)[0] == date(2026, 6, 16)
        later = late + timedelta(hours=26)
        assert days.today(tx, training.athlete_id, later)[0] == date(2026, 6, 16)
