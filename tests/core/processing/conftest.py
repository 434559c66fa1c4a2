"""An athlete whose activities tests count, change and measure again."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from tests.conftest import StoppedClock
from tests.fakes.provider import FakeService
from training_analyzer import pipeline
from training_analyzer.domain.events import ThresholdsChanged
from training_analyzer.ingestion.planning import list_again
from training_analyzer.processing import measuring
from training_analyzer.processing.measuring import Batch
from training_analyzer.runtime import Runtime
from training_analyzer.storage import connections, thresholds
from training_analyzer.storage.database import Transaction
from training_analyzer.storage.thresholds import DatedThreshold


@dataclass
class Training:
    """What tests do with an athlete's data, and ask of it."""

    runtime: Runtime
    service: FakeService
    clock: StoppedClock
    athlete_id: UUID
    connection_id: UUID
    work_off: Callable[[], int]

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        with self.runtime.database.transaction(self.athlete_id) as tx:
            yield tx

    def ask(self, query: str, **parameters: object) -> list[tuple[Any, ...]]:
        with self.transaction() as tx:
            return [tuple(row) for row in tx.execute(text(query), parameters)]

    def stale(self) -> Batch:
        """Return what would be measured next, and mark nothing."""
        with self.transaction() as tx:
            batch = measuring.choose(tx, self.athlete_id, self.runtime.plan, self.runtime.registry.providers)
            tx.rollback()
        return batch

    def sync(self) -> None:
        with self.transaction() as tx:
            connection = connections.find(tx, self.connection_id)
            assert connection is not None
            now = self.clock.now()
            pipeline.record(
                tx, [list_again(tx, connection, "recent", self.runtime.horizon, now=now)], now=now
            )
        self.work_off()

    def owe_measuring(self) -> None:
        with self.transaction() as tx:
            event = ThresholdsChanged(athlete_id=self.athlete_id, first_day=self.clock.now().date())
            pipeline.record(tx, [event], now=self.clock.now())

    def set_thresholds(self, *dated: DatedThreshold) -> None:
        with self.transaction() as tx:
            thresholds.store(tx, self.athlete_id, dated)

    def written(self) -> dict[str, str]:
        """Return what each activity's measurements were made from, by its title."""
        rows = self.ask("""
            SELECT a.title, a.fingerprint FROM activities a
            WHERE EXISTS (SELECT FROM measurements m WHERE m.activity_id = a.id)
        """)
        return {str(title): str(fingerprint) for title, fingerprint in rows}

    def series(self, key: str = "fake.daily_load") -> dict[date, float | None]:
        rows = self.ask("SELECT day, value FROM days WHERE key = :key ORDER BY day", key=key)
        return {row[0]: row[1] for row in rows}


@pytest.fixture
def training(
    runtime: Runtime,
    service: FakeService,
    clock: StoppedClock,
    athlete_id: UUID,
    connect: Callable[[], UUID],
    work_off: Callable[[], int],
) -> Training:
    return Training(runtime, service, clock, athlete_id, connect(), work_off)
