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
    """The first local day that was looked at."""
    last: date
    """The last local day that was looked at."""
    seconds: list[float]
    """The durations, ascending. All other columns have one entry for each."""
    values: list[float]
    """The best at each duration."""
    paces_s_per_km: list[float | None] | None = None
    """Of speeds: the same as pace."""
    activities: list[UUID]
    """The activity that each was in."""
    days: list[date]
    """The local day of each."""
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
    """Of the metric."""
    unit: str
    """Of the values."""
    sport: Sport | None
    """Null: of all sports."""
    curve: BestsAnswer
    """The bests of the period."""
    against: BestsAnswer | None = None
    """Those of the period to compare with; null where none was asked for."""
    changes: list[float | None] | None = None
    """`curve` less `against`, for each entry of `curve`; null where that duration was not reached."""


class ActivityCurveAnswer(Answer):
    """The curve of one activity."""

    key: str
    """Of the metric."""
    unit: str
    """Of the values."""
    full: bool
    """True: at every second; False: at the durations that are stored."""
    curve: Curve
    """The best at each duration."""


class BestAnswer(Answer):
    """One best, and where it was."""

    value: float
    """In the unit of the record."""
    activity_id: UUID
    """The activity that it was in."""
    day: date
    """The local day of that activity."""
    start_s: float | None
    """Where it began, in seconds since the start of the activity; null where that is not known."""


class RecordAnswer(Answer):
    """A record: all-time, of the last 365 days, of the last 90."""

    key: str
    """Of the metric."""
    title: str
    """As athletes call it."""
    unit: str
    """Of `value`."""
    seconds: float | None = None
    """The duration that it was held for; null for records of distance, and of whole activities."""
    distance_m: float | None = None
    """The distance that `value`, in seconds, was needed for."""
    all_time: BestAnswer
    """The best ever."""
    year: BestAnswer | None
    """The best of the last 365 days; null where there is none."""
    days_90: BestAnswer | None
    """The best of the last 90 days; null where there is none."""

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
    """An athlete's records in one sport."""

    sport: Sport
    """The one that was asked for."""
    items: list[RecordAnswer]
    """By metric, and by duration or distance."""


def _paces(speeds_mps: Column) -> list[float | None]:
    paces = np.divide(METRES_PER_KM, speeds_mps, out=np.full_like(speeds_mps, np.nan), where=speeds_mps > 0)
    return nullable(paces)
