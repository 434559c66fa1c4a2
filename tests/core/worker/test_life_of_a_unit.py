"""A unit of work on real PostgreSQL: no cause is lost, no orphan stores, no poison stops the rest."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import text

from tests.conftest import NOW, Deployment, StoppedClock
from tests.core.storage.work.conftest import claim, due, expire, finish, must_claim, owe, state
from tests.fakes.metrics import Minutes
from tests.fakes.provider import FakeService
from tests.waiting import PATIENCE_S
from training_analyzer.processing.plan import Plan
from training_analyzer.queue import UnitTimedOut
from training_analyzer.runtime import Runtime
from training_analyzer.sdk import BadData, RateLimited, Unavailable
from training_analyzer.storage import work
from training_analyzer.storage.work import Owed
from training_analyzer.worker.dispatcher import begin
from training_analyzer.worker.policy import MAX_FAILURES, Wait, judge
from training_analyzer.worker.run import work_on


def test_what_a_late_orphan_found_is_not_stored(
    runtime: Runtime, service: FakeService, athlete_id: UUID, connect: Callable[[], UUID]
) -> None:
    """An answer takes so long that another worker takes over, and comes first."""
    service.add(1, NOW)
    connect()
    (listing,) = due(runtime)
    answered, may_answer = threading.Event(), threading.Event()

    def stall(method: str, _subject: str) -> None:
        if method == "list" and not answered.is_set():
            answered.set()
            assert may_answer.wait(PATIENCE_S)

    service.fault = stall
    orphan = threading.Thread(target=work_on, args=(runtime, listing), kwargs={"lease_s": 0.2})
    orphan.start()
    assert answered.wait(PATIENCE_S)
    with runtime.database.transaction() as tx:  # as if its renewals did not arrive
        tx.execute(
            text("UPDATE work SET lease_until = now() - interval '1 s', fence = fence + 1 WHERE id = :id"),
            {"id": listing},
        )
    work_on(runtime, listing)
    with runtime.database.transaction(athlete_id) as tx:
        stored_by_heir = tx.execute(text("SELECT count(*), max(id) FROM documents")).one()
        listed = tx.execute(text("SELECT listed, cursor FROM listings WHERE purpose = 'initial'")).one()
    may_answer.set()
    orphan.join()

    with runtime.database.transaction(athlete_id) as tx:
        assert tx.execute(text("SELECT count(*), max(id) FROM documents")).one() == stored_by_heir
        assert (
            tx.execute(text("SELECT listed, cursor FROM listings WHERE purpose = 'initial'")).one() == listed
        )
    assert service.asked("list") == ["2026-05-04/1", "2026-05-04/1"]


def test_a_unit_that_always_fails_is_parked_and_the_rest_goes_on(
    runtime: Runtime,
    clock: StoppedClock,
    service: FakeService,
    athlete_id: UUID,
    connect: Callable[[], UUID],
    work_off: Callable[[], int],
    caplog: pytest.LogCaptureFixture,
) -> None:
    poison, good = service.add(1, NOW), service.add(2, NOW)

    def fault(method: str, subject: str) -> None:
        if method == "fetch" and subject == poison.external_id:
            raise ZeroDivisionError("by design, at http://10.0.0.5")

    service.fault = fault
    connect()
    for _ in range(MAX_FAILURES + 2):
        work_off()
        clock.advance(seconds=3700)

    assert "by design, at http://10.0.0.5" in caplog.text
    assert service.asked("fetch").count(poison.external_id) == MAX_FAILURES
    assert service.asked("fetch").count(good.external_id) == 1
    with runtime.database.transaction(athlete_id) as tx:
        (parked,) = work.parked_of(tx, athlete_id)
        assert (parked.kind, parked.failures) == ("fetch", MAX_FAILURES)
        assert parked.last_error == "ZeroDivisionError: the log says more"
        measured = tx.execute(
            text("SELECT count(*) FROM activities WHERE measured_from IS NOT NULL")
        ).scalar()
    assert measured == 2  # from its summary, the poisonous one too


def test_bad_data_is_asked_for_once_more_and_parked(
    runtime: Runtime,
    clock: StoppedClock,
    service: FakeService,
    athlete_id: UUID,
    connect: Callable[[], UUID],
    work_off: Callable[[], int],
) -> None:
    service.add(1, NOW)

    def fault(method: str, _subject: str) -> None:
        if method == "fetch":
            raise BadData("no streams, but a poem")

    service.fault = fault
    connect()
    for _ in range(3):
        work_off()
        clock.advance(seconds=20)
    with runtime.database.transaction(athlete_id) as tx:
        (parked,) = work.parked_of(tx, athlete_id)
    assert parked.last_error == "BadData: no streams, but a poem"
    assert len(service.asked("fetch")) == 2


CLAIM_AND_DIE = """
import os, signal, sys
from datetime import datetime
from training_analyzer.storage import work
from training_analyzer.storage.database import Transaction
from training_analyzer.storage.database import Database
with Database(sys.argv[1], brief=True).transaction() as tx:
    claim = work.claim(tx, int(sys.argv[2]), now=datetime.fromisoformat(sys.argv[3]), lease_s=3600)
assert claim is not None
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_unit_that_kills_its_worker_is_parked(
    runtime: Runtime, deployment: Deployment, athlete_id: UUID
) -> None:
    unit = owe(runtime, Owed("measure", str(athlete_id), athlete_id, "high"))
    other = owe(runtime, Owed("explain", str(athlete_id), athlete_id, "high"))
    with runtime.database.transaction(athlete_id) as tx:
        tx.execute(
            text("INSERT INTO troubles (work_id, athlete_id, why) VALUES (:unit, :athlete_id, 'long ago')"),
            {"unit": unit, "athlete_id": athlete_id},
        )
    for _ in range(MAX_FAILURES):
        died = subprocess.run(
            [sys.executable, "-c", CLAIM_AND_DIE, deployment.database_url, str(unit), NOW.isoformat()],
            env=os.environ,
            check=False,
        )
        assert died.returncode == -signal.SIGKILL
        assert claim(runtime, unit) is None, "while the lease lasts, it is nobody else's"
        expire(runtime, unit)
    work_on(runtime, unit)
    assert state(runtime, unit) == "parked"
    with runtime.database.transaction(athlete_id) as tx:
        (parked,) = work.parked_of(tx, athlete_id)
    assert "ended its worker" in parked.last_error
    assert due(runtime) == [other]


def test_waiting_for_a_quota_parks_nothing_and_holds_back_the_others(
    runtime: Runtime,
    clock: StoppedClock,
    service: FakeService,
    athlete_id: UUID,
    connect: Callable[[], UUID],
    work_off: Callable[[], int],
) -> None:
    for days_ago in range(1, 8):
        service.add(days_ago, NOW)
    closed = True

    def fault(method: str, _subject: str) -> None:
        if method == "fetch" and closed:
            raise RateLimited("full", retry_at=clock.moment + timedelta(minutes=15))

    service.fault = fault
    connect()
    for _ in range(2 * MAX_FAILURES):
        work_off()
        clock.advance(seconds=901)
    assert len(service.asked("fetch")) == 2 * MAX_FAILURES, "one request learns it for all"
    closed = False
    work_off()
    with runtime.database.transaction(athlete_id) as tx:
        assert work.parked_of(tx, athlete_id) == []
        assert tx.execute(text("SELECT count(*) FROM recordings WHERE fetched_at IS NOT NULL")).scalar() == 7


def test_an_outage_parks_nothing_however_long_it_lasts(
    runtime: Runtime,
    clock: StoppedClock,
    service: FakeService,
    athlete_id: UUID,
    connect: Callable[[], UUID],
    work_off: Callable[[], int],
) -> None:
    service.add(1, NOW)

    def fault(method: str, _subject: str) -> None:
        raise Unavailable(f"{method}: down for maintenance")

    service.fault = fault
    connect()
    for _ in range(4 * MAX_FAILURES):
        work_off()
        clock.advance(seconds=3700)
    service.fault = lambda _method, _subject: None
    work_off()
    with runtime.database.transaction(athlete_id) as tx:
        assert work.parked_of(tx, athlete_id) == []
        assert tx.execute(text("SELECT count(*) FROM activities")).scalar() == 1


def test_one_dispatcher_at_a_time(runtime: Runtime) -> None:
    with runtime.database.listen() as first:
        assert first.is_only()
        with runtime.database.listen() as second:
            assert not second.is_only()
    with runtime.database.listen() as heir:
        assert heir.is_only()


def test_new_calculators_measure_everybody_again(runtime: Runtime, athlete_id: UUID) -> None:
    unit = owe(runtime, Owed("measure", str(athlete_id), athlete_id, "high"))
    begin(runtime)
    finish(runtime, must_claim(runtime, unit))
    begin(runtime)
    assert state(runtime, unit) == "done", "the same calculators as before: nothing is owed"

    class Newer(Minutes):
        version = 2

    runtime.plan = Plan((Newer(),), runtime.plan.daily_metrics, runtime.plan.plugin_of)
    begin(runtime)
    assert due(runtime) == [unit]


def test_what_was_put_right_begins_at_once(runtime: Runtime, athlete_id: UUID) -> None:
    unit = owe(runtime, Owed("fetch", "1", athlete_id, "high", resource="fake"))
    with runtime.database.transaction() as tx:
        work.close(tx, "fake", ("high", "low"), until=NOW + timedelta(minutes=15), why="RateLimited")
    assert due(runtime) == []
    begin(runtime)
    assert due(runtime) == [unit]


def test_a_unit_that_takes_too_long_is_tried_again_and_blames_no_plugin(
    runtime: Runtime, service: FakeService, athlete_id: UUID, connect: Callable[[], UUID]
) -> None:
    service.add(1, NOW)
    connect()
    (listing,) = due(runtime)
    work_on(runtime, listing)

    def fault(method: str, _subject: str) -> None:
        if method == "translate":
            raise UnitTimedOut

    service.fault = fault
    with runtime.database.transaction() as tx:
        measuring = tx.execute(text("SELECT id FROM work WHERE kind = 'measure'")).scalar_one()
    work_on(runtime, measuring)
    with runtime.database.transaction(athlete_id) as tx:
        last_error, failures = tx.execute(
            text("SELECT last_error, failures FROM work WHERE id = :id"), {"id": measuring}
        ).one()
        assert tx.execute(text("SELECT problem FROM recordings")).scalar_one() is None
        why = tx.execute(text("SELECT why FROM troubles WHERE work_id = :id"), {"id": measuring}).scalar_one()
    assert (last_error, failures) == ("TimeoutError", 1)
    assert why.endswith("it took longer than 120 s")


@pytest.mark.parametrize("years", [0, 7000])
def test_a_plugin_s_wait_is_bounded(years: int) -> None:
    verdict = judge(
        RateLimited("full", retry_at=NOW.replace(year=NOW.year + years)), failures=0, waits=0, now=NOW
    )
    assert isinstance(verdict, Wait)
    assert NOW < verdict.until <= NOW + timedelta(days=1)


def test_a_plugin_s_settings_are_part_of_the_plan(deployment: Deployment) -> None:
    def digest(**settings: str) -> str:
        runtime = Runtime(
            deployment.settings(plugins=("metrics_default",), plugin={"metrics_default": settings})
        )
        return runtime.plan.digest

    assert digest() != digest(load_average="trainingpeaks")
