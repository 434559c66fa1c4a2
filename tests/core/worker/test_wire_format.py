"""What stands in jobs that wait in Redis: an older version wrote it, and a newer one has to understand it."""

import inspect
import json
import zlib

import pytest
import redis
from rq.job import Job
from rq.serializers import JSONSerializer

from tests.conftest import Deployment
from training_analyzer import queue
from training_analyzer.queue import Doorbell, UnitJob
from training_analyzer.worker.run import run_unit


def test_jobs_name_one_function_by_a_path_that_never_changes() -> None:
    assert queue.ENTRY == "training_analyzer.worker.run.run_unit"
    assert f"{run_unit.__module__}.{run_unit.__qualname__}" == queue.ENTRY
    assert [p.annotation for p in inspect.signature(run_unit).parameters.values()] == [int]


def test_a_bell_is_one_small_json_document(deployment: Deployment) -> None:
    with redis.Redis.from_url(deployment.redis_url) as client:
        Doorbell(client).ring("high", [17])
        (job_id,) = client.lrange("rq:queue:high", 0, -1)
        stored = client.hget(f"rq:job:{job_id.decode()}", "data")
        assert stored is not None
        assert json.loads(zlib.decompress(stored)) == [
            "training_analyzer.worker.run.run_unit",
            None,
            [17],
            {},
        ]


@pytest.mark.parametrize(
    "call",
    [
        ("os.system", None, ["true"], {}),
        ("training_analyzer.worker.run.prepare", None, [17], {}),
        ("training_analyzer.worker.run.run_unit", None, [True], {}),
        ("training_analyzer.worker.run.run_unit", None, [17, 18], {}),
        ("training_analyzer.worker.run.run_unit", None, [17], {"and": 1}),
        ("training_analyzer.worker.run.run_unit", "str", [17], {}),
        ("training_analyzer.worker.run.run_unit", None, 17, {}),
        ("training_analyzer.worker.run.run_unit", None, {"0": 17}, {}),
        (None, None, None, None),
        ["no call"],
        17,
    ],
    ids=[
        *("another function", "our other function", "no number", "two", "a keyword", "a method"),
        *("a bare number", "a mapping", "nothing", "too short", "no list"),
    ],
)
def test_a_job_that_is_not_ours_is_read_as_a_refusal(deployment: Deployment, call: object) -> None:
    with redis.Redis.from_url(deployment.redis_url) as client:
        Doorbell(client).ring("high", [17])
        (job_id,) = (found.decode() for found in client.lrange("rq:queue:high", 0, -1))
        client.hset(f"rq:job:{job_id}", "data", json.dumps(call))
        read = UnitJob.fetch(job_id, connection=client, serializer=JSONSerializer)
        assert read.func_name == "training_analyzer.queue.refuse"
        with pytest.raises(PermissionError, match="not ours"):
            read.func()


def test_a_job_of_ours_is_read_as_it_is(deployment: Deployment) -> None:
    with redis.Redis.from_url(deployment.redis_url) as client:
        Doorbell(client).ring("low", [17])
        (job_id,) = (found.decode() for found in client.lrange("rq:queue:low", 0, -1))
        read: Job = UnitJob.fetch(job_id, connection=client, serializer=JSONSerializer)
        assert read.func is run_unit
        assert list(read.args) == [17]
