"""
Whatever happens, in whichever order: in the end we hold exactly what Strava holds.

Hypothesis makes up the stories: what the athlete does, what becomes of the webhooks, which answers fail,
when a worker dies, when Redis is emptied, when the athlete leaves and comes back. Handlers are called in
this process, on a clock that stands still until time passes; the local Strava and our API talk over real
HTTP, PostgreSQL and Valkey are real. `tests/faults/test_any_order.py` does the like with real processes.
"""

import contextlib
from contextlib import ExitStack
from typing import ClassVar, Literal

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test
from sqlalchemy import text

from tests.conftest import Deployment
from tests.journeys.test_convergence import START, connect_account, staged
from tests.waiting import PATIENCE_S
from training_analyzer import pipeline
from training_analyzer.ingestion.planning import Again, list_again
from training_analyzer.storage import connections, parked, work
from training_analyzer.worker.handlers import HANDLERS
from training_analyzer_strava.simulator.generated import generated_world
from training_analyzer_strava.simulator.interfering import COUNTED, Fault
from training_analyzer_strava.simulator.limits import quarter_hour_of
from training_analyzer_strava.simulator.webhooks import Manner
from training_analyzer_strava.simulator.world import World

pytestmark = pytest.mark.slow

STORIES, STEPS = 3, 12
MANNERS = [Manner("deliver"), Manner("deliver", 2), Manner("lose"), Manner("hold"), Manner("hold", 2)]
FAULTS = [
    Fault(kind="status", status=503),
    Fault(kind="status", status=429),
    Fault(kind="status", status=401, purpose="streams"),
    Fault(kind="page", status=200),
    Fault(kind="truncated"),
    Fault(kind="cut"),
    Fault(kind="status", status=503, purpose="token"),
]


class _Died(Exception):
    """A worker's death."""


class Story(RuleBasedStateMachine):
    deployment: ClassVar[Deployment]
    world: ClassVar[World]

    def __init__(self) -> None:
        super().__init__()
        self._stack = ExitStack()
        self.here = self._stack.enter_context(staged(self.deployment, self.world, page_size=9))

    @rule(
        action=st.sampled_from(["upload", "rename", "correct", "crop", "hide", "show", "delete"]),
        choice=st.integers(0, 99),
        manner=st.sampled_from(MANNERS),
    )
    def the_athlete_acts(self, action: str, choice: int, manner: Manner) -> None:
        self.here.strava.webhooks.manner = manner
        self.here.act(action, choice)
        assert self.here.strava.webhooks.drain(PATIENCE_S)

    @rule(seed=st.integers(0, 9))
    def events_come_late_and_out_of_order(self, seed: int) -> None:
        self.here.strava.webhooks.release("shuffled", seed)
        assert self.here.strava.webhooks.drain(PATIENCE_S)

    @rule(units=st.integers(1, 9))
    def a_worker_works(self, units: int) -> None:
        self.here.work_off(at_most=units)

    @rule()
    def workers_do_everything_that_is_due(self) -> None:
        self.here.work_off()

    @rule(when=st.sampled_from(["begun", "stored"]))
    def a_worker_dies(self, when: Literal["begun", "stored"]) -> None:
        """After the claim, or when everything was done and stored, but not committed."""
        runtime = self.here.runtime
        for unit in self.here.due(1):
            with runtime.database.transaction() as tx:
                claim = work.claim(tx, unit, now=runtime.now(), lease_s=30)
            if claim is None:
                return
            if when == "stored":
                # Whatever it met on the way, nobody hears of it any more.
                with contextlib.suppress(Exception):
                    store = HANDLERS[claim.kind](runtime, claim)
                    with runtime.database.transaction(claim.athlete_id) as tx:
                        events = list(store(tx))
                        work.hold(tx, claim)
                        pipeline.record(tx, events, now=runtime.now())
                        work.finish(tx, claim)
                        raise _Died
            with runtime.database.transaction() as tx:
                tx.execute(
                    text("UPDATE work SET lease_until = now() - interval '1 s' WHERE id = :id"), {"id": unit}
                )

    @rule()
    def redis_is_emptied(self) -> None:
        self.here.runtime.redis.flushall()

    @rule(fault=st.sampled_from(FAULTS))
    def strava_fails_once(self, fault: Fault) -> None:
        self.here.strava.interference.add(fault)

    @rule(hours=st.sampled_from([0.01, 0.3, 7, 25]))
    def time_passes(self, hours: float) -> None:
        self.here.clock.advance(seconds=hours * 3600)

    @rule(purpose=st.sampled_from(["recent", "full"]))
    def the_athlete_asks_for_a_sync(self, purpose: Again) -> None:
        runtime, now = self.here.runtime, self.here.runtime.now()
        with runtime.database.transaction(self.here.athlete_id) as tx:
            connection = connections.find(tx, self.here.connection_id)
            assert connection is not None
            if connection.status == connections.ACTIVE:
                event = list_again(tx, connection, purpose, runtime.horizon, now=now)
                pipeline.record(tx, [event], now=now)

    @rule(manner=st.sampled_from([Manner("deliver"), Manner("lose")]))
    def the_athlete_leaves(self, manner: Manner) -> None:
        self.here.strava.webhooks.manner = manner
        self.here.strava.actions.deauthorize()
        assert self.here.strava.webhooks.drain(PATIENCE_S)

    @rule()
    def the_athlete_connects_again(self) -> None:
        self.here.strava.interference.clear()  # a consent that fails is the athlete's to repeat
        connect_account(self.here.runtime, self.here.athlete_id)

    def teardown(self) -> None:
        with self._stack:
            here = self.here
            here.strava.interference.clear()
            here.strava.webhooks.release("shuffled", 1)
            assert here.strava.webhooks.drain(PATIENCE_S)
            self.the_athlete_connects_again()
            with here.runtime.database.transaction(here.athlete_id) as tx:
                parked.retry(tx, here.athlete_id)  # as a person would, after so many accidents
            here.work_off()
            for _ in range(2):  # what no webhook told of is found by listing everything once a day
                here.clock.advance(days=1, seconds=60)
                here.work_off()
            here.believe()
            here.compare()
            self.no_request_follows_a_429_in_its_window()

    def no_request_follows_a_429_in_its_window(self) -> None:
        closed = None
        for one in self.here.strava.journal.records():
            if one.purpose in COUNTED:
                window = quarter_hour_of(one.instant)
                assert window != closed, one
                closed = window if one.status == 429 else closed


def test_in_the_end_we_hold_what_strava_holds(deployment: Deployment) -> None:
    class Here(Story):
        pass

    Here.deployment, Here.world = deployment, generated_world(5, START)
    run_state_machine_as_test(
        Here,
        settings=settings(
            max_examples=STORIES,
            stateful_step_count=STEPS,
            deadline=None,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
