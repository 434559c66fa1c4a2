"""
What was written for athletes. A newer one takes the place of an older one in lists.

It is immutable, but for being marked as stale, and for when an AI is asked again about the same facts.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import text

from training_analyzer.domain.insight import Insight, InsightKind
from training_analyzer.storage.database import Transaction


def save(tx: Transaction, athlete_id: UUID, insight: Insight) -> UUID:
    insight_id: UUID = tx.execute(
        text("""
            INSERT INTO insights (athlete_id, kind, subject, first_day, last_day, body, backend, model,
                cache_key, cost_microusd, written_at)
            VALUES (:athlete_id, :kind, :subject, :first_day, :last_day, CAST(:body AS jsonb), :backend,
                :model, :cache_key, :cost_microusd, :written_at)
            RETURNING id
        """),
        {
            "athlete_id": athlete_id,
            "kind": insight.kind,
            "subject": insight.subject,
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


def newest(tx: Transaction, athlete_id: UUID, kind: str, *, subject: str = "") -> Insight | None:
    """Return what was written last about a subject of a kind."""
    found = standing(tx, athlete_id, kind, subject=subject)
    return None if found is None else found[1]


def standing(
    tx: Transaction, athlete_id: UUID, kind: str, *, subject: str = ""
) -> tuple[UUID, Insight] | None:
    """Return the same with its id."""
    found = tx.execute(
        text("""
            SELECT id, body FROM insights
            WHERE athlete_id = :athlete_id AND kind = :kind AND subject = :subject
            ORDER BY written_at DESC, last_day DESC LIMIT 1
        """),
        {"athlete_id": athlete_id, "kind": kind, "subject": subject},
    ).one_or_none()
    return None if found is None else (found.id, Insight.model_validate(found.body))


def written_about(tx: Transaction, athlete_id: UUID, cache_key: str) -> Insight | None:
    """Return what an AI has written about the same facts, if it has and is to stay: the exact cache."""
    found = tx.execute(
        text("""
            SELECT body FROM insights
            WHERE athlete_id = :athlete_id AND cache_key = :cache_key AND backend <> 'rules'
              AND body ->> 'better_after' IS NULL
            ORDER BY written_at DESC LIMIT 1
        """),
        {"athlete_id": athlete_id, "cache_key": cache_key},
    ).scalar()
    return None if found is None else Insight.model_validate(found)


def mark_stale(tx: Transaction, athlete_id: UUID, insight: Insight, *, since: datetime, reason: str) -> None:
    """Say of an insight that the facts have changed and why there is no newer one. The first time counts."""
    if insight.stale_since is None:
        _mark(tx, athlete_id, insight, {"stale_since": since.isoformat(), "stale_because": reason})


def put_off(tx: Transaction, athlete_id: UUID, insight: Insight, *, until: datetime | None) -> None:
    """Say of an insight when an AI is asked again about the same facts. None: not any more."""
    _mark(tx, athlete_id, insight, {"better_after": None if until is None else until.isoformat()})


def _mark(tx: Transaction, athlete_id: UUID, insight: Insight, marks: Mapping[str, str | None]) -> None:
    tx.execute(
        text("""
            UPDATE insights SET body = body || CAST(:marks AS jsonb)
            WHERE athlete_id = :athlete_id AND kind = :kind AND subject = :subject AND last_day = :last_day
              AND written_at = :written_at
        """),
        {
            "marks": json.dumps(marks),
            "athlete_id": athlete_id,
            "kind": insight.kind,
            "subject": insight.subject,
            "last_day": insight.last_day,
            "written_at": insight.written_at,
        },
    )


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page of insights ended."""

    last_day: date
    kind: InsightKind
    written_at: datetime
    id: UUID


def listed(
    tx: Transaction,
    athlete_id: UUID,
    *,
    limit: int,
    kind: str | None = None,
    subject: str | None = None,
    behind: Place | None = None,
) -> list[tuple[UUID, Insight]]:
    """
    Return the newest insight of each kind, subject and period, newest period first.

    Where something was written later about an earlier day, the days after it have turned out to be
    untold: the session that had begun them is gone.
    """
    rows = tx.execute(
        text("""
            SELECT id, body FROM (
                SELECT DISTINCT ON (kind, subject, last_day) id, body, last_day, kind, written_at
                FROM (
                    SELECT *, min(last_day) OVER (
                        PARTITION BY kind, subject ORDER BY written_at DESC, last_day DESC
                        ROWS UNBOUNDED PRECEDING) AS told_until
                    FROM insights
                    WHERE athlete_id = :athlete_id
                      AND (CAST(:kind AS text) IS NULL OR kind = :kind)
                      AND (CAST(:subject AS text) IS NULL OR subject = :subject)) AS written
                WHERE last_day = told_until
                ORDER BY kind, subject, last_day DESC, written_at DESC) AS newest
            WHERE CAST(:last_day AS date) IS NULL
               OR (last_day, -array_position(CAST(:kinds AS text[]), kind), written_at, id)
                < (:last_day, -array_position(CAST(:kinds AS text[]), :place_kind), :written_at, :place_id)
            ORDER BY last_day DESC, array_position(CAST(:kinds AS text[]), kind), written_at DESC, id DESC
            LIMIT :limit
        """),
        {
            "athlete_id": athlete_id,
            "limit": limit,
            "kind": kind,
            "subject": subject,
            "last_day": behind and behind.last_day,
            "place_kind": behind and behind.kind,
            "written_at": behind and behind.written_at,
            "place_id": behind and behind.id,
            "kinds": [one.value for one in InsightKind],
        },
    )
    return [(row.id, Insight.model_validate(row.body)) for row in rows]


def find(tx: Transaction, insight_id: UUID) -> Insight | None:
    found = tx.execute(text("SELECT body FROM insights WHERE id = :id"), {"id": insight_id}).scalar()
    return None if found is None else Insight.model_validate(found)


def ask(tx: Transaction, athlete_id: UUID, question: str, *, now: datetime) -> UUID:
    """Store a question, and return its id: the subject of the insight that answers it."""
    question_id: UUID = tx.execute(
        text("""
            INSERT INTO questions (athlete_id, body, asked_at) VALUES (:athlete_id, :body, :now) RETURNING id
        """),
        {"athlete_id": athlete_id, "body": question, "now": now},
    ).scalar_one()
    return question_id


def asked(tx: Transaction, question_id: UUID) -> str | None:
    """Return a question; None where there is no such one."""
    body: str | None = tx.execute(
        text("SELECT body FROM questions WHERE id = :id"), {"id": question_id}
    ).scalar()
    return body


@dataclass(frozen=True, slots=True)
class Feedback:
    """What the athlete thinks of one observation."""

    observation: int
    helpful: bool
    comment: str
    given_at: datetime


def give_feedback(tx: Transaction, athlete_id: UUID, insight_id: UUID, feedback: Feedback) -> None:
    """Store what the athlete thinks; the latest of an observation counts."""
    tx.execute(
        text("""
            INSERT INTO insight_feedback (insight_id, observation, athlete_id, helpful, comment, given_at)
            VALUES (:insight_id, :observation, :athlete_id, :helpful, :comment, :given_at)
            ON CONFLICT (insight_id, observation) DO UPDATE SET
                helpful = excluded.helpful, comment = excluded.comment, given_at = excluded.given_at
        """),
        {
            "insight_id": insight_id,
            "observation": feedback.observation,
            "athlete_id": athlete_id,
            "helpful": feedback.helpful,
            "comment": feedback.comment,
            "given_at": feedback.given_at,
        },
    )


def feedback_of(tx: Transaction, insight_id: UUID) -> Mapping[int, Feedback]:
    """Return what the athlete thinks of each observation that they said something about."""
    rows = tx.execute(
        text("""
            SELECT observation, helpful, comment, given_at FROM insight_feedback
            WHERE insight_id = :id ORDER BY observation
        """),
        {"id": insight_id},
    )
    return {row.observation: Feedback(*row) for row in rows}
