"""Metrics of activities, written by processing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate, groupby
from typing import Any, Final
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import text

from training_analyzer.domain.metric import Curve, Distribution, Measurement, MetricKey
from training_analyzer.domain.sport import Sport
from training_analyzer.sdk import MeasuredActivity
from training_analyzer.storage.arrays import as_array, end_to_end
from training_analyzer.storage.database import Transaction

Measured = Iterable[tuple[Measurement, int]]
"""Measurements, each with its calculator's version."""


def replace(tx: Transaction, athlete_id: UUID, measured: Mapping[UUID, Measured]) -> None:
    """
    Store the measurements of activities in place of the former ones: one statement for all of them.

    What is as it was stays untouched: a calculator's new version changes few of an activity's numbers.
    """
    made: list[Measurement] = []
    places: list[int] = []
    versions: list[int] = []
    curves: list[tuple[int, MetricKey, Curve]] = []
    for place, measurements in enumerate(measured.values(), start=1):
        for measurement, version in measurements:
            if isinstance(measurement.value, Curve):
                curves.append((place, measurement.key, measurement.value))
                measurement = measurement.model_copy(update={"value": None})  # noqa: PLW2901 - its columns follow
            made.append(measurement)
            places.append(place)
            versions.append(version)
    if not measured:
        return
    whose = {"athlete_id": athlete_id, "replaced": list(measured)}
    tx.execute(
        _REPLACE,
        {
            **whose,
            "made": _MADE.dump_json(made, exclude_defaults=True).decode(),
            "places": as_array(places),
            "versions": as_array(versions),
        },
    )
    tx.execute(
        _REPLACE_CURVES,
        {
            **whose,
            "places": [place for place, _, _ in curves],
            "keys": [key for _, key, _ in curves],
            "ends": list(accumulate(len(curve.seconds) for _, _, curve in curves)),
            "begin": [curve.starts_s is not None for _, _, curve in curves],
            "seconds": end_to_end(curve.seconds for _, _, curve in curves),
            "values": end_to_end(curve.values for _, _, curve in curves),
            "starts_s": end_to_end(curve.starts_s or curve.values for _, _, curve in curves),
        },
    )


_MADE: Final = TypeAdapter(list[Measurement])


def _replacing(table: str, columns: Sequence[str]) -> str:
    """Return the SQL that puts `made`, of these columns, in place of what the table holds of activities."""
    theirs = ", ".join(columns)
    return f"""
        , gone AS (
            DELETE FROM {table} t
            WHERE t.activity_id = ANY(CAST(:replaced AS uuid[])) AND NOT EXISTS (
                SELECT FROM made m WHERE m.activity_id = t.activity_id AND m.key = t.key))
        INSERT INTO {table} (athlete_id, activity_id, key, {theirs})
        SELECT :athlete_id, m.activity_id, m.key, {", ".join(f"m.{column}" for column in columns)}
        FROM made m LEFT JOIN (
            SELECT true AS is_there, activity_id, key, {theirs} FROM {table}
            WHERE activity_id = ANY(CAST(:replaced AS uuid[]))
        ) AS t ON t.activity_id = m.activity_id AND t.key = m.key
        WHERE t.is_there IS NULL
           OR ({", ".join(f"m.{column}" for column in columns)})
              IS DISTINCT FROM ({", ".join(f"t.{column}" for column in columns)})
        ON CONFLICT (activity_id, key) DO UPDATE SET
            {", ".join(f"{column} = excluded.{column}" for column in columns)}
    """  # noqa: S608 - constants of this module


_COLUMNS: Final = ("value", "detail", "reason", "method", "estimated", "thresholds", "version", "doubtful")
_REPLACE: Final = text(f"""
    WITH made AS MATERIALIZED (
        SELECT (CAST(:replaced AS uuid[]))[m.place] AS activity_id, key,
               CASE WHEN NOT starts_with(m.value, '{{') THEN CAST(m.value AS float8) END AS value,
               CASE WHEN starts_with(m.value, '{{') THEN CAST(m.value AS jsonb) END AS detail,
               reason, COALESCE(method, '') AS method, COALESCE(estimated, false) AS estimated,
               COALESCE(thresholds, '{{}}') AS thresholds, version, COALESCE(doubtful, false) AS doubtful
        FROM ROWS FROM (
            json_to_recordset(CAST(:made AS json)) AS (key text, value text, reason text, method text,
                estimated boolean, thresholds jsonb, doubtful boolean),
            unnest(CAST(:places AS integer[])),
            unnest(CAST(:versions AS integer[]))
        ) AS m(key, value, reason, method, estimated, thresholds, doubtful, place, version))
    {_replacing("measurements", _COLUMNS)}
""")  # noqa: S608 - constants of this module
_REPLACE_CURVES: Final = text(f"""
    WITH made AS MATERIALIZED (
        SELECT (CAST(:replaced AS uuid[]))[place] AS activity_id, key,
               (CAST(:seconds AS float8[]))[first:last] AS seconds,
               (CAST(:values AS float8[]))[first:last] AS values,
               CASE WHEN begin THEN (CAST(:starts_s AS float8[]))[first:last] END AS starts_s
        FROM (
            SELECT *, lag(last, 1, 0) OVER (ORDER BY n) + 1 AS first
            FROM unnest(CAST(:places AS integer[]), CAST(:keys AS text[]), CAST(:ends AS integer[]),
                    CAST(:begin AS boolean[])) WITH ORDINALITY AS c(place, key, last, begin, n)) AS c)
    {_replacing("curves", ("seconds", "values", "starts_s"))}
""")  # noqa: S608 - constants of this module


def since(
    tx: Transaction,
    athlete_id: UUID,
    keys: Iterable[MetricKey],
    *,
    since: date,
    until: date,
    sources: Sequence[str] | None = None,
) -> list[MeasuredActivity]:
    """
    Return the activities in [`since`, `until`], oldest first, with what there is of these metrics.

    `sources`: only activities that rest on recordings of these providers alone.
    """
    rows = tx.execute(
        text("""
            SELECT a.id, a.sport, a.local_date, a.moving_s, m.key, m.value, m.detail, m.method, m.estimated,
                   m.thresholds, c.seconds, c.values AS bests, c.starts_s
            FROM activities a LEFT JOIN measurements m
                ON m.activity_id = a.id AND m.key = ANY(:keys) AND m.reason IS NULL AND NOT m.doubtful
            LEFT JOIN curves c ON c.activity_id = m.activity_id AND c.key = m.key
            WHERE a.athlete_id = :athlete_id AND a.local_date BETWEEN :since AND :until
              AND (CAST(:sources AS text[]) IS NULL OR a.sources <@ CAST(:sources AS text[]))
            ORDER BY a.started_at, a.id, m.key
        """),
        {
            "athlete_id": athlete_id,
            "keys": sorted(keys),
            "since": since,
            "until": until,
            "sources": None if sources is None else list(sources),
        },
    )
    found: list[MeasuredActivity] = []
    for _, of_one in groupby(rows, key=lambda row: row.id):
        group = list(of_one)
        found.append(
            MeasuredActivity(
                id=group[0].id,
                sport=Sport(group[0].sport),
                day=group[0].local_date,
                moving_s=group[0].moving_s,
                measurements={row.key: _measurement(row) for row in group if row.key is not None},
            )
        )
    return found


def _measurement(row: Any) -> Measurement:
    value: float | Curve | Distribution
    if row.seconds is not None:
        value = Curve(seconds=row.seconds, values=row.bests, starts_s=row.starts_s)
    elif row.detail is not None:
        value = Distribution.model_validate(row.detail)
    else:
        value = row.value
    return Measurement(
        key=row.key, value=value, method=row.method, estimated=row.estimated, thresholds=row.thresholds
    )


@dataclass(frozen=True, slots=True)
class Highest:
    """The highest value of a metric, and which activity has it."""

    value: float
    activity_id: UUID
    day: date


def highest(
    tx: Transaction, athlete_id: UUID, key: MetricKey, *, sport: Sport, first: date | None, last: date
) -> Highest | None:
    """Return the highest number in [`first`, `last`], of equals the oldest; doubtful ones are no best."""
    row = tx.execute(
        text("""
            SELECT m.value, a.id, a.local_date FROM measurements m JOIN activities a ON a.id = m.activity_id
            WHERE m.athlete_id = :athlete_id AND m.key = :key AND m.value IS NOT NULL AND NOT m.doubtful
              AND a.sport = :sport AND a.local_date <= :last
              AND (CAST(:first AS date) IS NULL OR a.local_date >= :first)
            ORDER BY m.value DESC, a.started_at, a.id LIMIT 1
        """),
        {"athlete_id": athlete_id, "key": key, "sport": sport, "first": first, "last": last},
    ).one_or_none()
    return None if row is None else Highest(*row)
