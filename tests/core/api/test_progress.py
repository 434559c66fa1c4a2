"""Progress, once and as it happens."""

import json
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
from sqlalchemy import text

from tests.conftest import NOW, StoppedClock
from tests.fakes.provider import FakeService
from training_analyzer import queue
from training_analyzer.runtime import Runtime
from training_analyzer.sdk import Misconfigured, RateLimited, Unavailable
from training_analyzer.storage import connections, work
from training_analyzer.storage.database import act_as
from training_analyzer.storage.work import Owed

STREAM = {"Accept": "text/event-stream"}


def test_progress_begins_with_what_is_owed(ann: httpx.Client, connection_id: UUID) -> None:
    progress = ann.get(f"/connections/{connection_id}/progress").json()
    assert progress["status"] == "active"
    assert not progress["summaries_complete"]
    assert not progress["initial_complete"]
    assert progress["owed"] == [
        {"kind": "list", "priority": "first", "units": 1},
        {"kind": "list", "priority": "low", "units": 1},
    ]
    assert {purpose: window["done"] for purpose, window in progress["listings"].items()} == {
        "initial": False,
        "history": False,
    }
    assert progress["frontier"] == {"since": None, "until": None, "complete": False}
    assert progress["requests_owed"] == 4
    assert progress["arrives_at"] is not None


def test_progress_ends_when_everything_is_there(ann: httpx.Client, trained: UUID) -> None:
    progress = ann.get(f"/connections/{trained}/progress").json()
    assert progress["summaries_complete"]
    assert progress["initial_complete"]
    assert (
        progress["recordings"]["initial"]["recordings"] == 22
    )  # today, 42 days ago, and every second day between
    assert progress["recordings"]["all"]["recordings"] == progress["recordings"]["all"]["complete"] == 50
    assert progress["owed"] == []
    assert progress["parked"] == []
    assert progress["frontier"]["complete"]
    assert progress["frontier"]["since"] == progress["listings"]["history"]["since"]
    assert progress["frontier"]["until"]
    assert (progress["requests_owed"], progress["arrives_at"]) == (0, None)


def test_progress_says_what_went_wrong(
    ann: httpx.Client, service: FakeService, connection_id: UUID, work_off: Callable[[], int]
) -> None:
    service.add(1, NOW, sport="broken")
    service.add(2, NOW, title="nonsense")
    work_off()
    progress = ann.get(f"/connections/{connection_id}/progress").json()
    assert progress["rejected"] == ["it has no start"]
    assert progress["recordings"]["initial"]["parked"] == 1


def test_what_was_given_up_of_the_history_does_not_make_the_newest_weeks_complete(
    ann: httpx.Client, runtime: Runtime, trained: UUID
) -> None:
    def give_up(order: str) -> dict[str, Any]:
        """Let the fetch of the newest or the oldest recording have failed for good; return the progress."""
        with runtime.database.transaction() as tx:
            whose = tx.execute(text("SELECT athlete_id FROM work LIMIT 1")).scalar_one()
            act_as(tx, whose)
            recording = tx.execute(
                text(f"""
                    UPDATE recordings SET fetched_at = NULL
                    WHERE id = (SELECT id FROM recordings ORDER BY started_at {order} LIMIT 1) RETURNING id
                """)
            ).scalar_one()
            work.owe(tx, [Owed("fetch", str(recording), whose, "low")])
            tx.execute(
                text("UPDATE work SET state = 'parked' WHERE kind = 'fetch' AND subject = :id"),
                {"id": str(recording)},
            )
        found: dict[str, Any] = ann.get(f"/connections/{trained}/progress").json()
        return found

    oldest = give_up("ASC")
    assert (oldest["recordings"]["initial"]["given_up"], oldest["recordings"]["all"]["given_up"]) == (0, 1)
    newest = give_up("DESC")
    assert newest["recordings"]["initial"]["given_up"] == 1
    assert newest["initial_complete"], "it stands in `parked`, and waiting does not bring it"
    with runtime.database.transaction() as tx:
        tx.execute(
            text("""
                UPDATE work SET state = 'owed' WHERE kind = 'fetch' AND subject = (
                    SELECT subject FROM work WHERE kind = 'fetch' AND state = 'parked'
                    ORDER BY updated_at DESC LIMIT 1)
            """)
        )
    assert not ann.get(f"/connections/{trained}/progress").json()["initial_complete"]


def test_progress_is_known_without_redis(ann: httpx.Client, runtime: Runtime, connection_id: UUID) -> None:
    runtime.redis = queue.connect("redis://127.0.0.1:1")
    progress = ann.get(f"/connections/{connection_id}/progress")
    assert progress.status_code == 200
    assert progress.json()["owed"]


def fail(service: FakeService, error: Exception) -> None:
    def fault(_method: str, _subject: str) -> None:
        raise error

    service.fault = fault


def test_progress_says_what_an_outage_holds_up_and_until_when(
    ann: httpx.Client,
    service: FakeService,
    connection_id: UUID,
    clock: StoppedClock,
    work_off: Callable[[], int],
) -> None:
    fail(service, Unavailable("It answered 503."))
    for _ in range(40):
        work_off()
        clock.advance(seconds=60)
    progress = ann.get(f"/connections/{connection_id}/progress").json()
    waiting = progress["waiting"]
    assert {(one["kind"], one["units"], one["reason"]) for one in waiting} == {
        ("list", 2, "Unavailable: It answered 503.")
    }
    assert datetime.fromisoformat(waiting[0]["until"]) > clock.moment
    latest = datetime.fromisoformat(progress["arrives_at"])
    assert latest >= datetime.fromisoformat(waiting[0]["until"])
    assert latest - clock.moment > timedelta(minutes=5)
    assert progress["opens_at"] is None, "its quota is open"


def test_progress_says_that_the_server_has_to_be_mended_to_those_too_whose_work_was_not_begun(
    ann: httpx.Client,
    service: FakeService,
    connection_id: UUID,
    clock: StoppedClock,
    work_off: Callable[[], int],
) -> None:
    fail(service, Misconfigured("The application is switched off."))
    work_off()
    clock.advance(seconds=240)
    progress = ann.get(f"/connections/{connection_id}/progress").json()
    first, second = sorted((one["reason"], one["units"]) for one in progress["waiting"])
    assert first == ("Misconfigured: The application is switched off.", 1)
    assert second == ("Misconfigured: whoever runs this server has to put something right first", 1)
    until = NOW + timedelta(minutes=15)
    assert {datetime.fromisoformat(one["until"]) for one in progress["waiting"]} == {until}
    assert datetime.fromisoformat(progress["arrives_at"]) >= until
    assert progress["opens_at"] is None


def test_progress_says_that_the_quota_is_used_up(
    ann: httpx.Client, service: FakeService, connection_id: UUID, work_off: Callable[[], int]
) -> None:
    until = NOW + timedelta(minutes=9)
    fail(service, RateLimited("full", retry_at=until))
    work_off()
    progress = ann.get(f"/connections/{connection_id}/progress").json()
    assert sum(one["units"] for one in progress["waiting"]) == 2
    assert {one["reason"].partition(":")[0] for one in progress["waiting"]} == {"RateLimited"}
    assert datetime.fromisoformat(progress["opens_at"]) == until
    assert datetime.fromisoformat(progress["arrives_at"]) >= until


def test_what_is_planned_for_later_waits_for_nothing(ann: httpx.Client, trained: UUID) -> None:
    assert ann.get(f"/connections/{trained}/progress").json()["waiting"] == []


def test_events_come_until_all_is_there(
    ann: httpx.Client, service: FakeService, connection_id: UUID, work_off: Callable[[], int]
) -> None:
    service.add(1, NOW)
    with ann.stream("GET", f"/connections/{connection_id}/progress", headers=STREAM) as answer:
        assert answer.headers["Content-Type"] == "text/event-stream; charset=utf-8"
        events = read_events(answer)
        name, progress = next(events)
        assert (name, progress["initial_complete"]) == ("progress", False)
        work_off()
        *_, (name, progress) = events
    assert (name, progress["initial_complete"]) == ("end", True)
    assert progress["connection_id"] == str(connection_id)


def test_events_end_where_the_athlete_has_to_act(
    ann: httpx.Client, runtime: Runtime, athlete_id: UUID, connection_id: UUID
) -> None:
    with runtime.database.transaction(athlete_id) as tx:
        connections.mark_reconnect(tx, connection_id, "Connect again.")
    with ann.stream("GET", f"/connections/{connection_id}/progress", headers=STREAM) as answer:
        events = list(read_events(answer))
    assert [(name, progress["problem"]) for name, progress in events] == [("end", "Connect again.")]


def test_events_end_with_the_session(ann: httpx.Client, connection_id: UUID) -> None:
    with ann.stream("GET", f"/connections/{connection_id}/progress", headers=STREAM) as answer:
        events = read_events(answer)
        assert next(events)[0] == "progress"
        ann.delete("/sessions/current")
        assert [name for name, _ in events][-1] == "end"


def read_events(answer: httpx.Response) -> Iterator[tuple[str, dict[str, object]]]:
    name = ""
    for line in answer.iter_lines():
        if line.startswith("event: "):
            name = line.removeprefix("event: ")
        elif line.startswith("data: "):
            yield name, json.loads(line.removeprefix("data: "))
