"""Daily series: written as columns, read as columns."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from uuid import UUID

import numpy as np
from sqlalchemy import text

from training_analyzer.domain.activity import Column
from training_analyzer.domain.metric import DailySeries, MetricKey
from training_analyzer.storage.arrays import column_as_array
from training_analyzer.storage.database import Transaction


def write(tx: Transaction, athlete_id: UUID, series: Iterable[DailySeries]) -> date | None:
    """
    Store the series, touching only days that differ; return the first of these.

    All series of one range are one statement: one for each would cost more than their computing.
    """
    ranges: dict[tuple[date, int], list[DailySeries]] = {}
    for one in series:
        ranges.setdefault((one.first_day, one.values.size), []).append(one)
    changed = [
        day
        for (first, size), those in ranges.items()
        if (day := _write_range(tx, athlete_id, those, first, size)) is not None
    ]
    return min(changed, default=None)


def _write_range(
    tx: Transaction, athlete_id: UUID, series: Sequence[DailySeries], first: date, size: int
) -> date | None:
    keys = [one.key for one in series]
    tx.execute(
        text("""
            DELETE FROM days
            WHERE athlete_id = :athlete_id AND key = ANY(:keys) AND (day < :first OR day > :last)
        """),
        {"athlete_id": athlete_id, "keys": keys, "first": first, "last": first + timedelta(days=size - 1)},
    )
    changed: date | None = tx.execute(
        text("""
            WITH written AS (
                INSERT INTO days AS d (athlete_id, key, day, value, reason, estimated)
                SELECT :athlete_id, key, CAST(:first AS date) + (n - 1)::int, value,
                       CASE WHEN value IS NULL THEN absent END, estimated
                FROM unnest(CAST(:keys AS text[]), CAST(:absent AS text[]), CAST(:values AS text[]),
                        CAST(:estimated AS text[])) AS s(key, absent, all_values, all_estimated),
                     unnest(CAST(all_values AS float8[]), CAST(all_estimated AS float8[]))
                        WITH ORDINALITY AS column_(value, estimated, n)
                ON CONFLICT (athlete_id, key, day) DO UPDATE SET
                    value = excluded.value, reason = excluded.reason, estimated = excluded.estimated
                WHERE (d.value, d.reason, d.estimated)
                    IS DISTINCT FROM (excluded.value, excluded.reason, excluded.estimated)
                RETURNING day)
            SELECT min(day) FROM written
        """),
        {
            "athlete_id": athlete_id,
            "keys": keys,
            "first": first,
            "absent": [one.absent for one in series],
            "values": [column_as_array(one.values) for one in series],
            "estimated": [
                column_as_array(np.zeros(size) if one.estimated is None else np.nan_to_num(one.estimated))
                for one in series
            ],
        },
    ).scalar()
    return changed


def clear(tx: Transaction, athlete_id: UUID, *, but: Sequence[MetricKey]) -> None:
    """Forget the series that nobody computes any more."""
    tx.execute(
        text("DELETE FROM days WHERE athlete_id = :athlete_id AND key <> ALL(:keys)"),
        {"athlete_id": athlete_id, "keys": list(but)},
    )


def columns(
    tx: Transaction, athlete_id: UUID, keys: Sequence[MetricKey], *, first: date, last: date
) -> Mapping[MetricKey, Column]:
    """Return the series over [`first`, `last`], shape (days,); NaN where there is no value."""
    found = {key: np.full((last - first).days + 1, np.nan) for key in keys}
    rows = tx.execute(
        text("""
            SELECT key, day, value FROM days
            WHERE athlete_id = :athlete_id AND key = ANY(:keys) AND day BETWEEN :first AND :last
              AND value IS NOT NULL
        """),
        {"athlete_id": athlete_id, "keys": list(keys), "first": first, "last": last},
    )
    for row in rows:
        found[row.key][(row.day - first).days] = row.value
    return found


def body(tx: Transaction, athlete_id: UUID, keys: Sequence[MetricKey], *, first: date, last: date) -> str:
    """
    Return the series as the text of a JSON object of columns, built inside PostgreSQL.

    `{"days": […], "series": {key: {"values": […], "estimated": […]}}}`; null where there is no value.
    """
    written: str = tx.execute(
        text("""
            WITH span AS (
                SELECT n::date AS day
                FROM generate_series(CAST(:first AS date), CAST(:last AS date), '1 day') AS n)
            SELECT json_build_object(
                'days', (SELECT json_agg(day ORDER BY day) FROM span),
                'series', COALESCE((
                    SELECT json_object_agg(wanted.key, (
                        SELECT json_build_object(
                            'values', json_agg(d.value ORDER BY s.day),
                            'estimated', json_agg(round(d.estimated::numeric, 4) ORDER BY s.day))
                        FROM span s LEFT JOIN days d
                            ON d.athlete_id = :athlete_id AND d.key = wanted.key AND d.day = s.day))
                    FROM unnest(CAST(:keys AS text[])) AS wanted(key)), '{}'::json)
            )::text
        """),
        {"athlete_id": athlete_id, "keys": list(keys), "first": first, "last": last},
    ).scalar_one()
    return written


def span(tx: Transaction, athlete_id: UUID) -> tuple[date, date] | None:
    """Return the first and the last day of which there are series."""
    row = tx.execute(
        text("SELECT min(day) AS first, max(day) AS last FROM days WHERE athlete_id = :id"),
        {"id": athlete_id},
    ).one()
    return None if row.first is None else (row.first, row.last)
