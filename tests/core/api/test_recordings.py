"""The same ride from two sources is one activity; what the athlete says of it outlasts every sync."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from tests.conftest import NOW
from tests.fakes.files import FakeFiles, line
from tests.fakes.metrics import Minutes, RunningTotal, metric
from tests.fakes.provider import FakeProvider, FakeService
from tests.fakes.registry import registry_of
from training_analyzer import pipeline
from training_analyzer.ingestion.planning import list_again
from training_analyzer.processing.plan import Plan
from training_analyzer.registry.registry import Registry
from training_analyzer.runtime import Runtime
from training_analyzer.sdk import ActivityInput, ActivityMetrics, DataRights, Measurement
from training_analyzer.storage import connections


@pytest.fixture
def registry(service: FakeService) -> Registry:
    bound = FakeProvider(service, rights=DataRights(ai=False, terms_url="https://example.org"))
    return registry_of(bound, FakeFiles())


def activities(ann: httpx.Client) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = ann.get("/activities").json()["items"]
    return found


def days(ann: httpx.Client) -> float:
    series = ann.get("/days", params={"metrics": "fake.daily_load"}).json()["series"]["fake.daily_load"]
    return sum(value or 0 for value in series["values"])


@pytest.fixture
def sync(
    runtime: Runtime, athlete_id: UUID, connection_id: UUID, work_off: Callable[[], int]
) -> Callable[[], None]:
    def synced() -> None:
        with runtime.database.transaction(athlete_id) as tx:
            connection = connections.find(tx, connection_id)
            assert connection is not None
            listed = list_again(tx, connection, "recent", runtime.horizon, now=runtime.now())
            pipeline.record(tx, [listed], now=runtime.now())
        work_off()

    return synced


@pytest.fixture
def both(
    ann: httpx.Client, service: FakeService, connection_id: UUID, work_off: Callable[[], int]
) -> dict[str, Any]:
    """One ride, from the service and as a file that is richer by nothing but its freedom."""
    ride = service.add(1, NOW, has_streams=False, title="From the service")
    work_off()
    content = line("f1", ride.started_at + timedelta(seconds=20), minutes=58, title="From the file")
    ann.post("/uploads", files={"file": ("a.txt", content)})
    work_off()
    (activity,) = activities(ann)
    return activity


def test_one_ride_of_two_sources_counts_once(ann: httpx.Client, both: dict[str, Any]) -> None:
    assert [(one["provider"], one["leads"]) for one in both["recordings"]] == [
        ("fake", False),
        ("paper", True),
    ]
    assert both["title"] == "From the file"
    assert both["sources"] == ["paper"], "the numbers, and so the rights, are those of the leader"
    assert days(ann) == 58


def test_the_athlete_chooses_which_leads(
    ann: httpx.Client, both: dict[str, Any], work_off: Callable[[], int], sync: Callable[[], None]
) -> None:
    other = both["recordings"][0]["id"]
    answer = ann.put(f"/activities/{both['id']}/leading", json={"recording_id": other})
    assert answer.status_code == 202, answer.text
    work_off()
    (activity,) = activities(ann)
    assert (activity["id"], activity["title"], activity["sources"]) == (
        both["id"],
        "From the service",
        ["fake"],
    )
    assert days(ann) == 60
    sync()
    assert activities(ann)[0]["title"] == "From the service"


def test_split_stays_split_and_join_brings_it_back(
    *,
    ann: httpx.Client,
    both: dict[str, Any],
    service: FakeService,
    work_off: Callable[[], int],
    sync: Callable[[], None],
) -> None:
    split_off = both["recordings"][0]["id"]
    answer = ann.post(f"/activities/{both['id']}/split", json={"recordings": [split_off]})
    assert answer.status_code == 202, answer.text
    work_off()
    assert {one["title"] for one in activities(ann)} == {"From the file", "From the service"}
    assert days(ann) == 118
    service.sessions[0].minutes = 61
    sync()
    assert len(activities(ann)) == 2, "the athlete's word outlasts a sync"
    first, second = activities(ann)
    joined = ann.post(f"/activities/{first['id']}/join", json={"activity_id": second["id"]})
    assert joined.status_code == 202, joined.text
    work_off()
    (activity,) = activities(ann)
    assert activity["id"] == joined.json()["activity_id"]
    assert len(activity["recordings"]) == 2
    assert days(ann) == 58


def test_what_makes_no_sense_is_told(ann: httpx.Client, both: dict[str, Any]) -> None:
    every = [one["id"] for one in both["recordings"]]
    address = f"/activities/{both['id']}"
    assert ann.post(f"{address}/split", json={"recordings": every}).status_code == 409
    assert ann.post(f"{address}/split", json={"recordings": [999]}).status_code == 404
    assert ann.post(f"{address}/split", json={"recordings": []}).status_code == 422
    assert ann.post(f"{address}/join", json={"activity_id": both["id"]}).status_code == 409
    assert ann.post(f"{address}/join", json={"activity_id": str(UUID(int=1))}).status_code == 404
    assert ann.put(f"{address}/leading", json={"recording_id": 999}).status_code == 404


def test_disconnecting_keeps_what_the_file_still_holds(
    ann: httpx.Client, both: dict[str, Any], connection_id: UUID, work_off: Callable[[], int]
) -> None:
    ann.put(f"/activities/{both['id']}/leading", json={"recording_id": both["recordings"][0]["id"]})
    work_off()
    assert ann.delete(f"/connections/{connection_id}").status_code == 200
    work_off()
    (activity,) = activities(ann)
    assert (activity["id"], activity["title"], activity["sources"]) == (
        both["id"],
        "From the file",
        ["paper"],
    )
    assert days(ann) == 58


def test_a_connection_that_brought_nothing_takes_no_days_with_it(
    ann: httpx.Client, connection_id: UUID, work_off: Callable[[], int]
) -> None:
    ann.post("/uploads", files={"file": ("a.txt", line("f1", NOW, minutes=58))})
    work_off()
    assert ann.delete(f"/connections/{connection_id}").status_code == 200
    assert days(ann) == 58, "before any worker has come"


def test_a_recording_is_deleted_and_may_come_again(
    ann: httpx.Client, bob: httpx.Client, both: dict[str, Any], work_off: Callable[[], int]
) -> None:
    of_service, of_file = (f"/activities/{both['id']}/recordings/{one['id']}" for one in both["recordings"])
    assert ann.delete(of_service).status_code == 409, "the next list would bring it again"
    assert bob.delete(of_file).status_code == 404
    assert ann.delete(of_file).status_code == 204
    assert ann.delete(of_file).status_code == 404
    work_off()
    (activity,) = activities(ann)
    assert (activity["title"], activity["sources"]) == ("From the service", ["fake"])
    assert days(ann) == 60
    again = line("f1", NOW - timedelta(days=1), minutes=58)
    begun = ann.post("/uploads", files={"file": ("a.txt", again)}).json()
    work_off()
    assert ann.get(begun["progress"].removeprefix("/api/v1")).json()["added"] == 1
    assert days(ann) == 58


def test_with_its_last_recording_the_activity_goes(ann: httpx.Client, work_off: Callable[[], int]) -> None:
    ann.post("/uploads", files={"file": ("a.txt", line("f1", NOW) + line("f2", NOW - timedelta(days=1)))})
    work_off()
    gone, stays = activities(ann)
    assert ann.delete(f"/activities/{gone['id']}/recordings/{gone['recordings'][0]['id']}").status_code == 204
    work_off()
    assert activities(ann) == [stays]
    assert days(ann) == 60


def test_two_athletes_at_the_same_time_are_two(
    ann: httpx.Client, bob: httpx.Client, work_off: Callable[[], int]
) -> None:
    for athlete in (ann, bob):
        athlete.post("/uploads", files={"file": ("a.txt", line("f1", NOW))})
    work_off()
    assert len(activities(ann)) == len(activities(bob)) == 1
    assert activities(ann)[0]["id"] != activities(bob)[0]["id"]


class Strange(ActivityMetrics):
    """Says of a session called "nul" what PostgreSQL cannot hold."""

    metrics = (metric("strange.number"),)

    def measure(self, given: ActivityInput) -> Iterable[Measurement]:
        method = "with \0" if given.activity.title == "nul" else "plain"
        yield Measurement(key="strange.number", value=1, method=method)


def test_where_the_leader_cannot_be_stored_another_one_leads(
    ann: httpx.Client,
    runtime: Runtime,
    service: FakeService,
    connection_id: UUID,
    work_off: Callable[[], int],
) -> None:
    runtime.plan = Plan((Minutes(), Strange()), (RunningTotal(),), lambda _: "strange")
    ride = service.add(1, NOW, has_streams=False, title="From the service")
    work_off()
    begun = ann.post("/uploads", files={"file": ("a.txt", line("f1", ride.started_at, title="nul"))})
    work_off()
    (activity,) = activities(ann)
    assert activity["title"] == "From the service"
    assert days(ann) == 60
    results = ann.get(begun.json()["progress"].removeprefix("/api/v1") + "/results").json()["items"]
    assert [one["outcome"] for one in results] == ["added"]
