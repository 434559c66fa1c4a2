"""What is measured: the quota's gate, a year of days, an activity's metrics, a unit of work."""

import json
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import cycle
from uuid import UUID

import httpx
import numpy as np
import redis
from pydantic import BaseModel

from benchmarks.timing import Comparison, compare
from tests.grounding.corpus import by_hand, facts_of
from training_analyzer.analysis.grounding import evidence, verify
from training_analyzer.domain.clock import Clock
from training_analyzer.embedded import EmbeddedServers
from training_analyzer.processing.plan import Plan, measure
from training_analyzer.quota.gate import QuotaGate
from training_analyzer.registry import load_registry
from training_analyzer.sdk import (
    Activity,
    Athlete,
    Channel,
    DailySeries,
    Quota,
    QuotaReading,
    QuotaRules,
    Samples,
    Sex,
    Sport,
    Thresholds,
)
from training_analyzer.storage import athletes, days, work
from training_analyzer.storage.database import Database
from training_analyzer.storage.work import Owed

TODAY = date(2026, 6, 15)
KEYS = ("bench.load", "bench.fitness", "bench.fatigue", "bench.form")


class FourQuotas(QuotaRules):
    """A quarter hour and a day, for everything and for reading: as Strava has them, but never full."""

    scope = "bench"
    quotas = tuple(
        Quota(name=f"{kind}_{window_s}", limit=10**9, window_s=window_s)
        for kind in ("overall", "read")
        for window_s in (900, 86400)
    )

    def charged(self, request: httpx.Request) -> frozenset[str]:
        return frozenset(quota.name for quota in self.quotas)

    def read(self, response: httpx.Response) -> tuple[QuotaReading, ...]:
        return ()

    def exhausted(self, response: httpx.Response) -> frozenset[str]:
        return frozenset()


class Day(BaseModel):
    """A day as a response model of rows would hold it."""

    day: date
    key: str
    value: float | None
    estimated: float


def gate(servers: EmbeddedServers) -> Iterator[Comparison]:
    with redis.Redis.from_url(servers.redis_url) as client:
        asked = QuotaGate(client, clock=Clock.fixed(datetime(2026, 6, 15, 12, 5, tzinfo=UTC)))
        rules = FourQuotas()
        names = {quota.name for quota in rules.quotas}
        yield compare(
            "one request through the quota's gate",
            subject=("four quotas at once", lambda: asked.acquire(rules, names, "low")),
            yardstick=("PING", client.ping),
            calls=200,
        )


def a_year_of_days(database: Database, athlete_id: UUID) -> Iterator[Comparison]:
    first = TODAY - timedelta(days=364)
    with database.transaction(athlete_id) as tx:
        generator = np.random.default_rng(1)
        days.write(
            tx,
            athlete_id,
            [(DailySeries(key=key, first_day=first, values=generator.random(365)), 1) for key in KEYS],
        )

    def columns() -> str:
        with database.transaction(athlete_id) as tx:
            return days.body(tx, athlete_id, dict.fromkeys(KEYS, 42), first=first, last=TODAY, today=TODAY)

    def rows() -> str:
        from sqlalchemy import text

        with database.transaction(athlete_id) as tx:
            found = tx.execute(
                text("SELECT day, key, value, estimated FROM days ORDER BY key, day")
            ).mappings()
            return json.dumps([Day(**row).model_dump(mode="json") for row in found])

    yield compare(
        "a year of four daily series as JSON",
        subject=("columns, built in PostgreSQL", columns),
        yardstick=("rows through a response model", rows),
    )


def grounding() -> Iterator[Comparison]:
    """What one text costs to verify; the verifier is to take a millisecond at most."""
    cases = by_hand()
    grounds = {name: evidence(facts_of(name)) for name in {case.facts for case in cases}}
    turn = cycle(cases)

    def verified() -> object:
        case = next(turn)
        return verify(case.text, grounds[case.facts], language=case.language, advice=case.part == "advice")

    yield compare(
        "verify a text against its facts",
        subject=("one text", verified),
        yardstick=("a millisecond of waiting", lambda: time.sleep(0.001)),
        calls=len(cases),
        rounds=5,
    )


def metrics_of_a_ride() -> Iterator[Comparison]:
    registry = load_registry(("metrics_default",), {})
    plan = Plan(registry.activity_metrics, registry.daily_metrics, registry.plugin_of)
    athlete = Athlete(
        sex=Sex.FEMALE,
        thresholds=Thresholds(
            functional_threshold_power_w=250,
            threshold_heart_rate_bpm=168,
            max_heart_rate_bpm=186,
            resting_heart_rate_bpm=48,
        ),
    )
    size = 4 * 3600
    generator = np.random.default_rng(1)
    power = np.clip(generator.normal(200, 80, size), 0, None).round()
    heart_rate = np.clip(generator.normal(140, 12, size), 60, 186).round()
    body = json.dumps({"watts": power.tolist(), "heartrate": heart_rate.tolist()})

    def ride() -> Activity:
        # A new recording each time: what was cleaned once is remembered.
        return Activity(
            sport=Sport.RIDE,
            started_at=datetime(2026, 6, 15, 6, tzinfo=UTC),
            elapsed_s=size,
            moving_s=size,
            samples=Samples(
                np.arange(size, dtype=float), {Channel.POWER_W: power, Channel.HEART_RATE_BPM: heart_rate}
            ),
        )

    yield compare(
        "every metric of a ride of four hours",
        subject=("cleaning and measuring", lambda: measure(plan, ride(), athlete)),
        yardstick=("parsing its two channels from JSON", lambda: json.loads(body)),
    )


def a_unit_of_work(database: Database, athlete_id: UUID) -> Iterator[Comparison]:
    now = datetime(2026, 6, 15, 12, tzinfo=UTC)

    def life() -> None:
        with database.transaction() as tx:
            work.owe(tx, [Owed("measure", str(athlete_id), athlete_id, "high")])
        with database.transaction() as tx:
            (unit,) = work.ring(tx, "high", now=now, room=1, patience_s=0)
        with database.transaction() as tx:
            claim = work.claim(tx, unit, now=now, lease_s=30)
            assert claim is not None
        with database.transaction() as tx:
            work.finish(tx, claim)

    def four_transactions() -> None:
        for _ in range(4):
            with database.transaction(athlete_id) as tx:
                athletes.profile(tx, athlete_id)

    yield compare(
        "a unit of work: owed, rung, claimed, finished",
        subject=("its whole life", life),
        yardstick=("four transactions that read one row", four_transactions),
        calls=20,
    )
