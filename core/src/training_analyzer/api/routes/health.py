"""Whether the process is alive, and whether it can do its work. Open to everybody: no secrets."""

import logging

import redis
from fastapi import APIRouter
from sqlalchemy.exc import SQLAlchemyError

from training_analyzer import queue
from training_analyzer.api.answers.service import Check, LiveAnswer, ReadyAnswer
from training_analyzer.api.dependencies import Running
from training_analyzer.api.openapi import problems
from training_analyzer.api.problems import Kind, Problem
from training_analyzer.domain.errors import ConfigurationError
from training_analyzer.registry.report import PluginState
from training_analyzer.runtime import Runtime
from training_analyzer.storage.shape import pending

LOGGER = logging.getLogger(__name__)

router = APIRouter(prefix="/health", tags=["health"])


@router.get("/live")
def live() -> LiveAnswer:
    """Say that the process is alive."""
    return LiveAnswer()


@router.get("/ready", responses=problems(Kind.NOT_READY))
def ready(runtime: Running) -> ReadyAnswer:
    """Say whether the database, Redis and every enabled plugin are there."""
    checks = {"database": _database(runtime), "redis": _redis(runtime), "plugins": _plugins(runtime)}
    failed = [check.detail for check in checks.values() if not check.ok]
    if failed:
        raise Problem(
            Kind.NOT_READY,
            " ".join(failed),
            checks={name: check.model_dump() for name, check in checks.items()},
        )
    return ReadyAnswer(checks=checks)


def _database(runtime: Runtime) -> Check:
    try:
        runtime.database.check()
        with runtime.database.transaction() as tx:
            behind = pending(tx)
    except (ConfigurationError, SQLAlchemyError) as error:
        # What the driver says names hosts and roles: it belongs into the log.
        LOGGER.warning("the database is not ready: %s", getattr(error, "orig", None) or error)
        return Check(ok=False, detail="PostgreSQL cannot be used; the server's log says why.")
    if behind:
        return Check(ok=False, detail="The tables are of another version: run `training-analyzer migrate`.")
    return Check(ok=True, detail="PostgreSQL answers.")


def _redis(runtime: Runtime) -> Check:
    try:
        queue.check(runtime.redis)
    except (ConfigurationError, redis.RedisError) as error:
        LOGGER.warning("Redis is not ready: %s", error)
        return Check(ok=False, detail="Redis cannot be used; the server's log says why.")
    return Check(ok=True, detail="Redis answers.")


def _plugins(runtime: Runtime) -> Check:
    enabled = [report for report in runtime.registry.reports if report.state != PluginState.NOT_ENABLED]
    failed = [f"{report.name} is {report.state}" for report in enabled if report.state != PluginState.ACTIVE]
    if failed:
        return Check(ok=False, detail=f"Plugins: {', '.join(failed)}; see `training-analyzer plugins`.")
    return Check(ok=True, detail=f"{len(enabled)} plugins are active.")
