"""
Bests over any period, from the curves that are stored with activities.

No recording is read again. The columns come out of PostgreSQL as it stores them and are read by numpy as
they are; where the bests began is asked for the winners alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import text

from training_analyzer.domain.activity import Column
from training_analyzer.domain.metric import Combination, Curve, MetricKey
from training_analyzer.domain.sport import Sport
from training_analyzer.storage.arrays import numbers_of
from training_analyzer.storage.database import Transaction


@dataclass(frozen=True, slots=True)
class Bests:
    """The best at each place of a curve, in columns. `activities` and `days`: where each was."""

    seconds: Column
    values: Column
    activities: tuple[UUID, ...]
    days: tuple[date, ...]
    starts_s: Column
    """NaN where it is not known."""

    def __len__(self) -> int:
        return self.seconds.size


@dataclass(frozen=True, slots=True)
class Points:
    """Every point of the curves of some activities, oldest first; `owner` says whose each is."""

    seconds: Column
    values: Column
    owner: NDArray[np.intp]
    activities: tuple[UUID, ...]
    days: tuple[date, ...]

    def at(self, seconds: Sequence[float]) -> "Points":
        """Keep these durations alone."""
        return self._only(np.isin(self.seconds, seconds))

    def since(self, first: date) -> "Points":
        """Leave out what was before a day."""
        recent = np.array([day >= first for day in self.days], dtype=bool)
        return self._only(recent[self.owner] if self.days else np.zeros(0, dtype=bool))

    def _only(self, kept: NDArray[np.bool_]) -> "Points":
        return Points(self.seconds[kept], self.values[kept], self.owner[kept], self.activities, self.days)


def points(
    tx: Transaction,
    athlete_id: UUID,
    key: MetricKey,
    *,
    sport: Sport | None,
    first: date | None = None,
    last: date | None = None,
) -> Points:
    """
    Return the curves of activities in [`first`, `last`]. Doubtful ones make no best, and are left out.

    Three plain scans, put together here: of a join, a planner that has not seen statistics yet makes
    loops within loops, and that is when a new athlete looks for the first time.
    """
    mine = {"athlete_id": athlete_id, "key": key}
    doubtful = set(
        tx.execute(
            text("""
                SELECT activity_id FROM measurements
                WHERE athlete_id = :athlete_id AND key = :key AND doubtful
            """),
            mine,
        ).scalars()
    )
    chosen = [
        row
        for row in tx.execute(
            text("""
                SELECT id, local_date FROM activities
                WHERE athlete_id = :athlete_id
                  AND (CAST(:sport AS text) IS NULL OR sport = :sport)
                  AND (CAST(:first AS date) IS NULL OR local_date >= :first)
                  AND (CAST(:last AS date) IS NULL OR local_date <= :last)
                ORDER BY started_at, id
            """),
            {"athlete_id": athlete_id, "sport": sport, "first": first, "last": last},
        )
        if row.id not in doubtful
    ]
    sent = {
        row.activity_id: row
        for row in tx.execute(
            text("""
                SELECT activity_id, array_send(seconds) AS seconds, array_send(values) AS bests
                FROM curves WHERE athlete_id = :athlete_id AND key = :key AND activity_id = ANY(:ids)
            """),
            {**mine, "ids": [row.id for row in chosen]},
        )
    }
    chosen = [row for row in chosen if row.id in sent]
    seconds = [numbers_of(sent[row.id].seconds) for row in chosen]
    return Points(
        np.concatenate(seconds) if chosen else np.zeros(0),
        np.concatenate([numbers_of(sent[row.id].bests) for row in chosen]) if chosen else np.zeros(0),
        np.repeat(np.arange(len(chosen)), [column.size for column in seconds]),
        tuple(row.id for row in chosen),
        tuple(row.local_date for row in chosen),
    )


def bests(tx: Transaction, key: MetricKey, found: Points, combination: Combination) -> Bests:
    """
    Return the best of each duration, or of each distance; of equal ones the oldest.

    `HIGHEST`: the highest value for each number of seconds. `SHORTEST`: the fewest seconds for each value.
    """
    if combination is Combination.SHORTEST:
        place, merit = found.values, -found.seconds
    else:
        place, merit = found.seconds, found.values
    order = np.lexsort((found.owner, -merit, place))
    first = np.flatnonzero(np.diff(place[order], prepend=np.nan) != 0)
    chosen = order[first]
    owners = found.owner[chosen].tolist()
    starts = _starts(tx, key, {found.activities[owner] for owner in owners})
    return Bests(
        found.seconds[chosen],
        found.values[chosen],
        tuple(found.activities[owner] for owner in owners),
        tuple(found.days[owner] for owner in owners),
        np.array(
            [
                starts.get(found.activities[owner], {}).get(second, np.nan)
                for owner, second in zip(owners, found.seconds[chosen].tolist(), strict=True)
            ]
        ),
    )


def of_activity(tx: Transaction, activity_id: UUID, key: MetricKey) -> Curve | None:
    row = tx.execute(
        text("""
            SELECT seconds, values AS bests, starts_s FROM curves WHERE activity_id = :id AND key = :key
        """),
        {"id": activity_id, "key": key},
    ).one_or_none()
    return None if row is None else Curve(seconds=row.seconds, values=row.bests, starts_s=row.starts_s)


def _starts(tx: Transaction, key: MetricKey, winners: set[UUID]) -> Mapping[UUID, Mapping[float, float]]:
    rows: Sequence[Any] = tx.execute(
        text("""
            SELECT activity_id, seconds, starts_s FROM curves
            WHERE activity_id = ANY(:ids) AND key = :key AND starts_s IS NOT NULL
        """),
        {"ids": list(winners), "key": key},
    ).all()
    return {row.activity_id: dict(zip(row.seconds, row.starts_s, strict=True)) for row in rows}
