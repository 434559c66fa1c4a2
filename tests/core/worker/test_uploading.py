"""Reading what was handed over, when processes die at it, or the database does; and what never came whole."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from typing import BinaryIO
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, OperationalError

from tests.conftest import NOW, StoppedClock
from tests.fakes.files import FakeFiles, line
from tests.fakes.registry import registry_of
from tests.waiting import PATIENCE_S, until, waiting
from training_analyzer import pipeline
from training_analyzer.domain.errors import NotPossible, Superseded
from training_analyzer.ingestion.uploads import MAX_ATTEMPTS, MOST_IN_VAIN, read, received_event
from training_analyzer.queue import UnitTimedOut
from training_analyzer.registry.registry import Registry
from training_analyzer.runtime import Runtime
from training_analyzer.sdk import BrokenRecord, RawActivity
from training_analyzer.storage import outlines, upload_files, upload_pieces, upload_results, uploads, work
from training_analyzer.storage.database import Transaction
from training_analyzer.worker.run import work_on
from training_analyzer.worker.uploading import read_upload, sweep

HandOver = Callable[..., UUID]
WorkThrough = Callable[..., int]
Outcomes = Callable[[UUID], list[str]]


class Death(BaseException):
    """The process ends here: nobody hears of it but by the lease."""


@pytest.fixture
def files() -> FakeFiles:
    return FakeFiles()


@pytest.fixture
def registry(files: FakeFiles) -> Registry:
    return registry_of(files)


def rides(count: int, first: int = 0) -> list[bytes]:
    return [line(f"r{n}", NOW - timedelta(hours=2 * n)) for n in range(first, first + count)]


@pytest.fixture
def hand_over(runtime: Runtime, athlete_id: UUID) -> HandOver:
    def handed(*contents: bytes) -> UUID:
        with runtime.database.transaction(athlete_id) as tx:
            upload_id = uploads.begin(tx, athlete_id, "paper", "api", now=runtime.now())
            for number, content in enumerate(contents):
                file_id = upload_files.add(tx, athlete_id, upload_id, f"{number}.txt")
                upload_pieces.add(tx, athlete_id, file_id, 0, content)
            uploads.received(tx, upload_id, now=runtime.now())
            upload = uploads.find(tx, upload_id)
            assert upload is not None
            pipeline.record(tx, [received_event(tx, upload)], now=runtime.now())
        return upload_id

    return handed


@pytest.fixture
def work_through(runtime: Runtime, clock: StoppedClock) -> WorkThrough:
    """Work until nothing is owed, whoever dies at it and however long it takes; return how many died."""

    def worked(after_death: Callable[[Transaction], object] = lambda _: None) -> int:
        deaths = 0
        while True:
            clock.advance(seconds=3600)
            with runtime.database.transaction() as tx:
                due = [
                    unit
                    for priority in ("high", "low")
                    for unit in work.ring(tx, priority, now=runtime.now(), room=10, patience_s=0)
                ]
            if not due:
                return deaths
            for unit in due:
                try:
                    work_on(runtime, unit, lease_s=0.05)
                except Death:
                    deaths += 1
                    with runtime.database.transaction() as tx:
                        tx.execute(text("SELECT pg_sleep(0.06)"))  # the lease of the one that died
                        after_death(tx)

    return worked


@pytest.fixture
def outcomes(runtime: Runtime, athlete_id: UUID) -> Outcomes:
    def told(upload_id: UUID) -> list[str]:
        with runtime.database.transaction(athlete_id) as tx:
            found = upload_results.listed(tx, upload_id, outcome=None, behind=0, limit=1000)
        return [
            result.outcome if result.reason is None else f"{result.name}: {result.reason}"
            for _, result, _ in found
        ]

    return told


@pytest.mark.parametrize("as_archive", [True, False])
@pytest.mark.parametrize("before", [0, 4])
def test_what_ends_the_program_is_passed_over_and_nothing_else_is(
    *,
    files: FakeFiles,
    hand_over: HandOver,
    work_through: WorkThrough,
    outcomes: Outcomes,
    as_archive: bool,
    before: int,
) -> None:
    def dying(written: bytes) -> None:
        if b"kills" in written:
            raise Death

    files.on_line = dying
    lines = [*rides(before), line("kills", NOW + timedelta(hours=2)), *rides(2, before)]
    upload_id = hand_over(b"".join(lines)) if as_archive else hand_over(*lines)
    assert work_through() == 2 + MAX_ATTEMPTS, "among others, among a few, and alone"
    numbered = as_archive and before  # of the first one, nobody knows yet that others follow
    what = f"0.txt: File number {before + 1} in it" if numbered else f"{before}.txt: It"
    refused = f"{what} was passed over: reading it alone ended the program {MAX_ATTEMPTS} times."
    assert outcomes(upload_id) == ["added"] * before + [refused] + ["added"] * 2


@pytest.mark.parametrize(
    ("first", "said"),
    [
        (
            [b"kills"],
            [f"0.txt: It was passed over: reading it alone ended the program {MAX_ATTEMPTS} times."],
        ),
        ([*rides(1), b"kills"], ["added", "0.txt: File number 2 in it was passed over: reading it alone"]),
        ([b"silence"], []),
    ],
    ids=["a killer", "an archive that ends with one", "nothing to tell"],
)
def test_nobody_is_blamed_for_the_file_behind(
    *,
    files: FakeFiles,
    hand_over: HandOver,
    work_through: WorkThrough,
    outcomes: Outcomes,
    first: list[bytes],
    said: list[str],
) -> None:
    def dying(written: bytes) -> None:
        if b"kills" in written:
            raise Death

    files.on_line = dying
    upload_id = hand_over(b"".join(one.strip() + b"\n" for one in first), b"kills\n", *rides(1, 1))
    work_through()
    told = outcomes(upload_id)
    assert len(told) == len(said) + 2
    assert all(one.startswith(expected) for one, expected in zip(told, said, strict=False))
    assert told[-2:] == [
        f"1.txt: It was passed over: reading it alone ended the program {MAX_ATTEMPTS} times.",
        "added",
    ]


def test_an_archive_that_kills_before_anything_in_it_is_read_is_given_up(
    *, files: FakeFiles, hand_over: HandOver, work_through: WorkThrough, outcomes: Outcomes
) -> None:
    reading = files.read_upload

    def opened(name: str, content: BinaryIO, skip: int = 0) -> Iterator[RawActivity | BrokenRecord]:
        if name == "0.txt":
            raise Death
        return reading(name, content, skip)

    files.read_upload = opened  # type: ignore[method-assign]
    upload_id = hand_over(b"".join(rides(5)), *rides(1, 5))
    work_through()
    told = outcomes(upload_id)
    assert len(told) == MOST_IN_VAIN + 1
    assert "is given up, with all that follows in it" in told[-2]
    assert told[-1] == "added"


def test_who_comes_too_late_blames_nobody(
    runtime: Runtime, files: FakeFiles, athlete_id: UUID, hand_over: HandOver
) -> None:
    upload_id = hand_over(*rides(2))
    with runtime.database.transaction(athlete_id) as tx:
        uploads.take_care(tx, upload_id, 1)
        (unit,) = work.ring(tx, "high", now=runtime.now(), room=10, patience_s=0)
        late = work.claim(tx, unit, now=runtime.now(), lease_s=0)
    assert late is not None

    def slow(_: bytes) -> None:
        files.on_line = lambda _: None
        work_on(runtime, unit)  # by somebody else
        raise UnitTimedOut

    files.on_line = slow
    with pytest.raises(Superseded):
        read_upload(runtime, late)
    with runtime.database.transaction(athlete_id) as tx:
        assert [(one.name, one.attempts) for one in upload_files.unread(tx, upload_id, limit=9)] == [
            ("1.txt", 0)
        ]


def test_who_stores_a_batch_waits_for_who_sorts_and_not_in_a_circle(
    *, runtime: Runtime, athlete_id: UUID, hand_over: HandOver, work_through: WorkThrough, outcomes: Outcomes
) -> None:
    """Sorting holds the athlete, then the recordings: here, in the middle, the same rides come once more."""
    hand_over(*rides(2))
    work_through()
    again = hand_over(*rides(2))
    with runtime.database.transaction() as tx:
        (unit,) = work.ring(tx, "high", now=runtime.now(), room=10, patience_s=0)
    with ThreadPoolExecutor(1) as pool:
        with runtime.database.transaction(athlete_id) as tx:
            outlines.lock_athlete(tx, athlete_id)
            reading = pool.submit(work_on, runtime, unit)
            until(lambda: waiting(tx), "the batch never waited for the athlete")
            tx.execute(text("SELECT FROM recordings FOR NO KEY UPDATE NOWAIT"))
        reading.result(PATIENCE_S)
    assert outcomes(again) == ["known", "known"]


def test_failures_that_are_no_deaths_are_nobodys_fault(
    *,
    files: FakeFiles,
    hand_over: HandOver,
    work_through: WorkThrough,
    outcomes: Outcomes,
) -> None:
    accidents = [OperationalError("SELECT", {}, Exception("the database is gone"))] * 4

    def failing(_: bytes) -> None:
        if accidents:
            raise accidents.pop()

    files.on_line = failing
    upload_id = hand_over(b"".join(rides(3)))
    assert work_through() == 0
    assert outcomes(upload_id) == ["added"] * 3


def test_a_piece_that_does_not_come_is_nobodys_fault(
    runtime: Runtime, athlete_id: UUID, files: FakeFiles, hand_over: HandOver
) -> None:
    upload_id = hand_over(*rides(1))
    with runtime.database.transaction(athlete_id) as tx:
        unread = upload_files.unread(tx, upload_id, limit=1)

    @contextmanager
    def impatient() -> Iterator[Transaction]:
        with runtime.database.transaction(athlete_id) as tx:
            tx.execute(text("SET LOCAL statement_timeout = 20"))
            yield tx

    with runtime.database.transaction(athlete_id) as meanwhile:
        meanwhile.execute(text("LOCK TABLE upload_pieces"))
        with pytest.raises(DBAPIError, match="QueryCanceled"):
            read(files, unread, impatient)
        meanwhile.execute(text("DELETE FROM upload_pieces"))
    with pytest.raises(NotPossible, match="is gone"):
        read(files, unread, impatient)


def test_whoever_ends_with_postgresql_was_not_ended_by_a_file(
    *,
    files: FakeFiles,
    hand_over: HandOver,
    work_through: WorkThrough,
    outcomes: Outcomes,
) -> None:
    deaths = [Death()] * 4

    def cut_off(_: bytes) -> None:
        if deaths:
            raise deaths.pop()

    def restart(tx: Transaction) -> None:
        """Let it be as if PostgreSQL had been started only now."""
        tx.execute(text("UPDATE work SET lease_until = pg_postmaster_start_time()"))

    files.on_line = cut_off
    upload_id = hand_over(b"".join(rides(3)))
    assert work_through(restart) == 4
    assert outcomes(upload_id) == ["added"] * 3


def test_what_never_comes_to_an_end_is_passed_over(
    *, files: FakeFiles, hand_over: HandOver, work_through: WorkThrough, outcomes: Outcomes
) -> None:
    def endless(written: bytes) -> None:
        if b"endless" in written:
            raise UnitTimedOut

    files.on_line = endless
    upload_id = hand_over(b"".join([*rides(2), line("endless", NOW + timedelta(hours=2)), *rides(2, 2)]))
    work_through()
    assert [one[:5] for one in outcomes(upload_id)] == ["added", "added", "0.txt", "added", "added"]


def test_what_has_not_happened_yet_is_refused(
    hand_over: HandOver, work_through: WorkThrough, outcomes: Outcomes
) -> None:
    upload_id = hand_over(line("r1", NOW + timedelta(days=900)) + line("r2", NOW + timedelta(days=1)))
    work_through()
    refused, added = outcomes(upload_id)
    assert "It begins on 2028-12-01, which is still to come" in refused
    assert added == "added"


def test_what_never_came_whole_is_swept_up(
    runtime: Runtime, athlete_id: UUID, clock: StoppedClock, hand_over: HandOver
) -> None:
    with runtime.database.transaction(athlete_id) as tx:
        old = uploads.begin(tx, athlete_id, "paper", "api", now=runtime.now())
        upload_pieces.add(tx, athlete_id, upload_files.add(tx, athlete_id, old, "a.txt"), 0, b"half of")
    assert sweep(runtime) == 0
    clock.advance(seconds=uploads.LONGEST_RECEIVING.total_seconds())
    whole = hand_over(*rides(1))
    with runtime.database.transaction(athlete_id) as tx:
        new = uploads.begin(tx, athlete_id, "paper", "api", now=runtime.now())
    clock.advance(seconds=1)
    assert sweep(runtime) == 1
    assert sweep(runtime) == 0
    with runtime.database.transaction(athlete_id) as tx:
        assert {one.id for one in uploads.newest(tx, athlete_id, limit=10)} == {whole, new}
        assert upload_pieces.waiting_bytes(tx, athlete_id) == len(rides(1)[0])
