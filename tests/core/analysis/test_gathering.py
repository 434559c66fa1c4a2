"""From stored rows to training: bests come from curves, and what a source forbids is left out as a whole."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import text

from tests.conftest import NOW
from tests.fakes.provider import FakeService
from training_analyzer.analysis import gathering
from training_analyzer.analysis.training import Best, Role, Training
from training_analyzer.domain.rights import DataRights
from training_analyzer.processing import days
from training_analyzer.runtime import Runtime
from training_analyzer.storage.thresholds import DatedThreshold

TODAY = NOW.date()
OPEN, CLOSED = DataRights(), DataRights(ai=False)


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
