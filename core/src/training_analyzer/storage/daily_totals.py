"""What an athlete's activities come to on each day."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import numpy as np
from sqlalchemy import text

from training_analyzer.domain.activity import Column
from training_analyzer.domain.metric import Curve, Distribution, MetricKey
from training_analyzer.domain.sport import Sport
from training_analyzer.sdk import OnDay, SportDays
from training_analyzer.storage import believed, measurements
from training_analyzer.storage.database import Transaction


@dataclass(frozen=True, slots=True)
class DailyTotals:
    """What the activities of each day come to, in columns of shape (days,)."""

    first_day: date
    totals: Mapping[MetricKey, Column]
    estimated: Mapping[MetricKey, Column]
    """The part of the sums that rests on estimates."""
    highest: Mapping[MetricKey, Column]
    activities: Column
    moving_s: Column
    distance_m: Column
    ascent_m: Column
    sports: Mapping[Sport, SportDays]
    each: Mapping[MetricKey, tuple[OnDay, ...]]


def of_days(
    tx: Transaction,
    athlete_id: UUID,
    keys: Iterable[MetricKey],
    *,
    until: date,
    each: Iterable[MetricKey] = (),
    sources: Sequence[str] | None = None,
) -> DailyTotals | None:
    """
    Return every day from the first activity to `until`; None without any activity.

    `each`: curves and distributions, which are handed over one by one.
    `sources`: only activities that rest on recordings of these providers alone.
    """
    keys = sorted(keys)
    only = None if sources is None else list(sources)
    by_day = tx.execute(
        text(f"""
            SELECT local_date, sport, count(*) AS activities, sum({believed.MOVING_S}) AS moving_s,
                   COALESCE(sum({believed.DISTANCE_M}), 0) AS distance_m,
                   COALESCE(sum(ascent_m), 0) AS ascent_m
            FROM activities a WHERE a.athlete_id = :athlete_id AND a.local_date <= :until
              AND (CAST(:sources AS text[]) IS NULL OR a.sources <@ CAST(:sources AS text[]))
            GROUP BY local_date, sport ORDER BY local_date
        """),  # noqa: S608 - constants of `believed`
        {"athlete_id": athlete_id, "until": until, "sources": only},
    ).all()
    if not by_day:
        return None
    first_day = by_day[0].local_date
    days = (until - first_day).days + 1
    sums = tx.execute(
        text("""
            SELECT a.local_date, a.sport, m.key, sum(m.value) AS total,
                   COALESCE(max(m.value) FILTER (WHERE NOT m.doubtful), 'NaN') AS highest,
                   COALESCE(sum(m.value) FILTER (WHERE m.estimated), 0) AS estimated
            FROM measurements m JOIN activities a ON a.id = m.activity_id
            WHERE m.athlete_id = :athlete_id AND m.key = ANY(:keys) AND m.value IS NOT NULL
              AND a.local_date <= :until
              AND (CAST(:sources AS text[]) IS NULL OR a.sources <@ CAST(:sources AS text[]))
            GROUP BY a.local_date, a.sport, m.key
        """),
        {"athlete_id": athlete_id, "keys": keys, "until": until, "sources": only},
    )
    sports = {
        Sport(sport): SportDays({key: np.zeros(days) for key in keys}, *np.zeros((3, days)))
        for sport in sorted({row.sport for row in by_day})
    }
    estimated = {key: np.zeros(days) for key in keys}
    highest = {key: np.full(days, np.nan) for key in keys}
    for row in sums:
        day = (row.local_date - first_day).days
        sports[Sport(row.sport)].totals[row.key][day] = row.total
        estimated[row.key][day] += row.estimated
        highest[row.key][day] = np.fmax(highest[row.key][day], row.highest)
    ascent_m = np.zeros(days)
    for row in by_day:
        day, part = (row.local_date - first_day).days, sports[Sport(row.sport)]
        part.activities[day], part.moving_s[day], part.distance_m[day] = (
            row.activities,
            row.moving_s,
            row.distance_m,
        )
        ascent_m[day] += row.ascent_m
    return DailyTotals(
        first_day=first_day,
        totals={key: _sum([part.totals[key] for part in sports.values()]) for key in keys},
        estimated=estimated,
        highest=highest,
        activities=_sum([part.activities for part in sports.values()]),
        moving_s=_sum([part.moving_s for part in sports.values()]),
        distance_m=_sum([part.distance_m for part in sports.values()]),
        ascent_m=ascent_m,
        sports=sports,
        each=_each(tx, athlete_id, sorted(each), first_day=first_day, until=until, sources=only),
    )


def _sum(columns: Sequence[Column]) -> Column:
    total: Column = np.sum(columns, axis=0)
    return total


def _each(
    tx: Transaction,
    athlete_id: UUID,
    keys: Sequence[MetricKey],
    *,
    first_day: date,
    until: date,
    sources: Sequence[str] | None,
) -> dict[MetricKey, tuple[OnDay, ...]]:
    if not keys:
        return {}
    found: dict[MetricKey, list[OnDay]] = {key: [] for key in keys}
    for activity in measurements.since(tx, athlete_id, keys, since=first_day, until=until, sources=sources):
        for key, measured in activity.measurements.items():
            if isinstance(measured.value, Curve | Distribution):
                found[key].append(OnDay((activity.day - first_day).days, activity.sport, measured.value))
    return {key: tuple(those) for key, those in found.items()}
