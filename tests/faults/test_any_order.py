"""
Accidents in any order, drawn by hypothesis: whatever happened, everything is there afterwards, once.

    TRAINING_STORIES=3 pytest tests/faults/test_any_order.py       # a few short stories
    TRAINING_STORIES=100 pytest tests/faults/test_any_order.py     # for a night
"""

import contextlib
import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from itertools import count
from typing import ClassVar, Final

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import text

from tests.faults.proxy import Mood
from tests.faults.stage import Connected, Stage, stage
from tests.waiting import PATIENCE_S
from training_analyzer.runtime import Runtime
from training_analyzer.storage import connections, work
from training_analyzer_strava.simulator.grants import AccessToken
from training_analyzer_strava.simulator.interfering import Fault

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        "TRAINING_STORIES" not in os.environ,
        reason="for a night: set TRAINING_STORIES to a number of stories",
    ),
]

STORIES: Final = int(os.environ.get("TRAINING_STORIES", "3"))
STEPS: Final = 8 if STORIES < 10 else 30
NUMBERS: Final = count()

# A worker without RQ: it has imported everything, and forks for each unit that it is told.
STABLE: Final = """
import os, sys
from training_analyzer.runtime import Runtime
from training_analyzer.worker.run import work_on

runtime = Runtime.read(brief=True)
runtime.keys
for line in sys.stdin:
    child = os.fork()
    if child == 0:
        try:
            work_on(runtime, int(line))
        except BaseException:
            os._exit(1)
        os._exit(0)
    print(child, flush=True)
    _, ended = os.waitpid(child, 0)
    print(ended, flush=True)
"""


class Accidents(RuleBasedStateMachine):
    here: ClassVar[Stage]
    runtime: ClassVar[Runtime]
    stable: ClassVar["subprocess.Popen[str]"]

    def __init__(self) -> None:
        super().__init__()
        self.crashes = 0

    @initialize()
    def an_athlete_connects(self) -> None:
        self.here.ask("DELETE FROM work RETURNING 1")
        self.ann: Connected = self.here.connect(next(NUMBERS))
        self.source = self.here.strava.simulation.world.athlete(self.ann.there)

    def due(self, at_most: int = 1) -> list[int]:
        with self.runtime.database.transaction() as tx:
            return [
                unit
                for priority in ("high", "low")
                for unit in work.ring(tx, priority, now=self.runtime.now(), room=at_most, patience_s=0)
            ][:at_most]

    def do(self, unit: int, *, killed_after_s: float | None = None) -> None:
        assert self.stable.stdin
        assert self.stable.stdout
        self.stable.stdin.write(f"{unit}\n")
        self.stable.stdin.flush()
        child = int(self.stable.stdout.readline())
        if killed_after_s is not None:
            time.sleep(killed_after_s)
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
            self.here.accidents += 1
        self.stable.stdout.readline()

    @rule(units=st.integers(1, 4))
    def a_worker_works(self, units: int) -> None:
        for unit in self.due(units):
            self.do(unit)

    @rule(after_ms=st.sampled_from([5, 20, 40, 80]))
    def a_worker_is_killed(self, after_ms: int) -> None:
        for unit in self.due():
            self.do(unit, killed_after_s=after_ms / 1000)

    @rule()
    def redis_is_emptied(self) -> None:
        self.here.empty_redis()

    @precondition(lambda self: self.crashes < 1)
    @rule()
    def postgresql_is_stopped_at_once(self) -> None:
        self.crashes += 1
        self.here.crash_postgres()
        self.runtime.database.close()  # its connections are dead; a worker's next unit makes new ones

    @rule(mood=st.sampled_from(["refused", "cut", "dribbling"]))
    def the_network_fails(self, mood: Mood) -> None:
        self.here.network.mood = mood
        for unit in self.due(2):
            self.do(unit)
        self.here.network.mood = "well"

    @rule(
        fault=st.sampled_from(
            [
                {"kind": "status", "status": 503},
                {"kind": "page", "status": 200},
                {"kind": "truncated"},
                {"kind": "status", "status": 401, "purpose": "streams"},
                {"kind": "cut"},
            ]
        )
    )
    def strava_fails_once(self, fault: dict[str, object]) -> None:
        self.here.strava.simulation.interference.add(Fault.model_validate(fault))
        self.here.accidents += 1
        for unit in self.due(2):
            self.do(unit)

    @rule()
    def the_grant_runs_out(self) -> None:
        soon = self.here.clock() + timedelta(minutes=5)
        theirs = self.here.strava.simulation.grants._grants[self.ann.there]
        theirs.access = AccessToken(theirs.access.text, soon)
        with self.runtime.database.transaction(self.ann.athlete_id) as tx:
            grant = connections.grant(tx, self.ann.connection_id, self.runtime.keys, lock=True)
            if grant is not None and grant.access_token.get_secret_value() == theirs.access.text:
                ending = grant.model_copy(update={"expires_at": soon})
                connections.replace_grant(tx, self.ann.connection_id, ending, self.runtime.keys)

    @rule(hours_ago=st.integers(3, 120))
    def an_old_ride_is_uploaded_late(self, hours_ago: int) -> None:
        start = self.here.clock() - timedelta(hours=hours_ago)
        self.here.strava.simulation.actions.upload(start=start, athlete=self.ann.there)

    @rule(data=st.data())
    def a_ride_is_renamed(self, data: st.DataObject) -> None:
        rides = self.source.activities(self.here.strava.clock())[:5]
        ride = data.draw(st.integers(0, len(rides) - 1))
        self.here.strava.simulation.actions.edit(
            rides[ride].activity_id, {"name": f"Renamed {next(NUMBERS)}"}, athlete=self.ann.there
        )

    def teardown(self) -> None:
        if not hasattr(self, "ann"):
            return
        self.here.network.mood = "well"
        self.here.strava.simulation.interference.clear()
        for _ in range(2):  # what is on its way, then what has changed meanwhile
            self.work_off()
            self.here.sync(self.ann)
        self.work_off()
        self.here.assert_complete(self.ann)
        self.here.assert_frugal()

    def work_off(self) -> None:
        deadline = time.monotonic() + PATIENCE_S
        while left := self.here.left():
            assert time.monotonic() < deadline, left
            with self.runtime.database.transaction() as tx:
                tx.execute(
                    text(
                        "UPDATE work SET not_before = '-infinity' WHERE last_error IS NOT NULL AND lease_until IS NULL AND state = 'owed'"
                    )
                )
                work.open_all(tx)
            for unit in self.due(20) or [0]:
                self.do(unit) if unit else time.sleep(0.2)


def test_accidents_in_any_order() -> None:
    days = {"INITIAL_DAYS": "3", "HISTORY_DAYS": "6"}
    with stage(athletes_there=STORIES * 50, **days) as here, here.runtime() as runtime:  # type: ignore[arg-type]
        stable = subprocess.Popen(
            [sys.executable, "-c", STABLE],
            env=here.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=here.log,
            text=True,
        )

        class Here(Accidents):
            pass

        Here.here, Here.runtime, Here.stable = here, runtime, stable
        try:
            run_state_machine_as_test(
                Here,
                settings=settings(
                    max_examples=STORIES,
                    stateful_step_count=STEPS,
                    deadline=None,
                    database=None,
                    derandomize=STORIES < 10,
                    phases=[Phase.explicit, Phase.generate],
                    suppress_health_check=list(HealthCheck),
                ),
            )
        finally:
            stable.kill()
            stable.wait()
            for pipe in (stable.stdin, stable.stdout):
                assert pipe
                pipe.close()
