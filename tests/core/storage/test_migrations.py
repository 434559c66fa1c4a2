"""Migrations: from nothing, again, two at once, back; and never apart from the tables."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from importlib.resources import as_file, files
from uuid import UUID

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, create_engine, inspect, text
from sqlalchemy.pool import NullPool

from tests.core.storage.conftest import EmptyDatabase
from training_analyzer.analysis.spending import UNFORESEEN_BILL
from training_analyzer.domain.errors import ConfigurationError
from training_analyzer.storage import migrating
from training_analyzer.storage.database import Database
from training_analyzer.storage.migrating import migrate
from training_analyzer.storage.shape import pending
from training_analyzer.storage.tables import METADATA


@contextmanager
def connected(url: str) -> Iterator[Connection]:
    engine = create_engine(url, poolclass=NullPool)
    with engine.begin() as connection:
        yield connection


def test_from_nothing_and_again(empty_database: EmptyDatabase) -> None:
    with connected(empty_database.database_owner_url) as connection:
        assert pending(connection)
    first = migrate(empty_database.database_owner_url, empty_database.database_url)
    second = migrate(empty_database.database_owner_url, empty_database.database_url)
    assert first == (None, second[1])
    assert second[0] == second[1]
    with connected(empty_database.database_url) as connection:
        assert not pending(connection)
        assert set(inspect(connection).get_table_names()) == {*METADATA.tables, "alembic_version"}


def test_two_at_once_wait_for_each_other(empty_database: EmptyDatabase) -> None:
    with ThreadPoolExecutor(2) as pool:
        both = [
            pool.submit(migrate, empty_database.database_owner_url, empty_database.database_url)
            for _ in range(2)
        ]
        befores = {one.result()[0] for one in both}
    assert befores == {None, migrate(empty_database.database_owner_url, empty_database.database_url)[1]}


def test_tables_and_migrations_say_the_same(empty_database: EmptyDatabase) -> None:
    migrate(empty_database.database_owner_url, empty_database.database_url)
    with connected(empty_database.database_owner_url) as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, METADATA) == []


def test_every_server_default_of_a_table_is_the_database_s(empty_database: EmptyDatabase) -> None:
    """Which alembic does not compare for expressions."""
    migrate(empty_database.database_owner_url, empty_database.database_url)
    with connected(empty_database.database_owner_url) as connection:
        for table in METADATA.tables.values():
            stored = {column["name"]: column for column in inspect(connection).get_columns(table.name)}
            for column in table.columns:
                has_default = stored[column.name]["default"] is not None
                assert has_default == (column.server_default is not None and column.identity is None), column


def test_the_way_back_leaves_nothing(empty_database: EmptyDatabase) -> None:
    migrate(empty_database.database_owner_url, empty_database.database_url)
    with (
        as_file(files("training_analyzer.storage") / "migrations") as folder,
        connected(empty_database.database_owner_url) as connection,
    ):
        command.downgrade(migrating._configuration(str(folder), connection), "base")
    with connected(empty_database.database_owner_url) as connection:
        assert inspect(connection).get_table_names() == ["alembic_version"]
        left = connection.execute(
            text("SELECT count(*) FROM pg_proc WHERE pronamespace = 'public'::regnamespace")
        ).scalar()
        assert left == 0
    assert migrate(empty_database.database_owner_url, empty_database.database_url)[0] is None


def test_thresholds_of_before_rest_on_whoever_may_have_told_them(empty_database: EmptyDatabase) -> None:
    migrate(empty_database.database_owner_url, empty_database.database_url)
    with (
        as_file(files("training_analyzer.storage") / "migrations") as folder,
        connected(empty_database.database_owner_url) as connection,
    ):
        configuration = migrating._configuration(str(folder), connection)
        command.downgrade(configuration, "0011")
        told = ("athlete", "strava", "watch", "metrics_default")
        theirs = {
            "connected": _athlete_of_before(connection, ("strava", "files"), told),
            "left strava": _athlete_of_before(connection, ("files",), told),
            "left all": _athlete_of_before(connection, (), told),
        }
        command.upgrade(configuration, "head")
        rows = connection.execute(text("SELECT athlete_id, source, providers FROM thresholds")).all()
        found = {
            name: {row.source: row.providers for row in rows if row.athlete_id == athlete}
            for name, athlete in theirs.items()
        }
        assert found == {
            "connected": {
                "athlete": [],
                "strava": ["strava"],
                "watch": ["files", "strava", "watch"],
                "metrics_default": ["files", "strava"],
            },
            "left strava": {
                "athlete": [],
                "strava": ["strava"],
                "watch": ["files", "watch"],
                "metrics_default": ["files"],
            },
            "left all": {
                "athlete": [],
                "strava": ["strava"],
                "watch": ["watch"],
                "metrics_default": ["metrics_default"],
            },
        }


def test_a_provider_that_nobody_has_any_more_keeps_its_name(empty_database: EmptyDatabase) -> None:
    migrate(empty_database.database_owner_url, empty_database.database_url)
    with (
        as_file(files("training_analyzer.storage") / "migrations") as folder,
        connected(empty_database.database_owner_url) as connection,
    ):
        configuration = migrating._configuration(str(folder), connection)
        command.downgrade(configuration, "0011")
        _athlete_of_before(connection, ("files",), ("strava", "metrics_default"))
        command.upgrade(configuration, "head")
        rows = connection.execute(text("SELECT source, providers FROM thresholds"))
        assert {row.source: row.providers for row in rows} == {
            "strava": ["files", "strava"],
            "metrics_default": ["files"],
        }


def test_why_a_backend_of_ai_rests_keeps_no_word_of_a_service(empty_database: EmptyDatabase) -> None:
    before_and_after = {
        "": "",
        "rate limited (429: Ann's load of 240)": "rate limited",
        "bad output (a (strange) answer)": "bad output",
        "plugin failed (KeyError: 240)": "plugin failed",
        "Ann's model billed more than the dearest model was thought to": UNFORESEEN_BILL,
        "Ann's (own) billed more than the dearest model was thought to": UNFORESEEN_BILL,
    }
    migrate(empty_database.database_owner_url, empty_database.database_url)
    with (
        as_file(files("training_analyzer.storage") / "migrations") as folder,
        connected(empty_database.database_owner_url) as connection,
    ):
        configuration = migrating._configuration(str(folder), connection)
        command.downgrade(configuration, "0012")
        connection.execute(
            text("INSERT INTO breakers (backend, model, reason) VALUES ('gemini', :reason, :reason)"),
            [{"reason": reason} for reason in before_and_after],
        )
        command.upgrade(configuration, "head")
        kept = connection.execute(text("SELECT model, reason FROM breakers")).all()
    assert {row.model: row.reason for row in kept} == before_and_after


def test_what_recordings_of_before_say_of_local_time_is_kept_or_asked_again(
    empty_database: EmptyDatabase,
) -> None:
    migrate(empty_database.database_owner_url, empty_database.database_url)
    with (
        as_file(files("training_analyzer.storage") / "migrations") as folder,
        connected(empty_database.database_owner_url) as connection,
    ):
        configuration = migrating._configuration(str(folder), connection)
        command.downgrade(configuration, "0016")
        _athlete_of_before(connection, ("says", "guesses", "follows"), ())
        connection.execute(text("UPDATE recordings SET outlined_from = 'before'"))
        connection.execute(
            text("""
                INSERT INTO activities (athlete_id, sport, started_at, utc_offset_s, utc_offset_is_guessed,
                                        local_date, elapsed_s, moving_s, leading_id)
                SELECT athlete_id, 'ride', now(), 3600, provider = 'guesses', current_date, 60, 60, id
                FROM recordings WHERE provider <> 'follows'
            """)
        )
        connection.execute(
            text(
                "UPDATE recordings SET activity_id = (SELECT id FROM activities WHERE elapsed_s = 60 LIMIT 1)"
            )
        )
        command.upgrade(configuration, "head")
        kept = connection.execute(text("SELECT provider, utc_offset_s, outlined_from FROM recordings")).all()
    assert {row.provider: (row.utc_offset_s, row.outlined_from) for row in kept} == {
        "says": (3600, "before"),
        "guesses": (None, "before"),
        "follows": (None, None),
    }


def _athlete_of_before(connection: Connection, providers: Sequence[str], sources: Sequence[str]) -> UUID:
    """Store an athlete with a recording of each provider and a threshold of each source."""
    athlete: UUID = connection.execute(
        text("INSERT INTO athletes (email, password_hash) VALUES (:email, '') RETURNING id"),
        {"email": f"{'.'.join(('a', *providers))}@b.c"},
    ).scalar_one()
    connection.execute(text("SELECT set_config('app.athlete', :athlete, true)"), {"athlete": str(athlete)})
    for provider in providers:
        connection.execute(
            text("""
                INSERT INTO recordings (athlete_id, provider, external_id, started_at)
                VALUES (:athlete, :provider, '1', now())
            """),
            {"athlete": athlete, "provider": provider},
        )
    if providers:
        connection.execute(
            text("""
                WITH made AS (
                    INSERT INTO activities
                        (athlete_id, sport, started_at, utc_offset_s, local_date, elapsed_s, moving_s)
                    VALUES (:athlete, 'ride', now(), 0, current_date, 60, 60) RETURNING id)
                INSERT INTO measurements (athlete_id, activity_id, key, value, version)
                SELECT :athlete, id, 'metrics_default.load', 50, 1 FROM made
            """),
            {"athlete": athlete},
        )
    for source in sources:
        connection.execute(
            text("""
                INSERT INTO thresholds (athlete_id, name, valid_from, value, source)
                VALUES (:athlete, :name, current_date, '1', :source)
            """),
            {"athlete": athlete, "name": f"of_{source}", "source": source},
        )
    return athlete


def test_one_role_for_both_is_refused(empty_database: EmptyDatabase) -> None:
    with pytest.raises(ConfigurationError, match="two different roles"):
        migrate(empty_database.database_owner_url, empty_database.database_owner_url)
    with connected(empty_database.database_owner_url) as connection:
        assert inspect(connection).get_table_names() == []


def test_a_role_that_does_not_exist_is_named_and_nothing_is_half_done(empty_database: EmptyDatabase) -> None:
    url = empty_database.database_url.replace("://training_analyzer_app", "://nobody_here")
    assert url != empty_database.database_url
    with pytest.raises(ConfigurationError, match=r"no role 'nobody_here'.*CREATE ROLE"):
        migrate(empty_database.database_owner_url, url)
    with connected(empty_database.database_owner_url) as connection:
        assert inspect(connection).get_table_names() == []


def test_a_database_that_does_not_answer_is_named_by_its_setting() -> None:
    gone = "postgresql+psycopg://owner@127.0.0.1:1/nothing"
    with pytest.raises(ConfigurationError, match="TRAINING_ANALYZER_DATABASE_OWNER_URL"):
        migrate(gone, "postgresql+psycopg://app@127.0.0.1:1/nothing")


def test_a_role_that_row_level_security_does_not_bind_is_refused(empty_database: EmptyDatabase) -> None:
    migrate(empty_database.database_owner_url, empty_database.database_url)
    for url in (empty_database.database_owner_url, empty_database.database_superuser_url):
        database = Database(url)
        with pytest.raises(ConfigurationError, match="bypasses row-level security"):
            database.check()
        database.close()
    database = Database(empty_database.database_url)
    database.check()
    database.close()
