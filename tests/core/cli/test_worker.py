"""`training-analyzer worker`: a real RQ worker, and what strangers can make it do: nothing."""

import contextlib
import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID, uuid4

import psycopg
import pytest
import redis

from tests.conftest import Deployment
from tests.core.cli.conftest import Start
from tests.waiting import PATIENCE_S, lives, until
from training_analyzer.embedded import EmbeddedServers
from training_analyzer.queue import ENTRY, Doorbell
from training_analyzer.runtime import Runtime
from training_analyzer.storage import work
from training_analyzer.storage.work import Owed

pytestmark = pytest.mark.slow


@pytest.fixture
def client(deployment: Deployment) -> Iterator[redis.Redis]:
    with redis.Redis.from_url(deployment.redis_url, decode_responses=True) as client:
        yield client


@pytest.fixture
def unit(runtime: Runtime, athlete_id: UUID) -> int:
    """A unit of work that is quickly done: the list that it is about is gone."""
    with runtime.database.transaction() as tx:
        work.owe(tx, [Owed(kind="list", subject="1", athlete_id=athlete_id, priority="high")])
        (unit,) = work.ring(tx, "high", now=runtime.now(), room=1, patience_s=0)
    return unit


def state_of(runtime: Runtime, unit: int) -> str:
    from sqlalchemy import text

    with runtime.database.transaction() as tx:
        return str(tx.execute(text("SELECT state FROM work WHERE id = :id"), {"id": unit}).scalar_one())


def working(client: redis.Redis) -> bool:
    """Whether a worker waits for work, or does some: it is registered a little before it hears signals."""
    states = [client.hget(key, "state") for key in client.smembers("rq:workers")]
    return bool(states) and all(state in {b"idle", b"busy"} for state in states)


def asked_to_stop(client: redis.Redis) -> bool:
    """Whether a worker has heard that it is to end after its unit."""
    return any(client.hexists(key, "shutdown_requested_date") for key in client.smembers("rq:workers"))


def test_a_unit_is_done_and_sigterm_ends_the_worker_in_good_order(
    deployment: Deployment, runtime: Runtime, unit: int, client: redis.Redis, start: Start
) -> None:
    process = start("worker", environment=deployment.environment())
    Doorbell(runtime.redis).ring("high", [unit])
    until(lambda: state_of(runtime, unit) == "done", "the unit was not done")
    until(lambda: client.keys("rq:job:*") == [], "RQ remembers a job that is done")
    process.send_signal(signal.SIGTERM)
    out, err = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 0, err
    assert out == ""
    assert err == "", "everyday talk of RQ reaches the log"


Call = tuple[str, None, list[object], dict[str, str]]
STRANGERS: tuple[Call, ...] = (
    ("os.system", None, ["touch TRACE"], {}),
    ("posix.system", None, ["touch TRACE"], {}),
    ("subprocess.getoutput", None, [], {"cmd": "touch TRACE"}),
    (ENTRY, None, [1], {"and": "touch TRACE"}),
    (ENTRY, None, ["1"], {}),
)


def test_strangers_jobs_are_not_run_and_stop_nobody(
    deployment: Deployment,
    runtime: Runtime,
    unit: int,
    client: redis.Redis,
    start: Start,
    tmp_path: Path,
) -> None:
    trace = tmp_path / "trace"
    jobs = [stranger(client, call, trace) for call in STRANGERS]
    jobs.append(stranger(client, STRANGERS[0], trace, data=b"no JSON"))
    jobs.append(stranger(client, (ENTRY, None, [0], {}), trace, success_callback_name="os.abort"))
    Doorbell(runtime.redis).ring("high", [unit])
    process = start("worker", "--queues", "high", environment=deployment.environment())
    until(lambda: state_of(runtime, unit) == "done", "what strangers left kept the worker from its work")
    process.send_signal(signal.SIGTERM)
    _, err = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 0, err
    assert not trace.exists()
    failed = client.zrange("rq:failed:high", 0, -1)
    assert set(failed) == set(jobs[:-1]), err
    assert "a job that is not ours was found in the queue" in err


def stranger(
    client: redis.Redis, call: Call, trace: Path, *, data: bytes | None = None, **fields: str
) -> str:
    """Put a job into the queue as somebody does who can write to Redis, and knows RQ."""
    job_id = uuid4().hex
    written: str | bytes = json.dumps(call).replace("TRACE", str(trace)) if data is None else data
    described = {
        "created_at": "2026-06-15T12:00:00.000000Z",
        "description": "",
        "origin": "high",
        "status": "queued",
        "timeout": "60",
    }
    client.hset(f"rq:job:{job_id}", "data", written)
    for name, value in {**described, **fields}.items():
        client.hset(f"rq:job:{job_id}", name, value)
    client.rpush("rq:queue:high", job_id)
    return job_id


@contextlib.contextmanager
def work_table_locked(deployment: Deployment) -> Iterator[None]:
    """Let whoever claims a unit wait."""
    with psycopg.connect(deployment.database_owner_url.replace("+psycopg", "")) as connection:
        connection.execute("LOCK TABLE work IN ACCESS EXCLUSIVE MODE")
        yield


def children_of(pid: int) -> list[int]:
    listed = subprocess.run(
        ["ps", "-A", "-o", "pid=,ppid=,stat="], capture_output=True, text=True, check=True
    ).stdout
    rows = [line.split() for line in listed.splitlines()]
    return [int(child) for child, parent, state in rows if int(parent) == pid and not state.startswith("Z")]


def test_a_work_horse_ends_with_whoever_started_its_worker(
    deployment: Deployment, runtime: Runtime, unit: int, start: Start
) -> None:
    process = start("worker", "--leashed", environment=deployment.environment())
    assert process.stdin is not None
    process.stdin.write("{}\n")
    process.stdin.flush()
    with work_table_locked(deployment):
        Doorbell(runtime.redis).ring("high", [unit])
        until(lambda: children_of(process.pid), "no work-horse was started")
        (horse,) = children_of(process.pid)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        time.sleep(0.5)
        assert lives(horse), "a killed worker's unit may come to its end"
        process.stdin.close()
        until(lambda: not lives(horse), "the work-horse outlived whoever started its worker")


def test_a_leashed_worker_ends_with_its_starter_while_it_works(
    deployment: Deployment, runtime: Runtime, unit: int, start: Start
) -> None:
    process = start("worker", "--leashed", environment=deployment.environment())
    assert process.stdin is not None
    process.stdin.write("{}\n")
    process.stdin.flush()
    with work_table_locked(deployment):
        Doorbell(runtime.redis).ring("high", [unit])
        until(lambda: children_of(process.pid), "no work-horse was started")
        (horse,) = children_of(process.pid)
        process.stdin.close()
        until(lambda: process.poll() is not None and not lives(horse), "something is left")


def test_a_second_sigterm_does_not_wait_for_the_unit(
    deployment: Deployment, runtime: Runtime, unit: int, client: redis.Redis, start: Start
) -> None:
    process = start("worker", environment=deployment.environment())
    with work_table_locked(deployment):
        Doorbell(runtime.redis).ring("high", [unit])
        until(lambda: children_of(process.pid), "no work-horse was started")
        process.send_signal(signal.SIGTERM)
        until(lambda: asked_to_stop(client), "the first one was not heard")
        time.sleep(1.2)  # within a second, RQ takes it for an echo
        assert process.poll() is None
        process.send_signal(signal.SIGTERM)
        process.wait(PATIENCE_S)


def test_a_worker_that_redis_left_ends_with_1_for_its_supervisor(
    deployment: Deployment, start: Start
) -> None:
    with EmbeddedServers(ephemeral=True, postgres=False) as own:
        process = start("worker", environment=deployment.environment(REDIS_URL=own.redis_url))
        with redis.Redis.from_url(own.redis_url) as client:
            until(lambda: working(client), "the worker does not work")
            client.client_kill_filter(skipme=True, _type="normal")
    process.send_signal(signal.SIGTERM)
    _, err = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 1
    assert "Redis does not answer" in err
    assert err.count("Traceback") == 0, err
