"""An athlete whose account is connected, and what tests of ingestion ask of it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from uuid import UUID

import pytest
from sqlalchemy import text

from tests.conftest import StoppedClock
from tests.fakes.provider import FakeService
from tests.fakes.service import says_yes
from training_analyzer import pipeline
from training_analyzer.domain.events import Event
from training_analyzer.ingestion.listing import look_up_owed
from training_analyzer.ingestion.planning import Again, list_again, sync
from training_analyzer.runtime import Runtime
from training_analyzer.storage import connections
from training_analyzer.storage.connections import StoredConnection


@pytest.fixture
def online(service: FakeService, clock: StoppedClock) -> Iterator[FakeService]:
    """The service, over real HTTP: each answer is a request that is counted."""
    with says_yes() as url:
        service.url = url
        service.now = lambda: clock.moment
        yield service


@pytest.fixture
def connection(
    runtime: Runtime, athlete_id: UUID, connect: Callable[[], UUID]
) -> Callable[[], StoredConnection]:
    """Return the athlete's connection as it is now; the first call makes it."""
    made: list[UUID] = []

    def found() -> StoredConnection:
        if not made:
            made.append(connect())
        with runtime.database.transaction(athlete_id) as tx:
            stored = connections.find(tx, made[0])
        assert stored is not None
        return stored

    return found


@dataclass
class Account:
    """An athlete's account at the service. It is connected once somebody asks for `now`."""

    runtime: Runtime
    clock: StoppedClock
    service: FakeService
    connection: Callable[[], StoredConnection]
    connect: Callable[[], UUID]
    work_off: Callable[[], int]

    @property
    def now(self) -> StoredConnection:
        return self.connection()

    def begin(self) -> StoredConnection:
        """Connect, and list and fetch everything."""
        self.connection()
        self.work_off()
        return self.now

    def wait(self, *, days: float = 0, seconds: float = 0) -> None:
        """Let time pass, and do what is due then."""
        self.clock.advance(days=days, seconds=seconds)
        self.work_off()

    def list_again(self, purpose: Again) -> None:
        """Ask for a list, as the athlete may, and do what follows from it."""
        with self.runtime.database.transaction(self.now.athlete_id) as tx:
            event = list_again(tx, self.now, purpose, self.runtime.horizon, now=self.runtime.now())
            pipeline.record(tx, [event], now=self.runtime.now())
        self.work_off()

    def sync(self, *, everything: bool) -> None:
        """Ask for what is there now, as the athlete may, and do what follows from it."""
        self.ask(everything=everything)
        self.work_off()

    def ask(self, *, everything: bool) -> None:
        with self.runtime.database.transaction(self.now.athlete_id) as tx:
            listed, fetches = sync(
                tx, self.now, self.runtime.horizon, everything=everything, now=self.runtime.now()
            )
            pipeline.record(tx, [listed, *fetches], now=self.runtime.now())

    def connect_again(self) -> None:
        """Let the athlete connect once more, and do what follows from it."""
        self.connect()
        self.work_off()

    def hear_of(self, external_id: str) -> None:
        """Be told of an activity, as by a webhook."""
        self.hear(look_up_owed(self.now, external_id, "high"))

    def hear(self, event: Event) -> None:
        with self.runtime.database.transaction(self.now.athlete_id) as tx:
            pipeline.record(tx, [event], now=self.runtime.now())

    def refuse(self, error: Exception | None) -> None:
        """Let the service answer everything with an error; None: with what is asked for."""

        def fault(_method: str, _subject: str) -> None:
            if error is not None:
                raise error

        self.service.fault = fault

    def stored(self) -> dict[str, tuple[bool, bool]]:
        """Return what is here: by id, whether there is an activity, and whether it has streams."""
        with self.runtime.database.transaction(self.now.athlete_id) as tx:
            rows = tx.execute(
                text("SELECT external_id, activity_id IS NOT NULL, fetched_at IS NOT NULL FROM recordings")
            ).all()
        return {row[0]: (row[1], row[2]) for row in rows}


@pytest.fixture
def account(
    runtime: Runtime,
    clock: StoppedClock,
    service: FakeService,
    connection: Callable[[], StoredConnection],
    connect: Callable[[], UUID],
    work_off: Callable[[], int],
) -> Account:
    return Account(runtime, clock, service, connection, connect, work_off)
