"""
What metrics cost: a long ride, curves, a year from stored documents, a thousand athletes, 24 hours.

Computing is measured by the processor's time, and the least of several rounds counts, so that whatever
else runs on the machine counts less.
"""

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

import numpy as np
import psycopg
import zstandard
from sqlalchemy import text

from benchmarks.processors import below_s
from benchmarks.sessions import ATHLETE, session, year
from training_analyzer.processing import days, measuring
from training_analyzer.processing.plan import Plan, measure
from training_analyzer.registry import Registry, load_registry
from training_analyzer.sdk import DailyInput, DailyMetrics, RawActivity, Sex
from training_analyzer.storage import athletes, recordings, thresholds
from training_analyzer.storage.database import Database
from training_analyzer.storage.thresholds import DatedThreshold
from training_analyzer_metrics_default.curves import DURATIONS_S, mean_maximal

TODAY: Final = date(2026, 6, 15)
FOUR_HOURS_S: Final = 4 * 3600
ATHLETES: Final = 1000
BLOCK: Final = 125
ROUNDS_OF_A_YEAR: Final = 2


@dataclass(frozen=True, slots=True)
class Cost:
    """What something took, and what it may take."""

    name: str
    took: float
    budget: float
    unit: str = "ms"


def registry() -> Registry:
    strava = {"client_id": 1, "client_secret": "none"}
    return load_registry(("metrics_default", "strava"), {"strava": strava})


def plan_of(loaded: Registry) -> Plan:
    return Plan(loaded.activity_metrics, loaded.daily_metrics, loaded.plugin_of)


def a_ride(loaded: Registry) -> Iterator[Cost]:
    """Yield what a ride of four hours with ten channels takes, the parsing of its JSON included."""
    ride = session(FOUR_HOURS_S, day=TODAY)
    provider, plan = loaded.providers["strava"], plan_of(loaded)
    whole, measuring_only = [], []
    for _ in range(40):
        begun = time.process_time()
        activity = provider.translate(ride.documents)
        translated = time.process_time()
        measured = measure(plan, activity, ATHLETE)
        done = time.process_time()
        assert not measured.failures
        whole.append(done - begun)
        measuring_only.append(done - translated)
    # The least of each: what else the machine did at the time is in all others.
    yield Cost("a ride of 4 h: parsed, decoded, cleaned and measured", 1000 * min(whole), 20)
    yield Cost("  of which cleaning and all metrics", 1000 * min(measuring_only), 20)
    stretch = np.zeros(FOUR_HOURS_S, dtype=np.intp)
    for name, readings in (
        ("power", ride.power_w),
        ("heart rate", ride.heart_rate_bpm),
        ("speed", ride.speed_mps),
    ):
        times = []
        for _ in range(15):
            begun = time.process_time()
            mean_maximal(readings, stretch, DURATIONS_S)
            times.append(time.process_time() - begun)
        yield Cost(f"the stored curve of {name}, 4 h", 1000 * min(times), 2)


def a_year(database: Database, loaded: Registry, owner_url: str, *, sessions: int = 300) -> Iterator[Cost]:
    """Yield what a year takes from stored documents to stored days, the database's work included."""
    plan, providers = plan_of(loaded), loaded.providers
    with database.transaction() as tx:
        athlete_id = athletes.register(
            tx, email="year@example.org", password_hash="-", name="", sex=Sex.FEMALE, birth_year=1990
        )
    known = ATHLETE.thresholds.model_dump(exclude_none=True)
    with database.transaction(athlete_id) as tx:
        thresholds.store(
            tx, athlete_id, [DatedThreshold(name, value, date(2020, 1, 1)) for name, value in known.items()]
        )
        for one in year(until=TODAY, sessions=sessions):
            raw = RawActivity(
                external_id=one.started_at.isoformat(),
                started_at=one.started_at,
                documents=one.documents,
                has_more=False,
                revision="",
            )
            recordings.receive(tx, athlete_id, None, "strava", raw, now=datetime(2026, 6, 15, tzinfo=UTC))

    def recompute() -> None:
        done = False
        while not done:
            with database.transaction(athlete_id) as tx:
                batch = measuring.choose(tx, athlete_id, plan, providers)
            with database.transaction(athlete_id) as tx:
                done = measuring.measure_batch(tx, athlete_id, batch, plan, providers)
        with database.transaction(athlete_id) as tx:
            days.rewrite(tx, athlete_id, plan, until=TODAY)

    recompute()  # what is recomputed has been there before
    with psycopg.connect(owner_url.replace("+psycopg", ""), autocommit=True) as owner:
        owner.execute("ANALYZE")  # as PostgreSQL does by itself within a minute
    clock_s, own_s, all_s = [], [], []
    for _ in range(ROUNDS_OF_A_YEAR):
        with database.transaction(athlete_id) as tx:
            tx.execute(text("UPDATE activities SET measured_from = '', fingerprint = ''"))
        taken, begun, worked = below_s(), time.perf_counter(), time.process_time()
        recompute()
        own_s.append(time.process_time() - worked)
        clock_s.append(time.perf_counter() - begun)
        all_s.append(own_s[-1] + below_s() - taken)
    yield Cost(f"a year ({sessions} activities of 90 min) recomputed", min(clock_s), 6, "s")
    yield Cost("  of the processors, for us and PostgreSQL together", min(all_s), 6, "s")
    yield Cost("  for our own process alone", min(own_s), float("nan"), "s")


def many_athletes(loaded: Registry) -> Iterator[Cost]:
    """Yield what the days of a thousand athletes take to compute."""
    generator = np.random.default_rng(1)
    shape = (ATHLETES, 365)
    loads = np.where(generator.random(shape) < 0.6, generator.uniform(20, 150, shape), 0.0)
    needed = frozenset().union(*(calculator.needs for calculator in loaded.daily_metrics))
    totals = {
        key: loads if key.endswith(".load") else generator.integers(0, 3600, shape).astype(float)
        for key in needed
    }
    nothing = np.zeros(shape)
    took: dict[DailyMetrics, float] = {}
    for calculator in loaded.daily_metrics:
        if not calculator.batched:
            continue
        inputs = [
            DailyInput(
                first_day=TODAY,
                days=365,
                totals={key: totals[key][rows] for key in calculator.needs},
                estimated={key: 0.3 * totals[key][rows] for key in calculator.needs},
                series={},
                activities=(loads[rows] > 0).astype(float),
                moving_s=40 * loads[rows],
                distance_m=300 * loads[rows],
                ascent_m=nothing[rows],
            )
            for rows in (slice(first, first + BLOCK) for first in range(0, ATHLETES, BLOCK))
        ]
        best = float("inf")
        for _ in range(15):
            begun = time.process_time()
            for given in inputs:
                for _series in calculator.measure(given):
                    pass
            best = min(best, time.process_time() - begun)
        took[calculator] = 1000 * best
    main = sum(ms for one, ms in took.items() if one.family == "Fitness, fatigue and form")
    stored = sum(ms for one, ms in took.items() if one.stored)
    yield Cost("a year of days of 1,000 athletes, as they are stored", stored, 50)
    yield Cost("  of them load, fitness, fatigue, form", main, 50)
    together = sum(took.values())
    yield Cost("  with rolling totals, made when they are asked for", together, float("nan"))


def a_day_long() -> Iterator[Cost]:
    """Yield the memory of a process that decodes and measures a recording of 24 hours."""
    with tempfile.TemporaryDirectory() as folder:
        for document in session(24 * 3600, day=TODAY).documents:
            (Path(folder) / f"{document.kind}.zst").write_bytes(zstandard.compress(document.body))
        answer = subprocess.run(
            [sys.executable, "-m", "benchmarks.day_long", folder], capture_output=True, text=True, check=True
        )
    yield Cost("memory while measuring a recording of 24 h", float(answer.stdout), 250, "MB")
