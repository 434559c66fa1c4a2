"""Where services call: stored and answered at once, and nothing done on their word."""

import time
from collections.abc import Callable, Iterator
from uuid import UUID, uuid4

import pytest
from fastapi.testclient import TestClient
from pydantic import SecretStr
from sqlalchemy import text

from tests.conftest import NOW, Deployment, StoppedClock
from tests.fakes.provider import FakeService
from tests.waiting import until
from training_analyzer.api.app import create_app
from training_analyzer.domain.errors import Missing
from training_analyzer.ingestion import webhooks
from training_analyzer.registry.registry import Registry
from training_analyzer.runtime import Runtime
from training_analyzer.sdk import DataRights, MissingScope, NotAuthorized, RawDocument
from training_analyzer.storage import connections, profiles, receipts

SECRET = "a-secret-of-the-address"
ADDRESS = f"/webhooks/fake/{SECRET}"


@pytest.fixture
def runtime(deployment: Deployment, registry: Registry, clock: object) -> Iterator[Runtime]:
    runtime = Runtime(deployment.settings(webhook_secret=SecretStr(SECRET)), registry=registry)
    runtime.clock = clock  # type: ignore[assignment]
    yield runtime
    runtime.close()


@pytest.fixture
def http(runtime: Runtime) -> Iterator[TestClient]:
    with TestClient(create_app(runtime)) as http:
        yield http


@pytest.fixture
def connected(runtime: Runtime, connect: Callable[[], UUID], work_off: Callable[[], int]) -> UUID:
    """The athlete's connection, to whose service we have subscribed."""
    webhooks.subscribe(runtime.database, runtime.source("fake"), f"https://training.example{ADDRESS}")
    connection_id = connect()
    work_off()
    return connection_id


def event(kind: str = "activity_changed", external_id: str | None = "1", **more: object) -> dict[str, object]:
    said: dict[str, object] = {"event": kind, "account_id": "account-1", "subscription_id": "s1", **more}
    return said | ({} if external_id is None else {"external_id": external_id})


def send(http: TestClient, *events: dict[str, object]) -> None:
    assert http.post(ADDRESS, json=list(events)).status_code == 200


def counted(runtime: Runtime, athlete_id: UUID, table: str) -> int:
    with runtime.database.transaction(athlete_id) as tx:
        return int(tx.execute(text(f"SELECT count(*) FROM {table}")).scalar_one())


def ignored(runtime: Runtime) -> dict[str, int]:
    with runtime.database.transaction() as tx:
        return dict(receipts.ignored(tx, "fake"))


def test_a_new_activity_arrives_with_two_requests(
    runtime: Runtime,
    http: TestClient,
    service: FakeService,
    athlete_id: UUID,
    connected: UUID,
    work_off: Callable[[], int],
) -> None:
    service.add(400, NOW)  # however old it is
    before = len(service.calls)
    send(http, event(key="k1"))
    assert len(service.calls) == before, "nobody is asked while the service waits"
    assert counted(runtime, athlete_id, "receipts") == 1
    work_off()
    assert service.calls[before:] == [("look_up", "1"), ("fetch", "1")]
    assert counted(runtime, athlete_id, "activities") == 1


def test_repeated_late_and_unordered_events_do_no_harm(
    runtime: Runtime,
    http: TestClient,
    service: FakeService,
    athlete_id: UUID,
    connected: UUID,
    clock: StoppedClock,
    work_off: Callable[[], int],
) -> None:
    service.add(1, NOW)
    gone, new = event("activity_deleted", key="k2"), event(key="k1")
    for said in (gone, new, gone, new):
        send(http, said)
        work_off()
    assert service.asked("look_up") == ["1", "1"], "a repetition costs no request"
    assert service.asked("fetch") == ["1"]
    assert counted(runtime, athlete_id, "activities") == 1, "the service says that it is there"
    with runtime.database.transaction(athlete_id) as tx:
        assert tx.execute(text("SELECT sum(times) FROM receipts")).scalar() == 4
    service.sessions.clear()
    send(http, event("activity_deleted", key="k3"), event(key="k4"))
    work_off()
    clock.advance(seconds=90)
    work_off()
    assert counted(runtime, athlete_id, "activities") == 0
    assert counted(runtime, athlete_id, "recordings") == 0


@pytest.mark.parametrize(("after_s", "asked"), [(0.5, 2), (10, 1)])
def test_a_second_change_in_one_second_is_no_repetition(
    runtime: Runtime,
    http: TestClient,
    service: FakeService,
    clock: StoppedClock,
    connected: UUID,
    work_off: Callable[[], int],
    after_s: float,
    asked: int,
) -> None:
    """Both events are the same, to the letter. Only who looked later than that second has seen both changes."""
    service.add(1, NOW)
    same = event(key="k1", happened_at=clock.moment.replace(microsecond=0).isoformat())
    clock.advance(seconds=after_s)
    for _ in range(2):
        send(http, same)
        work_off()
    assert len(service.asked("look_up")) == asked


def test_nobody_s_events_are_counted_and_forgotten(
    runtime: Runtime, http: TestClient, service: FakeService, athlete_id: UUID, connected: UUID
) -> None:
    send(http, event(account_id="somebody-else"), event(subscription_id="s2"), event(subscription_id="s2"))
    assert http.post(ADDRESS, content=b"<nonsense>").status_code == 200
    send(http)
    assert ignored(runtime) == {
        "unknown_account": 1,
        "unknown_subscription": 2,
        "unreadable": 1,
        "about_nothing": 1,
    }
    assert counted(runtime, athlete_id, "receipts") == 0
    with runtime.database.transaction() as tx:
        written = tx.execute(text("SELECT row_to_json(i)::text FROM ignored_events i")).scalars()
        assert not any("somebody" in row for row in written)


@pytest.mark.parametrize(
    "address", [f"/webhooks/fake/{SECRET}x", f"/webhooks/other/{SECRET}", "/webhooks/fake/-"]
)
def test_other_addresses_do_not_exist(http: TestClient, connected: UUID, address: str) -> None:
    for answer in (http.get(address), http.post(address, json=[])):
        assert answer.status_code == 404
        assert answer.headers["content-type"] == "application/problem+json"


def test_without_a_secret_there_is_no_address(deployment: Deployment, registry: Registry) -> None:
    runtime = Runtime(deployment.settings(), registry=registry)
    with TestClient(create_app(runtime)) as http:
        assert http.post(ADDRESS, json=[]).status_code == 404
    runtime.close()


def test_the_challenge_is_the_plugin_s_to_answer(http: TestClient) -> None:
    right = http.get(ADDRESS, params={"token": "verify", "challenge": "c"})
    assert (right.status_code, right.json()) == (200, {"challenge": "c"})
    assert http.get(ADDRESS, params={"token": "guessed", "challenge": "c"}).status_code == 404


def test_a_forged_farewell_changes_nothing(
    runtime: Runtime,
    http: TestClient,
    service: FakeService,
    athlete_id: UUID,
    connected: UUID,
    work_off: Callable[[], int],
) -> None:
    service.add(1, NOW)
    send(http, event(key="k0"), event("account_disconnected", None, key="k1"))
    work_off()
    with runtime.database.transaction(athlete_id) as tx:
        connection = connections.find(tx, connected)
    assert connection
    assert connection.status == "active"
    assert counted(runtime, athlete_id, "activities") == 1


@pytest.mark.parametrize(("erase_within_days", "left"), [(30, 0), (None, 1)])
def test_a_farewell_that_is_confirmed_marks_the_connection_and_erases_where_the_terms_ask_for_it(
    runtime: Runtime,
    http: TestClient,
    service: FakeService,
    athlete_id: UUID,
    connected: UUID,
    work_off: Callable[[], int],
    erase_within_days: int | None,
    left: int,
) -> None:
    service.add(1, NOW)
    send(http, event(key="k0"))
    work_off()
    runtime.__dict__["rights"] = {"fake": DataRights(erase_within_days=erase_within_days)}
    with runtime.database.transaction(athlete_id) as tx:
        body = RawDocument(kind="athlete", media_type="application/json", body=b"{}")
        profiles.store(tx, athlete_id, connected, [body], received_at=NOW)

    def refuse(method: str, subject: str) -> None:
        raise NotAuthorized("The athlete has left.")

    service.fault = refuse
    send(http, event("account_disconnected", None, key="k1"))
    work_off()
    with runtime.database.transaction(athlete_id) as tx:
        connection = connections.find(tx, connected)
        erasures = tx.execute(text("SELECT asked_by, activities FROM erasures")).all()
    assert connection
    assert connection.status == "reconnect"
    assert connection.problem
    for table in ("activities", "recordings", "documents", "days", "profile_documents"):
        assert bool(counted(runtime, athlete_id, table)) is bool(left), table
    assert [tuple(row) for row in erasures] == ([] if left else [("provider", 1)])
    send(http, event(key="k2"))
    assert ignored(runtime) == {"waits_for_reconnecting": 1}


def test_a_farewell_that_comes_after_a_refusal_erases_all_the_same(
    runtime: Runtime,
    http: TestClient,
    service: FakeService,
    athlete_id: UUID,
    connected: UUID,
    work_off: Callable[[], int],
) -> None:
    """Whoever asks first finds out and marks the connection: the service's word is later, and is not lost."""
    service.add(1, NOW)
    send(http, event(key="k0"))
    work_off()
    runtime.__dict__["rights"] = {"fake": DataRights(erase_within_days=30)}

    def refuse(method: str, subject: str) -> None:
        raise NotAuthorized("The athlete has left.")

    service.fault = refuse
    send(http, event(key="k1"))
    work_off()
    with runtime.database.transaction(athlete_id) as tx:
        connection = connections.find(tx, connected)
    assert connection
    assert connection.status == "reconnect"
    assert counted(runtime, athlete_id, "activities") == 1
    for key in ("k2", "k3"):
        send(http, event("account_disconnected", None, key=key))
        work_off()
    assert counted(runtime, athlete_id, "activities") == 0
    assert counted(runtime, athlete_id, "erasures") == 1, "a farewell that comes twice is one"


def test_a_permission_that_is_missing_is_no_farewell(
    runtime: Runtime,
    http: TestClient,
    service: FakeService,
    athlete_id: UUID,
    connected: UUID,
    work_off: Callable[[], int],
) -> None:
    service.add(1, NOW)
    send(http, event(key="k0"))
    work_off()
    runtime.__dict__["rights"] = {"fake": DataRights(erase_within_days=30)}

    def refuse(method: str, subject: str) -> None:
        raise MissingScope("The box for activities is not ticked.", scopes={"activities"})

    service.fault = refuse
    send(http, event("account_disconnected", None, key="k1"))
    work_off()
    with runtime.database.transaction(athlete_id) as tx:
        connection = connections.find(tx, connected)
    assert connection
    assert connection.status == "reconnect"
    assert counted(runtime, athlete_id, "activities") == 1


def test_subscribing_listing_and_ending(runtime: Runtime, service: FakeService) -> None:
    source = runtime.source("fake")
    url = f"https://training.example{ADDRESS}"
    made = webhooks.subscribe(runtime.database, source, url)
    with runtime.database.transaction() as tx:
        assert receipts.is_ours(tx, "fake", made.id)
        receipts.unsubscribed(tx, "fake", made.id)  # as after a restored backup
    assert webhooks.subscriptions(runtime.database, source, url) == [made]
    with runtime.database.transaction() as tx:
        assert receipts.is_ours(tx, "fake", made.id), "it calls our address: it is ours"
    webhooks.unsubscribe(runtime.database, source, made.id)
    with runtime.database.transaction() as tx:
        assert not receipts.is_ours(tx, "fake", made.id)
    with pytest.raises(Missing, match="no subscription"):
        webhooks.unsubscribe(runtime.database, source, made.id)


def test_an_event_is_answered_in_milliseconds(http: TestClient, connected: UUID) -> None:
    """Against one that asks nothing of the database, in the same run."""

    def took_s(call: Callable[[], object]) -> float:
        begun = time.perf_counter()
        call()
        return time.perf_counter() - begun

    empties = []

    def answered_soon() -> bool:
        empties.append(took_s(lambda: http.post("/webhooks/fake/-", content=b"[]")))
        return took_s(lambda: send(http, event(key=str(uuid4())))) < min(empties) + 0.25

    until(answered_soon, "no event is, however often one is sent")  # a busy machine may stop us in between
