"""What processes say while they run: one format, to standard error, for our loggers and other people's."""

import logging
from typing import Final

from training_analyzer.settings import Settings

FORMAT: Final = "%(asctime)s %(levelname)-7s %(message)s"
DEBUG_FORMAT: Final = "%(asctime)s %(levelname)-7s %(process)d %(name)s: %(message)s"

TALKATIVE: Final = ("alembic", "asyncio", "rq.worker", "rq.job", "stevedore", "uvicorn", "uvicorn.error")
"""Their everyday talk is worth reading only when something is being looked for."""
REPETITIVE: Final = ("sqlalchemy.pool",)
"""A dead connection is reported by whoever used it; the pool would add a traceback."""
INDISCREET: Final = ("httpcore", "httpx", "uvicorn.access", "sqlalchemy.engine")
"""They would write addresses, headers or rows, and so tokens and codes: never, at any level."""


def configure(level: str) -> None:
    """
    Set up logging for this process; call it before RQ works.

    RQ adds handlers of its own, and cuts its loggers off from the root, unless it finds one there.
    """
    debugging = level == "debug"
    logging.basicConfig(
        level=level.upper(),
        format=DEBUG_FORMAT if debugging else FORMAT,
        datefmt="%H:%M:%S",
        force=True,
    )
    logging.captureWarnings(capture=True)
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.DEBUG if debugging else logging.WARNING)
    for name in REPETITIVE:
        logging.getLogger(name).setLevel(logging.ERROR if debugging else logging.CRITICAL)
    for name in INDISCREET:
        logging.getLogger(name).setLevel(logging.WARNING)


def settings() -> Settings:
    """Read the settings and log as they say: the first thing that every command does."""
    settings = Settings.read()
    configure(settings.log_level)
    return settings
