"""Daily series: written as columns, read as columns."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from uuid import UUID

import numpy as np
from sqlalchemy import text

from training_analyzer.domain.activity import Column
from training_analyzer.domain.metric import DailySeries, MetricKey
from training_analyzer.storage.arrays import column_as_array, numbers_of
from training_analyzer.storage.database import Transaction

BEFORE_ALL: Final = "no_activity_yet"
NOT_YET: Final = "day_to_come"
BEING_COMPUTED: Final = "being_computed"
"""Why there is no value on days that a series does not cover."""


def write(tx: Transaction, athlete_id: UUID, series: Iterable[tuple[DailySeries, int]]) -> date | None:
    """
    Store the series, each with its calculator's version, from the first day that differs; return that day.

    What is stored is compared here: a new activity touches a few days of a history of years. All series
    of one range are one statement: one for each would cost more than their computing.
    """
    made = list(series)
    _write_methods(tx, athlete_id, made)
    ranges: dict[tuple[date, int], list[DailySeries]] = {}
    for one, _ in made:
        ranges.setdefault((one.first_day, one.values.size), []).append(one)
    changed = [
        day
        for (first, size), those in ranges.items()
        if (day := _write_range(tx, athlete_id, those, first, size)) is not None
    ]
    return min(changed, default=None)


def _write_methods(tx: Transaction, athlete_id: UUID, series: Sequence[tuple[DailySeries, int]]) -> None:
    tx.execute(
        text("""
            INSERT INTO series AS s (athlete_id, key, method, version)
            SELECT :athlete_id, key, method, version
            FROM unnest(CAST(:keys AS text[]), CAST(:methods AS text[]), CAST(:versions AS bigint[]))
                AS made(key, method, version)
            ON CONFLICT (athlete_id, key) DO UPDATE SET method = excluded.method, version = excluded.version
            WHERE (s.method, s.version) IS DISTINCT FROM (excluded.method, excluded.version)
        """),
        {
            "athlete_id": athlete_id,
            "keys": [one.key for one, _ in series],
            "methods": [one.method for one, _ in series],
            "versions": [version for _, version in series],
        },
    )


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
    stored = _stored(tx, athlete_id, keys)
    differing = [(_first_difference(one, stored.get(one.key)), one) for one in series]
    skipped = min((place for place, _ in differing if place is not None), default=None)
    if skipped is None:
        return None
    changed = [one for place, one in differing if place is not None]
    tx.execute(
        text("""
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
        """),
        {
            "athlete_id": athlete_id,
            "keys": [one.key for one in changed],
            "first": first + timedelta(days=skipped),
            "absent": [one.absent for one in changed],
            "values": [column_as_array(one.values[skipped:]) for one in changed],
            "estimated": [column_as_array(_estimated(one)[skipped:]) for one in changed],
        },
    )
    return first + timedelta(days=skipped)


@dataclass(frozen=True, slots=True)
class _Stored:
    """A series as it is stored, without gaps; NaN where there is no value, for one of the `reasons`."""

    first_day: date
    values: Column
    estimated: Column
    reasons: tuple[str, ...]


def _stored(tx: Transaction, athlete_id: UUID, keys: Sequence[MetricKey]) -> dict[MetricKey, _Stored]:
    rows = tx.execute(
        text("""
            SELECT key, min(day) AS first, count(*) AS size, max(day) - min(day) + 1 AS days,
                   array_send(array_agg(COALESCE(value, 'NaN') ORDER BY day)) AS bests,
                   array_send(array_agg(estimated ORDER BY day)) AS estimated,
                   array_agg(DISTINCT reason) FILTER (WHERE reason IS NOT NULL) AS reasons
            FROM days WHERE athlete_id = :athlete_id AND key = ANY(:keys) GROUP BY key
        """),
        {"athlete_id": athlete_id, "keys": list(keys)},
    )
    return {
        row.key: _Stored(
            row.first, numbers_of(row.bests), numbers_of(row.estimated), tuple(row.reasons or ())
        )
        for row in rows
        if row.size == row.days
    }


def _first_difference(made: DailySeries, stored: _Stored | None) -> int | None:
    """Return the first entry that is stored otherwise or not at all; None where all are as they should be."""
    if (
        stored is None
        or stored.first_day != made.first_day
        or (stored.reasons and set(stored.reasons) != {made.absent})
    ):
        return 0
    common = min(stored.values.size, made.values.size)
    same = np.equal(stored.values[:common], made.values[:common]) | (
        np.isnan(stored.values[:common]) & np.isnan(made.values[:common])
    )
    same &= stored.estimated[:common] == _estimated(made)[:common]
    if not same.all():
        return int(np.argmin(same))
    return common if common < made.values.size else None


def _estimated(made: DailySeries) -> Column:
    return np.zeros(made.values.size) if made.estimated is None else np.nan_to_num(made.estimated)


def clear(tx: Transaction, athlete_id: UUID, *, but: Sequence[MetricKey]) -> None:
    """Forget the series that nobody computes any more."""
    for table in ("series", "days"):  # as `write` takes them
        tx.execute(
            text(f"DELETE FROM {table} WHERE athlete_id = :athlete_id AND key <> ALL(:keys)"),  # noqa: S608 - constants
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


def body(
    tx: Transaction,
    athlete_id: UUID,
    windows_days: Mapping[MetricKey, int | None],
    *,
    first: date,
    last: date,
    today: date,
) -> str:
    """
    Return the series as the text of a JSON object of columns, built inside PostgreSQL.

    `{"days": […], "series": {key: {"values": […], "estimated": […], "absent": […]}}}`; null where there is
    no value, and in `absent` where there is one.
    `windows_days`: for each series, how many days a value looks back on, if it does.
    """
    written: str = tx.execute(
        text("""
            WITH span AS (
                SELECT n::date AS day
                FROM generate_series(CAST(:first AS date), CAST(:last AS date), '1 day') AS n),
            begun AS (SELECT min(local_date) AS day FROM activities WHERE athlete_id = :athlete_id)
            SELECT json_build_object(
                'days', (SELECT json_agg(day ORDER BY day) FROM span),
                'series', COALESCE((
                    SELECT json_object_agg(wanted.key, (
                        SELECT json_build_object(
                            'values', json_agg(d.value ORDER BY s.day),
                            'estimated', json_agg(CASE WHEN d.value IS NOT NULL
                                THEN round(d.estimated::numeric, 4) END ORDER BY s.day),
                            'absent', json_agg(CASE WHEN d.value IS NULL THEN COALESCE(d.reason, CASE
                                WHEN s.day > :today THEN :not_yet
                                WHEN s.day >= begun.day THEN :being_computed
                                ELSE :before_all END) END ORDER BY s.day),
                            'method', COALESCE(max(made.method), ''), 'version', max(made.version),
                            'warmed_up_on', (SELECT min(day) FROM days
                                WHERE athlete_id = :athlete_id AND key = wanted.key
                                HAVING EXISTS (SELECT FROM days WHERE athlete_id = :athlete_id
                                    AND key = wanted.key AND value IS NOT NULL)) + window_days - 1)
                        FROM begun CROSS JOIN span s LEFT JOIN days d
                            ON d.athlete_id = :athlete_id AND d.key = wanted.key AND d.day = s.day
                        LEFT JOIN series made ON made.athlete_id = :athlete_id AND made.key = wanted.key))
                    FROM unnest(CAST(:keys AS text[]), CAST(:windows_days AS integer[]))
                        AS wanted(key, window_days)), '{}'::json)
            )::text
        """),
        {
            "athlete_id": athlete_id,
            "keys": list(windows_days),
            "windows_days": list(windows_days.values()),
            "first": first,
            "last": last,
            "today": today,
            "not_yet": NOT_YET,
            "being_computed": BEING_COMPUTED,
            "before_all": BEFORE_ALL,
        },
    ).scalar_one()
    return written


def span(tx: Transaction, athlete_id: UUID) -> tuple[date, date] | None:
    """Return the first and the last day of which there are series."""
    row = tx.execute(
        text("SELECT min(day) AS first, max(day) AS last FROM days WHERE athlete_id = :id"),
        {"id": athlete_id},
    ).one()
    return None if row.first is None else (row.first, row.last)
