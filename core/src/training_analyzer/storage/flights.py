"""
Who is writing about which facts: a lease, so that many who want the same pay for it once.

Leases go by PostgreSQL's clock. Whoever dies in flight holds up the others until the lease ends.
"""

from uuid import UUID

from sqlalchemy import text

from training_analyzer.storage.database import Transaction


def take(tx: Transaction, athlete_id: UUID, cache_key: str, holder: UUID, *, lease_s: float) -> float | None:
    """Take the lease, or return in how many seconds another's ends."""
    taken = tx.execute(
        text("""
            INSERT INTO flights AS f (athlete_id, cache_key, holder, lease_until)
            VALUES (:athlete_id, :cache_key, :holder, clock_timestamp() + make_interval(secs => :lease_s))
            ON CONFLICT (athlete_id, cache_key) DO UPDATE
                SET holder = excluded.holder, lease_until = excluded.lease_until
                WHERE f.lease_until < clock_timestamp()
            RETURNING holder
        """),
        {"athlete_id": athlete_id, "cache_key": cache_key, "holder": holder, "lease_s": lease_s},
    ).scalar()
    if taken is not None:
        return None
    left = tx.execute(
        text("""
            SELECT EXTRACT(EPOCH FROM lease_until - clock_timestamp()) FROM flights
            WHERE athlete_id = :athlete_id AND cache_key = :cache_key
        """),
        {"athlete_id": athlete_id, "cache_key": cache_key},
    ).scalar()
    return max(float(left or 0), 0.0)


def release(tx: Transaction, athlete_id: UUID, cache_key: str, holder: UUID) -> None:
    """Let others in; in the transaction that stores what was written. Somebody else's lease stays."""
    tx.execute(
        text("""
            DELETE FROM flights
            WHERE athlete_id = :athlete_id AND cache_key = :cache_key AND holder = :holder
        """),
        {"athlete_id": athlete_id, "cache_key": cache_key, "holder": holder},
    )
