"""Grants: refreshed by one for all, stored before they are used, and never seen."""

import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID

import psycopg
import pytest
from sqlalchemy import text

from tests.conftest import NOW, Deployment, StoppedClock
from tests.fakes.provider import FakeProvider, FakeService
from tests.waiting import PATIENCE_S
from training_analyzer.domain.errors import Missing
from training_analyzer.ingestion.grants import account, ask
from training_analyzer.runtime import Runtime
from training_analyzer.sdk import Account, Grant, MissingScope, NotAuthorized, Unavailable
from training_analyzer.storage import connections
from training_analyzer.storage.connections import StoredConnection

Connected = Callable[[], StoredConnection]


def expire(runtime: Runtime, stored: StoredConnection, *, expires_in_s: float = 60) -> None:
    """Store a grant that is about to end."""
    ending = FakeProvider.grant("account-1", expires_at=NOW + timedelta(seconds=expires_in_s))
    with runtime.database.transaction(stored.athlete_id) as tx:
        connections.replace_grant(tx, stored.id, ending, runtime.keys)


def ready(runtime: Runtime, stored: StoredConnection) -> Grant:
    with account(
        runtime.database,
        runtime.source("fake"),
        stored,
        runtime.keys,
        purpose="list",
        priority="high",
        now=runtime.now(),
    ) as given:
        return given.grant


def cut_off(deployment: Deployment) -> None:
    """End our sessions with PostgreSQL, as a restart does."""
    with psycopg.connect(deployment.database_url.replace("+psycopg", ""), autocommit=True) as ourselves:
        ourselves.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND application_name = 'training-analyzer'"
        )


def stored_grant(runtime: Runtime, stored: StoredConnection) -> Grant | None:
    with runtime.database.transaction(stored.athlete_id) as tx:
        return connections.grant(tx, stored.id, runtime.keys)


@pytest.mark.parametrize(
    ("expires_in_s", "refreshed"), [(-60, 1), (60, 1), (299, 1), (301, 0), (6 * 3600, 0)]
)
def test_a_grant_is_refreshed_shortly_before_it_ends(
    runtime: Runtime, online: FakeService, connection: Connected, expires_in_s: float, refreshed: int
) -> None:
    stored = connection()
    expire(runtime, stored, expires_in_s=expires_in_s)
    given = ready(runtime, stored)
    assert len(online.asked("refresh")) == refreshed
    assert given == stored_grant(runtime, stored)
    assert (given.access_token.get_secret_value() == "access-secret-1") == bool(refreshed)


def test_the_request_that_refreshes_is_counted_while_the_grant_is_locked(
    runtime: Runtime, online: FakeService, connection: Connected
) -> None:
    """The count refers to the connection, whose row is locked: neither may wait for the other."""
    stored = connection()
    expire(runtime, stored)
    thread = threading.Thread(target=ready, args=(runtime, stored), daemon=True)
    thread.start()
    thread.join(PATIENCE_S)
    assert not thread.is_alive(), "each waits for the other"
    with runtime.database.transaction(stored.athlete_id) as tx:
        assert connections.requests_spent(tx, stored.id) == {"token": 1}


def test_eight_at_once_refresh_once(runtime: Runtime, online: FakeService, connection: Connected) -> None:
    online.grant_lifetime = timedelta(hours=6)
    stored = connection()
    expire(runtime, stored)
    with ThreadPoolExecutor(8) as pool:
        given = [
            one.result(timeout=PATIENCE_S) for one in [pool.submit(ready, runtime, stored) for _ in range(8)]
        ]
    assert online.asked("refresh") == ["account-1"]
    assert {one.access_token.get_secret_value() for one in given} == {"access-secret-1"}


def test_a_fresh_grant_is_stored_before_it_is_used(
    runtime: Runtime, online: FakeService, connection: Connected
) -> None:
    stored = connection()
    expire(runtime, stored)
    seen: list[Grant | None] = []
    with account(
        runtime.database,
        runtime.source("fake"),
        stored,
        runtime.keys,
        purpose="list",
        priority="high",
        now=NOW,
    ) as given:
        seen.append(stored_grant(runtime, stored))
    assert seen == [given.grant]


def test_a_refresh_that_is_refused_asks_the_athlete_to_reconnect(
    runtime: Runtime, online: FakeService, connection: Connected, work_off: Callable[[], int]
) -> None:
    stored = connection()
    expire(runtime, stored)

    def fault(method: str, _subject: str) -> None:
        if method == "refresh":
            raise NotAuthorized("Connect again.")

    online.fault = fault
    work_off()
    assert (connection().status, connection().problem) == (connections.RECONNECT, "Connect again.")
    assert online.asked("list") == []


def test_a_refresh_that_fails_keeps_the_old_grant_and_is_tried_again(
    runtime: Runtime,
    online: FakeService,
    clock: StoppedClock,
    connection: Connected,
    work_off: Callable[[], int],
) -> None:
    stored = connection()
    expire(runtime, stored)
    before = stored_grant(runtime, stored)
    failing = [True]

    def fault(method: str, _subject: str) -> None:
        if method == "refresh" and failing:
            raise Unavailable("down")

    online.fault = fault
    work_off()
    assert stored_grant(runtime, stored) == before
    assert connection().status == connections.ACTIVE
    failing.clear()
    clock.advance(seconds=16)
    work_off()
    assert online.asked("list") != []


def test_a_refresh_that_cannot_be_booked_is_stored(
    runtime: Runtime, online: FakeService, deployment: Deployment, connection: Connected
) -> None:
    """The former refresh token is worthless once a new one is out."""
    stored = connection()
    expire(runtime, stored)
    with psycopg.connect(deployment.database_owner_url.replace("+psycopg", ""), autocommit=True) as owner:
        owner.execute("ALTER TABLE request_counts RENAME TO closed_books")
        try:
            given = ready(runtime, stored)
        finally:
            owner.execute("ALTER TABLE closed_books RENAME TO request_counts")
    assert given == stored_grant(runtime, stored)
    assert given.access_token.get_secret_value() == "access-secret-1"


def test_a_refresh_outlives_the_transaction_that_it_was_asked_in(
    runtime: Runtime, online: FakeService, deployment: Deployment, connection: Connected
) -> None:
    stored = connection()
    expire(runtime, stored)

    def fault(method: str, _subject: str) -> None:
        if method == "refresh":
            cut_off(deployment)

    online.fault = fault
    given = ready(runtime, stored)
    assert online.asked("refresh") == ["account-1"]
    assert given == stored_grant(runtime, stored)
    assert given.access_token.get_secret_value() == "access-secret-1"


def test_a_refresh_that_is_stored_late_replaces_no_newer_grant(
    runtime: Runtime, online: FakeService, deployment: Deployment, connection: Connected
) -> None:
    """The athlete has connected again while PostgreSQL was away."""
    stored = connection()
    expire(runtime, stored)
    newer = FakeProvider.grant("account-1", expires_at=NOW + timedelta(hours=7))

    def fault(method: str, _subject: str) -> None:
        if method == "refresh":
            cut_off(deployment)
            with runtime.database.transaction(stored.athlete_id) as tx:
                connections.replace_grant(tx, stored.id, newer, runtime.keys)

    online.fault = fault
    assert ready(runtime, stored) == newer
    assert stored_grant(runtime, stored) == newer


def test_a_refused_token_is_renewed_and_the_call_made_once_more(
    runtime: Runtime, online: FakeService, connection: Connected, work_off: Callable[[], int]
) -> None:
    """The service forgot a token that should still be good, as after a revision of its own."""
    online.add(1, NOW)
    stored = connection()
    former = stored_grant(runtime, stored)
    refused: list[str] = []

    def fault(method: str, subject: str) -> None:
        if method in {"list", "fetch"} and stored_grant(runtime, stored) == former:
            refused.append(method)
            raise NotAuthorized("An old token.")

    online.fault = fault
    work_off()
    assert connection().status == connections.ACTIVE
    assert refused == ["list"]
    assert len(online.asked("refresh")) == 1
    assert len(online.asked("list")) == 3 + 1
    assert online.asked("fetch") == ["1"]


def test_a_permission_that_lacks_is_not_refreshed(
    runtime: Runtime, online: FakeService, connection: Connected, work_off: Callable[[], int]
) -> None:
    def fault(method: str, _subject: str) -> None:
        if method == "list":
            raise MissingScope("Tick the box.", scopes=["read"])

    online.fault = fault
    connection()
    work_off()
    assert (connection().status, connection().problem) == (connections.RECONNECT, "Tick the box.")
    assert online.asked("refresh") == []
    assert len(online.asked("list")) == 1


def test_eight_that_are_refused_at_once_refresh_once(
    runtime: Runtime, online: FakeService, connection: Connected
) -> None:
    stored = connection()
    former = stored_grant(runtime, stored)
    assert former is not None
    together = threading.Barrier(8, timeout=PATIENCE_S)

    def call(given: Account) -> str:
        token = given.grant.access_token.get_secret_value()
        if token == former.access_token.get_secret_value():
            together.wait()
            raise NotAuthorized("An old token.")
        return token

    def asked() -> str:
        return ask(
            runtime.database,
            runtime.source("fake"),
            stored,
            runtime.keys,
            call,
            purpose="list",
            priority="high",
            now=runtime.now(),
        )

    with ThreadPoolExecutor(8) as pool:
        tokens = {one.result(timeout=PATIENCE_S) for one in [pool.submit(asked) for _ in range(8)]}
    assert tokens == {"access-secret-1"}
    assert online.asked("refresh") == ["account-1"]


def test_a_connection_that_is_gone_has_no_grant(runtime: Runtime, connection: Connected) -> None:
    stored = connection()
    with runtime.database.transaction(stored.athlete_id) as tx:
        tx.execute(text("DELETE FROM connections"))
    with pytest.raises(Missing, match="connection is gone"):
        ready(runtime, stored)


def test_no_token_is_ever_logged(
    runtime: Runtime,
    online: FakeService,
    athlete_id: UUID,
    connection: Connected,
    work_off: Callable[[], int],
    caplog: pytest.LogCaptureFixture,
) -> None:
    online.add(1, NOW)
    with caplog.at_level(logging.DEBUG):
        stored = connection()
        expire(runtime, stored)
        work_off()
        assert "access-secret" not in repr(stored_grant(runtime, stored))
    with runtime.database.transaction(athlete_id) as tx:
        spent = connections.requests_spent(tx, stored.id)
    assert spent == {"fetch": 1, "list": 3, "token": 1}
    assert "127.0.0.1" in caplog.text, "requests were logged"
    assert "-secret" not in caplog.text
