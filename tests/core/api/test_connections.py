"""Connecting an account: there, through the consent page, and back."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import httpx
import pytest
from sqlalchemy import text

from tests.conftest import NOW, StoppedClock
from tests.fakes.provider import FakeService
from training_analyzer.ingestion import disconnecting
from training_analyzer.runtime import Runtime
from training_analyzer.sdk import Forbidden, MissingScope, NotFound, Unavailable
from training_analyzer.storage import connections
from training_analyzer.worker.dispatcher import keep_house

BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


def begin(client: httpx.Client) -> str:
    """Begin to connect; return the state."""
    begun = client.post("/connections", json={"provider": "fake"})
    assert begun.status_code == 200, begun.text
    query = parse_qs(urlsplit(begun.json()["authorization_url"]).query)
    assert query["redirect_uri"] == [f"{client.base_url}connections/fake/callback"]
    return str(query["state"][0])


def come_back(
    http: httpx.Client, headers: Mapping[str, str] | None = None, /, **query: str
) -> httpx.Response:
    return http.get("/connections/fake/callback", params=query, headers=headers)


def test_an_account_is_connected(
    ann: httpx.Client, http: httpx.Client, runtime: Runtime, athlete_id: UUID
) -> None:
    arrived = come_back(http, state=begin(ann), code="account-1")
    assert arrived.status_code == 200, arrived.text
    connection = arrived.json()
    assert connection["account_id"] == "account-1"
    assert connection["status"] == "active"
    assert "secret" not in arrived.text
    assert ann.get("/connections").json() == {"items": [connection]}
    assert ann.get(f"/connections/{connection['id']}").json() == connection
    with runtime.database.transaction(athlete_id) as tx:
        owed = tx.execute(text("SELECT kind, priority FROM work ORDER BY id")).all()
    assert [tuple(unit) for unit in owed] == [("list", "first"), ("list", "low")]


def test_who_only_looks_at_the_address_uses_up_no_consent(ann: httpx.Client, http: httpx.Client) -> None:
    state = begin(ann)
    looked = http.head("/connections/fake/callback", params={"state": state, "code": "account-1"})
    assert (looked.status_code, looked.headers["Allow"]) == (405, "GET")
    assert come_back(http, state=state, code="account-1").status_code == 200


def test_a_browser_gets_a_page(ann: httpx.Client, http: httpx.Client, runtime: Runtime) -> None:
    ann.patch("/me", json={"name": "<Ann>"})
    page = come_back(http, BROWSER, state=begin(ann), code="account-1")
    assert page.status_code == 200
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "Fake is connected" in page.text
    assert "&lt;Ann&gt;" in page.text
    assert page.headers["Content-Security-Policy"].startswith("default-src 'none'")


def test_a_state_is_good_once_for_ten_minutes_and_for_its_provider(
    ann: httpx.Client, http: httpx.Client, clock: StoppedClock, subtests: pytest.Subtests
) -> None:
    used = begin(ann)
    assert come_back(http, state=used, code="account-1").status_code == 200
    late = begin(ann)
    clock.advance(seconds=601)
    for case, state in {"used": used, "late": late, "invented": "x" * 43, "empty": ""}.items():
        with subtests.test(case):
            refused = come_back(http, state=state, code="account-2")
            assert refused.status_code == 400
            assert refused.json()["code"] == "unknown_state"
            assert "Begin again" in refused.json()["detail"]
    assert len(ann.get("/connections").json()["items"]) == 1


def test_whoever_is_refused_is_told_what_to_do(
    ann: httpx.Client, http: httpx.Client, service: FakeService, subtests: pytest.Subtests
) -> None:
    def fail_with(error: Exception) -> Callable[[str, str], None]:
        def fault(method: str, subject: str) -> None:
            raise error

        return fault

    fine: Callable[[str, str], None] = lambda method, subject: None  # noqa: E731 - as short as it gets
    cases: list[tuple[str, dict[str, str], Callable[[str, str], None]]] = [
        ("access_denied", {"error": "access_denied"}, fine),
        ("no_code", {}, fine),
        (
            "missing_scope",
            {"code": "1"},
            fail_with(MissingScope("Tick every box.", scopes=["read"])),
        ),
        ("unavailable", {"code": "1"}, fail_with(Unavailable("It is down."))),
    ]
    for code, query, fault in cases:
        with subtests.test(code):
            service.fault = fault
            refused = come_back(http, state=begin(ann), **query)
            assert refused.status_code == 400
            assert refused.json()["code"] == code
            page = come_back(http, BROWSER, state=begin(ann), **query)
            assert page.status_code == 400
            assert "The account was not connected" in page.text
    assert ann.get("/connections").json() == {"items": []}


def test_what_a_page_repeats_is_harmless(ann: httpx.Client, http: httpx.Client) -> None:
    page = come_back(http, BROWSER, state=begin(ann), error="<script>alert(1)</script>")
    assert page.status_code == 400
    assert "<script>" not in page.text


def test_an_account_belongs_to_one_athlete(ann: httpx.Client, bob: httpx.Client, http: httpx.Client) -> None:
    assert come_back(http, state=begin(ann), code="account-1").status_code == 200
    taken = come_back(http, state=begin(bob), code="account-1")
    assert taken.status_code == 400
    assert taken.json()["code"] == "account_taken"
    assert bob.get("/connections").json() == {"items": []}


def test_connecting_again_keeps_the_connection(ann: httpx.Client, http: httpx.Client) -> None:
    first = come_back(http, state=begin(ann), code="account-1").json()
    again = come_back(http, state=begin(ann), code="account-1").json()
    assert again["id"] == first["id"]


def test_an_unknown_provider_is_named(ann: httpx.Client, http: httpx.Client) -> None:
    refused = ann.post("/connections", json={"provider": "starva"})
    assert refused.status_code == 404
    assert refused.json()["type"].endswith(":unknown-provider")
    assert refused.json()["detail"] == "The provider 'starva' is not enabled here. There are: fake."
    page = http.get("/connections/starva/callback", headers=BROWSER)
    assert page.status_code == 404
    assert "There are: fake." in page.text


def test_a_sync_is_owed_once(
    ann: httpx.Client, runtime: Runtime, athlete_id: UUID, connection_id: UUID
) -> None:
    for _ in range(2):
        accepted = ann.post(f"/connections/{connection_id}/sync")
        assert accepted.status_code == 202
        assert accepted.headers["Location"] == accepted.json()["progress"]
    with runtime.database.transaction(athlete_id) as tx:
        windows = tx.execute(text("SELECT count(*) FROM listings WHERE purpose = 'recent'")).scalar_one()
        owed = tx.execute(text("SELECT count(*) FROM work WHERE kind = 'list'")).scalar_one()
    assert (windows, owed) == (1, 3)


def test_who_has_just_been_listed_is_told_when_the_next_list_begins(
    ann: httpx.Client, connection_id: UUID, work_off: Callable[[], int], subtests: pytest.Subtests
) -> None:
    for everything, rest in ((False, timedelta(minutes=1)), (True, timedelta(minutes=15))):
        with subtests.test(everything=everything):
            address = f"/connections/{connection_id}/sync?everything={str(everything).lower()}"
            assert ann.post(address).json()["not_before"] is None
            work_off()
            again = ann.post(address)
            assert again.status_code == 202
            assert datetime.fromisoformat(again.json()["not_before"]) == NOW + rest


def test_a_connection_that_waits_for_its_athlete_is_not_synced(
    ann: httpx.Client, runtime: Runtime, athlete_id: UUID, connection_id: UUID
) -> None:
    with runtime.database.transaction(athlete_id) as tx:
        connections.mark_reconnect(tx, connection_id, "Fake no longer lets us in.")
    refused = ann.post(f"/connections/{connection_id}/sync")
    assert refused.status_code == 409
    assert refused.json()["type"].endswith(":reconnect-needed")
    assert "Fake no longer lets us in." in refused.json()["detail"]


ERASED = ("connections", "listings", "recordings", "documents", "activities", "measurements", "insights")


def test_disconnecting_erases_everything_that_came_from_there(
    ann: httpx.Client,
    runtime: Runtime,
    service: FakeService,
    athlete_id: UUID,
    trained: UUID,
    work_off: Callable[[], int],
) -> None:
    def stored_days() -> int:
        with runtime.database.transaction(athlete_id) as tx:
            return int(tx.execute(text("SELECT count(*) FROM days")).scalar_one())

    assert stored_days() > 0
    assert ann.delete(f"/connections/{trained}").status_code == 200
    assert stored_days() == 0, "before any worker has come"

    work_off()
    assert service.asked("revoke") == ["account-1"]
    with runtime.database.transaction(athlete_id) as tx:
        left = {table: tx.execute(text(f"SELECT count(*) FROM {table}")).scalar() for table in ERASED}
        assert left == dict.fromkeys(ERASED, 0)
    assert stored_days() == 0
    assert ann.get("/activities").json()["items"] == []
    assert ann.delete(f"/connections/{trained}").status_code == 404


def test_disconnecting_succeeds_when_the_provider_does_not_answer(
    ann: httpx.Client, service: FakeService, trained: UUID
) -> None:
    def fault(method: str, subject: str) -> None:
        raise Unavailable(f"{method} {subject}: not now")

    service.fault = fault
    answer = ann.delete(f"/connections/{trained}")
    assert answer.status_code == 200
    assert (answer.json()["told"], answer.json()["not_told"]) == ([], ["fake"])
    assert answer.json()["activities"] == 50
    assert ann.get("/connections").json() == {"items": []}


def revocations_of(runtime: Runtime, athlete_id: UUID) -> int:
    with runtime.database.transaction(athlete_id) as tx:
        return int(tx.execute(text("SELECT count(*) FROM revocations")).scalar_one())


@pytest.fixture
def untold(
    ann: httpx.Client,
    runtime: Runtime,
    service: FakeService,
    athlete_id: UUID,
    trained: UUID,
    clock: StoppedClock,
    work_off: Callable[[], int],
) -> UUID:
    """An athlete who has disconnected, of which the provider has not heard for two hours."""

    def fault(method: str, _subject: str) -> None:
        if method == "revoke":
            raise Unavailable("not now")

    service.fault = fault
    assert ann.delete(f"/connections/{trained}").json()["not_told"] == ["fake"]
    for _ in range(8):
        work_off()
        clock.advance(seconds=900)
    assert revocations_of(runtime, athlete_id) == 1
    return athlete_id


def test_a_provider_that_did_not_answer_is_told_when_it_does(
    runtime: Runtime, service: FakeService, untold: UUID, clock: StoppedClock, work_off: Callable[[], int]
) -> None:
    service.fault = lambda _method, _subject: None
    clock.advance(seconds=3700)
    before = len(service.asked("revoke"))
    work_off()
    assert service.asked("revoke")[before:] == ["account-1"]
    assert revocations_of(runtime, untold) == 0, "and no grant is kept"


@pytest.mark.parametrize(
    ("refusal", "kept"),
    [(NotFound("no such token"), 0), (Forbidden("not now"), 1)],
    ids=["gone", "forbidden"],
)
def test_a_grant_goes_once_the_provider_knows_none_and_stays_while_it_forbids_to_end_it(
    runtime: Runtime,
    service: FakeService,
    untold: UUID,
    clock: StoppedClock,
    work_off: Callable[[], int],
    refusal: Exception,
    kept: int,
) -> None:
    def fault(_method: str, _subject: str) -> None:
        raise refusal

    service.fault = fault
    clock.advance(seconds=3700)
    work_off()
    assert revocations_of(runtime, untold) == kept
    service.fault = lambda _method, _subject: None
    clock.advance(days=1.1)
    work_off()
    assert revocations_of(runtime, untold) == 0


@pytest.mark.parametrize("answers", [True, False])
def test_before_an_athlete_is_erased_a_provider_that_did_not_answer_is_told_once_more(
    runtime: Runtime, service: FakeService, untold: UUID, answers: bool
) -> None:
    if answers:
        service.fault = lambda _method, _subject: None
    before = len(service.asked("revoke"))
    erasure = disconnecting.erase_athlete(
        runtime.database, runtime.known_source, untold, runtime.keys, asked_by="athlete", now=runtime.now()
    )
    assert service.asked("revoke")[before:] == ["account-1"]
    assert (erasure.told, erasure.not_told) == ((("fake",), ()) if answers else ((), ("fake",)))


def test_nobody_is_told_of_an_account_that_is_connected_again(
    runtime: Runtime,
    service: FakeService,
    untold: UUID,
    connect: Callable[[], UUID],
    clock: StoppedClock,
    work_off: Callable[[], int],
) -> None:
    before = len(service.asked("revoke"))
    connect()
    clock.advance(seconds=3700)
    work_off()
    assert len(service.asked("revoke")) == before
    assert revocations_of(runtime, untold) == 0


def test_after_a_week_the_grant_goes_without_a_word(
    runtime: Runtime, service: FakeService, untold: UUID, clock: StoppedClock, work_off: Callable[[], int]
) -> None:
    before = len(service.asked("revoke"))
    clock.advance(days=7)
    work_off()
    assert len(service.asked("revoke")) == before
    assert revocations_of(runtime, untold) == 0


def test_a_grant_whose_end_nobody_owes_any_more_is_swept(
    runtime: Runtime, untold: UUID, clock: StoppedClock
) -> None:
    with runtime.database.transaction() as tx:
        tx.execute(text("DELETE FROM work WHERE kind = 'revoke'"))
    clock.advance(days=6)
    keep_house(runtime)
    assert revocations_of(runtime, untold) == 1
    clock.advance(days=1)
    keep_house(runtime)
    assert revocations_of(runtime, untold) == 0
