"""Metrics of activities: written by processing, summed up for days."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import numpy as np
from sqlalchemy import text

from training_analyzer.domain.activity import Column
from training_analyzer.domain.metric import Curve, Distribution, Measurement, MetricKey
from training_analyzer.storage.database import Transaction


def replace(
    tx: Transaction,
    athlete_id: UUID,
    activity_id: UUID,
    measured: Iterable[tuple[Measurement, int]],
) -> None:
    """Store an activity's measurements, each with its calculator's version, in place of the former ones."""
    measured = list(measured)
    for table in ("measurements", "curves"):
        tx.execute(text(f"DELETE FROM {table} WHERE activity_id = :id"), {"id": activity_id})  # noqa: S608
    rows = [
        {
            "activity_id": activity_id,
            "athlete_id": athlete_id,
            "key": measurement.key,
            "value": None if isinstance(measurement.value, Curve | Distribution) else measurement.value,
            "detail": measurement.value.model_dump_json()
            if isinstance(measurement.value, Distribution)
            else None,
            "reason": measurement.reason,
            "method": measurement.method,
            "estimated": measurement.estimated,
            "thresholds": json.dumps(dict(measurement.thresholds)),
            "version": version,
            "doubtful": measurement.doubtful,
        }
        for measurement, version in measured
    ]
    if rows:
        tx.execute(
            text("""
                INSERT INTO measurements (activity_id, athlete_id, key, value, detail, reason, method,
                    estimated, thresholds, version, doubtful)
                VALUES (:activity_id, :athlete_id, :key, :value, CAST(:detail AS jsonb), :reason, :method,
                    :estimated, CAST(:thresholds AS jsonb), :version, :doubtful)
            """),
            rows,
        )
    curves = [
        {
            "activity_id": activity_id,
            "athlete_id": athlete_id,
            "key": measurement.key,
            "seconds": list(measurement.value.seconds),
            "values": list(measurement.value.values),
            "starts_s": None if measurement.value.starts_s is None else list(measurement.value.starts_s),
        }
        for measurement, _ in measured
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
