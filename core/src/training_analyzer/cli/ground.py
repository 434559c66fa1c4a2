"""What `up` stands on: servers, a database of the right shape, keys; ours where nobody set others."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from pydantic import SecretStr

from training_analyzer.cli import services
from training_analyzer.embedded import EmbeddedServers, running_servers
from training_analyzer.runtime import data_directory, make_keys, read_keys
from training_analyzer.settings import PREFIX, Settings
from training_analyzer.storage.migrating import migrate
from training_analyzer.storage.secrets import KeyRing


@dataclass(frozen=True, slots=True)
class Ground:
    """The settings with every URL filled in, and the servers that we run ourselves."""

    settings: Settings
    servers: EmbeddedServers | None
    news: tuple[tuple[str, str], ...]
    """What is ready, for whoever started us."""

    def check(self) -> None:
        """Raise `ServerDied` unless our servers run."""
        if self.servers is not None:
            self.servers.check()

    def environment(self, api_port: int) -> dict[str, str]:
        """Return what the processes have to find in their environment, beyond what we found in ours."""
        settings = self.settings
        assert settings.database_url is not None
        assert settings.redis_url is not None
        wanted = {
            "API_PORT": str(api_port),
            "DATABASE_URL": settings.database_url.get_secret_value(),
            "REDIS_URL": settings.redis_url.get_secret_value(),
            "DATA_DIRECTORY": str(data_directory(settings).absolute()),
        }
        if settings.as_of is not None and settings.as_of_began is None:
            wanted["AS_OF_BEGAN"] = datetime.now(UTC).isoformat()  # the true time: all clocks begin here
        return {f"{PREFIX}{name}": value for name, value in wanted.items()}


@contextmanager
def prepared(settings: Settings) -> Iterator[Ground]:
    """
    Start the servers that are wanted; migrate a database of ours, and make its keys.

    An external database that lacks a migration is refused: its owner decides when it changes.
    """
    wants_postgres, wants_valkey = settings.database_url is None, settings.redis_url is None
    if not (wants_postgres or wants_valkey):
        yield _inspected(settings, None, [])
        return
    directory = data_directory(settings)
    with EmbeddedServers(directory, postgres=wants_postgres, valkey=wants_valkey) as servers:
        news: list[tuple[str, str]] = []
        found: dict[str, SecretStr] = {}
        if wants_postgres:
            _, revision = migrate(servers.database_owner_url, servers.database_url)
            make_keys(settings)
            found["database_url"] = SecretStr(servers.database_url)
            news.append(("PostgreSQL", f"embedded, at migration {revision}; its data is in {directory}"))
        if wants_valkey:
            found["redis_url"] = SecretStr(servers.redis_url)
            news.append(("Valkey", "embedded"))
        yield _inspected(settings.model_copy(update=found), servers, news)


def _inspected(settings: Settings, servers: EmbeddedServers | None, news: list[tuple[str, str]]) -> Ground:
    services.require(settings)
    KeyRing.parse(read_keys(settings))
    mentioned = {name for name, _ in news}
    for name, own in (("PostgreSQL", "PostgreSQL"), ("Redis", "Valkey")):
        if own not in mentioned:
            news.append((name, "answers"))
    return Ground(settings, servers, tuple(news))


def with_running_servers(settings: Settings) -> Settings:
    """Fill in the URLs of servers that an `up` runs on the same data directory; start nothing."""
    found: dict[str, SecretStr] = {}
    running = running_servers(data_directory(settings))
    if running is not None and running.has_postgres and settings.database_url is None:
        found["database_url"] = SecretStr(running.database_url)
    if running is not None and running.has_valkey and settings.redis_url is None:
        found["redis_url"] = SecretStr(running.redis_url)
    return settings.model_copy(update=found)
