"""Setting another password, and ending whatever the one before may have opened."""

from dataclasses import dataclass
from uuid import UUID

from training_analyzer.storage import api_keys, athletes, oauth_states
from training_analyzer.storage.database import Transaction


@dataclass(frozen=True, slots=True)
class Ended:
    """How many were ended."""

    sessions: int
    keys: int


def replace(tx: Transaction, athlete_id: UUID, password_hash: str, *, but: str | None = None) -> Ended:
    """
    Set a password, and end the athlete's sessions, keys and connections that were begun.

    The session of the token `but` stays. What is opened at the same time (`athletes.has_session`) waits
    for this, and finds its session gone.
    """
    athletes.set_password(tx, athlete_id, password_hash)
    oauth_states.forget(tx, athlete_id)
    return Ended(
        sessions=athletes.close_sessions(tx, athlete_id, but=but), keys=api_keys.remove_all(tx, athlete_id)
    )
