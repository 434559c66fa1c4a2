"""Databases of all kinds: empty ones, and one with two athletes in it."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg import sql

from training_analyzer.embedded import EmbeddedServers
from training_analyzer.runtime import Runtime
from training_analyzer.storage import athletes


@dataclass(frozen=True)
class EmptyDatabase:
    """A database that nobody has migrated."""

    database_url: str
    database_owner_url: str
    database_superuser_url: str


@pytest.fixture
def empty_database(servers: EmbeddedServers) -> Iterator[EmptyDatabase]:
    name = f"empty_{uuid4().hex}"
    superuser = servers.database_superuser_url.replace("+psycopg", "")
    with psycopg.connect(superuser, autocommit=True, dbname="postgres") as admin:
        admin.execute(
            sql.SQL("CREATE DATABASE {} OWNER training_analyzer_owner").format(sql.Identifier(name))
        )
        yield EmptyDatabase(
            *(
                url.replace("/training_analyzer?", f"/{name}?")
                for url in (servers.database_url, servers.database_owner_url, servers.database_superuser_url)
            )
        )
        admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture
def other_id(runtime: Runtime) -> UUID:
    """Another athlete than `athlete_id`."""
    with runtime.database.transaction() as tx:
        return athletes.register(
            tx, email="other@example.org", password_hash="-", name="Ben", sex=None, birth_year=None
        )
