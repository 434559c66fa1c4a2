"""Whatever is killed, emptied or restarted: all is there afterwards, once, and Strava was not bothered."""

import time
from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.faults.stage import Stage, stage
from tests.waiting import PATIENCE_S, until
from training_analyzer_strava.simulator.settings import Limit
from training_analyzer_strava.simulator.webhooks import Manner

pytestmark = pytest.mark.slow


def test_whatever_dies_everything_arrives_once() -> None:
    """
    `kill -9` of workers, dispatcher and API, FLUSHALL, PostgreSQL restarted and stopped at once. Meanwhile
    the athlete uploads, renames and deletes, also between two pages; webhooks come twice, in disorder, or
    not at all; and the network between us and Strava breaks off, dribbles and stalls.
    """
    with stage(
        read_limit=Limit(45, 1000), speed=30, HISTORY_DAYS="24", PLUGIN__STRAVA__PAGE_SIZE="10"
    ) as here:
        ann = here.connect()
        here.start_listening()
        actions, hooks, interference = here.strava.actions, here.strava.webhooks, here.strava.interference
        network = here.network
        rides = here.rides(ann)

        def upload(days_ago: int) -> None:
            actions.upload(start=here.clock() - timedelta(days=days_ago))

        def arrived() -> set[str]:
            return {one.event["aspect_type"] for one in list(hooks.deliveries) if one.arrived}

        hooks.manner = Manner("hold", copies=2)
        interference.after("list", 1, lambda: actions.delete(rides[2]))
        interference.after("list", 1, lambda: upload(5))
        interference.after("list", 4, lambda: actions.delete(rides[17]))
        here.start_working()
        story: tuple[Callable[[], object], ...] = (
            lambda: here.kill("worker"),
            lambda: upload(4),
            here.empty_redis,
            lambda: actions.edit(rides[4], {"name": "Renamed, then deleted"}),
            lambda: actions.delete(rides[4]),
            lambda: here.kill("dispatcher"),
            lambda: actions.edit(rides[5], {"name": "Renamed"}),
            lambda: hooks.release("reversed"),
            lambda: until(lambda: {"update", "delete"} <= arrived(), "no webhook arrives"),  # others go on
            lambda: here.kill("worker", with_children=False),
            lambda: setattr(network, "mood", "cut"),
            lambda: setattr(network, "mood", "dribbling"),
            lambda: setattr(network, "mood", "well"),
            here.crash_postgres,
            lambda: here.kill("api"),
            lambda: upload(12),  # nobody listens: Strava asks three times, or meets the next process
            here.restart_postgres,
            lambda: setattr(hooks, "manner", Manner("lose")),
            lambda: upload(20),
            lambda: actions.delete(rides[6]),
            lambda: actions.edit(rides[7], {"name": "Renamed, and nobody told"}),
            lambda: setattr(network, "mood", "stalled"),
            lambda: here.kill("worker --queues high,low"),  # while it waits for an answer that never comes
            lambda: here.kill("worker --queues high"),
            lambda: setattr(network, "mood", "well"),
            lambda: setattr(hooks, "manner", Manner("deliver", copies=2)),
            here.await_api,
            lambda: upload(1),
        )
        for happens in story:
            _await_streams(here, 1, patience_s=1)
            happens()
        assert hooks.drain(PATIENCE_S)
        here.settle()
        assert {"create", "update", "delete"} <= arrived()
        here.sync(ann)  # what no webhook told of is found by listing again
        here.settle()
        here.assert_complete(ann)
        here.assert_frugal()


def _await_streams(here: Stage, more: int, *, patience_s: float) -> None:
    """Wait until some more were asked for; or not so long, where a quota is closed."""
    wanted = len(here.strava.journal.records("streams")) + more
    deadline = time.monotonic() + patience_s
    while len(here.strava.journal.records("streams")) < wanted and time.monotonic() < deadline:
        time.sleep(0.05)
