"""What services told us: receipts of hints, counts of what was ignored, and our subscriptions."""

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import text

from training_analyzer.sdk import Subscription
from training_analyzer.storage.database import Transaction, act_as

KEPT: Final = timedelta(days=30)
"""A repetition comes within minutes. Nothing else needs receipts, and people may look at them for a month."""

SAME_SECOND: Final = timedelta(seconds=3)
"""The rest of it, and two seconds by which the service's clock may be ahead of ours."""


def act_for(tx: Transaction, provider: str, account_id: str) -> tuple[UUID, UUID] | None:
    """Act for whoever has this account from here on; return connection and athlete, or None for nobody."""
    row = tx.execute(
        text("SELECT id, athlete_id FROM connection_of_account(:provider, :account_id)"),
        {"provider": provider, "account_id": account_id},
    ).one_or_none()
    if row is None:
        return None
    act_as(tx, row.athlete_id)
    return row.id, row.athlete_id


def store(
    tx: Transaction,
    athlete_id: UUID,
    connection_id: UUID,
    event: str,
    *,
    key: str,
    external_id: str | None,
    happened_at: datetime | None,
    now: datetime,
) -> bool:
    """
    Store the receipt of a hint; return whether there may be news in it.

    A key that comes again is a repetition, or another change in the same second: services count whole ones.
    Who looked after that second has seen both; so it is news again only where the first came too early.
    """
    is_news: bool = tx.execute(
        text("""
            INSERT INTO receipts AS r
                (athlete_id, connection_id, digest, event, external_id, happened_at, received_at)
            VALUES (:athlete_id, :connection_id, :digest, :event, :external_id, :happened_at, :now)
            ON CONFLICT (connection_id, digest) DO UPDATE SET times = r.times + 1
            RETURNING times = 1 OR COALESCE(received_at < CAST(:seen_by AS timestamptz), false)
        """),
        {
            "athlete_id": athlete_id,
            "connection_id": connection_id,
            "digest": hashlib.sha256(key.encode()).hexdigest(),
            "event": event,
            "external_id": external_id,
            "happened_at": happened_at,
            "now": now,
            "seen_by": None if happened_at is None else happened_at + SAME_SECOND,
        },
    ).scalar_one()
    tx.execute(
        text("DELETE FROM receipts WHERE connection_id = :connection_id AND received_at < :past"),
        {"connection_id": connection_id, "past": now - KEPT},
    )
    return is_news


def ignore(tx: Transaction, provider: str, reason: str, *, now: datetime) -> None:
    """Count an event that is about nobody or nothing of ours."""
    tx.execute(
        text("""
            INSERT INTO ignored_events AS i (provider, reason, day, events)
            VALUES (:provider, :reason, :day, 1)
            ON CONFLICT (provider, reason, day) DO UPDATE SET events = i.events + 1
        """),
        {"provider": provider, "reason": reason, "day": now.date()},
    )


def ignored(tx: Transaction, provider: str) -> Mapping[str, int]:
    """Return how many events were ignored, by reason."""
    rows = tx.execute(
        text("SELECT reason, sum(events) AS events FROM ignored_events WHERE provider = :p GROUP BY reason"),
        {"p": provider},
    )
    return {row.reason: int(row.events) for row in rows}


def is_ours(tx: Transaction, provider: str, subscription_id: str) -> bool:
    found: bool = tx.execute(
        text("""
            SELECT EXISTS (SELECT FROM webhook_subscriptions
                           WHERE provider = :provider AND subscription_id = :id)
        """),
        {"provider": provider, "id": subscription_id},
    ).scalar_one()
    return found


def subscribed(tx: Transaction, provider: str, subscription: Subscription) -> None:
    """Remember a subscription as ours."""
    tx.execute(
        text("""
            INSERT INTO webhook_subscriptions (provider, subscription_id, callback_url)
            VALUES (:provider, :id, :url)
            ON CONFLICT (provider, subscription_id) DO UPDATE SET callback_url = excluded.callback_url
        """),
        {"provider": provider, "id": subscription.id, "url": subscription.callback_url},
    )


def unsubscribed(tx: Transaction, provider: str, subscription_id: str) -> None:
    tx.execute(
        text("DELETE FROM webhook_subscriptions WHERE provider = :provider AND subscription_id = :id"),
        {"provider": provider, "id": subscription_id},
    )
