"""What the activities of stretches of days come to, by sport and in all: summed up inside PostgreSQL."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text

from training_analyzer.domain.metric import MetricKey
from training_analyzer.domain.sport import Sport
from training_analyzer.storage import believed
from training_analyzer.storage.database import Transaction


@dataclass(frozen=True, slots=True)
class Span:
    """The days from `first` to `last`, both included."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Combined:
    """One metric's numbers of a span, put together in every way."""

    activities: int
    """How many have a value."""
    total: float
    estimated: float
    """The part of `total` that rests on estimates."""
    highest: float | None
    """None where all are doubtful: such a one is no best."""
    mean: float | None
    """Weighted by moving time; None where there is none."""


@dataclass(frozen=True, slots=True)
class Zones:
    """
    The seconds in each zone, of the method in which most of the time was spent.

    Each method numbers its own zones: the first of one may be the second of another. `bounds` is None where
    they were not the same throughout.
    """

    method: str
    bounds: tuple[float, ...] | None
    seconds: tuple[float, ...]
    activities: int


@dataclass(frozen=True, slots=True)
class Totals:
    """What a span comes to, of one sport or (None) of all."""

    span: Span
    sport: Sport | None
    activities: int = 0
    unsound: int = 0
    """Of how many the time or the distance cannot be true: it is left out of the sums."""
    moving_s: float = 0.0
    elapsed_s: float = 0.0
    distance_m: float | None = 0.0
    """Of those that state it; None where none of them does."""
    ascent_m: float | None = 0.0
    """As the distance."""
    numbers: Mapping[MetricKey, Combined] = field(default_factory=dict)
    zones: Mapping[MetricKey, Zones] = field(default_factory=dict)


_SPANS: Final = """
    unnest(CAST(:firsts AS date[]), CAST(:lasts AS date[])) WITH ORDINALITY AS s(first, last, n)
    JOIN activities a ON a.athlete_id = :athlete_id AND a.local_date BETWEEN s.first AND s.last
"""
_GROUPS: Final = "GROUPING SETS ((s.n, a.sport{more}), (s.n{more}))"

Place = tuple[int, Sport | None]


def totals(
    tx: Transaction,
    athlete_id: UUID,
    spans: Sequence[Span],
    *,
    numbers: Iterable[MetricKey] = (),
    zones: Iterable[MetricKey] = (),
) -> list[dict[Sport | None, Totals]]:
    """Return for each span what it comes to: of all sports (None), and of each that was done in it."""
    given = {
        "athlete_id": athlete_id,
        "firsts": [span.first for span in spans],
        "lasts": [span.last for span in spans],
    }
    of_numbers = _numbers(tx, given, sorted(numbers))
    of_zones = _zones(tx, given, sorted(zones))
    found: list[dict[Sport | None, Totals]] = [{None: Totals(span, None)} for span in spans]
    rows = tx.execute(
        text(f"""
            SELECT s.n, a.sport, count(*) AS activities,
                   count(*) FILTER (WHERE {believed.IS_UNSOUND}) AS unsound,
                   sum({believed.MOVING_S}) AS moving_s, sum({believed.ELAPSED_S}) AS elapsed_s,
                   sum({believed.DISTANCE_M}) AS distance_m, sum(a.ascent_m) AS ascent_m
            FROM {_SPANS} GROUP BY {_GROUPS.format(more="")} ORDER BY s.n, a.sport NULLS FIRST
        """),  # noqa: S608 - constants of this module
        given,
    )
    for row in rows:
        number, sport = place = _place(row)
        found[number][sport] = Totals(
            span=spans[number],
            sport=sport,
            activities=row.activities,
            unsound=row.unsound,
            moving_s=row.moving_s,
            elapsed_s=row.elapsed_s,
            distance_m=row.distance_m,
            ascent_m=row.ascent_m,
            numbers=of_numbers.get(place, {}),
            zones=of_zones.get(place, {}),
        )
    return found


def _numbers(
    tx: Transaction, given: Mapping[str, object], keys: Sequence[MetricKey]
) -> dict[Place, dict[MetricKey, Combined]]:
    if not keys:
        return {}
    rows = tx.execute(
        text(f"""
            SELECT s.n, a.sport, m.key, count(*) AS activities, sum(m.value) AS total,
                   COALESCE(sum(m.value) FILTER (WHERE m.estimated), 0) AS estimated,
                   max(m.value) FILTER (WHERE NOT m.doubtful) AS highest,
                   sum(m.value * {believed.MOVING_S}) / NULLIF(sum({believed.MOVING_S}), 0) AS mean
            FROM {_SPANS} JOIN measurements m
                ON m.activity_id = a.id AND m.key = ANY(:keys) AND m.value IS NOT NULL
            GROUP BY {_GROUPS.format(more=", m.key")}
        """),  # noqa: S608 - constants of this module
        {**given, "keys": list(keys)},
    )
    found: dict[Place, dict[MetricKey, Combined]] = {}
    for row in rows:
        found.setdefault(_place(row), {})[row.key] = Combined(
            row.activities, row.total, row.estimated, row.highest, row.mean
        )
    return found


def _zones(
    tx: Transaction, given: Mapping[str, object], keys: Sequence[MetricKey]
) -> dict[Place, dict[MetricKey, Zones]]:
    if not keys:
        return {}
    rows = tx.execute(
        text(f"""
            SELECT s.n, a.sport, m.key, m.method, jsonb_array_length(m.detail -> 'seconds') AS zones,
                   e.zone, sum(e.seconds::float8) AS seconds,
                   count(*) AS activities, count(DISTINCT m.detail -> 'bounds') AS drawn,
                   min((m.detail -> 'bounds')::text) AS bounds
            FROM {_SPANS} JOIN measurements m
                ON m.activity_id = a.id AND m.key = ANY(:keys) AND m.detail ? 'bounds',
                jsonb_array_elements_text(m.detail -> 'seconds') WITH ORDINALITY AS e(seconds, zone)
            GROUP BY {_GROUPS.format(more=", m.key, m.method, zones, e.zone")} ORDER BY zones, e.zone
        """),  # noqa: S608 - constants of this module
        {**given, "keys": list(keys)},
    )
    gathered: dict[Place, dict[MetricKey, dict[tuple[str, int], list[Any]]]] = {}
    for row in rows:
        of_key = gathered.setdefault(_place(row), {}).setdefault(row.key, {})
        of_key.setdefault((row.method, row.zones), []).append(row)
    return {
        place: {
            key: max(map(_of_zones, of_key.values()), key=lambda zones: sum(zones.seconds))
            for key, of_key in by_key.items()
        }
        for place, by_key in gathered.items()
    }


def _of_zones(rows: Sequence[Any]) -> Zones:
    one_way = all(row.drawn == 1 and row.bounds == rows[0].bounds for row in rows)
    return Zones(
        method=rows[0].method,
        bounds=tuple(float(bound) for bound in rows[0].bounds.strip("[] ").split(",")) if one_way else None,
        seconds=tuple(row.seconds for row in rows),
        activities=max(row.activities for row in rows),
    )


def _place(row: Any) -> Place:
    return row.n - 1, Sport(row.sport) if row.sport else None


@dataclass(frozen=True, slots=True)
class History:
    """How much is known of an athlete, and how much of its load rests on estimates."""

    days: int
    estimated_share: float | None


def history(tx: Transaction, athlete_id: UUID, load: MetricKey, *, today: date) -> History:
    row = tx.execute(
        text("""
            SELECT CAST(:today AS date) - min(a.local_date) + 1 AS days, sum(m.value) AS total,
                   COALESCE(sum(m.value) FILTER (WHERE m.estimated), 0) AS estimated
            FROM activities a LEFT JOIN measurements m ON m.activity_id = a.id AND m.key = :load
            WHERE a.athlete_id = :athlete_id AND a.local_date <= :today
        """),
        {"athlete_id": athlete_id, "load": load, "today": today},
    ).one()
    return History(row.days or 0, row.estimated / row.total if row.total else None)
