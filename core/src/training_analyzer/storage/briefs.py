"""Activities in one line each: what insights are made from, and nothing that could tell who or where."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import text

from training_analyzer.domain.metric import MetricKey
from training_analyzer.domain.sport import Sport
from training_analyzer.storage import believed
from training_analyzer.storage.database import Transaction


@dataclass(frozen=True, slots=True)
class ActivityBrief:
    """An activity in one line. No name, no place, no words of anybody's."""

    id: UUID
    sport: Sport
    local_date: date
    moving_s: float
    distance_m: float | None
    has_samples: bool
    sources: tuple[str, ...]
    values: Mapping[MetricKey, float]
    """Those of the metrics asked for that it has."""
    estimated: frozenset[MetricKey]
    """Which of them rest on estimates."""


def since(
    tx: Transaction, athlete_id: UUID, keys: Sequence[MetricKey], *, since: date
) -> list[ActivityBrief]:
    """Return the activities since a day, oldest first, each with its values of the metrics."""
    rows = tx.execute(
        text(f"""
            SELECT a.id, a.sport, a.local_date, {believed.MOVING_S} AS moving_s,
                   {believed.DISTANCE_M} AS distance_m, a.has_samples, a.sources,
                   COALESCE(json_object_agg(m.key, m.value) FILTER (WHERE m.value IS NOT NULL), '{{}}')
                       AS values,
                   COALESCE(array_agg(m.key) FILTER (WHERE m.estimated), '{{}}') AS estimated
            FROM activities a LEFT JOIN measurements m ON m.activity_id = a.id AND m.key = ANY(:keys)
            WHERE a.athlete_id = :athlete_id AND a.local_date >= :since
            GROUP BY a.id ORDER BY a.started_at, a.id
        """),  # noqa: S608 - constants of `believed`
        {"athlete_id": athlete_id, "keys": list(keys), "since": since},
    )
    return [
        ActivityBrief(
            id=row.id,
            sport=Sport(row.sport),
            local_date=row.local_date,
            moving_s=row.moving_s,
            distance_m=row.distance_m,
            has_samples=row.has_samples,
            sources=tuple(row.sources),
            values=row.values,
            estimated=frozenset(row.estimated),
        )
        for row in rows
    ]


def sources_before(tx: Transaction, athlete_id: UUID, *, before: date) -> list[tuple[tuple[str, ...], int]]:
    """Return how many activities of each combination of sources lie before a day."""
    rows = tx.execute(
        text("""
            SELECT sources, count(*) AS activities FROM activities
            WHERE athlete_id = :athlete_id AND local_date < :before GROUP BY sources
        """),
        {"athlete_id": athlete_id, "before": before},
    )
    return [(tuple(row.sources), row.activities) for row in rows]


def newest_before(tx: Transaction, athlete_id: UUID, *, before: date) -> date | None:
    """Return the day of the newest activity before a day."""
    newest: date | None = tx.execute(
        text(
            "SELECT max(local_date) FROM activities WHERE athlete_id = :athlete_id AND local_date < :before"
        ),
        {"athlete_id": athlete_id, "before": before},
    ).scalar()
    return newest


def values_at(
    tx: Transaction, athlete_id: UUID, key: MetricKey, seconds: Sequence[float], *, sport: Sport, since: date
) -> list[tuple[UUID, float, float]]:
    """Return (activity, seconds, value) of a curve at these durations, where it has them undoubted."""
    rows = tx.execute(
        text("""
            SELECT c.activity_id, at.second, c.values[at.place] AS value
            FROM curves c JOIN activities a ON a.id = c.activity_id
            LEFT JOIN measurements m ON m.activity_id = c.activity_id AND m.key = c.key
            CROSS JOIN LATERAL unnest(c.seconds) WITH ORDINALITY AS at(second, place)
            WHERE c.athlete_id = :athlete_id AND c.key = :key AND a.sport = :sport AND a.local_date >= :since
              AND at.second = ANY(:seconds) AND NOT COALESCE(m.doubtful, false)
        """),
        {"athlete_id": athlete_id, "key": key, "sport": sport, "since": since, "seconds": list(seconds)},
    )
    return [(row.activity_id, row.second, row.value) for row in rows]


def seconds_for(
    tx: Transaction, athlete_id: UUID, key: MetricKey, values: Sequence[float], *, sport: Sport, since: date
) -> list[tuple[UUID, float, float]]:
    """Return (activity, value, seconds) of a curve whose values are distances; likewise."""
    rows = tx.execute(
        text("""
            SELECT c.activity_id, at.value, c.seconds[at.place] AS second
            FROM curves c JOIN activities a ON a.id = c.activity_id
            LEFT JOIN measurements m ON m.activity_id = c.activity_id AND m.key = c.key
            CROSS JOIN LATERAL unnest(c.values) WITH ORDINALITY AS at(value, place)
            WHERE c.athlete_id = :athlete_id AND c.key = :key AND a.sport = :sport AND a.local_date >= :since
              AND at.value = ANY(:values) AND NOT COALESCE(m.doubtful, false)
        """),
        {"athlete_id": athlete_id, "key": key, "sport": sport, "since": since, "values": list(values)},
    )
    return [(row.activity_id, row.value, row.second) for row in rows]
