"""Fetching: each activity once, what is not there is remembered, and who may not enter stops asking."""

from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise
from uuid import UUID

import pytest
from sqlalchemy import text

from tests.conftest import NOW, StoppedClock
from tests.core.ingestion.conftest import Account
from tests.fakes.provider import FakeProvider, FakeService
from training_analyzer.domain.errors import ConfigurationError
from training_analyzer.ingestion import connecting
from training_analyzer.runtime import Runtime
from training_analyzer.sdk import Misconfigured, NotAuthorized, NotFound, PluginError, RateLimited
from training_analyzer.storage import connections, recordings, work
from training_analyzer.storage.connections import StoredConnection


def lose_streams(service: FakeService) -> None:
    """Let the service say of what its lists promise that there is no such thing."""
    service.fault = lambda method, _subject: _raise(NotFound("no streams")) if method == "fetch" else None


@pytest.mark.parametrize(
    ("days_ago", "waits"),
    [(1, [timedelta(hours=1), timedelta(days=1)]), (100, [timedelta(days=1)])],
)
def test_what_the_service_does_not_have_is_asked_for_again_and_then_no_more(
    account: Account, service: FakeService, days_ago: int, waits: list[timedelta]
) -> None:
    service.add(days_ago, NOW)
    lose_streams(service)
    account.begin()
    asked_at = [NOW]
    for hours in range(24 * 6):
        account.wait(seconds=3600)
        if len(service.asked("fetch")) > len(asked_at):
            asked_at.append(NOW + timedelta(hours=hours + 1))
    assert [later - earlier for earlier, later in pairwise(asked_at)] == waits
    account.refuse(None)
    service.sessions[0].title = "Edited"
    account.list_again("recent" if days_ago == 1 else "full")
    account.connect_again()
    assert len(service.asked("fetch")) == 1 + len(waits)
    with account.runtime.database.transaction(account.now.athlete_id) as tx:
        tally = recordings.tally(tx, account.now.id, since=NOW - timedelta(days=200))
        assert tx.execute(text("SELECT title FROM activities")).scalar() == "Edited"
    assert (tally.recordings, tally.complete, tally.without_more) == (1, 0, 1)


def test_streams_that_the_service_does_not_know_for_a_moment_arrive(
    account: Account, service: FakeService
) -> None:
    service.add(0.5, NOW)
    lose_streams(service)
    account.begin()
    assert account.stored() == {"1": (True, False)}
    with account.runtime.database.transaction(account.now.athlete_id) as tx:
        tally = recordings.tally(tx, account.now.id, since=NOW - timedelta(days=7))
    assert tally.without_more == 1, "nobody has to wait for it"
    account.refuse(None)
    account.wait(seconds=3600)
    assert account.stored() == {"1": (True, True)}
    account.wait(days=3)
    assert service.asked("fetch") == ["1", "1"]


def test_who_asks_for_everything_has_asked_for_what_was_not_there(
    account: Account, service: FakeService
) -> None:
    service.add(100, NOW)
    lose_streams(service)
    account.begin()
    account.wait(days=2)
    account.refuse(None)
    account.list_again("full")
    assert account.stored() == {"1": (True, False)}, "the daily list asks for nothing that is known not to be"
    account.sync(everything=True)
    account.wait(seconds=900)
    assert account.stored() == {"1": (True, True)}


def test_a_refusal_marks_the_connection_and_ends_its_work(
    service: FakeService,
    clock: StoppedClock,
    connection: Callable[[], StoredConnection],
    work_off: Callable[[], int],
) -> None:
    for days_ago in range(1, 6):
        service.add(days_ago, NOW)
    service.fault = lambda method, _subject: (
        _raise(NotAuthorized("Strava says no.")) if method == "fetch" else None
    )
    connection()
    work_off()
    stored = connection()
    assert (stored.status, stored.problem) == (connections.RECONNECT, "Strava says no.")
    assert len(set(service.asked("fetch"))) == 1, "nobody asks where one was refused"
    assert len(service.asked("fetch")) == 2, "a token may be old before its time: one more, with a new one"
    assert len(service.asked("refresh")) == 1
    asked = len(service.calls)
    clock.advance(days=0.9)
    service.fault = lambda _method, _subject: _raise(NotAuthorized("Strava says no."))
    work_off()
    assert service.calls[asked:] == [("list", "2026-06-16/1"), ("refresh", "account-1")], (
        "not even the regular listing: it is asked once more whether that was an error"
    )


def test_a_refusal_says_nothing_of_the_athlete_s_other_account(
    runtime: Runtime,
    service: FakeService,
    connection: Callable[[], StoredConnection],
    work_off: Callable[[], int],
) -> None:
    stored = connection()
    with runtime.database.transaction(stored.athlete_id) as tx:
        second, events = connecting.complete(
            tx,
            runtime.source("fake"),
            stored.athlete_id,
            FakeProvider.grant("account-2"),
            runtime.keys,
            horizon=runtime.horizon,
            now=NOW,
        )
    service.fault = lambda _method, _subject: _raise(NotAuthorized("no"))
    work_off()
    assert connection().status == connections.RECONNECT
    with runtime.database.transaction(stored.athlete_id) as tx:
        other = connections.find(tx, second)
    assert other is not None
    assert other.status == connections.ACTIVE
    assert events


def test_a_refusal_of_the_former_grant_does_not_undo_a_new_one(
    runtime: Runtime,
    service: FakeService,
    connection: Callable[[], StoredConnection],
    connect: Callable[[], UUID],
    work_off: Callable[[], int],
) -> None:
    """The athlete reconnects while a request with the old grant is under way."""
    service.add(1, NOW)
    connection()
    refusals = iter([True])

    def fault(method: str, _subject: str) -> None:
        if method == "fetch" and next(refusals, False):
            connect()
            raise NotAuthorized("the old grant")

    service.fault = fault
    work_off()
    assert connection().status == connections.ACTIVE
    assert service.asked("fetch") == ["1", "1"], "the cause that arrived meanwhile is not lost"


@pytest.mark.parametrize(
    "error",
    [Misconfigured("the application was blocked"), ConfigurationError("the key is gone")],
    ids=["application", "setting"],
)
def test_a_mistake_of_the_deployer_waits_for_them_and_bothers_no_athlete(
    runtime: Runtime,
    service: FakeService,
    clock: StoppedClock,
    connection: Callable[[], StoredConnection],
    work_off: Callable[[], int],
    error: PluginError | ConfigurationError,
) -> None:
    for days_ago in (1, 2, 3):
        service.add(days_ago, NOW)
    service.fault = lambda method, _subject: _raise(error) if method == "fetch" else None
    stored = connection()
    for _ in range(10):
        work_off()
        clock.advance(seconds=901)
    assert len(service.asked("fetch")) == 10, "one asks for all"
    service.fault = lambda _method, _subject: None
    work_off()
    with runtime.database.transaction(stored.athlete_id) as tx:
        assert work.parked_of(tx, stored.athlete_id) == []
    assert connection().status == connections.ACTIVE
    assert sorted(set(service.asked("fetch"))) == ["1", "2", "3"]


@pytest.mark.parametrize(("days_ago", "closed"), [(1, {"high", "low"}), (100, {"low"})])
def test_a_full_quota_closes_for_whom_it_is_full(
    runtime: Runtime,
    service: FakeService,
    connection: Callable[[], StoredConnection],
    work_off: Callable[[], int],
    days_ago: int,
    closed: set[str],
) -> None:
    service.add(days_ago, NOW)
    until = NOW + timedelta(minutes=15)
    service.fault = lambda method, _subject: (
        _raise(RateLimited("full", retry_at=until)) if method == "fetch" else None
    )
    stored = connection()
    work_off()
    with runtime.database.transaction(stored.athlete_id) as tx:
        found = tx.execute(
            text("SELECT priority FROM closures WHERE resource = 'fake' AND until = :until"), {"until": until}
        ).scalars()
        assert set(found) == closed
        assert work.opens_at(tx, "fake", now=NOW) == until
        assert work.opens_at(tx, "fake", now=until) is None


def _raise(error: Exception) -> None:
    raise error
