"""The table of `docs/failures.md`, row by row, over real HTTP against the local Strava."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from typing import Any, Final

import pytest
from sqlalchemy import text

from tests.faults.proxy import Mood
from tests.faults.stage import Connected, Stage, stage
from training_analyzer.quota import transport
from training_analyzer.runtime import Runtime
from training_analyzer.storage import parked, work
from training_analyzer.worker.run import work_on
from training_analyzer_strava.simulator.interfering import Fault
from training_analyzer_strava.simulator.settings import Limit

pytestmark = pytest.mark.slow

NUMBERS: Final = count()


@dataclass
class Case:
    """An athlete whose activities are listed and not fetched; the test does their units itself."""

    here: Stage
    runtime: Runtime
    ann: Connected

    def units(self, kind: str = "fetch") -> list[int]:
        return [unit for (unit,) in self.here.ask("SELECT id FROM work WHERE kind = %s ORDER BY id", kind)]

    def state(self, unit: int) -> tuple[Any, ...]:
        """State, kind of error, failures, waits."""
        (row,) = self.here.ask("SELECT state, last_error, failures, waits FROM work WHERE id = %s", unit)
        return row

    def due(self, unit: int) -> None:
        """Let its waiting be over."""
        with self.runtime.database.transaction() as tx:
            tx.execute(text("UPDATE work SET not_before = '-infinity' WHERE id = :id"), {"id": unit})
            work.open_all(tx)

    def asked(self) -> int:
        return len(self.here.strava.journal.records("streams"))

    def fault(self, **wanted: Any) -> None:
        self.here.strava.simulation.interference.add(Fault(purpose="streams", **wanted))


@pytest.fixture(scope="module")
def here() -> Iterator[Stage]:
    # At the true speed: a quarter of an hour that ends in the middle would open a window that a 429 closed.
    days = {"INITIAL_DAYS": "6", "HISTORY_DAYS": "6"}
    with stage(athletes_there=20, read_limit=Limit(5000, 50_000), speed=1, **days) as made:
        yield made


@pytest.fixture
def case(here: Stage) -> Iterator[Case]:
    here.ask("DELETE FROM work RETURNING 1")
    here.ask("DELETE FROM closures RETURNING 1")
    here.ask("DELETE FROM quota_windows RETURNING 1")  # a window that a 429 has closed is over
    here.empty_redis()
    with here.runtime() as runtime:
        made = Case(here, runtime, here.connect(next(NUMBERS)))
        while lists := [unit for unit in made.units("list") if made.state(unit)[0] == "owed"]:
            before = [made.here.ask("SELECT fence FROM work WHERE id = %s", unit) for unit in lists]
            for unit in lists:
                work_on(runtime, unit)
            if before == [made.here.ask("SELECT fence FROM work WHERE id = %s", unit) for unit in lists]:
                break  # planned for later
        assert len(made.units()) >= 2
        yield made
        here.strava.simulation.interference.clear()
        here.network.mood = "well"


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "status", "status": 500},
        {"kind": "status", "status": 503},
        {"kind": "page", "status": 502},
        {"kind": "page", "status": 200},
        {"kind": "cut"},
    ],
    ids=lambda fault: f"{fault['kind']} {fault.get('status', '')}",
)
def test_what_does_not_answer_is_waited_for_and_never_given_up(case: Case, fault: dict[str, Any]) -> None:
    unit = case.units()[0]
    case.fault(times=8, **fault)
    before = case.asked()
    for tries in range(8):
        work_on(case.runtime, unit)
        assert case.state(unit) == ("owed", "Unavailable", 0, tries + 1)
        work_on(case.runtime, unit)  # rung too early: nothing is asked
        case.due(unit)
    assert case.asked() - before == 8
    work_on(case.runtime, unit)
    assert case.state(unit) == ("done", None, 0, 0)


@pytest.mark.parametrize("mood", ["refused", "cut", "stalled"])
def test_a_network_that_fails_is_an_outage(case: Case, mood: Mood, monkeypatch: pytest.MonkeyPatch) -> None:
    import httpx

    unit = case.units()[0]
    case.here.network.mood = mood
    with monkeypatch.context() as hasty:
        hasty.setattr(transport.metered_client, "__kwdefaults__", {"timeout": httpx.Timeout(1)})
        work_on(case.runtime, unit)
    assert case.state(unit) == ("owed", "Unavailable", 0, 1)
    case.here.network.mood = "dribbling"  # slow, and right
    case.due(unit)
    work_on(case.runtime, unit)
    assert case.state(unit)[0] == "done"


def test_a_429_closes_the_window_for_everybody_and_nobody_asks_again(case: Case) -> None:
    first, second, *_ = case.units()
    case.fault(kind="status", status=429, times=None)
    before = case.asked()
    work_on(case.runtime, first)
    assert case.state(first) == ("owed", "RateLimited", 0, 0)
    with case.runtime.database.transaction() as tx:
        tx.execute(text("UPDATE work SET not_before = '-infinity'"))
    for unit in (first, second):
        case.due(unit)  # even where PostgreSQL had forgotten: the gate has not
        work_on(case.runtime, unit)
    assert case.asked() - before == 1
    assert case.state(second) == ("owed", "RateLimited", 0, 0)


def test_a_refused_token_is_renewed_once_then_the_athlete_is_asked(case: Case) -> None:
    first, second, *_ = case.units()
    tokens = len(case.here.strava.journal.records("token"))
    case.fault(kind="status", status=401, times=1)
    work_on(case.runtime, first)
    assert case.state(first)[0] == "done"
    assert len(case.here.strava.journal.records("token")) == tokens + 1

    case.fault(kind="status", status=401, times=None)
    before = case.asked()
    work_on(case.runtime, second)
    assert case.asked() - before == 2
    assert len(case.here.strava.journal.records("token")) == tokens + 2
    (row,) = case.here.ask("SELECT status, problem FROM connections WHERE id = %s", case.ann.connection_id)
    assert row[0] == "reconnect"
    assert "Connect Strava again" in row[1]
    for unit in case.units():
        work_on(case.runtime, unit)
    assert case.asked() - before == 2, "nobody asks until the athlete has connected again"


def test_an_inactive_application_stops_the_provider_and_bothers_no_athlete(case: Case) -> None:
    unit = case.units()[0]
    case.fault(kind="inactive")
    work_on(case.runtime, unit)
    assert case.state(unit) == ("owed", "Misconfigured", 0, 0)
    assert case.here.ask("SELECT count(*) FROM closures WHERE resource = 'strava'") == [(2,)]
    assert case.here.ask("SELECT status FROM connections WHERE id = %s", case.ann.connection_id) == [
        ("active",)
    ]
    case.due(unit)
    work_on(case.runtime, unit)
    assert case.state(unit)[0] == "done"


def test_what_is_not_there_three_times_is_remembered_and_the_activity_stays(case: Case) -> None:
    unit = case.units()[0]
    case.fault(kind="status", status=404, times=3)
    for state in ("owed", "owed", "done"):
        case.due(unit)
        work_on(case.runtime, unit)
        assert case.state(unit) == (state, None, 0, 0)
    absent = case.here.ask(
        "SELECT absent FROM recordings WHERE athlete_id = %s AND absent IS NOT NULL", case.ann.athlete_id
    )
    assert absent == [("not_found",)]


def test_an_answer_that_breaks_off_once_is_whole_the_next_time(case: Case) -> None:
    unit = case.units()[0]
    case.fault(kind="truncated", times=1)
    work_on(case.runtime, unit)
    assert case.state(unit) == ("owed", "BadData", 1, 0)
    case.due(unit)
    work_on(case.runtime, unit)
    assert case.state(unit) == ("done", None, 0, 0)


def test_poison_is_parked_with_its_bytes_shown_and_tried_again(case: Case) -> None:
    unit, healthy, *_ = case.units()
    case.fault(kind="truncated", times=2)
    before = case.asked()
    for _ in range(4):
        work_on(case.runtime, unit)
        case.due(unit)
    assert case.asked() - before == 2
    assert case.state(unit)[:2] == ("parked", "BadData")
    work_on(case.runtime, healthy)
    assert case.state(healthy)[0] == "done"
    with case.runtime.database.transaction(case.ann.athlete_id) as tx:
        (told,) = work.parked_of(tx, case.ann.athlete_id)
        assert "cut off" in told.last_error
        kept = tx.execute(text("SELECT recording_id::text, media_type FROM rejections")).all()
        assert [row[0] for row in kept] == [told.subject]
        assert parked.retry(tx, case.ann.athlete_id).units == 1
    work_on(case.runtime, unit)
    assert case.state(unit)[0] == "done"
