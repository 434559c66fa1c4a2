"""
The doorbell: RQ on Redis, which carries ids of units of work and nothing else.

It may lose a ring or repeat one; what is owed stands in PostgreSQL. JSON keeps pickle out, and the
job class refuses every job that is not our one function with one integer, so that whoever can write
to Redis still cannot choose what a worker runs.
"""

from collections.abc import Iterable
from typing import Any, Final, NoReturn
from uuid import uuid4

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry
from rq import Queue, Worker
from rq.exceptions import DeserializationError
from rq.job import Job
from rq.serializers import JSONSerializer
from rq.timeouts import UnixSignalDeathPenalty

from training_analyzer.domain.errors import ConfigurationError
from training_analyzer.domain.events import QueueName

HIGH: Final[QueueName] = "high"
LOW: Final[QueueName] = "low"

ENTRY: Final = "training_analyzer.worker.run.run_unit"
"""The one function that a job may name. It stands in jobs that wait: it is a wire format."""

REFUSAL: Final = "training_analyzer.queue.refuse"

JOB_TIMEOUT_S: Final = 120
FAILURE_LIFETIME_S: Final = 3600


class UnitTimedOut(BaseException):
    """
    The unit has used up its time. RQ interrupts it with this, wherever it is.

    Not an Exception: what contains the failures of plugins must not take it for one of them.
    """


class UnitDeathPenalty(UnixSignalDeathPenalty):
    """RQ's timer, with an interruption that nobody swallows."""

    def __init__(self, timeout: int, _exception: type[BaseException] = UnitTimedOut, **more: Any) -> None:
        super().__init__(timeout, UnitTimedOut, **more)  # type: ignore[no-untyped-call]


class UnitJob(Job):
    """A job that can only be our entry function with the id of a unit."""

    def restore(self, raw_data: Any) -> Any:
        """Read the job from Redis. Whatever is not ours is replaced by `refuse`."""
        super().restore(raw_data)
        # Callbacks and webhooks name functions and addresses too. Ours have none.
        self._success_callback_name = self._failure_callback_name = self._stopped_callback_name = None
        self.webhooks = []
        if not self._is_ours():
            self.data = self.serializer.dumps((REFUSAL, None, [], {}))

    def _is_ours(self) -> bool:
        try:
            return (
                self.func_name == ENTRY
                and self.instance is None
                and not self.kwargs
                and isinstance(self.args, list)
                and [type(argument) for argument in self.args] == [int]
            )
        except DeserializationError:
            return False


def refuse() -> NoReturn:
    """What is run in place of a job that is not ours: it fails, visibly, and does nothing else."""
    raise PermissionError("a job that is not ours was found in the queue; it was not run")


def connect(url: str, *, patience_s: float = 2) -> redis.Redis:
    """
    Return a client that gives up soon: nothing is lost by a bell that does not ring.

    Workers, which wait for work on their connection, ask for more patience.
    """
    return redis.Redis.from_url(
        url, socket_connect_timeout=2, socket_timeout=patience_s, retry=Retry(NoBackoff(), 1)
    )


def check(client: redis.Redis) -> None:
    """Raise ConfigurationError where Redis does not answer."""
    try:
        client.ping()
    except redis.RedisError as error:
        raise ConfigurationError(
            f"Redis does not answer: {str(error).rstrip('.')}. Check TRAINING_ANALYZER_REDIS_URL, "
            "or unset it to use the embedded server."
        ) from error


def queue(client: redis.Redis, name: QueueName) -> Queue:
    return Queue(
        name,
        connection=client,
        serializer=JSONSerializer,
        job_class=UnitJob,
        default_timeout=JOB_TIMEOUT_S,
    )


class Doorbell:
    """Rings for units of work."""

    def __init__(self, client: redis.Redis) -> None:
        self._queues: dict[QueueName, Queue] = {name: queue(client, name) for name in (HIGH, LOW)}

    def waiting(self, name: QueueName) -> int:
        """Return how many rings nobody has answered yet."""
        return int(self._queues[name].count)

    def workers(self, name: QueueName) -> int:
        """Return how many workers listen."""
        return int(Worker.count(queue=self._queues[name]))

    def ring(self, name: QueueName, work_ids: Iterable[int]) -> None:
        for work_id in work_ids:
            self._queues[name].enqueue(
                ENTRY,
                args=(work_id,),
                job_id=uuid4().hex,
                result_ttl=0,
                failure_ttl=FAILURE_LIFETIME_S,
                description=f"unit {work_id}",
            )
