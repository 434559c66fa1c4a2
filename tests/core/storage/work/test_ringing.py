"""Whose turn it is: athletes one after another, what is urgent first, and nothing that is closed."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import text

from tests.conftest import NOW, StoppedClock
from tests.core.storage.work.conftest import claim, due, finish, must_claim, owe
from training_analyzer.runtime import Runtime
from training_analyzer.storage import work
from training_analyzer.storage.work import Owed


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


def test_a_quota_that_is_closed_for_urgent_work_is_open_for_what_is_first(
    runtime: Runtime, athlete_id: UUID
) -> None:
    first = owe(runtime, Owed("list", "1", athlete_id, "first", resource="fake"))
    high = owe(runtime, Owed("fetch", "1", athlete_id, "high", resource="fake"))
    with runtime.database.transaction() as tx:
        work.close(tx, "fake", ("high", "low"), until=NOW + timedelta(minutes=15), why="RateLimited")
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
        work.close(tx, "fake", ("low",), until=NOW + timedelta(minutes=5), why="RateLimited")
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


def test_whoever_was_rung_and_found_the_quota_closed_goes_first_the_next_time(
    runtime: Runtime, clock: StoppedClock
) -> None:
    """A bell that led to nothing is no turn: else whoever is behind at a closing would lose theirs."""
    owner = {}
    for number in range(12):
        whose = UUID(int=number % 4 + 1)
        owner[owe(runtime, Owed("fetch", str(number), whose, "low", resource="fake"))] = whose
    served = []
    for _ in range(4):
        with runtime.database.transaction() as tx:
            rung = work.ring(tx, "low", now=runtime.now(), room=3, patience_s=60)
        for unit in rung:
            claimed = claim(runtime, unit)
            if claimed is None:
                continue  # closed already
            if unit == rung[0]:
                finish(runtime, claimed)
                served.append(owner[unit])
                continue
            until = runtime.now() + timedelta(minutes=15)
            with runtime.database.transaction() as tx:
                work.release(tx, claimed, until=until, why="RateLimited")
                work.close(tx, "fake", ("low",), until=until, why="RateLimited")
        with runtime.database.transaction() as tx:
            tx.execute(text("UPDATE work SET rung_at = rung_at - interval '15 min'"))
        clock.advance(seconds=901)
    assert sorted(served) == [UUID(int=number + 1) for number in range(4)]
