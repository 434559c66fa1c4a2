"""Connections that athletes have begun: what comes back from a provider is held against them, once."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import text

from training_analyzer.storage.athletes import digest
from training_analyzer.storage.database import Transaction, act_as


@dataclass(frozen=True, slots=True)
class OAuthState:
    """A connection that an athlete has begun."""

    athlete_id: UUID
    provider: str
    redirect_uri: str
    password_hash: str = field(default="", repr=False)
    """Of the athlete, when it came back."""


def remember(tx: Transaction, state: str, begun: OAuthState, *, expires_at: datetime) -> None:
    tx.execute(
        text("""
            INSERT INTO oauth_states (digest, athlete_id, provider, redirect_uri, expires_at)
            VALUES (:digest, :athlete_id, :provider, :redirect_uri, :expires_at)
        """),
        {
            "digest": digest(state),
            "athlete_id": begun.athlete_id,
            "provider": begun.provider,
            "redirect_uri": begun.redirect_uri,
            "expires_at": expires_at,
        },
    )


def forget(tx: Transaction, athlete_id: UUID) -> None:
    """Forget whatever the athlete has begun: links that were handed out lead nowhere."""
    tx.execute(text("DELETE FROM oauth_states WHERE athlete_id = :id"), {"id": athlete_id})


def take(tx: Transaction, state: str, *, now: datetime) -> OAuthState | None:
    """Use the state up, and act as its athlete from here on; None where it is unknown, used or too old."""
    athlete_id = tx.execute(
        text("SELECT athlete_id FROM athlete_by_oauth_state(:digest)"), {"digest": digest(state)}
    ).scalar()
    if athlete_id is None:
        return None
    act_as(tx, athlete_id)
    row = tx.execute(
        text("DELETE FROM oauth_states WHERE digest = :digest RETURNING provider, redirect_uri, expires_at"),
        {"digest": digest(state)},
    ).one_or_none()
    if row is None or row.expires_at <= now:
        return None
    password_hash = tx.execute(
        text("SELECT password_hash FROM athletes WHERE id = :id"), {"id": athlete_id}
    ).scalar_one()
    return OAuthState(athlete_id, row.provider, row.redirect_uri, password_hash)
