"""One look at every part: a part that fails is told as failed, and the others are there."""

import logging
from collections.abc import Iterator

import redis
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from training_analyzer.api.monitoring.parts import PARTS, Server
from training_analyzer.runtime import Runtime

LOGGER = logging.getLogger(__name__)


class Deployment(Collector):
    """What is read whenever Prometheus asks."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    def describe(self) -> Iterator[GaugeMetricFamily]:
        """Nothing is read when this is registered: names are known when somebody asks."""
        yield from ()

    def collect(self) -> Iterator[GaugeMetricFamily]:
        succeeded = GaugeMetricFamily(
            "training_analyzer_scrape_ok", "Whether a part could be read this time.", labels=("part",)
        )
        pool = self._runtime.database.pool_use()
        # Prometheus waits for ten seconds: a server that does not answer is waited for once, and a
        # connection that requests have to wait for too is not waited for at all.
        away = {Server.POSTGRESQL} if pool.in_use >= pool.limit else set()
        for name, part in PARTS.items():
            if away & part.asks:
                succeeded.add_metric((name,), 0)
                continue
            try:
                families = list(part.read(self._runtime))
            except Exception as error:  # noqa: BLE001 - a part may fail in any way, and the rest counts
                # What a driver says names hosts and roles, and is for the log.
                LOGGER.warning("metrics: %s could not be read: %s", name, getattr(error, "orig", error))
                away |= _away(error)
                succeeded.add_metric((name,), 0)
                continue
            succeeded.add_metric((name,), 1)
            yield from families
        yield succeeded


def _away(error: Exception) -> set[Server]:
    """Return which server has not answered."""
    match error:
        case OperationalError() | PoolTimeout():
            return {Server.POSTGRESQL}
        case redis.ConnectionError() | redis.TimeoutError():
            return {Server.REDIS}
        case _:
            return set()
