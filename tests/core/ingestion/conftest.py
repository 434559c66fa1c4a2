"""What tests of ingestion ask of the database."""

from collections.abc import Callable, Iterator
from uuid import UUID

import pytest

from tests.conftest import StoppedClock
from tests.fakes.provider import FakeService
from tests.fakes.service import says_yes
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
