"""Sessions as translated: written by processing, read by everybody else."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final
from uuid import UUID

from pydantic_core import to_json
from sqlalchemy import text

from training_analyzer.domain.activity import Activity
from training_analyzer.domain.sport import Sport
from training_analyzer.storage.database import Transaction

_COLUMNS: Final = (
    *("sport", "sport_name", "title", "started_at", "utc_offset_s", "local_date", "elapsed_s", "moving_s"),
    *("distance_m", "ascent_m", "indoor", "manual", "private", "device", "has_samples", "sources"),
    *("description", "gear", "utc_offset_is_guessed", "pool_length_m", "pool_lengths", "reported"),
    *("leading_id", "fingerprint", "measured_from"),
)

_SAVE: Final = text(f"""
    INSERT INTO activities (id, athlete_id, {", ".join(_COLUMNS)})
    SELECT id, :athlete_id, {", ".join(_COLUMNS)}
    FROM json_populate_recordset(CAST(NULL AS activities), CAST(:made AS json))
    ON CONFLICT (id) DO UPDATE SET
        {", ".join(f"{column} = excluded.{column}" for column in _COLUMNS)}, updated_at = now()
""")  # noqa: S608 - constants of this module


@dataclass(frozen=True, slots=True)
class Made:
    """An activity as it is to be stored: what its leading recording was translated into."""

    id: UUID
    leading_id: int
    provider: str
    activity: Activity
    private: bool
    fingerprint: str
    measured_from: str


def save(tx: Transaction, athlete_id: UUID, made: Sequence[Made]) -> None:
    """Store activities: new ones, or in place of what they were before."""
    if made:
        columns = to_json([_columns_of(one) for one in made]).decode()
        tx.execute(_SAVE, {"athlete_id": athlete_id, "made": columns})


def _columns_of(made: Made) -> dict[str, Any]:
    activity = made.activity
    return {
        "id": made.id,
        "sport": activity.sport,
        "sport_name": activity.sport_name,
        "title": activity.title,
        "started_at": activity.started_at.astimezone(UTC),  # JSON knows offsets of whole minutes
        "utc_offset_s": activity.utc_offset_s,
        "local_date": activity.local_date,
        "elapsed_s": activity.elapsed_s,
        "moving_s": activity.moving_s,
        "distance_m": activity.distance_m,
        "ascent_m": activity.ascent_m,
        "indoor": activity.indoor,
        "manual": activity.manual,
        "private": made.private,
        "device": activity.device,
        "description": activity.description,
        "gear": activity.gear,
        "utc_offset_is_guessed": activity.utc_offset_is_guessed,
        "pool_length_m": activity.pool_length_m,
        "pool_lengths": sum(length.swum for length in activity.lengths) or None,
        "reported": activity.summary.model_dump(exclude_none=True),
        "has_samples": activity.samples is not None,
        "leading_id": made.leading_id,
        "sources": [made.provider],
        "fingerprint": made.fingerprint,
        "measured_from": made.measured_from,
    }


def fingerprints(tx: Transaction, activity_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Return what the numbers of these activities were made from."""
    rows = tx.execute(
        text("SELECT id, fingerprint FROM activities WHERE id = ANY(:ids)"), {"ids": list(activity_ids)}
    )
    return {row.id: row.fingerprint for row in rows}


def forget_fingerprints(tx: Transaction, athlete_id: UUID) -> None:
    """Make every activity stale, whatever its numbers were made from."""
    tx.execute(
        text("UPDATE activities SET measured_from = NULL, fingerprint = '' WHERE athlete_id = :athlete_id"),
        {"athlete_id": athlete_id},
    )


_CURVE: Final = (
    "CASE WHEN c.key IS NOT NULL THEN "
    "jsonb_build_object('seconds', c.seconds, 'values', c.values, 'starts_s', c.starts_s) END"
)


def _as_json(*, curves: bool) -> str:
    """Return the SQL that makes an activity `a` a JSON object. Curves are for whoever looks at one."""
    curve = f", {_CURVE}" if curves else ""
    condition = "" if curves else "AND c.key IS NULL"
    return f"""
    json_build_object(
        'id', a.id, 'sport', a.sport, 'sport_name', a.sport_name, 'title', a.title,
        'description', a.description,
        'started_at', to_char(a.started_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
        'local_date', a.local_date, 'utc_offset_s', a.utc_offset_s,
        'utc_offset_is_guessed', a.utc_offset_is_guessed,
        'elapsed_s', a.elapsed_s, 'moving_s', a.moving_s, 'distance_m', a.distance_m, 'ascent_m', a.ascent_m,
        'indoor', a.indoor, 'manual', a.manual, 'private', a.private, 'device', a.device,
        'gear', a.gear, 'pool_length_m', a.pool_length_m, 'pool_lengths', a.pool_lengths,
        'reported', a.reported, 'has_samples', a.has_samples, 'sources', a.sources,
        'recordings', (
            SELECT json_agg(
                json_build_object(
                    'id', r.id, 'provider', r.provider, 'external_id', r.external_id,
                    'leads', r.id = a.leading_id, 'started_at', to_char(
                        COALESCE(r.begins, r.started_at) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
                    'active_s', r.outline->'active_s', 'channels', COALESCE(r.outline->'channels', '[]'),
                    'documents', (
                        SELECT json_agg(json_build_object(
                            'id', d.id, 'kind', d.kind, 'media_type', d.media_type, 'size', d.size,
                            'sha256', d.sha256) ORDER BY d.kind)
                        FROM documents d WHERE d.recording_id = r.id AND d.replaced_at IS NULL)
                ) ORDER BY r.id)
            FROM recordings r WHERE r.activity_id = a.id),
        'measurements', COALESCE((
            SELECT json_object_agg(m.key, json_strip_nulls(json_build_object(
                'value', COALESCE(to_jsonb(m.value), m.detail{curve}), 'reason', m.reason,
                'method', NULLIF(m.method, ''), 'estimated', m.estimated,
                'thresholds', NULLIF(m.thresholds, '{{}}'::jsonb), 'version', m.version,
                'doubtful', NULLIF(m.doubtful, false))) ORDER BY m.key)
            FROM measurements m LEFT JOIN curves c ON c.activity_id = m.activity_id AND c.key = m.key
            WHERE m.activity_id = a.id {condition}), '{{}}'::json))
"""  # noqa: S608 - constants of this module


_LISTED: Final = _as_json(curves=False)
_WHOLE: Final = _as_json(curves=True)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page of activities ends: the next one begins behind it."""

    started_at: datetime
    id: UUID


def page(
    tx: Transaction,
    athlete_id: UUID,
    *,
    sport: Sport | None,
    first: date | None,
    last: date | None,
    behind: Place | None,
    limit: int,
) -> tuple[str, Place | None]:
    """Return activities newest first, as the text of a JSON array, and the place where more follow."""
    rows = tx.execute(
        text(f"""
            SELECT a.id, a.started_at, {_LISTED}::text AS body FROM activities a
            WHERE a.athlete_id = :athlete_id
              AND (CAST(:sport AS text) IS NULL OR a.sport = :sport)
              AND (CAST(:first AS date) IS NULL OR a.local_date >= :first)
              AND (CAST(:last AS date) IS NULL OR a.local_date <= :last)
              AND (CAST(:started_at AS timestamptz) IS NULL
                   OR (a.started_at, a.id) < (:started_at, CAST(:behind AS uuid)))
            ORDER BY a.started_at DESC, a.id DESC
            LIMIT :limit + 1
        """),  # noqa: S608 - a constant of this module
        {
            "athlete_id": athlete_id,
            "sport": sport,
            "first": first,
            "last": last,
            "started_at": behind.started_at if behind else None,
            "behind": behind.id if behind else None,
            "limit": limit,
        },
    ).all()
    ending = rows[limit - 1] if len(rows) > limit else None
    bodies = ",".join(row.body for row in rows[:limit])
    return f"[{bodies}]", Place(ending.started_at, ending.id) if ending else None


def day_of(tx: Transaction, activity_id: UUID) -> date | None:
    """Return the day of an activity; None where the acting athlete has no such one."""
    day: date | None = tx.execute(
        text("SELECT local_date FROM activities WHERE id = :id"), {"id": activity_id}
    ).scalar()
    return day


def body(tx: Transaction, activity_id: UUID) -> str | None:
    """Return one activity as the text of a JSON object."""
    found: str | None = tx.execute(
        text(f"SELECT {_WHOLE}::text FROM activities a WHERE a.id = :id"),  # noqa: S608 - as above
        {"id": activity_id},
    ).scalar()
    return found


def every_id(tx: Transaction, athlete_id: UUID) -> list[UUID]:
    """Return the ids of the athlete's activities, oldest first."""
    return list(
        tx.execute(
            text("SELECT id FROM activities WHERE athlete_id = :athlete_id ORDER BY started_at, id"),
            {"athlete_id": athlete_id},
        ).scalars()
    )


def sources(tx: Transaction, activity_ids: Sequence[UUID]) -> set[str]:
    """Return whose recordings these activities rest on."""
    return set(
        tx.execute(
            text("SELECT DISTINCT unnest(sources) FROM activities WHERE id = ANY(:ids)"),
            {"ids": list(activity_ids)},
        ).scalars()
    )


def offset_s(tx: Transaction, athlete_id: UUID, *, now: datetime) -> int:
    """
    Return the UTC offset of the newest activity: where the athlete's days begin and end.

    One whose offset is known goes before one whose offset is guessed, and one that has begun before one
    whose device's clock runs ahead.
    """
    offset: int | None = tx.execute(
        text("""
            SELECT utc_offset_s FROM activities WHERE athlete_id = :id
            ORDER BY utc_offset_is_guessed, started_at > :now, started_at DESC LIMIT 1
        """),
        {"id": athlete_id, "now": now},
    ).scalar()
    return offset or 0
