"""The dispatcher with real bells: Redis may be away or emptied, and dispatchers may die."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from uuid import UUID

import psycopg
import pytest
import redis
from rq import SimpleWorker
from rq.serializers import JSONSerializer
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from tests.conftest import NOW, Deployment, StoppedClock
from tests.fakes.provider import FakeService
from tests.waiting import PATIENCE_S, until
from training_analyzer import queue
from training_analyzer.queue import Doorbell, UnitJob
from training_analyzer.registry.registry import Registry
from training_analyzer.runtime import Runtime
from training_analyzer.storage import athletes, oauth_states, work
from training_analyzer.storage.athletes import digest
from training_analyzer.storage.oauth_states import OAuthState
from training_analyzer.storage.work import Owed
from training_analyzer.worker import dispatcher, run
from training_analyzer.worker.dispatcher import ROOM, dispatch, keep_house, ring


def owe(runtime: Runtime, athlete_id: UUID, number: int) -> None:
    with runtime.database.transaction() as tx:
        work.owe(tx, [Owed("explain", str(one), athlete_id, "high") for one in range(number)])


@contextmanager
def dispatching(deployment: Deployment, registry: Registry) -> Iterator[Runtime]:
    """Run a dispatcher in a thread, with connections of its own."""
    runtime = Runtime(deployment.settings(), registry=registry)
    ended = threading.Event()

    def work_() -> None:
        try:
            dispatch(runtime, stopped=ended.is_set)
        except (OperationalError, psycopg.OperationalError):
            ended.wait()  # its connection was ended by the test

    thread = threading.Thread(target=work_)
    thread.start()
    try:
        yield runtime
    finally:
        ended.set()
        thread.join()
        runtime.close()


def test_the_queue_stays_short(runtime: Runtime, athlete_id: UUID) -> None:
    owe(runtime, athlete_id, 3 * ROOM)
    doorbell = Doorbell(runtime.redis)
    assert ring(runtime, doorbell, "high") == ROOM
    assert ring(runtime, doorbell, "high") == 0
    assert doorbell.waiting("high") == ROOM
    assert doorbell.waiting("low") == 0


def test_a_bell_that_could_not_be_rung_was_not_rung(
    runtime: Runtime, deployment: Deployment, athlete_id: UUID
) -> None:
    owe(runtime, athlete_id, 3)

    class Away(Doorbell):
        def waiting(self, priority: str) -> int:
            return 0

    with (
        queue.connect("redis://127.0.0.1:1/0") as nobody,
        pytest.raises(redis.ConnectionError),
    ):
        ring(runtime, Away(nobody), "high")
    assert ring(runtime, Doorbell(runtime.redis), "high") == 3


def test_what_is_long_done_goes_and_what_nobody_else_would_ask_for_is_tried_again(
    runtime: Runtime, athlete_id: UUID
) -> None:
    ann = str(athlete_id)
    old = {
        ("look_up", "c/1", "done", 4),
        ("fetch", "1", "done", 4),
        ("explain", f"{ann}/question/q", "done", 4),
        ("explain", ann, "done", 4),
        ("measure", ann, "done", 4),
        ("fetch", "2", "done", 2),
        ("look_up", "c/2", "parked", 2),
        ("look_up", "c/3", "parked", 0),
        ("fetch", "3", "parked", 9),
    }
    with runtime.database.transaction() as tx:
        work.owe(tx, [Owed(kind, subject, athlete_id, "high") for kind, subject, _, _ in old])
        for kind, subject, state, days_ago in old:
            tx.execute(
                text("""
                    UPDATE work SET state = :state, updated_at = now() - make_interval(days => :days_ago)
                    WHERE kind = :kind AND subject = :subject
                """),
                {"kind": kind, "subject": subject, "state": state, "days_ago": days_ago},
            )
    keep_house(runtime)
    with runtime.database.transaction() as tx:
        left = tx.execute(text("SELECT kind, subject, state FROM work")).all()
    assert {tuple(row) for row in left} == {
        ("explain", ann, "done"),
        ("measure", ann, "done"),
        ("fetch", "2", "done"),
        ("look_up", "c/2", "owed"),
        ("look_up", "c/3", "parked"),
        ("fetch", "3", "parked"),
    }


def test_logins_and_begun_connections_go_when_their_time_is_over(
    runtime: Runtime, athlete_id: UUID, clock: StoppedClock
) -> None:
    with runtime.database.transaction(athlete_id) as tx:
        for days in (1, 2):
            until_then = NOW + timedelta(days=days)
            athletes.open_session(tx, athlete_id, f"session {days}", expires_at=until_then)
            begun = OAuthState(athlete_id, "fake", "https://training.example.org")
            oauth_states.remember(tx, f"state {days}", begun, expires_at=until_then)
    clock.advance(days=1)
    keep_house(runtime)
    with runtime.database.transaction(athlete_id) as tx:
        assert tx.execute(text("SELECT token_digest FROM sessions")).scalars().all() == [digest("session 2")]
        assert tx.execute(text("SELECT digest FROM oauth_states")).scalars().all() == [digest("state 2")]


@pytest.mark.slow
def test_an_emptied_redis_loses_nothing(
    monkeypatch: pytest.MonkeyPatch,
    deployment: Deployment,
    registry: Registry,
    runtime: Runtime,
    service: FakeService,
    athlete_id: UUID,
    connect: Callable[[], UUID],
) -> None:
    """Real bells, a real worker, and FLUSHALL in the middle."""
    monkeypatch.setattr(dispatcher, "PATIENCE_S", 0.3)
    monkeypatch.setattr(dispatcher, "TICK_S", 0.1)
    monkeypatch.setattr(run, "_runtime", Runtime(runtime.settings, registry=registry))
    for days_ago in range(1, 25):
        service.add(days_ago, NOW)
    connect()

    def arrived() -> bool:
        with runtime.database.transaction(athlete_id) as tx:
            return tx.execute(text("SELECT count(*) FROM activities WHERE has_samples")).scalar() == 24

    with dispatching(deployment, registry):
        until(lambda: Doorbell(runtime.redis).waiting("high") > 0, "nothing was rung")
        flushed = 0
        deadline = time.monotonic() + PATIENCE_S
        while not arrived():
            assert time.monotonic() < deadline
            if flushed < 3:
                runtime.redis.flushall()
                flushed += 1
            worker = SimpleWorker(
                [queue.queue(runtime.redis, "high"), queue.queue(runtime.redis, "low")],
                connection=runtime.redis,
                job_class=UnitJob,
                serializer=JSONSerializer,
            )
            worker.work(burst=True, max_jobs=9)
            time.sleep(0.05)
    assert flushed == 3
    assert sorted(map(int, service.asked("fetch"))) == list(range(1, 25)), "everything, and once"


def test_a_second_dispatcher_takes_over_when_the_first_one_dies(
    monkeypatch: pytest.MonkeyPatch,
    deployment: Deployment,
    registry: Registry,
    runtime: Runtime,
    athlete_id: UUID,
) -> None:
    monkeypatch.setattr(dispatcher, "TICK_S", 0.1)
    monkeypatch.setattr(dispatcher, "PATIENCE_S", 3600)  # no bell is rung again
    doorbell = Doorbell(runtime.redis)

    def holders() -> list[int]:
        with runtime.database.transaction() as tx:
            return list(
                tx.execute(
                    text("""
                        SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted
                        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
                    """)
                ).scalars()
            )

    with dispatching(deployment, registry):
        until(lambda: len(holders()) == 1, "nobody dispatches")
        (first,) = holders()
        with dispatching(deployment, registry):
            owe(runtime, athlete_id, 4)
            until(lambda: doorbell.waiting("high") == 4, "nothing was rung")
            time.sleep(0.3)
            assert doorbell.waiting("high") == 4, "one of the two rang"
            assert holders() == [first]
            with runtime.database.transaction() as tx:
                assert tx.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": first}).scalar()
            until(lambda: holders() not in ([], [first]), "nobody takes over")
            owe(runtime, athlete_id, 6)
            until(lambda: doorbell.waiting("high") == 6, "the second one does not ring")


def test_work_that_is_owed_wakes_the_dispatcher_at_once(
    deployment: Deployment, registry: Registry, runtime: Runtime, athlete_id: UUID
) -> None:
    with runtime.database.listen() as listener:
        began = time.monotonic()
        owe(runtime, athlete_id, 1)
        listener.wait(PATIENCE_S)
        assert time.monotonic() - began < PATIENCE_S / 2
        began = time.monotonic()
        listener.wait(0.2)
        assert time.monotonic() - began >= 0.15, "and then it waits"
