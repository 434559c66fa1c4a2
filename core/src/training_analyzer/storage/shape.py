"""Whether the database has the shape that this version needs: asked at each start, so without alembic."""

from functools import cache
from importlib.resources import files

from sqlalchemy import Connection, text


def pending(connection: Connection) -> bool:
    """Return whether the database lacks a migration of this version."""
    if connection.scalar(text("SELECT to_regclass('alembic_version')")) is None:
        return True
    revision: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return revision != newest_revision()


@cache
def newest_revision() -> str:
    """Return what the newest migration's file begins with, which is its revision."""
    versions = files("training_analyzer.storage") / "migrations" / "versions"
    return max(file.name.partition("_")[0] for file in versions.iterdir() if file.name[0].isdigit())
