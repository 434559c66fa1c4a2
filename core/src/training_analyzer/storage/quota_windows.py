"""How much of each quota window is used: what Redis forgets when it is emptied."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import text

from training_analyzer.storage.database import Transaction


def used(tx: Transaction, scope: str, quota: str, window_start: datetime) -> int:
    found: int | None = tx.execute(
        text("""
            SELECT used FROM quota_windows
            WHERE scope = :scope AND quota = :quota AND window_start = :window_start
        """),
        {"scope": scope, "quota": quota, "window_start": window_start},
    ).scalar()
    return found or 0


def record(tx: Transaction, scope: str, usage: Mapping[tuple[str, datetime], int]) -> None:
    """Remember usage by quota and window; it only ever rises. Windows of former days are forgotten."""
    for (quota, window_start), number in usage.items():
        tx.execute(
            text("""
                INSERT INTO quota_windows AS q (scope, quota, window_start, used)
                VALUES (:scope, :quota, :window_start, :used)
                ON CONFLICT (scope, quota, window_start) DO UPDATE SET used = GREATEST(q.used, excluded.used)
            """),
            {"scope": scope, "quota": quota, "window_start": window_start, "used": number},
        )
        tx.execute(
            text("""
                DELETE FROM quota_windows
                WHERE scope = :scope AND quota = :quota AND window_start < :window_start - interval '2 days'
            """),
            {"scope": scope, "quota": quota, "window_start": window_start},
        )
