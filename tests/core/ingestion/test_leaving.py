"""Athletes who leave at the provider without a word: what came from there goes in time, unless they are back."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import text

from tests.conftest import NOW, StoppedClock
from tests.fakes.provider import FakeService
from training_analyzer import pipeline
from training_analyzer.domain.events import AccessInDoubt
from training_analyzer.runtime import Runtime
from training_analyzer.sdk import DataRights, Forbidden, MissingScope, NotAuthorized, Unavailable
from training_analyzer.storage.connections import StoredConnection
from training_analyzer.worker.dispatcher import begin

A_POLL = 6 * 3600 + 1


@pytest.fixture
def left(
    runtime: Runtime,
    service: FakeService,
    clock: StoppedClock,
    connection: Callable[[], StoredConnection],
    work_off: Callable[[], int],
) -> StoredConnection:
    """An athlete with one activity, whose connection was refused when it was listed again."""
    runtime.__dict__["rights"] = {"fake": DataRights(erase_within_days=30)}
    service.add(1, NOW)
    connection()
    work_off()
    service.fault = refuse(NotAuthorized("It does not let us in."))
    clock.advance(seconds=A_POLL)
    work_off()
    return connection()


def refuse(error: Exception) -> Callable[[str, str], None]:
    def fault(_method: str, _subject: str) -> None:
        raise error

    return fault


def let_in(_method: str, _subject: str) -> None:
    """No fault: the service answers."""


def doubt(runtime: Runtime, connection: StoredConnection) -> None:
    """As a webhook does that says that the athlete has left."""
    event = AccessInDoubt(
        athlete_id=connection.athlete_id, connection_id=connection.id, provider=connection.provider
    )
    with runtime.database.transaction(connection.athlete_id) as tx:
        pipeline.record(tx, [event], now=runtime.now())


def erasing_owed(runtime: Runtime) -> bool:
    with runtime.database.transaction() as tx:
        owed = tx.execute(text("SELECT count(*) FROM work WHERE kind = 'erase' AND state = 'owed'")).scalar()
    return bool(owed)


def held(runtime: Runtime, athlete_id: UUID) -> tuple[int, int]:
    """Return how many recordings there are, and how many records of erasing."""
    with runtime.database.transaction(athlete_id) as tx:
        row = tx.execute(
            text("SELECT (SELECT count(*) FROM recordings), (SELECT count(*) FROM erasures)")
        ).one()
    return int(row[0]), int(row[1])


def test_what_came_from_there_goes_before_the_time_is_up(
    runtime: Runtime,
    clock: StoppedClock,
    athlete_id: UUID,
    left: StoredConnection,
    connection: Callable[[], StoredConnection],
    work_off: Callable[[], int],
) -> None:
    assert left.status == "reconnect"
    by = (clock.moment + timedelta(days=28)).date()
    assert left.problem == (
        f"It does not let us in. Connect again by {by}, or what came from there is erased here."
    )
    clock.advance(days=27.9)
    work_off()
    assert held(runtime, athlete_id) == (1, 0)
    clock.advance(days=0.2)
    work_off()
    assert held(runtime, athlete_id) == (0, 1)
    now = connection()
    assert now.status == "reconnect"
    assert "has been erased here" in (now.problem or "")


def test_whoever_connects_again_keeps_everything_and_has_the_whole_time_when_they_leave_again(
    runtime: Runtime,
    service: FakeService,
    clock: StoppedClock,
    athlete_id: UUID,
    left: StoredConnection,
    connect: Callable[[], UUID],
    work_off: Callable[[], int],
) -> None:
    clock.advance(days=20)
    service.fault = refuse(NotAuthorized("It does not let us in."))
    assert connect() == left.id
    work_off()  # and is refused at once
    clock.advance(days=20)
    work_off()
    assert held(runtime, athlete_id) == (1, 0), "the time begins anew"
    service.fault = let_in
    connect()
    work_off()
    clock.advance(days=20)
    work_off()
    assert held(runtime, athlete_id) == (1, 0)


def test_a_permission_that_is_missing_is_no_farewell(
    runtime: Runtime,
    service: FakeService,
    clock: StoppedClock,
    athlete_id: UUID,
    connection: Callable[[], StoredConnection],
    work_off: Callable[[], int],
) -> None:
    runtime.__dict__["rights"] = {"fake": DataRights(erase_within_days=30)}
    service.add(1, NOW)
    connection()
    work_off()
    service.fault = refuse(MissingScope("Tick the box.", scopes=("read",)))
    clock.advance(seconds=A_POLL)
    work_off()
    assert connection().problem == "Tick the box."
    clock.advance(days=60)
    work_off()
    assert held(runtime, athlete_id) == (1, 0)


def test_a_bad_hour_of_the_provider_erases_nothing(
    runtime: Runtime,
    service: FakeService,
    clock: StoppedClock,
    athlete_id: UUID,
    left: StoredConnection,
    connection: Callable[[], StoredConnection],
    work_off: Callable[[], int],
) -> None:
    """Before anything is erased, the provider is asked once more, until it answers."""
    assert left.status == "reconnect"
    service.add(2, NOW)
    clock.advance(days=28.1)
    for unclear in (Unavailable("It is down."), Forbidden("Not now.")):
        service.fault = refuse(unclear)
        work_off()
        assert held(runtime, athlete_id) == (1, 0)
        assert erasing_owed(runtime)
        clock.advance(days=1.1)
    service.fault = let_in
    work_off()
    now = connection()
    assert (now.status, now.problem) == ("active", None)
    assert held(runtime, athlete_id) == (2, 0), "and listed again"
    clock.advance(days=40)
    work_off()
    assert held(runtime, athlete_id) == (2, 0)


def test_a_permission_that_is_missing_on_the_last_day_erases_nothing(
    runtime: Runtime,
    service: FakeService,
    clock: StoppedClock,
    athlete_id: UUID,
    left: StoredConnection,
    connection: Callable[[], StoredConnection],
    work_off: Callable[[], int],
) -> None:
    assert left.status == "reconnect"
    service.fault = refuse(MissingScope("Tick the box.", scopes=("read",)))
    clock.advance(days=28.1)
    work_off()
    assert held(runtime, athlete_id) == (1, 0)
    assert connection().problem == "Tick the box."
    assert not erasing_owed(runtime)


def test_whoever_is_let_in_when_asked_is_back(
    runtime: Runtime,
    service: FakeService,
    athlete_id: UUID,
    left: StoredConnection,
    connection: Callable[[], StoredConnection],
    work_off: Callable[[], int],
) -> None:
    service.fault = let_in
    service.add(2, NOW)
    doubt(runtime, left)
    work_off()
    assert connection().status == "active"
    assert not erasing_owed(runtime)
    assert held(runtime, athlete_id) == (2, 0)


def test_whoever_lets_in_to_less_when_asked_is_not_erased_without_a_word(
    runtime: Runtime,
    service: FakeService,
    left: StoredConnection,
    connection: Callable[[], StoredConnection],
    work_off: Callable[[], int],
) -> None:
    service.fault = refuse(Forbidden("Not now."))
    doubt(runtime, left)
    work_off()
    assert connection().problem == left.problem, "that says less than what is known"
    assert erasing_owed(runtime)
    service.fault = refuse(MissingScope("Tick the box.", scopes=("read",)))
    doubt(runtime, left)
    work_off()
    assert connection().problem == "Tick the box."
    assert not erasing_owed(runtime)


def test_what_is_not_allowed_is_no_farewell(
    runtime: Runtime,
    service: FakeService,
    clock: StoppedClock,
    connection: Callable[[], StoredConnection],
    work_off: Callable[[], int],
) -> None:
    runtime.__dict__["rights"] = {"fake": DataRights(erase_within_days=30)}
    connection()
    work_off()
    service.fault = refuse(Forbidden("Not for you."))
    clock.advance(seconds=A_POLL)
    work_off()
    assert (connection().status, connection().problem) == ("reconnect", "Not for you.")
    assert not erasing_owed(runtime)


def test_a_farewell_that_is_confirmed_is_the_last_word(
    runtime: Runtime,
    clock: StoppedClock,
    athlete_id: UUID,
    left: StoredConnection,
    connection: Callable[[], StoredConnection],
    work_off: Callable[[], int],
) -> None:
    for _ in range(2):
        doubt(runtime, left)
        work_off()
        assert held(runtime, athlete_id) == (0, 1)
        assert (connection().problem or "").startswith("You disconnected this server there, so everything")
        assert not erasing_owed(runtime)
        clock.advance(days=30)


def test_who_was_refused_before_there_was_a_day_of_erasing_is_given_one(
    runtime: Runtime,
    service: FakeService,
    clock: StoppedClock,
    athlete_id: UUID,
    connection: Callable[[], StoredConnection],
    work_off: Callable[[], int],
) -> None:
    """As before an update that brought erasing, or terms that ask for it."""
    service.add(1, NOW)
    connection()
    work_off()
    service.fault = refuse(NotAuthorized("It does not let us in."))
    clock.advance(seconds=A_POLL)
    work_off()
    assert connection().problem == "It does not let us in."
    begin(runtime)
    assert not erasing_owed(runtime), "no terms ask for it"
    runtime.__dict__["rights"] = {"fake": DataRights(erase_within_days=30)}
    with runtime.database.transaction(athlete_id) as tx:
        tx.execute(
            text("UPDATE connections SET updated_at = CAST(:long_ago AS timestamptz)"),
            {"long_ago": clock.moment - timedelta(days=90)},
        )
    begin(runtime)
    told = connection().problem
    by = (clock.moment + timedelta(days=7)).date()
    assert told == (
        f"It does not let us in. Connect again by {by}: if this server is refused then, "
        "what came from there is erased here."
    )
    begin(runtime)
    runtime.__dict__["rights"] = {"fake": DataRights(erase_within_days=20)}
    begin(runtime)
    assert connection().problem == told, "it has its day already"
    clock.advance(days=6.9)
    work_off()
    assert held(runtime, athlete_id) == (1, 0)
    clock.advance(days=0.2)
    work_off()
    assert held(runtime, athlete_id) == (0, 1)
    runtime.__dict__["rights"] = {"fake": DataRights(erase_within_days=30)}
    begin(runtime)
    assert not erasing_owed(runtime), "there is nothing left"
