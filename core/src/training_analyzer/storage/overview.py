"""What whoever runs this may know of an athlete: that they are there, and how much of theirs is."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text

from training_analyzer.storage.database import Transaction


@dataclass(frozen=True, slots=True)
class Overview:
    """One athlete in a line. `connections`: `provider: status`."""

    id: UUID
    email: str
    name: str
    registered_at: datetime
    connections: tuple[str, ...]
    activities: int
    newest_activity_at: datetime | None
    stored_bytes: int
    """Of documents, as compressed."""
    parked: int


def overview(tx: Transaction, athlete_id: UUID) -> Overview | None:
    row = tx.execute(
        text("""
            SELECT a.id, a.email, a.name, a.created_at,
                   ARRAY(SELECT c.provider || ': ' || c.status FROM connections c
                         WHERE c.athlete_id = a.id ORDER BY c.provider) AS connections,
                   (SELECT count(*) FROM activities x WHERE x.athlete_id = a.id) AS activities,
                   (SELECT max(x.started_at) FROM activities x WHERE x.athlete_id = a.id) AS newest,
                   (SELECT COALESCE(sum(octet_length(d.body)), 0) FROM documents d
                    WHERE d.athlete_id = a.id) AS stored_bytes,
                   (SELECT count(*) FROM work w WHERE w.athlete_id = a.id AND w.state = 'parked')
                   + (SELECT count(*) FROM recordings r WHERE r.athlete_id = a.id AND r.problem IS NOT NULL)
            FROM athletes a WHERE a.id = :id
        """),
        {"id": athlete_id},
    ).one_or_none()
    if row is None:
        return None
    identity, email, name, created_at, connections, activities, newest, stored, parked = row
    return Overview(
        identity, email, name, created_at, tuple(connections), activities, newest, int(stored), parked
    )
