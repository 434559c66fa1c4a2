"""Whatever is killed, emptied or restarted: all is there afterwards, once, and Strava was not bothered."""

import time
from collections.abc import Callable

import pytest

from tests.faults.stage import Stage, stage
from training_analyzer_strava.simulator.settings import Limit

pytestmark = pytest.mark.slow


def test_whatever_dies_everything_arrives_once() -> None:
    """`kill -9` of workers and dispatcher, FLUSHALL, PostgreSQL restarted and stopped at once."""
    with stage(read_limit=Limit(30, 1000)) as here:
        ann = here.connect()
        here.start_working()
        accidents: tuple[Callable[[], None], ...] = (
            lambda: here.kill("worker"),
            here.empty_redis,
            lambda: here.kill("dispatcher"),
            lambda: here.kill("worker", with_children=False),
            here.crash_postgres,
            here.restart_postgres,
            lambda: here.kill("worker"),
        )
        for accident in accidents:
            _await_streams(here, 2, patience_s=10)
            accident()
        here.settle()
        here.assert_complete(ann)
        here.assert_frugal()


def _await_streams(here: Stage, more: int, *, patience_s: float) -> None:
    """Wait until some more were asked for; or not so long, where a quota is closed."""
    wanted = len(here.strava.journal.records("streams")) + more
    deadline = time.monotonic() + patience_s
    while len(here.strava.journal.records("streams")) < wanted and time.monotonic() < deadline:
        time.sleep(0.05)
