"""Row-level security, table by table: a table that is new and unprotected fails here."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any, Final
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Column, Connection, Table, create_engine, insert, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, ProgrammingError
from sqlalchemy.pool import NullPool

from tests.conftest import NOW, Deployment
from training_analyzer.embedded import EmbeddedServers
from training_analyzer.runtime import Runtime
from training_analyzer.storage import athletes, connections, oauth_states
from training_analyzer.storage.database import act_as
from training_analyzer.storage.oauth_states import OAuthState
from training_analyzer.storage.tables import METADATA

OPEN: Final = {
    "work": "ids only: the dispatcher looks for what is due across athletes",
    "closures": "says when a provider's quota opens, and nothing of an athlete",
    "erasures": "says that something was erased, and nothing of whose it was",
    "ignored_events": "counts what services told us of nobody here, and nothing of an athlete",
    "marks": "says what the deployment was like, and nothing of an athlete",
    "quota_windows": "says how much of a quota is used, and nothing of an athlete",
    "deployment_spending": "says what all athletes together have cost",
    "call_windows": "says how much of a backend's limit is used, and nothing of an athlete",
    "breakers": "says which backend is not asked, and nothing of an athlete",
    "webhook_subscriptions": "says which services call us, and nothing of an athlete",
}
OWNED: Final = sorted(name for name, table in METADATA.tables.items() if "athlete_id" in table.columns)
PROTECTED: Final = ["athletes", *(name for name in OWNED if name not in OPEN)]

ANN, BEN = uuid4(), uuid4()


@pytest.fixture
def application(deployment: Deployment, servers: EmbeddedServers) -> Iterator[Connection]:
    """A connection as the application, to a database where each table holds a row of each athlete."""
    name = make_url(deployment.database_url).database
    superuser = make_url(servers.database_superuser_url).set(database=name)
    engine = create_engine(superuser, poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(text("SET session_replication_role = replica"))  # rows without their parents
        for table in PROTECTED:
            for athlete_id in (ANN, BEN):
                connection.execute(insert(METADATA.tables[table]), row(METADATA.tables[table], athlete_id))
    engine = create_engine(deployment.database_url, poolclass=NullPool)
    with engine.connect() as connection:
        yield connection


def row(table: Table, athlete_id: UUID) -> dict[str, Any]:
    """Return a row that the table's own constraints accept."""
    values = {
        column.name: value(column, athlete_id)
        for column in table.columns
        if column.identity is None and not column.nullable
    }
    return values | {owner(table): athlete_id} | ({"status": "active"} if "status" in values else {})


def owner(table: Table) -> str:
    return "id" if table.name == "athletes" else "athlete_id"


def value(column: Column[Any], athlete_id: UUID) -> Any:
    if isinstance(column.type, ARRAY):
        return []
    if isinstance(column.type, JSONB):
        return {}
    unique = f"{column.name} of {athlete_id}"
    return {
        str: unique,
        bytes: unique.encode(),
        bool: False,
        int: athlete_id.int % 2**30,
        float: 1.0,
        datetime: NOW,
        date: NOW.date(),
        UUID: uuid4(),
    }[column.type.python_type]


def test_the_tables_without_protection_are_known_and_have_a_reason(application: Connection) -> None:
    protected = application.execute(
        text(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace "
            "AND relkind = 'r' AND relrowsecurity"
        )
    ).scalars()
    assert set(protected) == set(METADATA.tables) - OPEN.keys() == set(PROTECTED)


def test_the_application_is_nobody_special(application: Connection) -> None:
    role = application.execute(
        text("""
            SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, EXISTS (
                SELECT FROM pg_class WHERE relnamespace = 'public'::regnamespace
                AND pg_has_role(current_user, relowner, 'MEMBER'))
            FROM pg_roles WHERE rolname = current_user
        """)
    ).one()
    assert tuple(role) == (False, False, False, False, False)
    assert not application.execute(text("SELECT row_security_active('work')")).scalar()
    assert application.execute(text("SELECT row_security_active('activities')")).scalar()
    application.rollback()
    for forbidden in (
        "CREATE TABLE mine (id int)",
        "ALTER TABLE activities DISABLE ROW LEVEL SECURITY",
        "DROP POLICY of_athlete ON activities",
        "UPDATE alembic_version SET version_num = '0'",
        "SET ROLE training_analyzer_owner",
        "TRUNCATE activities CASCADE",
    ):
        with pytest.raises(ProgrammingError), application.begin():
            application.execute(text(forbidden))


def test_an_athlete_sees_and_changes_only_their_own_rows(
    application: Connection, subtests: pytest.Subtests
) -> None:
    for table in PROTECTED:
        with subtests.test(table):
            see_and_change(application, table)


def see_and_change(application: Connection, table: str) -> None:
    column = owner(METADATA.tables[table])

    def seen() -> list[UUID]:
        return list(application.execute(text(f"SELECT {column} FROM {table}")).scalars())

    with application.begin():
        assert seen() == []
    with application.begin():
        application.execute(text("SELECT set_config('app.athlete', '', true)"))
        assert seen() == []
    with application.begin() as transaction:
        act_as(application, ANN)
        assert seen() == [ANN]
        others = {"ben": BEN}
        for change in (
            f"UPDATE {table} SET {column} = {column} WHERE {column} = :ben",
            f"DELETE FROM {table} WHERE {column} = :ben",
        ):
            assert application.execute(text(change), others).rowcount == 0
        transaction.rollback()
    stolen = row(METADATA.tables[table], BEN)
    for statement in (
        insert(METADATA.tables[table]).values(stolen),
        text(f"UPDATE {table} SET {column} = '{uuid4()}'"),
    ):
        with application.begin() as transaction:
            act_as(application, ANN)
            with pytest.raises(DBAPIError, match="row-level security"):
                application.execute(statement)
            transaction.rollback()
    with application.begin():
        assert seen() == []  # whom a transaction acted for is forgotten with it


def test_the_doors_answer_one_question_each_and_only_the_application(deployment: Deployment) -> None:
    engine = create_engine(deployment.database_owner_url, poolclass=NullPool)
    with engine.connect() as connection:
        doors = connection.execute(
            text("""
                SELECT proname, prosecdef, provolatile, proconfig,
                       has_function_privilege('training_analyzer_app', oid, 'EXECUTE') AS app,
                       EXISTS (SELECT FROM aclexplode(proacl) WHERE grantee = 0) AS everybody,
                       proargtypes::text <> '' AS asks
                FROM pg_proc WHERE pronamespace = 'public'::regnamespace
            """)
        ).all()
    assert {door.proname for door in doors} == {
        "athlete_by_email",
        "athlete_by_session",
        "athlete_by_api_key",
        "athlete_by_oauth_state",
        "athletes_registered",
        "athletes_connected",
        "athletes_after",
        "grants_not_sealed_with",
        "athletes_with_documents_before",
        "leaked_model_calls",
        "connection_of_account",
        "athletes_with_uploads_unfinished_since",
        "athletes_with_expired_logins",
    }
    for door in doors:
        assert door.prosecdef
        assert door.provolatile == "s"
        assert door.proconfig == ["search_path=public, pg_temp"]
        assert door.app
        assert not door.everybody


def test_what_the_doors_say(runtime: Runtime, athlete_id: UUID, other_id: UUID) -> None:
    expires_at = datetime(2026, 6, 16, tzinfo=UTC)
    with runtime.database.transaction(athlete_id) as tx:
        athletes.open_session(tx, athlete_id, "token", expires_at=expires_at)
        oauth_states.remember(
            tx, "state", OAuthState(athlete_id, "fake", "http://127.0.0.1"), expires_at=expires_at
        )
    with runtime.database.transaction() as tx:
        assert athletes.login(tx, "ATHLETE@example.org") == (athlete_id, "-")
        assert athletes.login(tx, "%@example.org") is None
        assert athletes.session_athlete(tx, "token", now=NOW) == athlete_id
        assert athletes.session_athlete(tx, "token", now=expires_at) is None
        assert athletes.session_athlete(tx, "other", now=NOW) is None
        assert athletes.registered(tx) == 2
        assert connections.athletes_connected(tx, "fake") == 0
    with runtime.database.transaction(other_id) as tx:
        athletes.close_session(tx, "token")  # not theirs
        assert athletes.profile(tx, athlete_id) is None
    with runtime.database.transaction() as tx:
        assert athletes.session_athlete(tx, "token", now=NOW) == athlete_id
