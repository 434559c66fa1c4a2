"""How the deployment stands, part by part, read where the truth is: PostgreSQL, Redis, and this process."""

import platform
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from importlib.metadata import version
from typing import Final

from prometheus_client.core import GaugeMetricFamily

from training_analyzer import queue
from training_analyzer.analysis import usage
from training_analyzer.runtime import Runtime
from training_analyzer.storage import athletes, work
from training_analyzer.storage.shape import newest_revision


class Server(Enum):
    """What a part is read from, besides this process."""

    POSTGRESQL = "PostgreSQL"
    REDIS = "Redis"


@dataclass(frozen=True, slots=True)
class Part:
    """How a part is read, and which servers have to answer."""

    read: Callable[[Runtime], Iterable[GaugeMetricFamily]]
    asks: frozenset[Server] = frozenset()


def _family(name: str, said: str, *labels: str) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"training_analyzer_{name}", said, labels=labels)


def _one(name: str, said: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"training_analyzer_{name}", said, value=value)


def build(_: Runtime) -> Iterator[GaugeMetricFamily]:
    info = _family("build_info", "Which version this is.", "version", "python", "tables")
    info.add_metric((version("training-analyzer"), platform.python_version(), newest_revision()), 1)
    yield info


def database(runtime: Runtime) -> Iterator[GaugeMetricFamily]:
    pool = runtime.database.pool_use()
    connections = _family("database_connections", "Connections of this process to PostgreSQL.", "state")
    connections.add_metric(("in_use",), pool.in_use)
    connections.add_metric(("idle",), pool.idle)
    yield connections
    yield _one("database_connections_limit", "How many this process may have.", pool.limit)


def people(runtime: Runtime) -> Iterator[GaugeMetricFamily]:
    with runtime.database.transaction() as tx:
        registered = athletes.registered(tx)
    yield _one("athletes", "Athletes who are registered.", registered)


def owed_work(runtime: Runtime) -> Iterator[GaugeMetricFamily]:
    with runtime.database.transaction() as tx:
        tallies = work.tally(tx, now=runtime.now())
        is_dispatched = work.is_dispatched(tx)
    units = _family(
        "work_units",
        "Units of work; due, waiting and working ones are owed, and parked ones were given up.",
        "kind",
        "priority",
        "state",
    )
    oldest = _family(
        "work_oldest_due_seconds",
        "For how long the oldest unit that could be worked on has been due.",
        "kind",
        "priority",
    )
    for one in tallies:
        units.add_metric((one.kind, one.priority, one.state), one.units)
        if one.oldest_s is not None:
            oldest.add_metric((one.kind, one.priority), one.oldest_s)
    yield units
    yield oldest
    yield _one("dispatcher_up", "Whether a dispatcher is at work.", is_dispatched)


def queues(runtime: Runtime) -> Iterator[GaugeMetricFamily]:
    doorbell = queue.Doorbell(runtime.redis)
    length = _family("queue_length", "Bells in Redis that no worker has answered yet.", "queue")
    workers = _family("workers", "Workers that listen to a queue.", "queue")
    for name in (queue.HIGH, queue.LOW):
        length.add_metric((name,), doorbell.waiting(name))
        workers.add_metric((name,), doorbell.workers(name))
    yield length
    yield workers


def quotas(runtime: Runtime) -> Iterator[GaugeMetricFamily]:
    labels = ("provider", "quota")
    used = _family("quota_used", "Requests to a provider in the window that runs now.", *labels)
    limit = _family("quota_limit", "How many the provider permits in a window.", *labels)
    resets = _family("quota_resets_seconds", "How long the window still runs.", *labels)
    for name, provider in runtime.registry.providers.items():
        for one in runtime.gate(name).usage(provider.quota_rules()):
            used.add_metric((name, one.name), one.used)
            limit.add_metric((name, one.name), one.limit)
            resets.add_metric((name, one.name), (one.resets_at - runtime.now()).total_seconds())
    yield from (used, limit, resets)


def ai(runtime: Runtime) -> Iterator[GaugeMetricFamily]:
    with runtime.database.transaction() as tx:
        found = usage.of_deployment(tx, runtime.ai_terms, now=runtime.now())
    for name, unit, said in (
        ("cost_usd", "usd", "US dollars"),
        ("requests", "requests", "Requests to AI services"),
        ("tokens", "tokens", "Tokens, in and out,"),
    ):
        used = _family(f"ai_{name}", f"{said} of all insights in the period, by UTC.", "period")
        reserved = _family(f"ai_reserved_{unit}", f"{said} that requests on their way may take.", "period")
        budget = _family(f"ai_budget_{unit}", f"{said} that the period may have.", "period")
        by_model = _family(f"ai_model_{name}", f"{said} of this month, by model.", "backend", "model")
        for period in found.periods:
            share: usage.Share = getattr(period, name)
            used.add_metric((period.period,), share.used)
            reserved.add_metric((period.period,), share.reserved)
            budget.add_metric((period.period,), share.limit)
        for model in found.models:
            by_model.add_metric((model.backend, model.model), getattr(model, name))
        yield from (used, reserved, budget, by_model)
    resting = _family(
        "ai_resting_seconds", "How long a backend is not asked after failures.", "backend", "model"
    )
    for one in found.resting:
        resting.add_metric((one.backend, one.model), (one.until - runtime.now()).total_seconds())
    yield resting


_POSTGRESQL: Final = frozenset({Server.POSTGRESQL})
_REDIS: Final = frozenset({Server.REDIS})

PARTS: Final[Mapping[str, Part]] = {
    "build": Part(build),
    "database": Part(database),
    "queues": Part(queues, _REDIS),
    "athletes": Part(people, _POSTGRESQL),
    "work": Part(owed_work, _POSTGRESQL),
    "quotas": Part(quotas, _POSTGRESQL | _REDIS),
    "ai": Part(ai, _POSTGRESQL),
}
