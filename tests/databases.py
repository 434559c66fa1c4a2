"""
A database for every test, as if it were new: migrated, empty, nobody connected to it.

To copy a template takes a hundred milliseconds, to empty what a test has filled a tenth of that. A test
that changes more than rows is told by the catalogue, and the next one gets a new copy.
"""

from types import TracebackType
from typing import Any, Final, Self
from uuid import uuid4

import psycopg
from psycopg import sql

from training_analyzer.embedded import EmbeddedServers

TEMPLATE: Final = "training_analyzer"

_SHAPE: Final = """
    SELECT md5(string_agg(line, ',' ORDER BY line)) FROM (
        SELECT format('%s %s %s %s', oid, relkind, relrowsecurity, relacl) AS line
        FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind <> 't'
        UNION ALL SELECT format('%s %s %s %s', attrelid, attname, atttypid, attnotnull) FROM pg_attribute
        JOIN pg_class c ON c.oid = attrelid WHERE relnamespace = 'public'::regnamespace AND attnum > 0
        UNION ALL SELECT oid || md5(prosrc) FROM pg_proc WHERE pronamespace = 'public'::regnamespace
        UNION ALL SELECT oid || tgenabled::text FROM pg_trigger
        UNION ALL SELECT oid || coalesce(polqual::text, '') FROM pg_policy
        UNION ALL SELECT oid || coalesce(conbin::text, '') FROM pg_constraint
        UNION ALL SELECT oid::text || nspacl::text FROM pg_namespace
        UNION ALL SELECT version_num FROM public.alembic_version
    ) AS lines
"""
_EMPTY: Final = """
    DO $$
    DECLARE
        candidate regclass;
        is_filled boolean;
        filled text[] := '{}';
    BEGIN
        FOR candidate IN
            SELECT oid FROM pg_class
            WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname <> 'alembic_version'
        LOOP
            EXECUTE format('SELECT EXISTS (SELECT FROM %s)', candidate) INTO is_filled;
            IF is_filled THEN filled := filled || candidate::text; END IF;
        END LOOP;
        IF cardinality(filled) > 0 THEN
            EXECUTE format('TRUNCATE %s CASCADE', array_to_string(filled, ', '));
        END IF;
        PERFORM setval(format('%I.%I', schemaname, sequencename)::regclass, start_value, false)
        FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL;
    END $$
"""


class Databases:
    """One database at a time; whoever takes it gives it back."""

    def __init__(self, servers: EmbeddedServers) -> None:
        self._url = servers.database_superuser_url.replace("+psycopg", "")
        self._admin = psycopg.connect(self._url, autocommit=True, dbname="postgres")
        self._name: str | None = None
        self._shape = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._admin.close()

    def take(self) -> str:
        """Return the name of a database that is as good as new."""
        if self._name is None:
            self._name = f"test_{uuid4().hex}"
            self._admin.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER training_analyzer_owner").format(
                    sql.Identifier(self._name), sql.Identifier(TEMPLATE)
                )
            )
            with self._inside() as connection:
                self._shape = _shape(connection)
        return self._name

    def give_back(self) -> None:
        """Part whoever is still connected, and empty it; drop it where a test changed more than rows."""
        self._admin.execute(
            "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = %s", [self._name]
        )
        with self._inside() as connection:
            is_as_before = _shape(connection) == self._shape
            if is_as_before:
                connection.execute(_EMPTY)
        if not is_as_before:
            assert self._name is not None
            self._admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(self._name)))
            self._name = None

    def _inside(self) -> psycopg.Connection[Any]:
        return psycopg.connect(self._url, autocommit=True, dbname=self._name)


def _shape(connection: psycopg.Connection[Any]) -> str:
    row = connection.execute(_SHAPE).fetchone()
    assert row is not None
    return str(row[0])
