"""
A database for every test, as if it were new: migrated, empty, nobody connected to it.

To copy a template takes a hundred milliseconds, to empty what a test has filled a tenth of that. A test
that changes more than rows is told by the catalogue, and the next one gets a new copy. What takes
seconds to make can be kept, and put back for another test.
"""

from hashlib import md5
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
        SET LOCAL session_replication_role = replica;
        FOREACH candidate IN ARRAY filled LOOP
            EXECUTE format('DELETE FROM %s', candidate);
        END LOOP;
        PERFORM setval(format('%I.%I', schemaname, sequencename)::regclass, start_value, false)
        FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL;
    END $$
"""

_KEEP: Final = """
    DO $$
    DECLARE
        candidate text;
    BEGIN
        CREATE SCHEMA {kept};
        FOR candidate IN
            SELECT relname FROM pg_class
            WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname <> ALL ('{alembic_version,athletes,sessions}')
        LOOP
            EXECUTE format('CREATE TABLE {kept}.%1$I AS TABLE public.%1$I', candidate);
        END LOOP;
        CREATE TABLE {kept}."sequences of all" AS
            SELECT sequencename AS name, last_value FROM pg_sequences
            WHERE schemaname = 'public' AND last_value IS NOT NULL;
    END $$
"""
_PUT_BACK: Final = """
    DO $$
    DECLARE
        candidate text;
        names text;
    BEGIN
        SET LOCAL session_replication_role = replica;
        FOR candidate IN
            SELECT relname FROM pg_class
            WHERE relnamespace = '{kept}'::regnamespace AND relkind = 'r' AND relname <> 'sequences of all'
        LOOP
            SELECT string_agg(quote_ident(attname), ', ') INTO names FROM pg_attribute
            WHERE attrelid = format('public.%I', candidate)::regclass AND attnum > 0
                AND attgenerated = '' AND NOT attisdropped;
            EXECUTE format(
                'INSERT INTO public.%1$I (%2$s) OVERRIDING SYSTEM VALUE SELECT %2$s FROM {kept}.%1$I',
                candidate, names
            );
        END LOOP;
        PERFORM setval(format('public.%I', name)::regclass, last_value) FROM {kept}."sequences of all";
    END $$
"""


class Databases:
    """One database at a time; whoever takes it gives it back."""

    def __init__(self, servers: EmbeddedServers) -> None:
        self._url = servers.database_superuser_url.replace("+psycopg", "")
        self._admin = psycopg.connect(self._url, autocommit=True, dbname="postgres")
        self._copy: _Copy | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._copy is not None:
            self._copy.inside.close()
        self._admin.close()

    def take(self) -> str:
        """Return the name of a database that is as good as new."""
        if self._copy is None:
            name = f"test_{uuid4().hex}"
            self._admin.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER training_analyzer_owner").format(
                    sql.Identifier(name), sql.Identifier(TEMPLATE)
                )
            )
            self._copy = _Copy(name, psycopg.connect(self._url, autocommit=True, dbname=name))
        return self._copy.name

    def give_back(self) -> None:
        """Part whoever is still connected, and empty it; drop it where a test changed more than rows."""
        copy = self._taken
        self._admin.execute(
            "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = %s AND pid <> %s",
            [copy.name, copy.inside.info.backend_pid],
        )
        if copy.is_as_made():
            copy.inside.execute(_EMPTY)
        else:
            copy.inside.close()
            self._admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(copy.name)))
            self._copy = None

    def keep(self, name: str) -> None:
        """Remember all rows but those of athletes and their logins, for as long as this database lives."""
        self._taken.inside.execute(_KEEP.replace("{kept}", _schema_of(name)))

    def put_back(self, name: str) -> bool:
        """Add the rows that were kept by this name, for the same athletes; return False where none were."""
        kept, inside = _schema_of(name), self._taken.inside
        found = inside.execute("SELECT FROM pg_namespace WHERE nspname = %s", [kept]).rowcount > 0
        if found:
            inside.execute(_PUT_BACK.replace("{kept}", kept))
        return found

    @property
    def _taken(self) -> "_Copy":
        assert self._copy is not None, "nobody has taken it"
        return self._copy


class _Copy:
    """A database, and our own connection to it, which outlasts the tests."""

    def __init__(self, name: str, inside: psycopg.Connection[Any]) -> None:
        self.name = name
        self.inside = inside
        self._shape = self._seen()

    def is_as_made(self) -> bool:
        """Return whether nothing but rows has changed. Where a test ended this connection, nobody knows."""
        try:
            return self._seen() == self._shape
        except psycopg.OperationalError:
            return False

    def _seen(self) -> object:
        return self.inside.execute(_SHAPE).fetchone()


def _schema_of(name: str) -> str:
    return "kept_" + md5(name.encode(), usedforsecurity=False).hexdigest()
