"""A service that does not answer: it is asked by one unit at a time, and by all once it answers."""

from datetime import timedelta

import pytest
import redis
from sqlalchemy import text

from tests.conftest import StoppedClock
from tests.core.ingestion.conftest import Account
from tests.fakes.provider import FakeProvider, FakeService
from tests.fakes.registry import registry_of
from training_analyzer.registry.registry import Registry
from training_analyzer.runtime import Runtime
from training_analyzer.sdk import Misconfigured, NotFound, Unavailable
from training_analyzer.storage import work
from training_analyzer.worker.run import work_on

HISTORY = 60


@pytest.fixture
def registry(service: FakeService) -> Registry:
    return registry_of(FakeProvider(service, limit=100))


@pytest.fixture
def history(online: FakeService, account: Account, clock: StoppedClock) -> Account:
    """An account whose lists are here, and whose recordings are all to be fetched."""
    for day in range(HISTORY):
        online.add(day + 0.5, clock.moment)
    account.now  # noqa: B018 - it is connected
    with account.runtime.database.transaction() as tx:
        lists = tx.execute(text("SELECT id FROM work WHERE kind = 'list'")).scalars().all()
    for _ in range(2):  # a page, and the empty one behind it
        for unit in lists:
            work_on(account.runtime, unit)
    return account


def away(account: Account, broken: str | None = None) -> None:
    """Let nothing be answered, or nothing of one activity."""

    def fault(method: str, subject: str) -> None:
        if method != "translate" and broken in {None, subject}:
            raise Unavailable("503")

    account.service.fault = fault


def back(account: Account) -> None:
    account.service.fault = lambda _method, _subject: None


def pass_time(account: Account, *, minutes: float, step_s: float = 15) -> list[int]:
    """Do what is due every few seconds; return how many requests each quarter of an hour cost."""
    costs: list[int] = []
    for step in range(round(minutes * 60 / step_s)):
        if step * step_s % 900 == 0:
            costs.append(0)
        before = len(account.service.calls)
        account.wait(seconds=step_s)
        costs[-1] += len(account.service.calls) - before
    return costs


def waiting(runtime: Runtime) -> int:
    with runtime.database.transaction() as tx:
        owed = text("SELECT count(*) FROM work WHERE kind = 'fetch' AND state = 'owed'")
        return int(tx.execute(owed).scalar_one())


def test_an_outage_costs_a_handful_of_requests_and_ends_for_all_at_once(history: Account) -> None:
    away(history)
    costs = pass_time(history, minutes=180)
    assert costs[0] <= 7
    assert max(costs[1:]) <= 2
    assert waiting(history.runtime) == HISTORY, "and nothing was given up"

    back(history)
    pass_time(history, minutes=16)
    assert waiting(history.runtime) == 0


def test_one_unit_asks_at_a_time(history: Account, clock: StoppedClock) -> None:
    away(history)
    with history.runtime.database.transaction() as tx:
        first, second, third, *_ = tx.execute(text("SELECT id FROM work WHERE kind = 'fetch'")).scalars()
    work_on(history.runtime, first)
    clock.advance(seconds=16)
    with history.runtime.database.transaction() as tx:
        probe = work.claim(tx, second, now=clock.moment, lease_s=60)
    with history.runtime.database.transaction() as tx:
        assert work.claim(tx, third, now=clock.moment, lease_s=60) is None
    assert probe is not None
    assert probe.tried == 0
    clock.advance(seconds=61)  # whoever asked is gone, or waits for an answer that does not come
    with history.runtime.database.transaction() as tx:
        assert work.claim(tx, third, now=clock.moment, lease_s=60) is not None


def test_one_activity_that_is_never_answered_holds_up_nobody(history: Account) -> None:
    broken = history.service.sessions[3].external_id
    away(history, broken)
    pass_time(history, minutes=10)
    assert waiting(history.runtime) == 1, "all others came"
    for _ in range(12):  # whatever arrives meanwhile comes within seconds
        pass_time(history, minutes=60, step_s=300)
        new = history.service.add(0, history.clock.moment)
        history.hear_of(new.external_id)
        pass_time(history, minutes=0.75)
        assert history.stored()[new.external_id] == (True, True)
    assert history.service.asked("fetch").count(broken) < 30, "and it is asked for at growing distances"


def test_an_answer_that_is_no_success_is_an_answer(history: Account) -> None:
    away(history)
    pass_time(history, minutes=30)

    def gone(method: str, _subject: str) -> None:
        if method == "fetch":
            raise NotFound("no streams")

    history.service.fault = gone
    pass_time(history, minutes=16)
    assert len(set(history.service.asked("fetch"))) == HISTORY, "everything goes on"


def test_without_redis_nothing_was_asked_and_nothing_is_known_of_the_service(
    history: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    with history.runtime.database.transaction() as tx:
        first, *_ = tx.execute(text("SELECT id FROM work WHERE kind = 'fetch'")).scalars()
    nobody = redis.Redis(host="127.0.0.1", port=1)
    with monkeypatch.context() as patched:
        patched.setattr(history.runtime, "redis", nobody)
        work_on(history.runtime, first)
    with history.runtime.database.transaction() as tx:
        assert tx.execute(text("SELECT count(*) FROM closures")).scalar_one() == 0
        assert tx.execute(text("SELECT waits FROM work WHERE id = :id"), {"id": first}).scalar_one() == 1


def test_an_outage_leaves_the_quarter_of_an_hour_of_a_wrong_setting_alone(
    history: Account, clock: StoppedClock
) -> None:
    away(history)
    pass_time(history, minutes=1)
    history.refuse(Misconfigured("switched off"))
    pass_time(history, minutes=5)
    with history.runtime.database.transaction() as tx:
        closed = tx.execute(text("SELECT max(until) FROM closures WHERE why = 'Misconfigured'")).scalar_one()
    assert closed - clock.moment > timedelta(minutes=8)
