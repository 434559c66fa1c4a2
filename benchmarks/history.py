"""Five years of one athlete: curves over a period, records, weeks, and the days behind a new activity."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import numpy as np
import psycopg
from sqlalchemy import text

from benchmarks.subjects import TODAY
from benchmarks.timing import Comparison, compare
from training_analyzer.processing import series
from training_analyzer.processing.days import rewrite
from training_analyzer.processing.periods import By, Wanted, summarize
from training_analyzer.processing.plan import Plan
from training_analyzer.processing.records import records
from training_analyzer.registry import load_registry
from training_analyzer.registry.registry import Registry
from training_analyzer.sdk import Combination, Curve, Distribution, Measurement, Metric, Shape, Sport
from training_analyzer.storage import curves, daily_totals, measurements
from training_analyzer.storage.database import Database, Transaction

ACTIVITIES = 1500
CURVE = "metrics_default.power_curve"


def five_years(database: Database, athlete_id: UUID, owner_url: str) -> Iterator[Comparison]:
    registry = load_registry(["metrics_default"], {})
    plan = Plan(registry.activity_metrics, registry.daily_metrics, registry.plugin_of)
    with database.transaction(athlete_id) as tx:
        newest = _store(tx, athlete_id, registry)
    with psycopg.connect(owner_url.replace("+psycopg", ""), autocommit=True) as owner:
        owner.execute("ANALYZE")  # as PostgreSQL does by itself within a minute
    with database.transaction(athlete_id) as tx:
        size = tx.execute(text("SELECT pg_total_relation_size('curves')")).scalar_one()
    each = size / 1024 / ACTIVITIES / 3

    def period() -> int:
        with database.transaction(athlete_id) as tx:
            points = curves.points(tx, athlete_id, CURVE, sport=Sport.RIDE)
            return len(curves.bests(tx, CURVE, points, Combination.HIGHEST))

    def from_json() -> int:
        """As they were stored before: a JSON object with each measurement."""
        with database.transaction(athlete_id) as tx:
            rows = tx.execute(
                text("""
                    SELECT json_build_object('seconds', seconds, 'values', values, 'starts_s', starts_s)::text
                    FROM curves WHERE athlete_id = :id AND key = :key
                """),
                {"id": athlete_id, "key": CURVE},
            ).scalars()
            best: dict[float, float] = {}
            for row in rows:
                curve = json.loads(row)
                for second, value in zip(curve["seconds"], curve["values"], strict=True):
                    best[second] = max(best.get(second, 0.0), value)
            return len(best)

    yield compare(
        f"a power curve over five years ({each:.1f} KiB a curve)",
        subject=("arrays, read by numpy", period),
        yardstick=("the same as JSON", from_json),
        rounds=4,
    )

    def all_records() -> int:
        with database.transaction(athlete_id) as tx:
            found = records(tx, athlete_id, registry.metrics.values(), Sport.RIDE, today=TODAY)
            return len(list(found))

    yield compare(
        "every record of a sport, in three windows",
        subject=("found anew", all_records),
        yardstick=("one curve over five years", period),
        rounds=4,
    )
    wanted = Wanted([metric for metric in registry.metrics.values() if metric.combination is Combination.SUM
                     and metric.shape is not Shape.CURVE][:12])  # fmt: skip

    def weeks() -> int:
        with database.transaction(athlete_id) as tx:
            spans = By.WEEK.divide(TODAY - timedelta(days=364), TODAY)
            return len(list(summarize(tx, athlete_id, spans, wanted, today=TODAY)))

    yield compare(
        "a year of weeks, by sport, against the week before",
        subject=("12 metrics", weeks),
        yardstick=("one curve over five years", period),
        rounds=4,
    )

    def a_new_activity() -> None:
        with database.transaction(athlete_id) as tx:
            tx.execute(
                text("""
                    UPDATE measurements SET value = value + 1
                    WHERE activity_id = :id AND key = 'metrics_default.load'
                """),
                {"id": newest},
            )
            rewrite(tx, athlete_id, plan, until=TODAY)

    def all_days() -> None:
        with database.transaction(athlete_id) as tx:
            tx.execute(text("DELETE FROM days WHERE athlete_id = :id"), {"id": athlete_id})
            rewrite(tx, athlete_id, plan, until=TODAY)

    all_days()
    yield compare(
        "the days of five years behind a new activity",
        subject=("from the first that changed", a_new_activity),
        yardstick=("all of them", all_days),
        rounds=4,
    )
    with database.transaction(athlete_id) as tx:
        totals = daily_totals.of_days(tx, athlete_id, plan.daily_needs, until=TODAY)
    assert totals is not None
    stored = [one for one in plan.daily_metrics if one.stored]
    unstored = [one for one in plan.daily_metrics if not one.stored]
    yield compare(
        "five years of the series that are not stored",
        subject=(
            f"{sum(len(one.metrics) for one in unstored)} rolling totals",
            lambda: series.compute(plan, totals, unstored),
        ),
        yardstick=(
            f"{sum(len(one.metrics) for one in stored)} that are",
            lambda: series.compute(plan, totals, stored),
        ),
        rounds=4,
    )


def _store(tx: Transaction, athlete_id: UUID, registry: Registry) -> UUID:
    generator = np.random.default_rng(1)
    seconds = _durations()
    measured: dict[UUID, list[tuple[Measurement, int]]] = {}
    rows = []
    for number in range(ACTIVITIES):
        activity_id = uuid4()
        started_at = datetime.combine(TODAY, datetime.min.time(), UTC) - timedelta(days=1.2 * number)
        rows.append(
            {"id": activity_id, "athlete_id": athlete_id, "started_at": started_at, "day": started_at.date()}
        )
        size = int(generator.integers(seconds.size // 2, seconds.size))
        measured[activity_id] = [
            (Measurement(key=metric.key, value=_value(metric, generator, seconds[:size])), 1)
            for calculator in registry.activity_metrics
            for metric in calculator.metrics
        ]
    tx.execute(
        text("""
            INSERT INTO activities
                (id, athlete_id, sport, started_at, utc_offset_s, local_date, elapsed_s, moving_s)
            VALUES (:id, :athlete_id, 'ride', :started_at, 0, :day, 5400, 5000)
        """),
        rows,
    )
    measurements.replace(tx, athlete_id, measured)
    return next(iter(measured))  # the newest


def _value(
    metric: Metric, generator: np.random.Generator, seconds: np.ndarray
) -> float | Curve | Distribution:
    if metric.combination is Combination.SHORTEST:  # a few distances, as athletes have them
        times_s = np.cumsum(generator.uniform(90, 900, 13))
        return Curve(seconds=tuple(times_s.tolist()), values=tuple(np.arange(400.0, 5600.0, 400.0).tolist()))
    match metric.shape:
        case Shape.CURVE:
            values = 250 + 20_000 / seconds + generator.normal(0, 5, seconds.size)
            return Curve(
                seconds=tuple(seconds.tolist()),
                values=tuple(values.tolist()),
                starts_s=tuple(generator.integers(0, 5000, seconds.size).tolist()),
            )
        case Shape.DISTRIBUTION:
            return Distribution(
                bounds=(120, 140, 160, 180), seconds=tuple(generator.uniform(0, 1000, 5).tolist())
            )
        case Shape.NUMBER:
            return float(generator.uniform(10, 100))


def _durations() -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    longer = np.geomspace(60, 86_400, 121).round()
    return np.unique(np.concatenate((np.arange(1.0, 61.0), longer)))
