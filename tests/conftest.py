"""Real servers for every test that asks: one PostgreSQL and one Valkey a session, one database a test."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

import pytest
import redis
from pydantic import SecretStr

from tests.databases import TEMPLATE, Databases
from tests.fakes.provider import FakeProvider, FakeService
from tests.fakes.registry import registry_of
from training_analyzer import pipeline
from training_analyzer.domain.clock import Clock
from training_analyzer.embedded import EmbeddedServers
from training_analyzer.ingestion import connecting
from training_analyzer.registry.registry import Registry
from training_analyzer.runtime import Runtime
from training_analyzer.settings import PREFIX, Settings
from training_analyzer.storage import athletes
from training_analyzer.storage.migrating import migrate
from training_analyzer.storage.secrets import KeyRing
from training_analyzer.worker.run import work_on

NOW = datetime(2026, 6, 15, 12, 0, 30, tzinfo=UTC)
"""A Monday noon, half a minute into a quarter hour: what tests call now."""
ANN: Final = UUID(int=0xA22)
KEYS: Final = KeyRing.generate()
"""The same for all tests of a process, so that what one has sealed another can open."""


@pytest.fixture(autouse=True)
def _no_settings_from_outside(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Neither the developer's environment nor their `.env` decides what a test does."""
    for name in list(os.environ):
        if name.startswith(PREFIX):
            monkeypatch.delenv(name)
    monkeypatch.setitem(Settings.model_config, "env_file", None)


@pytest.fixture(scope="session")
def servers() -> Iterator[EmbeddedServers]:
    with EmbeddedServers(ephemeral=True) as servers:
        migrate(servers.database_owner_url, servers.database_url)
        yield servers


@dataclass(frozen=True)
class Deployment:
    """A database and a Redis of one's own, empty and migrated."""

    database_url: str
    database_owner_url: str
    redis_url: str

    def settings(self, **more: object) -> Settings:
        return Settings(
            **{
                "database_url": SecretStr(self.database_url),
                "database_owner_url": SecretStr(self.database_owner_url),
                "redis_url": SecretStr(self.redis_url),
                "secret_keys": SecretStr(KEYS),
                "insight_metrics": "fake",
                "as_of": NOW,
                **more,
            }  # type: ignore[arg-type]
        )

    def environment(self, **more: str) -> dict[str, str]:
        """Return what a process of this deployment has to find in its environment."""
        wanted = {
            "DATABASE_URL": self.database_url,
            "DATABASE_OWNER_URL": self.database_owner_url,
            "REDIS_URL": self.redis_url,
            "SECRET_KEYS": KEYS,
            **more,
        }
        return os.environ | {f"{PREFIX}{name}": value for name, value in wanted.items()}


@pytest.fixture(scope="session")
def databases(servers: EmbeddedServers) -> Iterator[Databases]:
    with Databases(servers) as databases:
        yield databases


@pytest.fixture
def deployment(servers: EmbeddedServers, databases: Databases) -> Iterator[Deployment]:
    name = databases.take()
    with redis.Redis.from_url(servers.redis_url) as client:
        client.flushall()
    yield Deployment(
        servers.database_url.replace(f"/{TEMPLATE}?", f"/{name}?"),
        servers.database_owner_url.replace(f"/{TEMPLATE}?", f"/{name}?"),
        servers.redis_url,
    )
    databases.give_back()


@pytest.fixture
def service() -> FakeService:
    return FakeService()


@pytest.fixture
def registry(service: FakeService) -> Registry:
    """What is installed. A test that wants more overrides it."""
    return registry_of(FakeProvider(service))


class StoppedClock(Clock):
    """Stands still until a test says that time passes."""

    def __init__(self) -> None:
        self.moment = NOW
        super().__init__(lambda: self.moment)

    def advance(self, *, seconds: float = 0, days: float = 0) -> None:
        self.moment += timedelta(seconds=seconds, days=days)


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock()


@pytest.fixture
def runtime(deployment: Deployment, registry: Registry, clock: StoppedClock) -> Iterator[Runtime]:
    runtime = Runtime(deployment.settings(), registry=registry)
    runtime.clock = clock
    yield runtime
    runtime.close()


@pytest.fixture
def athlete_id(runtime: Runtime, monkeypatch: pytest.MonkeyPatch) -> UUID:
    with runtime.database.transaction() as tx, monkeypatch.context() as patched:
        patched.setattr(athletes, "uuid4", lambda: ANN)
        return athletes.register(
            tx, email="athlete@example.org", password_hash="-", name="Ann", sex=None, birth_year=None
        )


@pytest.fixture
def connect(runtime: Runtime, athlete_id: UUID) -> Callable[[], UUID]:
    """Connect the athlete to the fake provider, and owe what that owes."""

    def connected() -> UUID:
        with runtime.database.transaction(athlete_id) as tx:
            connection_id, events = connecting.complete(
                tx,
                runtime.source("fake"),
                athlete_id,
                FakeProvider.grant("account-1"),
                runtime.keys,
                horizon=runtime.horizon_of("fake"),
                now=runtime.now(),
            )
            pipeline.record(tx, events, now=runtime.now())
        return connection_id

    return connected


@pytest.fixture
def work_off(runtime: Runtime) -> Callable[[], int]:
    """Do everything that is owed now, in this process and in the dispatcher's order; return how much."""

    def worked() -> int:
        from training_analyzer.storage import work

        done = 0
        while True:
            with runtime.database.transaction() as tx:
                due = [
                    unit
                    for priority in ("high", "low")
                    for unit in work.ring(tx, priority, now=runtime.now(), room=1000, patience_s=0)
                ]
            if not due:
                return done
            for unit in due:
                work_on(runtime, unit)
            done += len(due)

    return worked
