"""`training-analyzer worker`: an RQ worker that does units of work, and can do nothing else."""

import logging
from typing import Annotated, Final, cast, get_args

import typer

from training_analyzer.cli import leash, logs
from training_analyzer.cli.plugins import warnings
from training_analyzer.domain.errors import TrainingAnalyzerError
from training_analyzer.domain.events import QueueName

LOGGER = logging.getLogger(__name__)

WORKER_TTL_S: Final = 30
"""RQ waits for work for half a minute less 15 s, and then looks after jobs of workers that died."""
MAINTENANCE_S: Final = 30
PATIENCE_S: Final = 30.0
"""Longer than RQ's wait for work, or each wait would end as an error."""


class WorkerEnded(TrainingAnalyzerError):
    """Nobody asked for it: whoever supervises the worker has to start another one."""


def worker(
    queues: Annotated[
        str, typer.Option(help="Which to work on, the first before the second: high; or high,low.")
    ] = "high,low",
    *,
    leashed: leash.Leashed = False,
) -> None:
    """
    Do what is owed. Needs a migrated database, and Redis.

    Ends with exit code 1 when Redis fails it: let something start it again, as `up` does. SIGTERM lets
    the unit at hand come to its end; a second one does not.
    """
    names = read_names(queues)
    from rq.serializers import JSONSerializer

    from training_analyzer import queue
    from training_analyzer.cli import services
    from training_analyzer.cli.unit_worker import UnitWorker
    from training_analyzer.runtime import Runtime
    from training_analyzer.worker.run import prepare

    if leashed:
        leash.take()  # after the imports: our starter may still be getting ready
    settings = logs.settings()
    services.require(settings)
    runtime = Runtime(settings, brief=True)
    runtime.keys  # noqa: B018 - made before the fork, as the registry and the plan are
    for name, told in warnings(settings, runtime.registry):
        for warning in told:
            LOGGER.warning("backend %s: %s", name, warning)
    prepare(runtime)
    client = services.open_redis(settings, patience_s=PATIENCE_S)
    rq_worker = UnitWorker(
        [queue.queue(client, name) for name in names],
        connection=client,
        worker_ttl=WORKER_TTL_S,
        maintenance_interval=MAINTENANCE_S,
        job_class=queue.UnitJob,
        serializer=JSONSerializer,
        log_job_description=False,
    )
    rq_worker.leashed = leashed
    rq_worker.work(with_scheduler=False)
    if not rq_worker.asked_to_stop:
        raise WorkerEnded("The worker ended by itself, most likely because Redis failed it. Start it again.")


def read_names(written: str) -> list[QueueName]:
    names = list(dict.fromkeys(written.replace(",", " ").split()))
    wrong = [name for name in names if name not in get_args(QueueName)]
    if wrong or not names:
        raise typer.BadParameter("name `high`, `low` or both: high,low", param_hint="--queues")
    return cast("list[QueueName]", names)
