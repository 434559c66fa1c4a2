"""`training-analyzer migrate`: brings the tables of an external database to the shape of this version."""

import typer

from training_analyzer.cli import logs
from training_analyzer.domain.errors import ConfigurationError


def migrate() -> None:
    """Bring the database to the shape that this version needs. (The embedded one: `up` does it.)"""
    settings = logs.settings()
    from sqlalchemy.exc import ArgumentError

    from training_analyzer.cli.services import open_database, required
    from training_analyzer.storage import migrating

    application_url = required(settings.database_url, "DATABASE_URL")
    owner_url = required(settings.database_owner_url, "DATABASE_OWNER_URL")
    open_database(settings).close()  # says so where the address is none
    try:
        before, after = migrating.migrate(owner_url, application_url)
    except (ArgumentError, ValueError, ImportError):  # their words may hold the password
        raise ConfigurationError(
            "TRAINING_ANALYZER_DATABASE_OWNER_URL is no address of a database. It reads "
            "postgresql+psycopg://user:password@host/database"
        ) from None
    typer.echo(f"Nothing to do: {after}" if before == after else f"Migrated: {before or 'empty'} → {after}")
