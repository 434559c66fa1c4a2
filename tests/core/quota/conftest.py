"""A real Valkey, gates at chosen moments, and a service that limits as Strava does, with smaller numbers."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

import httpx
import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from training_analyzer.domain.clock import Clock
from training_analyzer.embedded import EmbeddedServers
from training_analyzer.quota.counters import Seed
from training_analyzer.quota.gate import QuotaGate
from training_analyzer.quota.reserve import Reserve
from training_analyzer.sdk.quota import Quota, QuotaReading, QuotaRules

QUARTER_S, DAY_S = 900, 86_400


class SmallService(QuotaRules):
    """Uploads are no reads, `/token` is free; `X-Usage: read_quarter=3/5, day=9/40` says used/limit."""

    def __init__(
        self, *, scope: str = "small:1", quarter: int = 10, read_quarter: int = 5, day: int = 40
    ) -> None:
        self.scope = scope
        self.quotas = (
            # the day first: nothing may depend on the order
            Quota(name="day", limit=day, window_s=DAY_S),
            Quota(name="read_day", limit=day, window_s=DAY_S),
            Quota(name="quarter", limit=quarter, window_s=QUARTER_S),
            Quota(name="read_quarter", limit=read_quarter, window_s=QUARTER_S),
        )

    def charged(self, request: httpx.Request) -> frozenset[str]:
        if request.url.path == "/token":
            return frozenset()
        overall = frozenset({"quarter", "day"})
        return overall if request.method == "POST" else overall | {"read_quarter", "read_day"}

    def read(self, response: httpx.Response) -> Iterable[QuotaReading]:
        for entry in filter(None, response.headers.get("X-Usage", "").split(", ")):
            name, _, numbers = entry.partition("=")
            used, limit = numbers.split("/")
            yield QuotaReading(name=name, used=int(used), limit=int(limit))

    def exhausted(self, response: httpx.Response) -> frozenset[str]:
        return frozenset(response.text.split()) if response.text.startswith(("day", "read")) else frozenset()


@pytest.fixture(scope="session")
def valkey_url() -> Iterator[str]:
    with EmbeddedServers(ephemeral=True, postgres=False) as servers:
        yield servers.redis_url


@pytest.fixture
def valkey(valkey_url: str) -> Iterator[redis.Redis]:
    with redis.Redis.from_url(valkey_url, retry=Retry(NoBackoff(), 0)) as client:
        client.flushall()
        yield client


@pytest.fixture
def gate_at(valkey: redis.Redis) -> Callable[..., QuotaGate]:
    """Make a gate whose clock stands still; time passes by making another one."""

    def make(moment: datetime, *, seed: Seed | None = None, reserve: Reserve = Reserve()) -> QuotaGate:  # noqa: B008 - a frozen value
        return QuotaGate(valkey, clock=Clock.fixed(moment), seed=seed, reserve=reserve)

    return make


@pytest.fixture
def small_service() -> Callable[..., QuotaRules]:
    return SmallService
