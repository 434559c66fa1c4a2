"""How a command ends when it cannot go on: one line that says what is wrong and what to do."""

import logging

import typer

from training_analyzer.domain.errors import TrainingAnalyzerError

LOGGER = logging.getLogger(__name__)


def tell(error: Exception) -> bool:
    """Print the line for an error that we know; return False for one that is a bug, or news to us."""
    line = describe(error)
    if line is None:
        return False
    typer.echo(f"training-analyzer: {line}", err=True)
    LOGGER.debug("It came from here:", exc_info=error)
    return True


def describe(error: Exception) -> str | None:
    from redis import RedisError
    from sqlalchemy.exc import DBAPIError

    from training_analyzer.embedded import EmbeddedError
    from training_analyzer.sdk import PluginError

    match error:
        case TrainingAnalyzerError() | EmbeddedError() | PluginError():
            return str(error)
        case DBAPIError():
            reason = str(error.orig).strip().splitlines()
            return f"PostgreSQL refused: {reason[0] if reason else type(error.orig).__name__}"
        case RedisError():
            return f"Redis does not answer: {str(error).rstrip('.')}. Check TRAINING_ANALYZER_REDIS_URL."
        case PermissionError() if error.filename:
            return f"{error.filename} may not be read or written by this user. Start as the user who owns it."
        case _:
            return None
