"""Recordings by when and where they were made, what athletes decided about them, and their activities."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import text

from training_analyzer.domain.outline import Outline, Stretch
from training_analyzer.storage.database import Transaction


@dataclass(frozen=True, slots=True)
class Outlined:
    """A recording that was translated at least once."""

    id: int
    provider: str
    external_id: str
    outline: Outline
    activity_id: UUID | None
    chosen_at: datetime | None
    parked: bool
    """Its current documents make no sense."""


@dataclass(frozen=True, slots=True)
class Ruling:
    """What the athlete decided about two recordings, the smaller id first."""

    one_id: int
    other_id: int
    together: bool


def lock_athlete(tx: Transaction, athlete_id: UUID) -> None:
    """Let nobody else sort this athlete's recordings into activities until the transaction ends."""
    tx.execute(
        text("SELECT pg_advisory_xact_lock(hashtextextended('sessions:' || :id, 0))"), {"id": str(athlete_id)}
    )


def write(tx: Transaction, outlines: Mapping[int, tuple[Outline, str]]) -> None:
    """Store outlines by recording, each with the digest of the documents that it was made of."""
    tx.execute(
        text("""
            UPDATE recordings r SET
                outline = CAST(o.outline AS jsonb), outlined_from = o.digest,
                begins = o.begins, ends = o.ends, utc_offset_s = o.utc_offset_s
            FROM ROWS FROM (
                unnest(CAST(:ids AS bigint[])), json_array_elements(CAST(:outlines AS json)),
                unnest(CAST(:digests AS text[]), CAST(:begins AS timestamptz[]), CAST(:ends AS timestamptz[]),
                       CAST(:offsets AS integer[]))
            ) AS o(id, outline, digest, begins, ends, utc_offset_s)
            WHERE r.id = o.id AND (r.outline, r.outlined_from) IS DISTINCT FROM
                (CAST(o.outline AS jsonb), o.digest)
        """),
        {
            "ids": list(outlines),
            "outlines": _OUTLINES.dump_json([outline for outline, _ in outlines.values()]).decode(),
            "digests": [digest for _, digest in outlines.values()],
            "begins": [moment(outline.begins_s) for outline, _ in outlines.values()],
            "ends": [moment(outline.ends_s) for outline, _ in outlines.values()],
            "offsets": [outline.utc_offset_s for outline, _ in outlines.values()],
        },
    )


_OUTLINES: Final = TypeAdapter(list[Outline])
_AROUND: Final = text("""
    SELECT r.id, r.provider, r.external_id, r.outline::text AS outline, r.activity_id, r.chosen_at,
           r.problem_digest IS NOT DISTINCT FROM r.digest AS parked
    FROM recordings r
    WHERE r.athlete_id = :athlete_id AND r.outline IS NOT NULL AND r.id <> ALL(:known) AND (
        r.id = ANY(:ids)
        OR r.activity_id IN (SELECT activity_id FROM recordings WHERE id = ANY(:ids) AND outline IS NOT NULL)
        OR EXISTS (
            SELECT FROM unnest(CAST(:begins AS timestamptz[]), CAST(:ends AS timestamptz[]))
                AS w(begins, ends)
            WHERE r.begins < w.ends AND r.ends > w.begins)
        OR EXISTS (
            SELECT FROM rulings d WHERE d.athlete_id = :athlete_id AND d.together
            AND (d.one_id = r.id AND d.other_id = ANY(:ids) OR d.other_id = r.id AND d.one_id = ANY(:ids))))
""")


def around(
    tx: Transaction, athlete_id: UUID, ids: Sequence[int], outlines: Iterable[Outline] = ()
) -> dict[int, Outlined]:
    """
    Return these recordings and all that may belong to one session with them, in any number of steps.

    `outlines`: of recordings that are not stored yet, or of those that are known: one question less.
    """
    found: dict[int, Outlined] = {}
    wanted, spans = set(ids), {(outline.begins_s, outline.ends_s) for outline in outlines}
    asked_ids, asked_spans = set[int](), set[Stretch]()
    while wanted or spans:
        rows = tx.execute(
            _AROUND,
            {
                "athlete_id": athlete_id,
                "known": list(found),
                "ids": list(wanted),
                "begins": [moment(begins) for begins, _ in spans],
                "ends": [moment(ends) for _, ends in spans],
            },
        ).all()
        new = [
            Outlined(
                row.id,
                row.provider,
                row.external_id,
                Outline.model_validate_json(row.outline),
                row.activity_id,
                row.chosen_at,
                row.parked,
            )
            for row in rows
        ]
        found |= {recording.id: recording for recording in new}
        asked_ids |= wanted
        asked_spans |= spans
        wanted = {recording.id for recording in new} - asked_ids
        spans = {(one.outline.begins_s, one.outline.ends_s) for one in new} - asked_spans
    return found


def of_activities(tx: Transaction, activity_ids: Sequence[UUID]) -> list[int]:
    """Return the recordings of activities."""
    rows = tx.execute(
        text("SELECT id FROM recordings WHERE activity_id = ANY(:ids) AND outline IS NOT NULL ORDER BY id"),
        {"ids": list(activity_ids)},
    )
    return list(rows.scalars())


def rulings(tx: Transaction, ids: Sequence[int]) -> list[Ruling]:
    """Return what the athlete decided about pairs of these recordings."""
    rows = tx.execute(
        text("""
            SELECT one_id, other_id, together FROM rulings
            WHERE one_id = ANY(:ids) AND other_id = ANY(:ids) ORDER BY one_id, other_id
        """),
        {"ids": list(ids)},
    )
    return [Ruling(*row) for row in rows]


def rule(tx: Transaction, athlete_id: UUID, decided: Iterable[Ruling], *, now: datetime) -> None:
    """Remember what the athlete decided; the last word counts."""
    rows = [
        {
            "athlete_id": athlete_id,
            "one": ruling.one_id,
            "other": ruling.other_id,
            "together": ruling.together,
            "now": now,
        }
        for ruling in decided
    ]
    if rows:
        tx.execute(
            text("""
                INSERT INTO rulings (athlete_id, one_id, other_id, together, decided_at)
                VALUES (:athlete_id, :one, :other, :together, :now)
                ON CONFLICT (one_id, other_id) DO UPDATE SET
                    together = excluded.together, decided_at = excluded.decided_at
            """),
            rows,
        )


def choose(tx: Transaction, recording_id: int, *, now: datetime) -> None:
    """Remember that the athlete wants this recording to lead."""
    tx.execute(
        text("UPDATE recordings SET chosen_at = :now WHERE id = :id"), {"id": recording_id, "now": now}
    )


def assign(tx: Transaction, activity_of: Mapping[int, UUID | None]) -> None:
    """Say to which activity each recording belongs, or that its activity has to be made (None)."""
    tx.execute(
        text("""
            UPDATE recordings r SET activity_id = g.activity_id
            FROM unnest(CAST(:ids AS bigint[]), CAST(:activities AS uuid[])) AS g(id, activity_id)
            WHERE r.id = g.id AND r.activity_id IS DISTINCT FROM g.activity_id
        """),
        {"ids": list(activity_of), "activities": list(activity_of.values())},
    )


def lead(tx: Transaction, leaders: Mapping[UUID, tuple[int, bool]]) -> None:
    """Say for each activity which recording leads it, and whether any of its recordings is private."""
    tx.execute(
        text("""
            UPDATE activities a SET leading_id = l.leading_id, private = l.private
            FROM unnest(CAST(:ids AS uuid[]), CAST(:leading AS bigint[]), CAST(:private AS boolean[]))
                AS l(id, leading_id, private)
            WHERE a.id = l.id AND (a.leading_id, a.private) IS DISTINCT FROM (l.leading_id, l.private)
        """),
        {
            "ids": list(leaders),
            "leading": [leading for leading, _ in leaders.values()],
            "private": [private for _, private in leaders.values()],
        },
    )


def remove_empty(tx: Transaction, activity_ids: Iterable[UUID]) -> None:
    """Remove those of these activities that no recording belongs to any more."""
    tx.execute(
        text("""
            DELETE FROM activities a
            WHERE a.id = ANY(:ids) AND NOT EXISTS (SELECT FROM recordings r WHERE r.activity_id = a.id)
        """),
        {"ids": list(activity_ids)},
    )


def moment(unix_s: float) -> datetime:
    """Return a time of an outline as it is stored."""
    return datetime.fromtimestamp(unix_s, UTC)
