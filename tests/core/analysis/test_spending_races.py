"""Sixteen processes that want insights at once: real ones, on a real database, through Groq's own SDK."""

import multiprocessing
import os
import signal
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import Any
from uuid import UUID

import psycopg
import pytest
from sqlalchemy import text

from tests.conftest import Deployment
from tests.fakes import racing
from tests.fakes.desk import terms
from tests.fakes.racing import NOW, Errand, Obtained
from tests.waiting import PATIENCE_S, until
from training_analyzer.analysis.spending import charge_the_lost
from training_analyzer.domain.spending import Budget, Budgets, Spent
from training_analyzer.runtime import Runtime
from training_analyzer.storage import spent
from training_analyzer_groq.standin import GroqStandIn, running

PROCESSES = 16

pytestmark = pytest.mark.slow


@pytest.fixture
def groq() -> Iterator[GroqStandIn]:
    with running(slow_s=10 * PATIENCE_S) as server:
        yield server


@pytest.fixture
def processes() -> Iterator[ProcessPoolExecutor]:
    # A server that has imported the SDK once and nothing else forks them: real processes, soon there.
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["groq", "tests.fakes.racing"])
    with ProcessPoolExecutor(PROCESSES, mp_context=context) as pool:
        yield pool


class Street:
    """What the processes share."""

    def __init__(self, deployment: Deployment, runtime: Runtime, athlete_id: UUID, groq: GroqStandIn) -> None:
        self.deployment, self.runtime, self.athlete_id, self.groq = deployment, runtime, athlete_id, groq

    def errand(self, *keys: str, budgets: Budgets | None = None, model: str = "openai/gpt-oss-20b") -> Errand:
        return Errand(
            self.deployment.database_url,
            self.athlete_id,
            self.groq.url,
            terms().budgets if budgets is None else budgets,
            keys,
            model,
        )

    def total(self) -> Spent:
        with self.runtime.database.transaction() as tx:
            return spent.of_deployment(tx, now=NOW)["day"]["", ""]

    def sql(self, statement: str) -> Sequence[Any]:
        with self.runtime.database.transaction(self.athlete_id) as tx:
            result = tx.execute(text(statement))
            return result.all() if result.returns_rows else ()


@pytest.fixture
def street(deployment: Deployment, runtime: Runtime, athlete_id: UUID, groq: GroqStandIn) -> Street:
    return Street(deployment, runtime, athlete_id, groq)


def at_once(processes: ProcessPoolExecutor, errands: Sequence[Errand]) -> list[list[Obtained]]:
    return list(processes.map(racing.run, errands, timeout=2 * PATIENCE_S))


def test_of_sixteen_who_want_the_same_one_asks(street: Street, processes: ProcessPoolExecutor) -> None:
    found = [one for (one,) in at_once(processes, [street.errand("same")] * PROCESSES)]
    assert len(street.groq.received) == 1
    assert {one.backend for one in found} == {"groq"}
    assert [one.is_cached for one in found].count(False) == 1
    assert street.sql("SELECT count(*) FROM insights")[0][0] == 1
    assert street.sql("SELECT count(*) FROM flights")[0][0] == 0
    total = street.total()
    assert (total.requests, total.microusd, total.reserved_microusd) == (1, 808, 0)


def test_no_budget_is_ever_exceeded(street: Street, processes: ProcessPoolExecutor) -> None:
    """A trigger looks at every state that is committed, not only at the last one."""
    limit, requests = 50_000, 20
    owner = street.deployment.database_owner_url.replace("+psycopg", "")
    with psycopg.connect(owner, autocommit=True) as connection:
        for table, of_all in (("deployment_spending", "NEW.backend = '' AND "), ("athlete_spending", "")):
            connection.execute(f"""
                CREATE FUNCTION watch_{table}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                    IF {of_all} (NEW.microusd + NEW.reserved_microusd > {limit} OR NEW.requests > {requests})
                    THEN RAISE EXCEPTION 'over budget: %', NEW; END IF; RETURN NULL; END $$
            """)
            connection.execute(f"""
                CREATE CONSTRAINT TRIGGER watch AFTER INSERT OR UPDATE ON {table}
                DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION watch_{table}()
            """)
    tight = Budget(microusd=limit, requests=requests, tokens=10**9)
    budgets = terms(deployment_day=tight, athlete_month=tight).budgets
    errands = [
        street.errand(*(f"facts {process}.{n}" for n in range(3)), budgets=budgets)
        for process in range(PROCESSES)
    ]
    found = [one for some in at_once(processes, errands) for one in some]
    assert len(found) == 48
    total = street.total()
    written = [one for one in found if one.backend == "groq"]
    assert 0 < total.microusd <= limit
    assert total.requests == len(street.groq.received) == len(written) <= requests
    assert total.microusd == 808 * len(written)
    assert total.reserved_microusd == 0
    refused = [one for one in found if one.backend == "rules"]
    assert len(refused) == 48 - len(written)
    assert all("budget of" in one.notes[0] for one in refused)


def test_after_a_killed_owner_the_next_takes_over(street: Street, processes: ProcessPoolExecutor) -> None:
    owner = multiprocessing.get_context("forkserver").Process(
        target=racing.run, args=(street.errand("same", model="slow"),)
    )
    owner.start()
    until(lambda: street.groq.received, "the owner does not ask")
    assert owner.pid is not None
    os.kill(owner.pid, signal.SIGKILL)
    owner.join()
    others = [processes.submit(racing.run, street.errand("same")) for _ in range(PROCESSES)]
    time.sleep(1)
    assert len(street.groq.received) == 1, "while its lease lasts, nobody takes its place"
    assert not any(other.done() for other in others)
    worst = street.total().reserved_microusd
    assert worst > 0
    # Its leases end: the one on the facts, and the one on the request.
    street.sql("UPDATE flights SET lease_until = clock_timestamp() - interval '1 second'")
    street.sql("UPDATE model_calls SET lease_until = clock_timestamp() - interval '1 second'")
    found = [one for other in others for one in other.result(timeout=2 * PATIENCE_S)]
    assert len(street.groq.received) == 2
    assert {one.backend for one in found} == {"groq"}
    assert [one.is_cached for one in found].count(False) == 1
    charge_the_lost(street.runtime.database)
    total = street.total()
    assert total.reserved_microusd == 0
    assert total.microusd == worst + 808, "what died may have been billed"
    assert [row.outcome for row in street.sql("SELECT outcome FROM model_calls ORDER BY id")] == [
        "lost",
        "answered",
    ]
