"""Suggested thresholds: found in training or told by a provider, until the athlete decides."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal
from uuid import UUID

from sqlalchemy import text

from training_analyzer.domain.athlete import ThresholdSuggestion
from training_analyzer.storage.database import Transaction

Decision = Literal["accepted", "dismissed"]
Status = Literal["open"] | Decision
Origin = Literal["training", "provider"]

OPEN: Final = "open"
ACCEPTED: Final = "accepted"
DISMISSED: Final = "dismissed"


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
    found: Iterable[tuple[str, ThresholdSuggestion]],
    *,
    origin: Origin,
    of_sources: Iterable[str],
    providers: Iterable[str],
    now: datetime,
) -> int:
    """
    Make these, each with its source, the open suggestions of those sources; return how many are new.

    `providers`: whose data they rest on. Suggestions of another origin are left alone, also those of the
    same plugins.

    One that stood already keeps its id and its date.
    """
    before = {
        _place(one.source, one.suggestion): one
        for one in of_athlete(tx, athlete_id, status="open")
        if one.origin == origin and one.source in set(of_sources)
    }
    rest_on = tuple(sorted(providers))
    new = 0
    for source, suggestion in found:
        former = before.pop(_place(source, suggestion), None)
        if former is not None and (former.suggestion, former.providers) == (suggestion, rest_on):
            continue
        new += former is None or former.suggestion.values != suggestion.values
        if former is None:
            _insert(tx, athlete_id, source, suggestion, origin=origin, providers=rest_on, now=now)
        else:
            _update(tx, former.id, suggestion, providers=rest_on, now=now)
    tx.execute(
        text("DELETE FROM suggestions WHERE id = ANY(:ids)"), {"ids": [one.id for one in before.values()]}
    )
    return new


def _insert(
    tx: Transaction,
    athlete_id: UUID,
    source: str,
    suggestion: ThresholdSuggestion,
    *,
    origin: Origin,
    providers: Sequence[str],
    now: datetime,
) -> None:
    tx.execute(
        text("""
            INSERT INTO suggestions (athlete_id, source, origin, body, providers, suggested_at)
            VALUES (:athlete_id, :source, :origin, CAST(:body AS jsonb), :providers, :now)
        """),
        {
            "athlete_id": athlete_id,
            "source": source,
            "origin": origin,
            "body": suggestion.model_dump_json(),
            "providers": list(providers),
            "now": now,
        },
    )


def _update(
    tx: Transaction,
    suggestion_id: UUID,
    suggestion: ThresholdSuggestion,
    *,
    providers: Sequence[str],
    now: datetime,
) -> None:
    tx.execute(
        text("""
            UPDATE suggestions SET body = CAST(:body AS jsonb), providers = :providers, suggested_at = :now
            WHERE id = :id
        """),
        {
            "id": suggestion_id,
            "body": suggestion.model_dump_json(),
            "providers": list(providers),
            "now": now,
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
