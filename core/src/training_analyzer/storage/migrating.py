"""Bringing the database to the shape that this version needs, as its owner."""

from importlib.resources import as_file, files
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool

from training_analyzer.domain.errors import ConfigurationError
from training_analyzer.storage.database import unreachable

_LOCK: Final = 7_263_540_118
"""An advisory lock of our own, so that two migrations wait for each other."""


def migrate(owner_url: str, application_url: str) -> tuple[str | None, str]:
    """
    Run what is missing and let the application's role use it; return the revision before and after.

    Raises ConfigurationError where the owner's database is out of reach, or both roles are one.
    """
    application_role = make_url(application_url).username
    if not application_role or application_role == make_url(owner_url).username:
        raise ConfigurationError(
            "TRAINING_ANALYZER_DATABASE_URL and TRAINING_ANALYZER_DATABASE_OWNER_URL must name two "
            "different roles: row-level security does not bind the owner of the tables"
        )
    engine = create_engine(owner_url, poolclass=NullPool, connect_args={"connect_timeout": 5})
    try:
        with engine.begin() as connection:
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
            before = MigrationContext.configure(connection).get_current_revision()
            with as_file(files("training_analyzer.storage") / "migrations") as folder:
                configuration = _configuration(str(folder), connection)
                command.upgrade(configuration, "head")
                after = ScriptDirectory.from_config(configuration).get_current_head()
            _admit(connection, application_role)
    except OperationalError as error:
        raise ConfigurationError(unreachable(error).replace("DATABASE_URL", "DATABASE_OWNER_URL")) from error
    return before, after or ""


def _configuration(folder: str, connection: Connection) -> Config:
    configuration = Config()
    configuration.set_main_option("script_location", folder.replace("%", "%%"))
    configuration.set_main_option("path_separator", "os")
    configuration.attributes["connection"] = connection
    return configuration


def _admit(connection: Connection, role: str) -> None:
    if connection.execute(text("SELECT FROM pg_roles WHERE rolname = :role"), {"role": role}).first() is None:
        raise ConfigurationError(
            f"there is no role {role!r}, which TRAINING_ANALYZER_DATABASE_URL names; "
            f"create it first: CREATE ROLE {role} LOGIN PASSWORD '…'"
        )
    quoted = connection.dialect.identifier_preparer.quote(role)
    for grant in (
        f"GRANT USAGE ON SCHEMA public TO {quoted}",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {quoted}",
        f"REVOKE INSERT, UPDATE, DELETE ON alembic_version FROM {quoted}",
        f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {quoted}",
        f"GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO {quoted}",
    ):
        connection.execute(text(grant))
