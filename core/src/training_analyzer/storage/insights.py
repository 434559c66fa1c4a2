"""
What was written for athletes. A newer one takes the place of an older one in lists.

It is immutable, but for being marked as stale.
"""

import json
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import text

from training_analyzer.domain.insight import Insight
from training_analyzer.storage.database import Transaction


def save(tx: Transaction, athlete_id: UUID, insight: Insight) -> UUID:
    insight_id: UUID = tx.execute(
        text("""
            INSERT INTO insights (athlete_id, kind, first_day, last_day, body, backend, model, cache_key,
                cost_microusd, written_at)
            VALUES (:athlete_id, :kind, :first_day, :last_day, CAST(:body AS jsonb), :backend, :model,
                :cache_key, :cost_microusd, :written_at)
            RETURNING id
        """),
        {
            "athlete_id": athlete_id,
            "kind": insight.kind,
            "first_day": insight.first_day,
            "last_day": insight.last_day,
            "body": insight.model_dump_json(),
            "backend": insight.backend,
            "model": insight.model,
            "cache_key": insight.cache_key,
            "cost_microusd": round(insight.cost_usd * 1_000_000),
            "written_at": insight.written_at,
        },
    ).scalar_one()
    return insight_id


def newest(
    tx: Transaction, athlete_id: UUID, kind: str, *, last_day: date | None = None, subject: str | None = None
) -> Insight | None:
    """Return the newest insight of a kind, or of a kind for one period or one subject."""
    found = tx.execute(
        text("""
            SELECT body FROM insights
            WHERE athlete_id = :athlete_id AND kind = :kind
              AND (CAST(:last_day AS date) IS NULL OR last_day = :last_day)
              AND (CAST(:subject AS text) IS NULL OR COALESCE(body ->> 'subject', '') = :subject)
            ORDER BY last_day DESC, written_at DESC LIMIT 1
        """),
        {"athlete_id": athlete_id, "kind": kind, "last_day": last_day, "subject": subject},
    ).scalar()
    return None if found is None else Insight.model_validate(found)


def written_about(tx: Transaction, athlete_id: UUID, cache_key: str) -> Insight | None:
    """Return what an AI has written about the same facts, if it has: the exact cache."""
    found = tx.execute(
        text("""
            SELECT body FROM insights
            WHERE athlete_id = :athlete_id AND cache_key = :cache_key AND backend <> 'rules'
            ORDER BY written_at DESC LIMIT 1
        """),
        {"athlete_id": athlete_id, "cache_key": cache_key},
    ).scalar()
    return None if found is None else Insight.model_validate(found)


def mark_stale(tx: Transaction, athlete_id: UUID, insight: Insight, *, since: datetime, reason: str) -> None:
    """Say of an insight that the facts have changed and why there is no newer one. The first time counts."""
    tx.execute(
        text("""
            UPDATE insights SET body = body || CAST(:marks AS jsonb)
            WHERE athlete_id = :athlete_id AND kind = :kind AND last_day = :last_day
              AND written_at = :written_at AND body ->> 'stale_since' IS NULL
        """),
        {
            "marks": json.dumps({"stale_since": since.isoformat(), "stale_because": reason}),
            "athlete_id": athlete_id,
            "kind": insight.kind,
            "last_day": insight.last_day,
            "written_at": insight.written_at,
        },
    )


def listed(tx: Transaction, athlete_id: UUID, *, limit: int) -> list[tuple[UUID, Insight]]:
    """Return the newest insight of each period, newest period first."""
    rows = tx.execute(
        text("""
            SELECT id, body FROM (
                SELECT DISTINCT ON (kind, last_day) id, body, last_day, kind FROM insights
                WHERE athlete_id = :athlete_id ORDER BY kind, last_day DESC, written_at DESC) AS newest
            ORDER BY last_day DESC, kind LIMIT :limit
        """),
        {"athlete_id": athlete_id, "limit": limit},
    )
    return [(row.id, Insight.model_validate(row.body)) for row in rows]


def find(tx: Transaction, insight_id: UUID) -> Insight | None:
    found = tx.execute(text("SELECT body FROM insights WHERE id = :id"), {"id": insight_id}).scalar()
    return None if found is None else Insight.model_validate(found)
