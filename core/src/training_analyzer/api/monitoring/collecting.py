"""One look at every part: a part that fails is told as failed, and the others are there."""

import logging
from collections.abc import Iterator

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from training_analyzer.api.monitoring.parts import ASK_POSTGRESQL, PARTS
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
        # Prometheus waits for ten seconds: PostgreSQL that does not answer is waited for once, and a
        # connection that requests have to wait for too is not waited for at all.
        is_away = pool.in_use >= pool.limit
        for name, part in PARTS.items():
            if is_away and name in ASK_POSTGRESQL:
                succeeded.add_metric((name,), 0)
                continue
            try:
                families = list(part(self._runtime))
            except Exception as error:  # noqa: BLE001 - a part may fail in any way, and the rest counts
                # What a driver says names hosts and roles, and is for the log.
                LOGGER.warning("metrics: %s could not be read: %s", name, getattr(error, "orig", error))
                is_away = is_away or isinstance(error, (OperationalError, PoolTimeout))
                succeeded.add_metric((name,), 0)
                continue
            succeeded.add_metric((name,), 1)
            yield from families
        yield succeeded
