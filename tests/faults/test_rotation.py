"""A grant that runs out while eight worker processes need it: refreshed once, stored before use, lost never."""

import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta

import pytest
from pydantic import SecretStr

from tests.faults.stage import REDIRECT_URI, Stage, stage
from tests.waiting import PATIENCE_S
from training_analyzer.ingestion import connecting
from training_analyzer.storage import athletes, connections
from training_analyzer.worker.run import work_on
from training_analyzer_strava.simulator.browser import authorize
from training_analyzer_strava.simulator.grants import AccessToken

pytestmark = pytest.mark.slow

# As RQ's work-horses: one process that has imported everything forks, and each child does one unit.
EIGHT = """
import os, sys
from training_analyzer.runtime import Runtime
from training_analyzer.worker.run import work_on

runtime = Runtime.read(brief=True)
runtime.keys
ready, go = os.pipe(), os.pipe()
children = []
for unit in sys.argv[1:]:
    child = os.fork()
    if child == 0:
        os.close(go[1])
        os.write(ready[1], b".")
        os.read(go[0], 1)  # until the parent closes its end: all at once
        work_on(runtime, int(unit))
        os._exit(0)
    children.append(child)
for _ in children:
    os.read(ready[0], 1)
os.close(go[1])
sys.exit(sum(os.waitpid(child, 0)[1] != 0 for child in children))
"""


@pytest.fixture(scope="module")
def here() -> Iterator[Stage]:
    with stage(athletes_there=3, INITIAL_DAYS="8", HISTORY_DAYS="8") as made:
        yield made


@pytest.mark.parametrize(
    ("number", "forgotten"), [(0, False), (1, True)], ids=["it ends soon", "it was forgotten early"]
)
def test_eight_processes_refresh_once(here: Stage, number: int, *, forgotten: bool) -> None:
    ann = here.connect(number)
    theirs = here.strava.simulation.grants._grants[ann.there]
    with here.runtime() as runtime:
        for (unit,) in here.ask(
            "SELECT id FROM work WHERE kind = 'list' AND athlete_id = %s", ann.athlete_id
        ):
            work_on(runtime, unit)
        soon = here.clock() + timedelta(minutes=5)
        with runtime.database.transaction(ann.athlete_id) as tx:
            stored = connections.grant(tx, ann.connection_id, runtime.keys)
            assert stored is not None
            if forgotten:
                theirs.access = AccessToken("0" * 40, soon)  # the one that we hold is worth nothing
            else:
                theirs.access = AccessToken(theirs.access.text, soon)
                ending = stored.model_copy(update={"expires_at": soon})
                connections.replace_grant(tx, ann.connection_id, ending, runtime.keys)
    units = [
        unit
        for (unit,) in here.ask(
            "SELECT id FROM work WHERE kind = 'fetch' AND athlete_id = %s ORDER BY id LIMIT 8", ann.athlete_id
        )
    ]
    assert len(units) == 8
    tokens = len(here.strava.journal.records("token"))
    streams = len(here.strava.journal.records("streams"))

    done = subprocess.run(
        [sys.executable, "-c", EIGHT, *map(str, units)],
        env=here.environment,
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert len(here.strava.journal.records("token")) - tokens == 1
    assert here.ask("SELECT count(*) FROM work WHERE id = ANY(%s) AND state = 'done'", units) == [(8,)]
    assert here.ask("SELECT status FROM connections WHERE id = %s", ann.connection_id) == [("active",)]
    with here.runtime() as runtime, runtime.database.transaction(ann.athlete_id) as tx:
        fresh = connections.grant(tx, ann.connection_id, runtime.keys)
    assert fresh is not None
    assert fresh.access_token == SecretStr(theirs.access.text)
    assert fresh.refresh_token == SecretStr(theirs.refresh)
    statuses = [one.status for one in here.strava.journal.records("streams")[streams:]]
    assert statuses.count(200) == 8
    assert statuses.count(401) <= (8 if forgotten else 0)


def test_who_tries_to_connect_the_account_of_another_leaves_their_grant_good(here: Stage) -> None:
    """Strava takes the refresh token that Ann has for worthless once Bob's code is exchanged."""
    ann = here.connect(2)
    grants = here.strava.simulation.grants._grants
    before = grants[ann.there].refresh
    here.start("api")
    here.await_api()
    with here.runtime() as runtime:
        with runtime.database.transaction() as tx:
            bob = athletes.register(
                tx, email="bob@example.org", password_hash="-", name="", sex=None, birth_year=None
            )
            url = connecting.begin(
                tx, runtime.source("strava"), bob, redirect_uri=REDIRECT_URI, now=runtime.now()
            )
        taken = here.come_back(authorize(f"{url}&athlete_id={ann.there}"))
        assert (taken.status_code, taken.json()["code"]) == (400, "account_taken")
        assert grants[ann.there].refresh != before
        with runtime.database.transaction(ann.athlete_id) as tx:
            stored = connections.grant(tx, ann.connection_id, runtime.keys)
            assert stored is not None
            ending = stored.model_copy(update={"expires_at": here.clock()})
            connections.replace_grant(tx, ann.connection_id, ending, runtime.keys)
        for (unit,) in here.ask(
            "SELECT id FROM work WHERE kind = 'list' AND athlete_id = %s", ann.athlete_id
        ):
            work_on(runtime, unit)
    assert here.ask("SELECT status FROM connections WHERE id = %s", ann.connection_id) == [("active",)]
    assert here.ask("SELECT count(*) FROM recordings WHERE athlete_id = %s", ann.athlete_id) != [(0,)]
