"""From stored rows to training: bests come from curves, and what a source forbids is left out as a whole."""

import dataclasses
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from tests.conftest import NOW
from tests.fakes.provider import FakeService
from training_analyzer.analysis import gathering
from training_analyzer.analysis.training import Best, Role, Training
from training_analyzer.domain.rights import DataRights
from training_analyzer.domain.sport import Sport
from training_analyzer.processing import days
from training_analyzer.runtime import Runtime
from training_analyzer.storage.athletes import Profile
from training_analyzer.storage.briefs import ActivityBrief
from training_analyzer.storage.thresholds import Body, DatedThreshold

TODAY = NOW.date()
OPEN, CLOSED = DataRights(), DataRights(ai=False)
RESTING_ON_THREE = dataclasses.replace(
    gathering.Meaning.of_plugin("metrics"),
    rests_on=frozenset({"functional_threshold_power_w", "power_zones_w", "resting_heart_rate_bpm"}),
)


def test_bests_and_sources_are_read(
    runtime: Runtime,
    service: FakeService,
    connect: Callable[[], UUID],
    athlete_id: UUID,
    work_off: Callable[[], int],
) -> None:
    for days_ago in range(0, 60, 2):
        service.add(days_ago, NOW)
    connect()
    work_off()
    asked: list[Sequence[str]] = []
    with runtime.database.transaction(athlete_id) as tx:

        def gathered() -> Training:
            def series_of(sources: Sequence[str]) -> object:
                asked.append(sources)
                return days.compute(tx, athlete_id, runtime.plan, until=TODAY, sources=sources)

            training = gathering.gather(
                tx,
                athlete_id,
                runtime.meaning,
                {"fake": OPEN, "other": CLOSED},
                today=TODAY,
                series_of=series_of,  # type: ignore[arg-type]
            )
            assert training is not None
            return training

        newest = tx.execute(text("SELECT id FROM activities ORDER BY started_at DESC LIMIT 1")).scalar_one()
        tx.execute(
            text("""
                INSERT INTO curves (activity_id, key, athlete_id, seconds, values)
                VALUES (:id, :key, :athlete_id, '{60,300,1200}', '{400,310,270}')
            """),
            {"id": newest, "key": runtime.meaning.power_curve, "athlete_id": athlete_id},
        )
        training = gathered()
        assert training.sessions[-1].bests == {Best.POWER_5MIN: 310, Best.POWER_20MIN: 270}
        assert training.permitted_series is None, "nothing is forbidden"
        assert asked == []

        tx.execute(text("UPDATE activities SET sources = '{other}' WHERE id = :id"), {"id": newest})
        training = gathered()
        assert asked == [["fake"]]
        assert [session.ai_permitted for session in training.sessions].count(False) == 1
        assert training.permitted_series is not None
        whole, part = training.series[Role.LOAD], training.permitted_series[Role.LOAD]
        assert whole.values[-1] == 60
        assert part.values[(TODAY - part.first_day).days] == 0, "as if it had not been"
        assert part.first_day == TODAY - timedelta(days=58)


def brief(days_ago: int, sport: Sport = Sport.RIDE) -> ActivityBrief:
    return ActivityBrief(
        id=uuid4(),
        sport=sport,
        local_date=TODAY - timedelta(days=days_ago),
        moving_s=3600,
        distance_m=None,
        has_samples=True,
        sources=("open",),
        values={},
        estimated=frozenset(),
    )


def ftp(days_ago: int, sport: Sport | None = None, **more: Any) -> DatedThreshold:
    known: dict[str, Any] = {"name": "functional_threshold_power_w", "value": 250, "providers": ("closed",)}
    return DatedThreshold(**(known | {"valid_from": TODAY - timedelta(days=days_ago), "sport": sport} | more))


def body_of(*dated: DatedThreshold) -> Body:
    return Body(Profile(UUID(int=1), "", "", None, None, NOW), dated)


OWN: dict[str, Any] = {"providers": ()}


@pytest.mark.parametrize(
    ("dated", "done", "is_denied"),
    [
        ([ftp(2000)], [brief(10)], True),
        ([ftp(2000), ftp(300, **OWN)], [brief(10), brief(290)], False),
        ([ftp(2000), ftp(300, **OWN)], [brief(10), brief(310)], True),
        ([ftp(2000), ftp(20, **OWN)], [brief(10)], False),
        ([ftp(2000, **OWN), ftp(0)], [brief(10)], True),
        ([ftp(5)], [brief(10)], True),
        ([ftp(50, Sport.RUN)], [brief(10)], False),
        ([ftp(50, Sport.RUN)], [brief(10), brief(11, Sport.RUN)], True),
        ([ftp(50), ftp(60, Sport.RIDE, **OWN)], [brief(10)], False),
        ([ftp(50, name="weight_kg")], [brief(10)], False),
        ([ftp(50, name="critical_power_w")], [brief(10)], False),
        ([ftp(50, name="power_zones_w", value=[100, 200])], [brief(10)], True),
        ([ftp(50, name="resting_heart_rate_bpm", value=50)], [brief(10)], True),
        ([ftp(50)], [], False),
    ],
    ids=[
        *("the only one", "superseded", "superseded after a session", "superseded before all sessions"),
        *("the newest", "set after all sessions", "of a sport that is not done", "of a sport that is done"),
        *("the sport has its own", "weight", "critical power", "zones", "resting heart rate", "no session"),
    ],
)
def test_a_threshold_counts_where_a_number_rests_on_it(
    dated: list[DatedThreshold], done: list[ActivityBrief], is_denied: bool
) -> None:
    body = body_of(*dated)
    counting = gathering.thresholds_of(done, body, RESTING_ON_THREE, today=TODAY)
    denied = gathering.denied_thresholds(counting, {"open": OPEN, "closed": CLOSED})
    assert bool(denied) == is_denied


def test_of_another_plugin_s_metrics_nobody_knows_what_they_rest_on() -> None:
    body = body_of(ftp(50, name="weight_kg"))
    for meaning, count in ((gathering.Meaning.of_plugin("another"), 1), (RESTING_ON_THREE, 0)):
        assert len(gathering.thresholds_of([brief(10)], body, meaning, today=TODAY)) == count


def test_a_threshold_rests_on_what_any_of_its_providers_forbids() -> None:
    body = [
        DatedThreshold("functional_threshold_power_w", 250, TODAY, providers=("closed", "open")),
        DatedThreshold("max_heart_rate_bpm", 190, TODAY, providers=("open",)),
        DatedThreshold("weight_kg", 70, TODAY),
        DatedThreshold("critical_power_w", 240, TODAY, providers=("gone",)),
    ]
    rights = {"open": OPEN, "closed": CLOSED}
    assert gathering.denied_thresholds(body, rights) == {
        "functional_threshold_power_w": "closed",
        "critical_power_w": "gone",
    }


def test_the_day_of_the_last_session_is_known_however_old_it_is(
    runtime: Runtime,
    service: FakeService,
    connect: Callable[[], UUID],
    athlete_id: UUID,
    work_off: Callable[[], int],
) -> None:
    for days_ago in (3, 20, 40):
        service.add(days_ago, NOW)
    connect()
    work_off()
    with runtime.database.transaction(athlete_id) as tx:

        def known_after(later: int) -> Training:
            today = TODAY + timedelta(days=later)
            training = gathering.gather(tx, athlete_id, runtime.meaning, {"fake": OPEN}, today=today)
            assert training is not None
            return training

        soon, late = known_after(100), known_after(1800)
    assert (len(soon.sessions), soon.last_before, soon.days_since_last()) == (3, None, 102)
    assert (late.sessions, late.days_since_last()) == ([], 1802)
    assert late.last_day == TODAY + timedelta(days=1799), "the day has just begun"
