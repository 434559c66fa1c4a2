"""A service that does not answer: it is asked by one unit at a time, and by all once it answers."""

from datetime import timedelta

import pytest
import redis
from sqlalchemy import text

from tests.conftest import StoppedClock
from tests.core.ingestion.conftest import Account
from tests.fakes.provider import FakeProvider, FakeService
from tests.fakes.registry import registry_of
from training_analyzer.domain.events import AccessRevoked
from training_analyzer.registry.registry import Registry
from training_analyzer.runtime import Runtime
from training_analyzer.sdk import Forbidden, Misconfigured, NotFound, Unavailable
from training_analyzer.storage import connections, work
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


def test_who_has_nothing_to_ask_holds_up_nobody(history: Account, clock: StoppedClock) -> None:
    """As what is left of an athlete who was refused, while the service is up again."""
    away(history)
    with history.runtime.database.transaction() as tx:
        units = list(tx.execute(text("SELECT id FROM work WHERE kind = 'fetch' ORDER BY id")).scalars())
    work_on(history.runtime, units[0])
    back(history)
    clock.advance(seconds=16)
    with history.runtime.database.transaction(history.now.athlete_id) as tx:
        connections.mark_reconnect(tx, history.now.id, "It does not let us in.")
    before = len(history.service.calls)
    for unit in units[1:40]:
        work_on(history.runtime, unit)
    assert len(history.service.calls) == before
    assert waiting(history.runtime) == HISTORY - 39, "none stood in the way of the next"
    with history.runtime.database.transaction() as tx:
        assert tx.execute(text("SELECT count(*) FROM closures")).scalar_one() == 1, "nobody knows yet"


@pytest.mark.parametrize("unclear", [Forbidden("Not now."), NotFound("Nothing there.")], ids=repr)
def test_an_answer_that_is_not_clear_is_an_answer(
    history: Account, clock: StoppedClock, unclear: Exception
) -> None:
    """Whether the athlete has left is asked again tomorrow; that the service answers is known now."""
    with history.runtime.database.transaction(history.now.athlete_id) as tx:
        connections.mark_reconnect(tx, history.now.id, "It does not let us in.")
    history.hear(
        AccessRevoked(
            athlete_id=history.now.athlete_id,
            connection_id=history.now.id,
            provider="fake",
            ask_again_at=(("hour", clock.moment),),
        )
    )
    with history.runtime.database.transaction() as tx:
        (unit,) = tx.execute(text("SELECT id FROM work WHERE kind = 'let_in'")).scalars()
    away(history)
    work_on(history.runtime, unit)
    clock.advance(seconds=16)
    history.refuse(unclear)
    work_on(history.runtime, unit)
    with history.runtime.database.transaction() as tx:
        assert tx.execute(text("SELECT state FROM work WHERE id = :id"), {"id": unit}).scalar_one() == "owed"
        assert tx.execute(text("SELECT count(*) FROM closures")).scalar_one() == 0


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
