"""Bests: of one activity, over a period, and the athlete's records."""

from datetime import date
from typing import Self
from uuid import UUID

import numpy as np

from training_analyzer.api.answers.answer import Answer, nullable
from training_analyzer.domain.activity import Column
from training_analyzer.domain.metric import Curve
from training_analyzer.domain.sport import Sport
from training_analyzer.processing.records import WINDOWS, Record
from training_analyzer.storage.curves import Bests

METRES_PER_KM = 1000.0


class BestsAnswer(Answer):
    """The best at each duration, in columns, with the activity that it was in and where it began."""

    first: date
    last: date
    seconds: list[float]
    values: list[float]
    paces_s_per_km: list[float | None] | None = None
    """Of speeds: the same as pace."""
    activities: list[UUID]
    days: list[date]
    starts_s: list[float | None]
    """Seconds since the start of the activity."""

    @classmethod
    def of(cls, bests: Bests, first: date, last: date, *, as_pace: bool) -> Self:
        return cls(
            first=first,
            last=last,
            seconds=bests.seconds.tolist(),
            values=bests.values.tolist(),
            paces_s_per_km=_paces(bests.values) if as_pace else None,
            activities=list(bests.activities),
            days=list(bests.days),
            starts_s=nullable(bests.starts_s),
        )


class PeriodCurveAnswer(Answer):
    """A curve over a period, and over another one to compare it with."""

    key: str
    unit: str
    sport: Sport | None
    """None: of all sports."""
    curve: BestsAnswer
    against: BestsAnswer | None = None
    changes: list[float | None] | None = None
    """`curve` less `against`, for each entry of `curve`; None where that duration was not reached."""


class ActivityCurveAnswer(Answer):
    """The curve of one activity."""

    key: str
    unit: str
    full: bool
    """True: at every second; False: at the durations that are stored."""
    curve: Curve


class BestAnswer(Answer):
    """One best, and where it was."""

    value: float
    activity_id: UUID
    day: date
    start_s: float | None


class RecordAnswer(Answer):
    """A record: all-time, of the last 365 days, of the last 90."""

    key: str
    title: str
    unit: str
    """Of `value`."""
    seconds: float | None = None
    """The duration that it was held for; None for records of distance, and of whole activities."""
    distance_m: float | None = None
    """The distance that `value`, in seconds, was needed for."""
    all_time: BestAnswer
    year: BestAnswer | None
    days_90: BestAnswer | None

    @classmethod
    def of(cls, record: Record) -> Self:
        by_distance = record.distance_m is not None
        return cls(
            key=record.metric.key,
            title=record.metric.title,
            unit="s" if by_distance else record.metric.unit,
            seconds=record.seconds,
            distance_m=record.distance_m,
            **{window: record.bests.get(window) for window in WINDOWS},
        )


class RecordList(Answer):
    sport: Sport
    items: list[RecordAnswer]


def _paces(speeds_mps: Column) -> list[float | None]:
    paces = np.divide(METRES_PER_KM, speeds_mps, out=np.full_like(speeds_mps, np.nan), where=speeds_mps > 0)
    return nullable(paces)
