"""
Personal records: the best of each duration, each distance and each kind of number, in one sport.

Found anew whenever they are asked for, from what is stored with activities: so what is gone holds no
record, and nothing has to be kept in step. A recording with readings that cannot be true holds none.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from uuid import UUID

import numpy as np

from training_analyzer.domain.metric import Combination, Metric, Shape
from training_analyzer.domain.sport import Sport
from training_analyzer.storage import curves, measurements
from training_analyzer.storage.curves import Bests
from training_analyzer.storage.database import Transaction

WINDOWS: Final = {"all_time": None, "year": timedelta(days=364), "days_90": timedelta(days=89)}
"""How long before today each begins: of 365 days and of 90, today is one."""
RECORD_S: Final = (1, 5, 10, 15, 30, 60, 120, 180, 300, 480, 600, 1200, 1800, 2700, 3600, 5400, 7200,
                   10_800, 14_400, 18_000)  # fmt: skip
"""The durations of which records are told: those that athletes speak of."""


@dataclass(frozen=True, slots=True)
class Best:
    """One best, and where it was. `start_s`: since the start of the activity, where that is known."""

    value: float
    activity_id: UUID
    day: date
    start_s: float | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """The bests of one place: of a duration in `seconds`, of a distance, or (neither) of whole activities."""

    metric: Metric
    seconds: float | None
    distance_m: float | None
    bests: Mapping[str, Best]
    """By the name of the window; a window without an activity has none."""


Places = Mapping[float | None, Best]


def records(
    tx: Transaction, athlete_id: UUID, metrics: Iterable[Metric], sport: Sport, *, today: date
) -> Iterator[Record]:
    """Yield every record, metric by metric, each with its bests of all time, a year and 90 days."""
    for metric in metrics:
        match metric.shape, metric.combination:
            case Shape.CURVE, Combination.HIGHEST | Combination.SHORTEST:
                found = _of_curves(tx, athlete_id, metric, sport, today=today)
            case Shape.NUMBER, Combination.HIGHEST:
                found = _of_numbers(tx, athlete_id, metric, sport, today=today)
            case _:
                continue
        by_distance = metric.combination is Combination.SHORTEST
        for place in found["all_time"]:
            yield Record(
                metric=metric,
                seconds=None if by_distance else place,
                distance_m=place if by_distance else None,
                bests={window: bests[place] for window, bests in found.items() if place in bests},
            )


def _of_curves(
    tx: Transaction, athlete_id: UUID, metric: Metric, sport: Sport, *, today: date
) -> Mapping[str, Places]:
    assert metric.combination is not None
    points = curves.points(tx, athlete_id, metric.key, sport=sport, last=today)
    if metric.combination is Combination.HIGHEST:
        points = points.at(RECORD_S)
    return {
        window: _places(
            curves.bests(
                tx, metric.key, points if back is None else points.since(today - back), metric.combination
            ),
            metric.combination,
        )
        for window, back in WINDOWS.items()
    }


def _of_numbers(
    tx: Transaction, athlete_id: UUID, metric: Metric, sport: Sport, *, today: date
) -> Mapping[str, Places]:
    found: dict[str, Places] = {}
    for window, back in WINDOWS.items():
        first = None if back is None else today - back
        best = measurements.highest(tx, athlete_id, metric.key, sport=sport, first=first, last=today)
        found[window] = {} if best is None else {None: Best(best.value, best.activity_id, best.day)}
    return found


def _places(bests: Bests, combination: Combination) -> Places:
    columns = zip(
        bests.seconds.tolist(),
        bests.values.tolist(),
        bests.activities,
        bests.days,
        bests.starts_s.tolist(),
        strict=True,
    )
    found: dict[float | None, Best] = {}
    for second, value, activity_id, day, start_s in columns:
        begin = None if np.isnan(start_s) else start_s
        if combination is Combination.SHORTEST:
            found[value] = Best(second, activity_id, day, begin)
        else:
            found[second] = Best(value, activity_id, day, begin)
    return found
