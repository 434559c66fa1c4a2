"""Ringing: whose turn it is, athlete by athlete."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import text

from training_analyzer.domain.events import Priority, QueueName
from training_analyzer.storage.database import Transaction
from training_analyzer.storage.work.closures import MAY_RUN

WAITS_IN: Final[Mapping[QueueName, Sequence[Priority]]] = {"high": ("first", "high"), "low": ("low",)}
"""The priorities of each queue, the most urgent first."""

# What is first goes first, and what was not asked yet before what was not answered. Athletes take turns
# within what is rung at once; from ring to ring, whoever waited longest goes first. A bell is a turn as
# long as it may be answered; after that, only a claim was one.
# One pass, without a join: right after thousands of units were owed, PostgreSQL believes that there is one.
_DUE: Final = text(f"""
    SELECT id FROM (
        SELECT id, priority, is_due, row_number() OVER (
                PARTITION BY athlete_id, is_due ORDER BY priority, kind <> 'list', waits, position, id
            ) AS turn,
            max(GREATEST(
                CASE WHEN served_at > now() - interval '1 day' THEN served_at END,
                CASE WHEN rung_at >= now() - make_interval(secs => :patience_s) THEN rung_at END
            )) OVER (PARTITION BY athlete_id) AS served
        FROM (
            SELECT w.*, ({MAY_RUN}
                AND (w.rung_at IS NULL OR w.rung_at < now() - make_interval(secs => :patience_s))) AS is_due
            FROM work w WHERE w.priority = ANY(:priorities)
                AND (w.state = 'owed' OR w.served_at > now() - interval '1 day')
        ) AS w
    ) AS w WHERE is_due
    ORDER BY priority <> 'first', turn, served NULLS FIRST, id
    LIMIT :room
""")  # noqa: S608 - a constant of this module


def ring(tx: Transaction, queue: QueueName, *, now: datetime, room: int, patience_s: float) -> list[int]:
    """
    Return the units of a queue whose turn it is, at most `room`, and remember that the bell was rung.

    Athletes take turns. A bell that nobody answered within `patience_s` is rung again.
    """
    ids = list(
        tx.execute(
            _DUE,
            {"priorities": list(WAITS_IN[queue]), "now": now, "room": room, "patience_s": patience_s},
        ).scalars()
    )
    if ids:
        tx.execute(text("UPDATE work SET rung_at = now() WHERE id = ANY(:ids)"), {"ids": ids})
    return ids
