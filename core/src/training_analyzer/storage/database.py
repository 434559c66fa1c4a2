"""The way into PostgreSQL: transactions under row-level security, and word of new work."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final, TypeVar, cast
from uuid import UUID

import numpy as np
import psycopg
from psycopg.errors import DeadlockDetected
from psycopg.pq import Format
from pydantic_core import PydanticSerializationError
from sqlalchemy import Connection, create_engine, event, text
from sqlalchemy.exc import DataError, OperationalError
from sqlalchemy.pool import QueuePool

from training_analyzer.domain.errors import ConfigurationError
from training_analyzer.sdk import BadData
from training_analyzer.storage.arrays import ColumnDumper

Transaction = Connection
"""An open transaction. Whoever opened it commits; storage functions take it and never end it."""

WORK_CHANNEL: Final = "training_analyzer_work"
DISPATCHER_LOCK: Final = 7_263_540_119
"""An advisory lock of our own: its holder is the dispatcher."""

OVERFLOW: Final = 10
"""Connections beyond those that are kept open."""

INSISTENCE: Final = 5
"""A circle is found within a second; whoever worked meanwhile has ended after a few."""

PAUSES_S: Final = (0.1, 1, 3, 9)
"""A PostgreSQL that is started anew is back within some seconds."""

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class PoolUse:
    """How many connections a process has, and may have."""

    in_use: int
    idle: int
    limit: int


class Database:
    """
    PostgreSQL as the application sees it: as a role that row-level security binds.

    Make it after the fork. `brief`: for a process that lives for one unit of work.
    """

    def __init__(self, url: str, *, brief: bool = False) -> None:
        self._engine = create_engine(
            url,
            pool_size=2 if brief else 10,
            max_overflow=OVERFLOW,
            hide_parameters=True,  # an error's text goes to logs; what was stored does not
            # A connection that was left alone for hours may be dead; one of a moment ago is not.
            pool_pre_ping=not brief,
            connect_args={"connect_timeout": 5, "application_name": "training-analyzer"},
        )
        event.listen(self._engine, "connect", _teach_columns)
        event.listen(self._engine, "before_cursor_execute", _ask_for_binary)

    @contextmanager
    def transaction(self, athlete_id: UUID | None = None) -> Iterator[Transaction]:
        """Open a transaction that sees the rows of this athlete, or of nobody; commit at the end."""
        with self._engine.begin() as connection:
            if athlete_id is not None:
                act_as(connection, athlete_id)
            yield connection

    def insist(self, athlete_id: UUID | None, action: Callable[[Transaction], Result]) -> Result:
        """
        Do something in a transaction, and do it again where PostgreSQL ended that for somebody else's.

        It does so where transactions wait for each other in a circle.
        """
        for _ in range(INSISTENCE):
            try:
                with self.transaction(athlete_id) as tx:
                    return action(tx)
            except OperationalError as error:
                if not isinstance(error.orig, DeadlockDetected):
                    raise
        with self.transaction(athlete_id) as tx:
            return action(tx)

    def outlast(self, athlete_id: UUID, action: Callable[[Transaction], Result]) -> Result:
        """Do something in a transaction, and again for some seconds where PostgreSQL is out of reach."""
        for pause_s in PAUSES_S:
            try:
                with self.transaction(athlete_id) as tx:
                    return action(tx)
            except OperationalError:
                time.sleep(pause_s)
        with self.transaction(athlete_id) as tx:
            return action(tx)

    def check(self) -> None:
        """Raise ConfigurationError where the database is out of reach, or its role may do too much."""
        try:
            with self._engine.connect() as connection:
                role = connection.execute(
                    text("""
                        SELECT rolname, rolsuper OR rolbypassrls OR EXISTS (
                            SELECT FROM pg_class c WHERE c.relkind = 'r'
                            AND c.relnamespace = 'public'::regnamespace
                            AND pg_has_role(current_user, c.relowner, 'USAGE'))
                        FROM pg_roles WHERE rolname = current_user
                    """)
                ).one()
        except OperationalError as error:
            raise ConfigurationError(unreachable(error)) from error
        if role[1]:
            raise ConfigurationError(
                f"the role {role[0]!r} of TRAINING_ANALYZER_DATABASE_URL bypasses row-level security; "
                "use a role that is neither superuser nor BYPASSRLS, nor owner of the tables"
            )

    @contextmanager
    def listen(self) -> Iterator["Listener"]:
        """Listen for word of new work, on a connection of its own."""
        with self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            # Out of the pool: when the listener ends, its connection does, and the dispatchers' lock with it.
            driver = cast("psycopg.Connection", connection.connection.driver_connection)
            connection.detach()
            yield Listener(driver)

    def pool_use(self) -> PoolUse:
        """Return how the connections of this process stand."""
        pool = self._engine.pool
        assert isinstance(pool, QueuePool)
        return PoolUse(pool.checkedout(), pool.checkedin(), pool.size() + OVERFLOW)

    def close(self) -> None:
        self._engine.dispose()


class Listener:
    """Hears of new work, and may be the only one that acts on it."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self._connection = connection
        self._is_only = False
        connection.execute(f"LISTEN {WORK_CHANNEL}")

    def is_only(self) -> bool:
        """Return whether this listener is the one that dispatches: until its connection ends."""
        if not self._is_only:
            row = self._connection.execute("SELECT pg_try_advisory_lock(%s)", (DISPATCHER_LOCK,)).fetchone()
            self._is_only = row is not None and bool(row[0])
        return self._is_only

    def wait(self, timeout_s: float) -> None:
        """Return when work was owed or finished, and at the latest after `timeout_s`."""
        for _ in self._connection.notifies(timeout=timeout_s, stop_after=1):
            # Units end in bursts: one look at the table answers for all of them.
            time.sleep(0.02)


def _teach_columns(connection: psycopg.Connection, _record: object) -> None:
    connection.adapters.register_dumper(np.ndarray, ColumnDumper)


def _ask_for_binary(
    _connection: object, cursor: psycopg.Cursor, _statement: str, _given: object, context: Any, _many: object
) -> None:
    if context.execution_options.get("binary"):
        cursor.format = Format.BINARY


def act_as(tx: Transaction, athlete_id: UUID) -> None:
    """Let the rest of the transaction see this athlete's rows, and nobody else's."""
    tx.execute(text("SELECT set_config('app.athlete', :athlete, true)"), {"athlete": str(athlete_id)})


@contextmanager
def storable(tx: Transaction) -> Iterator[None]:
    """
    Run a part of the transaction that may fail without taking the rest along.

    Raises BadData where a value is one that PostgreSQL cannot hold, such as a text with a NUL in it.
    """
    try:
        with tx.begin_nested():
            yield
    except (DataError, UnicodeEncodeError, PydanticSerializationError) as error:
        reason = error.orig if isinstance(error, DataError) else error
        what = "it holds what cannot be stored, such as an infinite number or a text with a NUL in it"
        raise BadData(f"{what} ({type(reason).__name__})") from error


def announce_work(tx: Transaction) -> None:
    """Wake the dispatcher when this transaction commits."""
    tx.execute(text("SELECT pg_notify(:channel, '')"), {"channel": WORK_CHANNEL})


def unreachable(error: OperationalError) -> str:
    reason = str(error.orig).strip().splitlines()[0] if error.orig else "no answer"
    return (
        f"PostgreSQL does not answer: {reason}. Check TRAINING_ANALYZER_DATABASE_URL, "
        "or unset it to use the embedded server."
    )
