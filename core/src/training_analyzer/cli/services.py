"""The database and Redis, asked before work begins whether they are there and fit."""

from pydantic import SecretStr
from redis import Redis
from sqlalchemy.exc import ArgumentError, ProgrammingError

from training_analyzer import queue
from training_analyzer.domain.errors import ConfigurationError
from training_analyzer.runtime import redis_url
from training_analyzer.settings import Settings
from training_analyzer.storage.database import Database
from training_analyzer.storage.shape import pending


def require(settings: Settings) -> None:
    """Raise ConfigurationError unless both answer. Leaves no connection behind, so that forks are safe."""
    database = open_database(settings)
    try:
        database.check()
        require_migrated(database)
    finally:
        database.close()
    client = open_redis(settings)
    try:
        queue.check(client)
    finally:
        client.close()


def open_database(settings: Settings) -> Database:
    """Return the database without connecting to it. Raises ConfigurationError."""
    try:
        return Database(required(settings.database_url, "DATABASE_URL"), brief=True)
    except (ArgumentError, ValueError, ImportError):  # their words may hold the password
        raise ConfigurationError(
            "TRAINING_ANALYZER_DATABASE_URL is no address of a database. It reads "
            "postgresql+psycopg://user:password@host/database"
        ) from None


def open_redis(settings: Settings, *, patience_s: float = 2) -> Redis:
    """Return a client without connecting. Raises ConfigurationError."""
    try:
        return queue.connect(redis_url(settings), patience_s=patience_s)
    except ValueError:
        raise ConfigurationError(
            "TRAINING_ANALYZER_REDIS_URL is no address of a Redis. It reads redis://:password@host:6379/0"
        ) from None


def require_migrated(database: Database) -> None:
    """Raise ConfigurationError where the database lacks a migration of this version."""
    try:
        with database.transaction() as tx:
            behind = pending(tx)
    except ProgrammingError:  # nobody has admitted our role to the tables yet
        behind = True
    if behind:
        raise ConfigurationError(
            "The database is not at the shape that this version needs. Run `training-analyzer migrate`, "
            "with TRAINING_ANALYZER_DATABASE_OWNER_URL set, and start again."
        )


def required(url: SecretStr | None, name: str) -> str:
    """Return a URL that must be set. Raises ConfigurationError."""
    if url is None:
        raise ConfigurationError(
            f"TRAINING_ANALYZER_{name} is not set. Set it, or use `training-analyzer up`, "
            "which brings its own PostgreSQL."
        )
    return url.get_secret_value()
