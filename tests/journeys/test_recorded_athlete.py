"""A real athlete's eight years, as Strava sent them: everything comes in, the newest weeks first."""

import hashlib
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Final

import pytest
from sqlalchemy import text

from tests.conftest import Deployment
from tests.journeys.test_convergence import Stage, staged
from training_analyzer.domain.events import QueueName
from training_analyzer.storage import work
from training_analyzer.worker.run import work_on
from training_analyzer_strava.simulator.recorded import RecordedAthlete
from training_analyzer_strava.simulator.stream_bodies import streams_body, wanted_keys
from training_analyzer_strava.simulator.world import World
from training_analyzer_strava.streams import KEYS

pytestmark = pytest.mark.slow

RECORDED: Final = Path(__file__).resolve().parents[3] / "shared" / "data" / "strava-ruby-client"
RECORDINGS: Final = 1132
BY_HAND: Final = 10
MARATHON: Final = "1946417534"
"""The one whose samples were recorded."""
MOST_LISTS: Final = 10
OF_WHICH: Final = text("""
    SELECT w.id, r.external_id FROM work w JOIN recordings r ON r.id::text = w.subject
    WHERE w.id = ANY(:units) AND w.kind = :kind
""")
NEWEST: Final = timedelta(days=42)


@pytest.fixture(scope="module")
def athlete() -> RecordedAthlete:
    if not RECORDED.is_dir():
        pytest.skip("the recorded answers of strava-ruby-client are not here")
    return RecordedAthlete(RECORDED)


def test_a_recorded_athlete_comes_in_complete_and_identical(
    deployment: Deployment, athlete: RecordedAthlete
) -> None:
    """Samples were recorded of one activity: of the others' newest ones we ask, and are told of none."""
    start = athlete.newest_instant + timedelta(hours=1)
    days = {"initial_days": NEWEST.days, "history_days": 4000}
    with staged(deployment, World([athlete]), start=start, page_size=200, **days) as stage:
        recorded = {str(one.activity_id): one.start_epoch_s for one in athlete.activities(start)}
        border = (start - NEWEST).timestamp()
        newest = {number for number, began in recorded.items() if began >= border}
        assert len(recorded) == RECORDINGS

        _work_off(stage, "high")
        asked = [one.path.split("/")[-2] for one in stage.strava.journal.records("streams")]
        assert _stored(stage).keys() == newest, "the newest weeks are here before anything else is listed"
        assert set(asked) <= newest
        assert asked == sorted(asked, key=lambda one: -recorded[one])

        waiting = _work_off(stage, "low", leave="fetch")
        order = list(waiting.values())
        # What was typed in by hand has no samples, and is not asked for.
        assert len(asked) + len(order) == RECORDINGS - BY_HAND
        assert not set(order) & newest
        assert order == sorted(order, key=lambda one: -recorded[one])
        work_on(stage.runtime, next(unit for unit, number in waiting.items() if number == MARATHON))

        stored = _stored(stage)
        assert stored.keys() == recorded.keys()
        assert {number: kinds["summary"] for number, kinds in stored.items()} == {
            number: _sha256(athlete.activity_summary(int(number))) for number in recorded
        }
        keys = wanted_keys(",".join(KEYS))
        streams = athlete.activity_streams(int(MARATHON), keys)
        assert streams is not None
        assert {number: kinds["streams"] for number, kinds in stored.items() if "streams" in kinds} == {
            MARATHON: _sha256(streams_body(streams, keys, by_type=True))
        }
        spent = stage.strava.journal.summary()
        assert spent["by_purpose"]["list"] <= MOST_LISTS
        assert "429" not in spent["by_status"]


def _work_off(stage: Stage, priority: QueueName, *, leave: str | None = None) -> dict[int, str]:
    """Do what needs a request, as the bell rings for it; return what was left, and of which activity."""
    left: dict[int, str] = {}
    while True:
        with stage.runtime.database.transaction() as tx:
            tx.execute(text("DELETE FROM work WHERE resource IS NULL"))  # what is computed is no matter here
            due = work.ring(tx, priority, now=stage.runtime.now(), room=RECORDINGS, patience_s=3600)
        with stage.runtime.database.transaction(stage.athlete_id) as tx:
            kept = {row.id: row.external_id for row in tx.execute(OF_WHICH, {"units": due, "kind": leave})}
        # As the bell rings, not as the table lies.
        left |= {unit: kept[unit] for unit in due if unit in kept}
        for unit in due:
            if unit not in kept:
                work_on(stage.runtime, unit)
        if not due:
            return left


def _stored(stage: Stage) -> dict[str, dict[str, str]]:
    with stage.runtime.database.transaction(stage.athlete_id) as tx:
        rows = tx.execute(
            text("""
                SELECT r.external_id, d.kind, d.sha256 FROM recordings r
                JOIN documents d ON d.recording_id = r.id AND d.replaced_at IS NULL
            """)
        ).all()
    twice = [one for one, times in Counter((row.external_id, row.kind) for row in rows).items() if times > 1]
    assert twice == []
    stored: dict[str, dict[str, str]] = {}
    for row in rows:
        stored.setdefault(row.external_id, {})[row.kind] = row.sha256
    return stored


def _sha256(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()
