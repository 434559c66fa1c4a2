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
from tests.fakes.metrics import Minutes
from tests.fakes.provider import FakeService
from training_analyzer.domain.errors import Superseded
from training_analyzer.domain.events import QueueName
from training_analyzer.processing.plan import Plan
from training_analyzer.queue import UnitTimedOut
from training_analyzer.runtime import Runtime
from training_analyzer.sdk import BadData, RateLimited, Unavailable
from training_analyzer.storage import work
from training_analyzer.storage.database import Transaction
from training_analyzer.storage.work import Claim, Owed
from training_analyzer.worker.dispatcher import begin
from training_analyzer.worker.policy import MAX_FAILURES, Wait, judge
from training_analyzer.worker.run import work_on

LEASE_S = 30.0


@pytest.fixture
def unit(runtime: Runtime, athlete_id: UUID) -> int:
    """One unit that is owed."""
    return owe(runtime, Owed("measure", str(athlete_id), athlete_id, "high"))


def owe(runtime: Runtime, owed: Owed) -> int:
    with runtime.database.transaction() as tx:
        work.owe(tx, [owed])
        return int(
            tx.execute(
                text("SELECT id FROM work WHERE kind = :kind AND subject = :subject"),
                {"kind": owed.kind, "subject": owed.subject},
            ).scalar_one()
        )


def claim(runtime: Runtime, unit: int, *, lease_s: float = LEASE_S) -> Claim | None:
    with runtime.database.transaction() as tx:
        return work.claim(tx, unit, now=runtime.now(), lease_s=lease_s)


def must_claim(runtime: Runtime, unit: int, *, lease_s: float = LEASE_S) -> Claim:
    claimed = claim(runtime, unit, lease_s=lease_s)
    assert claimed is not None
    return claimed


def state(runtime: Runtime, unit: int) -> str:
    with runtime.database.transaction() as tx:
        return str(tx.execute(text("SELECT state FROM work WHERE id = :id"), {"id": unit}).scalar_one())


def finish(runtime: Runtime, claimed: Claim) -> None:
    with runtime.database.transaction() as tx:
        work.finish(tx, claimed)


def due(runtime: Runtime, priority: QueueName = "high") -> list[int]:
    with runtime.database.transaction() as tx:
        return work.ring(tx, priority, now=runtime.now(), room=100, patience_s=0)


def expire(runtime: Runtime, unit: int) -> None:
    """Let the lease end, as time would."""
    with runtime.database.transaction() as tx:
        tx.execute(text("UPDATE work SET lease_until = now() - interval '1 s' WHERE id = :id"), {"id": unit})


def test_a_unit_is_claimed_once_and_done_once(runtime: Runtime, unit: int) -> None:
    mine = must_claim(runtime, unit)
    assert claim(runtime, unit) is None
    assert due(runtime) == []
    finish(runtime, mine)
    assert state(runtime, unit) == "done"
    assert claim(runtime, unit) is None


def test_a_cause_that_arrives_during_the_work_is_not_lost(
    runtime: Runtime, athlete_id: UUID, unit: int
) -> None:
    mine = must_claim(runtime, unit)
    assert owe(runtime, Owed("measure", str(athlete_id), athlete_id, "high")) == unit
    finish(runtime, mine)
    assert state(runtime, unit) == "owed"
    assert due(runtime) == [unit]
    finish(runtime, must_claim(runtime, unit))
    assert state(runtime, unit) == "done"


def test_a_cause_that_arrives_before_the_claim_is_done_with_it(
    runtime: Runtime, athlete_id: UUID, unit: int
) -> None:
    owe(runtime, Owed("measure", str(athlete_id), athlete_id, "high"))
    finish(runtime, must_claim(runtime, unit))
    assert state(runtime, unit) == "done"


def test_a_late_orphan_changes_nothing(runtime: Runtime, unit: int) -> None:
    orphan = must_claim(runtime, unit)
    expire(runtime, unit)
    heir = must_claim(runtime, unit)
    assert heir.fence == orphan.fence + 1
    assert heir.failures == 1  # the lease of the first ran out
    endings: list[Callable[[Transaction], None]] = [
        lambda tx: work.finish(tx, orphan),
        lambda tx: work.park(tx, orphan, why="late"),
        lambda tx: work.fail(tx, orphan, until=NOW, why="late"),
        lambda tx: work.release(tx, orphan, until=NOW, why="late"),
    ]
    for settle in endings:
        with pytest.raises(Superseded), runtime.database.transaction() as tx:
            settle(tx)
    with runtime.database.transaction() as tx:
        assert not work.renew(tx, orphan, lease_s=LEASE_S)
    finish(runtime, heir)
    assert state(runtime, unit) == "done"


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
            assert may_answer.wait(20)

    service.fault = stall
    orphan = threading.Thread(target=work_on, args=(runtime, listing), kwargs={"lease_s": 0.2})
    orphan.start()
    assert answered.wait(20)
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
    orphan.join(20)

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
) -> None:
    poison, good = service.add(1, NOW), service.add(2, NOW)

    def fault(method: str, subject: str) -> None:
        if method == "fetch" and subject == poison.external_id:
            raise ZeroDivisionError("by design")

    service.fault = fault
    connect()
    for _ in range(MAX_FAILURES + 2):
        work_off()
        clock.advance(seconds=3700)

    assert service.asked("fetch").count(poison.external_id) == MAX_FAILURES
    assert service.asked("fetch").count(good.external_id) == 1
    with runtime.database.transaction(athlete_id) as tx:
        (parked,) = work.parked_of(tx, athlete_id)
        assert (parked.kind, parked.failures) == ("fetch", MAX_FAILURES)
        assert "ZeroDivisionError: by design" in parked.last_error
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
    claim = work.claim(tx, int(sys.argv[2]), now=datetime.fromisoformat(sys.argv[3]), lease_s=30)
assert claim is not None
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_unit_that_kills_its_worker_is_parked(
    runtime: Runtime, deployment: Deployment, athlete_id: UUID, unit: int
) -> None:
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


def test_something_new_gives_a_parked_unit_another_try(runtime: Runtime, athlete_id: UUID, unit: int) -> None:
    with runtime.database.transaction() as tx:
        claimed = work.claim(tx, unit, now=NOW, lease_s=LEASE_S)
        assert claimed is not None
        work.park(tx, claimed, why="given up")
    assert due(runtime) == []
    owe(runtime, Owed("measure", str(athlete_id), athlete_id, "high"))
    assert must_claim(runtime, unit).failures == 0


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


def test_a_plan_for_later_is_due_then_and_not_before(
    runtime: Runtime, clock: StoppedClock, athlete_id: UUID, unit: int
) -> None:
    mine = must_claim(runtime, unit)
    later = NOW + timedelta(hours=12)
    owe(runtime, Owed("measure", str(athlete_id), athlete_id, "high", not_before=later))
    finish(runtime, mine)
    assert state(runtime, unit) == "owed"
    assert due(runtime) == []
    with runtime.database.transaction() as tx:
        assert work.owed_of(tx, athlete_id, now=runtime.now()) == {}
    clock.advance(seconds=12 * 3600 + 1)
    assert due(runtime) == [unit]


def test_a_late_renewal_leases_nothing_that_is_settled(runtime: Runtime, athlete_id: UUID, unit: int) -> None:
    """The thread that renews may come just after the end, to a unit that is owed again for midnight."""
    mine = must_claim(runtime, unit)
    owe(runtime, Owed("measure", str(athlete_id), athlete_id, "high", not_before=NOW + timedelta(hours=12)))
    finish(runtime, mine)
    with runtime.database.transaction() as tx:
        assert not work.renew(tx, mine, lease_s=-1)
    assert due(runtime) == []
    with pytest.raises(Superseded):
        finish(runtime, mine)


def test_the_earliest_of_two_plans_counts(runtime: Runtime, clock: StoppedClock, athlete_id: UUID) -> None:
    for hours in (6, 2, 9):
        unit = owe(
            runtime,
            Owed("explain", str(athlete_id), athlete_id, "low", not_before=NOW + timedelta(hours=hours)),
        )
    clock.advance(seconds=2 * 3600 - 60)
    assert due(runtime, "low") == []
    clock.advance(seconds=120)
    assert due(runtime, "low") == [unit]


def test_a_more_urgent_cause_raises_the_priority(runtime: Runtime, athlete_id: UUID) -> None:
    unit = owe(runtime, Owed("fetch", "1", athlete_id, "low", resource="fake"))
    assert due(runtime, "low") == [unit]
    owe(runtime, Owed("fetch", "1", athlete_id, "high", resource="fake"))
    assert due(runtime, "high") == [unit], "and its bell is rung in the other queue"
    owe(runtime, Owed("fetch", "1", athlete_id, "low", resource="fake"))
    assert must_claim(runtime, unit).priority == "high"


def test_what_is_first_goes_before_everybody_s_urgent_work(runtime: Runtime, athlete_id: UUID) -> None:
    others = [
        owe(runtime, Owed("fetch", str(number), UUID(int=number % 3), "high", resource="fake"))
        for number in range(9)
    ]
    mine = owe(runtime, Owed("fetch", "9", athlete_id, "high", resource="fake"))
    measured = owe(runtime, Owed("measure", str(athlete_id), athlete_id, "first"))
    listed = owe(runtime, Owed("list", "1", athlete_id, "first", resource="fake"))
    rung = due(runtime, "high")
    assert rung[:2] == [listed, measured]
    assert set(rung[2:]) == {mine, *others}


@pytest.mark.parametrize(("meanwhile", "then"), [(False, "high"), (True, "first")])
def test_what_owes_itself_again_is_first_once_unless_something_came_meanwhile(
    runtime: Runtime, athlete_id: UUID, meanwhile: bool, then: str
) -> None:
    unit = owe(runtime, Owed("measure", str(athlete_id), athlete_id, "first"))
    claimed = must_claim(runtime, unit)
    if meanwhile:
        owe(runtime, Owed("measure", str(athlete_id), athlete_id, "first"))
    with runtime.database.transaction() as tx:
        work.calm(tx, claimed)
        work.owe(tx, [Owed("measure", str(athlete_id), athlete_id, "high")])
        work.finish(tx, claimed)
        found = tx.execute(text("SELECT state, priority FROM work WHERE id = :id"), {"id": unit}).one()
    assert tuple(found) == ("owed", then)


def test_a_quota_that_is_closed_for_urgent_work_is_open_for_what_is_first(
    runtime: Runtime, athlete_id: UUID
) -> None:
    first = owe(runtime, Owed("list", "1", athlete_id, "first", resource="fake"))
    high = owe(runtime, Owed("fetch", "1", athlete_id, "high", resource="fake"))
    with runtime.database.transaction() as tx:
        work.close(tx, "fake", ("high", "low"), until=NOW + timedelta(minutes=15))
    assert due(runtime, "high") == [first]
    with runtime.database.transaction() as tx:
        work.open_all(tx)
    assert due(runtime, "high") == [first, high]


def test_a_closed_quota_holds_back_by_priority(
    runtime: Runtime, athlete_id: UUID, clock: StoppedClock
) -> None:
    high = owe(runtime, Owed("fetch", "1", athlete_id, "high", resource="fake"))
    low = owe(runtime, Owed("fetch", "2", athlete_id, "low", resource="fake"))
    elsewhere = owe(runtime, Owed("fetch", "3", athlete_id, "low", resource="other"))
    with runtime.database.transaction() as tx:
        work.close(tx, "fake", ("low",), until=NOW + timedelta(minutes=5))
    assert due(runtime, "high") == [high]
    assert due(runtime, "low") == [elsewhere]
    assert claim(runtime, low) is None, "a bell that was rung before does not get in either"
    clock.advance(seconds=301)
    assert set(due(runtime, "low")) == {low, elsewhere}


def test_athletes_take_turns(runtime: Runtime, athlete_id: UUID) -> None:
    crowd = [
        owe(runtime, Owed("fetch", str(number), athlete_id, "low", position=number)) for number in range(20)
    ]
    late = UUID(int=7)
    first_of_late = owe(runtime, Owed("fetch", "late", late, "low"))
    with runtime.database.transaction() as tx:
        rung = work.ring(tx, "low", now=NOW, room=3, patience_s=60)
    assert first_of_late in rung
    assert set(rung) - {first_of_late} == set(crowd[:2]), "each athlete's in their order"


def test_a_bell_that_nobody_answered_is_rung_again(runtime: Runtime, unit: int) -> None:
    rung = []
    for patience_s in (60, 60, 0):
        with runtime.database.transaction() as tx:
            rung.append(work.ring(tx, "high", now=NOW, room=10, patience_s=patience_s))
    assert rung == [[unit], [], [unit]]


def test_one_dispatcher_at_a_time(runtime: Runtime) -> None:
    with runtime.database.listen() as first:
        assert first.is_only()
        with runtime.database.listen() as second:
            assert not second.is_only()
    with runtime.database.listen() as heir:
        assert heir.is_only()


def test_nobody_waits_for_all_of_anothers_history(runtime: Runtime, athlete_id: UUID) -> None:
    """One place at a time, for two athletes with a long history: they alternate."""
    other = UUID(int=7)
    owner = {}
    for number in range(60):
        whose = (athlete_id, other)[number >= 30]  # all of the first's units are older
        owner[owe(runtime, Owed("fetch", str(number), whose, "low"))] = whose
    served = []
    for _ in range(20):
        with runtime.database.transaction() as tx:
            (unit,) = work.ring(tx, "low", now=NOW, room=1, patience_s=60)
        finish(runtime, must_claim(runtime, unit))
        served.append(owner[unit])
    assert served.count(athlete_id) == served.count(other) == 10


def test_new_calculators_measure_everybody_again(runtime: Runtime, unit: int) -> None:
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
        work.close(tx, "fake", ("high", "low"), until=NOW + timedelta(minutes=15))
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
