"""Suggested thresholds: found in training or told by a provider, until the athlete decides."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal
from uuid import UUID

from sqlalchemy import text

from training_analyzer.domain.athlete import ThresholdSuggestion
from training_analyzer.storage.database import Transaction

Decision = Literal["accepted", "dismissed"]
Status = Literal["open", Decision]
Origin = Literal["training", "provider"]

OPEN: Final = "open"
ACCEPTED: Final = "accepted"
DISMISSED: Final = "dismissed"


@dataclass(frozen=True, slots=True)
class Made:
    """A suggestion, the plugin that made it, and whose data it rests on."""

    source: str
    suggestion: ThresholdSuggestion
    providers: frozenset[str]


@dataclass(frozen=True, slots=True)
class StoredSuggestion:
    """A suggestion, who made it, and what the athlete decided."""

    id: UUID
    source: str
    """The name of the plugin."""
    origin: Origin
    """Found in training, or told by a provider."""
    suggestion: ThresholdSuggestion
    providers: tuple[str, ...]
    """Whose data it rests on."""
    status: Status
    suggested_at: datetime
    decided_at: datetime | None


def of_athlete(tx: Transaction, athlete_id: UUID, *, status: Status | None = None) -> list[StoredSuggestion]:
    """Return them, newest first."""
    return _select(
        tx,
        "athlete_id = :athlete_id "
        "AND (CAST(:status AS text) IS NULL OR COALESCE(decision, 'open') = :status)",
        {"athlete_id": athlete_id, "status": status},
    )


def find(tx: Transaction, suggestion_id: UUID, *, lock: bool = False) -> StoredSuggestion | None:
    """`lock`: nobody else decides until the transaction ends."""
    found = _select(tx, "id = :id", {"id": suggestion_id}, "FOR UPDATE" if lock else "")
    return found[0] if found else None


def decide(tx: Transaction, suggestion_id: UUID, status: Decision, *, now: datetime) -> None:
    tx.execute(
        text("UPDATE suggestions SET decision = :status, decided_at = :now WHERE id = :id"),
        {"id": suggestion_id, "status": status, "now": now},
    )


def replace_open(
    tx: Transaction,
    athlete_id: UUID,
    found: Iterable[Made],
    *,
    origin: Origin,
    of_sources: Iterable[str],
    now: datetime,
) -> int:
    """
    Make these the open suggestions of those sources; return how many are new.

    Suggestions of another origin are left alone, also those of the same plugins. One that stood already
    keeps its id, and its date while its values are the same.
    """
    before = {
        _place(one.source, one.suggestion): one
        for one in of_athlete(tx, athlete_id, status="open")
        if one.origin == origin and one.source in set(of_sources)
    }
    new = 0
    for made in found:
        former = before.pop(_place(made.source, made.suggestion), None)
        is_news = former is None or former.suggestion.values != made.suggestion.values
        new += is_news
        if former is None:
            _insert(tx, athlete_id, made, origin=origin, now=now)
        elif is_news or (former.suggestion, frozenset(former.providers)) != (made.suggestion, made.providers):
            _update(tx, former.id, made, suggested_at=now if is_news else former.suggested_at)
    tx.execute(
        text("DELETE FROM suggestions WHERE id = ANY(:ids)"), {"ids": [one.id for one in before.values()]}
    )
    return new


def _insert(tx: Transaction, athlete_id: UUID, made: Made, *, origin: Origin, now: datetime) -> None:
    tx.execute(
        text("""
            INSERT INTO suggestions (athlete_id, source, origin, body, providers, suggested_at)
            VALUES (:athlete_id, :source, :origin, CAST(:body AS jsonb), :providers, :now)
        """),
        {
            "athlete_id": athlete_id,
            "source": made.source,
            "origin": origin,
            "body": made.suggestion.model_dump_json(),
            "providers": sorted(made.providers),
            "now": now,
        },
    )


def _update(tx: Transaction, suggestion_id: UUID, made: Made, *, suggested_at: datetime) -> None:
    tx.execute(
        text("""
            UPDATE suggestions
            SET body = CAST(:body AS jsonb), providers = :providers, suggested_at = :suggested_at
            WHERE id = :id
        """),
        {
            "id": suggestion_id,
            "body": made.suggestion.model_dump_json(),
            "providers": sorted(made.providers),
            "suggested_at": suggested_at,
        },
    )


def _place(source: str, suggestion: ThresholdSuggestion) -> tuple[str, str, str]:
    return source, suggestion.sport or "", suggestion.method


def _select(
    tx: Transaction, condition: str, parameters: Mapping[str, object], lock: str = ""
) -> list[StoredSuggestion]:
    rows: Iterable[Any] = tx.execute(
        text(f"""
            SELECT id, source, origin, body, providers, COALESCE(decision, 'open') AS status,
                   suggested_at, decided_at
            FROM suggestions WHERE {condition} ORDER BY suggested_at DESC, id {lock}
        """),  # noqa: S608 - constants of this module
        parameters,
    )
    return [
        StoredSuggestion(
            id=row.id,
            source=row.source,
            origin=row.origin,
            suggestion=ThresholdSuggestion.model_validate_json(json.dumps(row.body)),
            providers=tuple(row.providers),
            status=row.status,
            suggested_at=row.suggested_at,
            decided_at=row.decided_at,
        )
        for row in rows
    ]
