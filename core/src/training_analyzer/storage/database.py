"""The way into PostgreSQL: transactions under row-level security, and word of new work."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, cast
from uuid import UUID

import psycopg
from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool

from training_analyzer.domain.errors import ConfigurationError

Transaction = Connection
"""An open transaction. Whoever opened it commits; storage functions take it and never end it."""

WORK_CHANNEL: Final = "training_analyzer_work"


class Database:
    """
    PostgreSQL as the application sees it: as a role that row-level security binds.

    Make it after the fork. `pooled=False` suits a process that lives for one unit of work.
    """

    def __init__(self, url: str, *, pooled: bool = True, connections: int = 10) -> None:
        self._engine = _engine(url, pooled=pooled, connections=connections)

    @contextmanager
    def transaction(self, athlete_id: UUID | None = None) -> Iterator[Transaction]:
        """Open a transaction that sees the rows of this athlete, or of nobody; commit at the end."""
        with self._engine.begin() as connection:
            if athlete_id is not None:
                act_as(connection, athlete_id)
            yield connection

    def check(self) -> None:
        """Raise ConfigurationError where the database is out of reach, or its role may do too much."""
        try:
            with self._engine.connect() as connection:
                role = connection.execute(
                    text(
                        "SELECT rolname, rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"
                    )
                ).one()
        except OperationalError as error:
            raise ConfigurationError(unreachable(error)) from error
        if role[1]:
            raise ConfigurationError(
                f"the role {role[0]!r} of TRAINING_ANALYZER_DATABASE_URL bypasses row-level security; "
                "use a role that is neither superuser nor BYPASSRLS, and not the owner of the tables"
            )

    def wait_for_work(self, timeout_s: float) -> Iterator[None]:
        """Yield whenever work was owed or finished, and at the latest every `timeout_s` seconds."""
        with self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            listener = cast("psycopg.Connection", connection.connection.driver_connection)
            listener.execute(f"LISTEN {WORK_CHANNEL}")
            while True:
                yield
                for _ in listener.notifies(timeout=timeout_s, stop_after=1):
                    # Units end in bursts: one look at the table answers for all of them.
                    time.sleep(0.02)

    def close(self) -> None:
        self._engine.dispose()


def act_as(tx: Transaction, athlete_id: UUID) -> None:
    """Let the rest of the transaction see this athlete's rows, and nobody else's."""
    tx.execute(text("SELECT set_config('app.athlete', :athlete, true)"), {"athlete": str(athlete_id)})


def announce_work(tx: Transaction) -> None:
    """Wake the dispatcher when this transaction commits."""
    tx.execute(text("SELECT pg_notify(:channel, '')"), {"channel": WORK_CHANNEL})


def unreachable(error: OperationalError) -> str:
    reason = str(error.orig).strip().splitlines()[0] if error.orig else "no answer"
    return (
        f"PostgreSQL does not answer: {reason}. Check TRAINING_ANALYZER_DATABASE_URL, "
        "or unset it to use the embedded server."
    )


def _engine(url: str, *, pooled: bool, connections: int) -> Engine:
    options = {"connect_timeout": 5, "application_name": "training-analyzer"}
    if not pooled:
        return create_engine(url, poolclass=NullPool, connect_args=options)
    return create_engine(url, pool_size=connections, pool_pre_ping=True, connect_args=options)
