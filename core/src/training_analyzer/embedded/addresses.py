"""Where running embedded servers are reached, also by other processes that know their data directory."""

from dataclasses import dataclass
from pathlib import Path

from training_analyzer.embedded import postgres, valkey
from training_analyzer.embedded.directory import read_announcement
from training_analyzer.embedded.errors import EmbeddedError


@dataclass(frozen=True)
class Addresses:
    """The URLs of the servers behind one socket directory; asking for one that is left out is an error."""

    socket_directory: Path
    has_postgres: bool = True
    has_valkey: bool = True

    @property
    def database_url(self) -> str:
        """The application's role: reads and writes under row-level security."""
        return self._database_url(postgres.APPLICATION_ROLE)

    @property
    def database_owner_url(self) -> str:
        """The owner of the database: migrates it."""
        return self._database_url(postgres.OWNER_ROLE)

    @property
    def database_superuser_url(self) -> str:
        """The bootstrap superuser, whom no policy binds: for tests that create databases."""
        return self._database_url(postgres.SUPERUSER)

    @property
    def redis_url(self) -> str:
        if not self.has_valkey:
            raise EmbeddedError("the embedded Valkey was not asked for")
        return valkey.redis_url(self.socket_directory)

    def _database_url(self, role: str) -> str:
        if not self.has_postgres:
            raise EmbeddedError("the embedded PostgreSQL was not asked for")
        return postgres.database_url(self.socket_directory, role)


def running_servers(data_directory: Path) -> Addresses | None:
    """Give the addresses of servers that another process runs on this directory; None if none answer."""
    socket_directory = read_announcement(data_directory)
    if socket_directory is None:
        return None
    has_postgres = postgres.answers(socket_directory)
    has_valkey = valkey.answers(socket_directory)
    if not (has_postgres or has_valkey):
        return None
    return Addresses(socket_directory, has_postgres=has_postgres, has_valkey=has_valkey)
