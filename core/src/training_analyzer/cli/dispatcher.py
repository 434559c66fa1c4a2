"""`training-analyzer dispatcher`: rings the bell for what is owed, also after the database was away."""

import logging
import signal
import time
from types import FrameType
from typing import Final

from training_analyzer.cli import leash, logs

LOGGER = logging.getLogger(__name__)

FIRST_DELAY_S: Final = 0.5
LONGEST_DELAY_S: Final = 10.0
GOOD_RUN_S: Final = 30.0
"""After so long without trouble, the next trouble is a new one."""


class Stop:
    """Whether a signal has asked us to end."""

    def __init__(self) -> None:
        self.asked = False
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._hear)

    def _hear(self, _number: int, _frame: FrameType | None) -> None:
        self.asked = True

    def wait(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while not self.asked and time.monotonic() < end:
            time.sleep(0.05)


def dispatcher(*, leashed: leash.Leashed = False) -> None:
    """Ring for work that is due. One acts at a time, others wait. Needs a migrated database, and Redis."""
    import psycopg
    import redis
    from sqlalchemy.exc import OperationalError

    from training_analyzer.cli import services
    from training_analyzer.runtime import Runtime
    from training_analyzer.worker.dispatcher import dispatch

    if leashed:
        leash.take()  # after the imports: our starter may still be getting ready
    settings = logs.settings()
    services.require(settings)
    runtime = Runtime(settings)
    stop = Stop()
    delay_s = FIRST_DELAY_S
    while not stop.asked:
        began_at = time.monotonic()
        try:
            dispatch(runtime, stopped=lambda: stop.asked)
        except (OperationalError, psycopg.OperationalError, redis.RedisError) as error:
            if time.monotonic() - began_at > GOOD_RUN_S:
                delay_s = FIRST_DELAY_S
            LOGGER.warning("Dispatching stopped, and begins again in %.1f s: %s", delay_s, _first_line(error))
            runtime.close()  # also the connection that holds the dispatchers' lock
            stop.wait(delay_s)
            delay_s = min(delay_s * 2, LONGEST_DELAY_S)
    runtime.close()


def _first_line(error: Exception) -> str:
    cause = getattr(error, "orig", None) or error  # SQLAlchemy wraps the driver's error
    return (str(cause).strip().splitlines() or [type(cause).__name__])[0]
