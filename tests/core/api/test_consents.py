"""What becomes of a grant that was given, where the connection does not come to stand: it is never dropped."""

import threading
from collections.abc import Callable
from uuid import UUID

import httpx
import pytest

from tests.conftest import NOW
from tests.core.api.test_connections import begin, come_back
from tests.fakes.provider import FakeService
from tests.waiting import PATIENCE_S, until, waiting
from training_analyzer.ingestion import connecting, disconnecting
from training_analyzer.runtime import Runtime
from training_analyzer.sdk import Unavailable
from training_analyzer.storage import connections, listings, passwords, work


def stored_token(runtime: Runtime, athlete_id: UUID, connection: UUID) -> str:
    with runtime.database.transaction(athlete_id) as tx:
        grant = connections.grant(tx, connection, runtime.keys)
    assert grant is not None
    return grant.access_token.get_secret_value()


def during_the_exchange(service: FakeService, then: Callable[[], object]) -> None:
    """Let something happen here while the code of a consent is exchanged."""

    def fault(method: str, _subject: str) -> None:
        if method == "exchange":
            then()

    service.fault = fault


def waits(runtime: Runtime) -> int:
    with runtime.database.transaction() as tx:
        return waiting(tx)


def set_password(runtime: Runtime, athlete_id: UUID) -> None:
    with runtime.database.transaction(athlete_id) as tx:
        passwords.replace(tx, athlete_id, "another")


@pytest.mark.parametrize("was_refused", [False, True])
def test_who_tries_to_connect_the_account_of_another_does_them_no_harm(
    ann: httpx.Client,
    bob: httpx.Client,
    http: httpx.Client,
    runtime: Runtime,
    service: FakeService,
    athlete_id: UUID,
    work_off: Callable[[], int],
    was_refused: bool,
) -> None:
    """Exchanging the code has made the refresh token that we held worthless."""
    theirs = UUID(come_back(http, state=begin(ann), code="account-1").json()["id"])
    work_off()
    if was_refused:
        with runtime.database.transaction(athlete_id) as tx:
            connections.mark_reconnect(tx, theirs, "Connect again.")
    taken = come_back(http, state=begin(bob), code="account-1")
    assert (taken.status_code, taken.json()["code"]) == (400, "account_taken")
    assert bob.get("/connections").json() == {"items": []}
    assert stored_token(runtime, athlete_id, theirs) == "access-secret-2"
    (connection,) = ann.get("/connections").json()["items"]
    assert (connection["id"], connection["status"]) == (str(theirs), "active")
    assert service.asked("revoke") == []
    service.add(1, NOW)
    work_off()
    assert service.asked("fetch") == ["1"]


def test_a_password_that_changes_meanwhile_ends_a_consent(
    ann: httpx.Client, http: httpx.Client, runtime: Runtime, service: FakeService, athlete_id: UUID
) -> None:
    during_the_exchange(service, lambda: set_password(runtime, athlete_id))
    refused = come_back(http, state=begin(ann), code="account-1")
    assert (refused.status_code, refused.json()["code"]) == (400, "ended_meanwhile")
    with runtime.database.transaction(athlete_id) as tx:
        assert connections.of_athlete(tx, athlete_id) == []
    assert service.asked("revoke") == ["account-1"]


def test_a_password_that_changes_meanwhile_leaves_a_connection_that_stood_before(
    ann: httpx.Client, http: httpx.Client, runtime: Runtime, service: FakeService, athlete_id: UUID
) -> None:
    theirs = UUID(come_back(http, state=begin(ann), code="account-1").json()["id"])
    state = begin(ann)
    during_the_exchange(service, lambda: set_password(runtime, athlete_id))
    assert come_back(http, state=state, code="account-1").json()["code"] == "ended_meanwhile"
    assert stored_token(runtime, athlete_id, theirs) == "access-secret-2"
    assert service.asked("revoke") == []


def test_an_athlete_who_is_erased_meanwhile_leaves_no_grant_behind(
    ann: httpx.Client, http: httpx.Client, runtime: Runtime, service: FakeService, athlete_id: UUID
) -> None:
    def erase() -> None:
        disconnecting.erase_athlete(
            runtime.database, runtime.known_source, athlete_id, runtime.keys, asked_by="athlete", now=NOW
        )

    during_the_exchange(service, erase)
    refused = come_back(http, state=begin(ann), code="account-1")
    assert (refused.status_code, refused.json()["code"]) == (400, "ended_meanwhile")
    assert "Begin again" in refused.json()["detail"]
    assert service.asked("revoke") == ["account-1"]


def test_a_grant_that_cannot_be_ended_changes_no_answer(
    ann: httpx.Client,
    http: httpx.Client,
    runtime: Runtime,
    service: FakeService,
    athlete_id: UUID,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fault(method: str, _subject: str) -> None:
        if method == "exchange":
            set_password(runtime, athlete_id)
        if method == "revoke":
            raise Unavailable("It is down.")

    service.fault = fault
    assert come_back(http, state=begin(ann), code="account-1").json()["code"] == "ended_meanwhile"
    assert "It is down." in caplog.text
    assert "secret" not in caplog.text


def test_a_grant_that_cannot_be_handed_on_changes_no_answer(
    ann: httpx.Client,
    http: httpx.Client,
    runtime: Runtime,
    service: FakeService,
    athlete_id: UUID,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def hand_on(*_args: object, **_options: object) -> None:
        raise RuntimeError("It cannot be stored.")

    monkeypatch.setattr(connecting, "hand_on", hand_on)
    during_the_exchange(service, lambda: set_password(runtime, athlete_id))
    refused = come_back(http, state=begin(ann), code="account-1")
    assert (refused.status_code, refused.json()["code"]) == (400, "ended_meanwhile")
    assert service.asked("revoke") == [], "somebody may have the account here"
    assert "It cannot be stored." in caplog.text
    assert "secret" not in caplog.text


def test_logging_out_everywhere_ends_links_that_were_handed_out(
    ann: httpx.Client, http: httpx.Client
) -> None:
    state = begin(ann)
    assert ann.delete("/sessions").status_code == 204
    assert come_back(http, state=state, code="account-1").json()["code"] == "unknown_state"


def test_who_connects_again_while_a_list_ends_waits_for_it(
    ann: httpx.Client, http: httpx.Client, runtime: Runtime, athlete_id: UUID, work_off: Callable[[], int]
) -> None:
    """The list holds its own row and is about to refer to the connection's; we go the other way round."""
    connection_id = UUID(come_back(http, state=begin(ann), code="account-1").json()["id"])
    work_off()
    state = begin(ann)
    answers: list[httpx.Response] = []
    coming_back = threading.Thread(
        target=lambda: answers.append(come_back(http, state=state, code="account-1"))
    )
    with runtime.database.transaction(athlete_id) as tx:
        planned = listings.planned(tx, connection_id)
        assert planned is not None
        listings.advance(tx, planned, cursor=None, reached=None, asked_at=work.moment(tx), now=NOW)
        coming_back.start()
        until(lambda: waits(runtime), "nobody waits")
        listings.begin(tx, athlete_id, connection_id, "recent", since=NOW, until=NOW)
    coming_back.join(PATIENCE_S)
    assert [answer.status_code for answer in answers] == [200]
