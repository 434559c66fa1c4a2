"""What was given up: told with its reason, to its athlete alone, and tried again when asked."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from uuid import UUID

import httpx
import pytest
from sqlalchemy import text

from tests.conftest import NOW, StoppedClock
from tests.core.cli.conftest import Run, configured, run
from tests.fakes.provider import FakeService
from training_analyzer.runtime import Runtime
from training_analyzer.sdk import BadData, RawDocument
from training_analyzer.storage import parked
from training_analyzer.storage.database import Transaction
from training_analyzer.storage.parked import Retried
from training_analyzer.worker.dispatcher import begin

__all__ = ["configured", "run"]

SECRET = "Ann's house, Elm Street 5"


@pytest.fixture
def poisoned(
    runtime: Runtime,
    service: FakeService,
    clock: StoppedClock,
    connect: Callable[[], UUID],
    work_off: Callable[[], int],
) -> FakeService:
    """One recording whose documents make no sense, one whose answer does not, and a healthy one."""
    service.add(1, NOW)
    service.add(2, NOW, title="nonsense")
    garbled = service.add(3, NOW)

    def fault(method: str, subject: str) -> None:
        if method == "fetch" and subject == garbled.external_id:
            document = RawDocument(kind="answer", media_type="text/plain", body=SECRET.encode())
            raise BadData(f"it says {SECRET}", document=document)

    service.fault = fault
    connect()
    work_off()
    clock.advance(seconds=20)
    work_off()
    return service


def test_it_is_told_with_its_reason_and_the_rest_goes_on(
    ann: httpx.Client, bob: httpx.Client, poisoned: FakeService
) -> None:
    told = ann.get("/parked").json()
    assert [(one["external_id"], one["provider"]) for one in told["recordings"]] == [("2", "fake")]
    assert "it makes no sense" in told["recordings"][0]["problem"]
    assert [(one["kind"], one["failures"]) for one in told["work"]] == [("fetch", 2)]
    assert SECRET in told["work"][0]["reason"]
    assert len(ann.get("/activities").json()["items"]) == 2
    assert poisoned.asked("fetch").count("3") == 2
    assert bob.get("/parked").json() == {"recordings": [], "work": []}


def test_what_was_received_is_kept_and_what_all_may_read_tells_nothing(
    runtime: Runtime, athlete_id: UUID, poisoned: FakeService
) -> None:
    with runtime.database.transaction() as tx:
        everybodys = str(tx.execute(text("SELECT w::text FROM work w")).scalars().all())
        assert tx.execute(text("SELECT count(*) FROM troubles")).scalar() == 0, "nobody's"
    assert "BadData" in everybodys
    assert SECRET not in everybodys
    assert "it says" not in everybodys
    with runtime.database.transaction(athlete_id) as tx:
        (kept,) = tx.execute(text("SELECT recording_id FROM rejections")).all()
        (subject,) = tx.execute(text("SELECT subject FROM work WHERE state = 'parked'")).scalars()
    assert str(kept.recording_id) == subject


def test_it_is_tried_again_when_the_athlete_asks(
    ann: httpx.Client, poisoned: FakeService, work_off: Callable[[], int], clock: StoppedClock
) -> None:
    assert ann.post("/parked/retry").json() == {"recordings": 1, "work": 1}
    work_off()
    assert len(ann.get("/parked").json()["recordings"]) == 1, "it makes no more sense than before"
    poisoned.fault = lambda _method, _subject: None
    clock.advance(seconds=20)
    work_off()
    assert ann.get("/parked").json()["work"] == []
    assert poisoned.asked("fetch").count("3") == 4


def test_it_is_tried_again_by_the_deployer(
    run: Run, configured: dict[str, str], ann: httpx.Client, poisoned: FakeService
) -> None:
    assert "Tried again: 1 unit of work, 1 recording." in run("retry", **configured).out
    assert run("retry", "athlete@example.org", **configured).out == "Nothing was given up.\n"
    assert run("retry", "nobody@example.org", **configured).code == 1


def test_everybody_is_tried_again_page_by_page(
    *,
    runtime: Runtime,
    ann: httpx.Client,
    bob: httpx.Client,
    poisoned: FakeService,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(parked, "AT_ONCE", 1)
    opened = []

    def counted() -> AbstractContextManager[Transaction]:
        opened.append(1)
        return runtime.database.transaction()

    assert parked.retry_everything(counted) == Retried(units=1, recordings=1)
    assert len(opened) == 3, "one for each, and a look behind them"


def test_a_mended_plugin_tries_again_by_itself(
    runtime: Runtime,
    ann: httpx.Client,
    poisoned: FakeService,
    work_off: Callable[[], int],
    clock: StoppedClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for _ in range(2):  # the first start notes which plugins there are; the second finds no change
        begin(runtime)
        work_off()
        clock.advance(seconds=20)
        work_off()
    asked = poisoned.asked("fetch").count("3")
    poisoned.fault = lambda _method, _subject: None
    monkeypatch.setattr(Runtime, "plugins_digest", "a newer version")
    begin(runtime)
    work_off()
    assert poisoned.asked("fetch").count("3") == asked + 1
    assert ann.get("/parked").json()["work"] == []
