"""Metrics of activities: written by processing, summed up for days."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

import numpy as np
from sqlalchemy import text

from training_analyzer.domain.activity import Column
from training_analyzer.domain.metric import Curve, Distribution, Measurement, MetricKey
from training_analyzer.storage.database import Transaction

Measured = Iterable[tuple[Measurement, int]]
"""Measurements, each with its calculator's version."""


def replace(tx: Transaction, athlete_id: UUID, measured: Mapping[UUID, Measured]) -> None:
    """Store the measurements of activities in place of the former ones: one statement for all of them."""
    for table in ("measurements", "curves"):
        tx.execute(
            text(f"DELETE FROM {table} WHERE activity_id = ANY(:ids)"),  # noqa: S608 - one of two constants
            {"ids": list(measured)},
        )
    every = [
        (activity_id, measurement, version)
        for activity_id, measurements in measured.items()
        for measurement, version in measurements
    ]
    rows = [
        (
            activity_id,
            measurement.key,
            None if isinstance(measurement.value, Curve | Distribution) else measurement.value,
            measurement.value.model_dump_json() if isinstance(measurement.value, Distribution) else None,
            measurement.reason,
            measurement.method,
            measurement.estimated,
            json.dumps(dict(measurement.thresholds)),
            version,
            measurement.doubtful,
        )
        for activity_id, measurement, version in every
    ]
    if rows:
        columns = [list(column) for column in zip(*rows, strict=True)]
        tx.execute(_INSERT, {"athlete_id": athlete_id, **{f"c{n}": each for n, each in enumerate(columns)}})
    curves = [
        {
            "activity_id": activity_id,
            "athlete_id": athlete_id,
            "key": measurement.key,
            "seconds": list(measurement.value.seconds),
            "values": list(measurement.value.values),
            "starts_s": None if measurement.value.starts_s is None else list(measurement.value.starts_s),
        }
        for activity_id, measurement, _ in every
        if isinstance(measurement.value, Curve)
    ]
    if curves:
        tx.execute(
            text("""
                INSERT INTO curves (activity_id, athlete_id, key, seconds, values, starts_s)
                VALUES (:activity_id, :athlete_id, :key, :seconds, :values, :starts_s)
            """),
            curves,
        )


_INSERT: Final = text("""
    INSERT INTO measurements (athlete_id, activity_id, key, value, detail, reason, method, estimated,
        thresholds, version, doubtful)
    SELECT :athlete_id, activity_id, key, value, CAST(detail AS jsonb), reason, method, estimated,
        CAST(thresholds AS jsonb), version, doubtful
    FROM unnest(CAST(:c0 AS uuid[]), CAST(:c1 AS text[]), CAST(:c2 AS float8[]), CAST(:c3 AS text[]),
            CAST(:c4 AS text[]), CAST(:c5 AS text[]), CAST(:c6 AS boolean[]), CAST(:c7 AS text[]),
            CAST(:c8 AS bigint[]), CAST(:c9 AS boolean[]))
        AS m(activity_id, key, value, detail, reason, method, estimated, thresholds, version, doubtful)
""")


@dataclass(frozen=True, slots=True)
class DailyTotals:
    """Sums over each day's activities, in columns of shape (days,)."""

    first_day: date
    totals: Mapping[MetricKey, Column]
    estimated: Mapping[MetricKey, Column]
    activities: Column
    moving_s: Column
    distance_m: Column


def daily_totals(
    tx: Transaction, athlete_id: UUID, keys: Iterable[MetricKey], *, until: date
) -> DailyTotals | None:
    """Return every day from the first activity to `until`; None without any activity."""
    keys = sorted(keys)
    by_day = tx.execute(
        text("""
            SELECT local_date, count(*) AS activities, sum(moving_s) AS moving_s,
                   COALESCE(sum(distance_m), 0) AS distance_m
            FROM activities WHERE athlete_id = :athlete_id AND local_date <= :until
            GROUP BY local_date ORDER BY local_date
        """),
        {"athlete_id": athlete_id, "until": until},
    ).all()
    if not by_day:
        return None
    first_day = by_day[0].local_date
    days = (until - first_day).days + 1
    sums = tx.execute(
        text("""
            SELECT a.local_date, m.key, sum(m.value) AS total,
                   COALESCE(sum(m.value) FILTER (WHERE m.estimated), 0) AS estimated
            FROM measurements m JOIN activities a ON a.id = m.activity_id
            WHERE m.athlete_id = :athlete_id AND m.key = ANY(:keys) AND m.value IS NOT NULL
              AND a.local_date <= :until
            GROUP BY a.local_date, m.key
        """),
        {"athlete_id": athlete_id, "keys": keys, "until": until},
    )
    totals = {key: np.zeros(days) for key in keys}
    estimated = {key: np.zeros(days) for key in keys}
    for row in sums:
        totals[row.key][(row.local_date - first_day).days] = row.total
        estimated[row.key][(row.local_date - first_day).days] = row.estimated
    columns = np.zeros((3, days))
    for row in by_day:
        columns[:, (row.local_date - first_day).days] = row.activities, row.moving_s, row.distance_m
    return DailyTotals(first_day, totals, estimated, *columns)
