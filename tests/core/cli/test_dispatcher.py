"""`training-analyzer dispatcher`: rings, and goes on ringing when its database was away."""

import signal
from collections.abc import Iterator
from uuid import UUID

import psycopg
import pytest
import redis

from tests.conftest import Deployment
from tests.core.cli.conftest import Start
from tests.waiting import PATIENCE_S, until
from training_analyzer.runtime import Runtime
from training_analyzer.storage import work
from training_analyzer.storage.work import Owed

pytestmark = pytest.mark.slow


@pytest.fixture
def client(deployment: Deployment) -> Iterator[redis.Redis]:
    with redis.Redis.from_url(deployment.redis_url, decode_responses=True) as client:
        yield client


def test_it_rings_again_after_the_database_dropped_it_and_ends_in_good_order(
    deployment: Deployment, runtime: Runtime, athlete_id: UUID, client: redis.Redis, start: Start
) -> None:
    def owe(subject: str) -> None:
        with runtime.database.transaction() as tx:
            work.owe(tx, [Owed(kind="list", subject=subject, athlete_id=athlete_id, priority="high")])

    def rung() -> int:
        """How many units: what nobody answers is rung again."""
        jobs = map(str, client.lrange("rq:queue:high", 0, -1))
        return len({client.hget(f"rq:job:{job}", "description") for job in jobs})

    process = start("dispatcher", environment=deployment.environment())
    owe("1")
    until(lambda: rung() == 1, "nothing was rung")

    superuser = deployment.database_url.replace("+psycopg", "").replace("training_analyzer_app@", "postgres@")
    with psycopg.connect(superuser, autocommit=True) as admin:
        admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND usename = 'training_analyzer_app'"
        )
    runtime.close()  # its connections are dead, too
    owe("2")
    until(lambda: rung() == 2, "nothing was rung after the database was away")

    process.send_signal(signal.SIGTERM)
    _, err = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 0, err
    assert "Dispatching stopped, and begins again in" in err
    assert "Traceback" not in err


def test_ctrl_c_ends_it_in_good_order(deployment: Deployment, start: Start) -> None:
    process = start("dispatcher", environment=deployment.environment())
    superuser = deployment.database_url.replace("+psycopg", "").replace("training_analyzer_app@", "postgres@")
    with psycopg.connect(superuser, autocommit=True) as admin:
        until(
            lambda: (
                admin.execute(
                    "SELECT FROM pg_locks JOIN pg_database d ON d.oid = database"
                    " WHERE locktype = 'advisory' AND datname = current_database()"
                ).rowcount
            ),
            "it does not dispatch",
        )
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=PATIENCE_S)
    assert (process.returncode, err) == (0, "")
