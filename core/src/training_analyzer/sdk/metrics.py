"""Numbers computed from activities: what a metrics plugin implements."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar

from training_analyzer.domain.activity import Activity, Column, Samples
from training_analyzer.domain.athlete import Athlete
from training_analyzer.domain.metric import (
    Curve,
    DailySeries,
    Distribution,
    Measurement,
    Metric,
    MetricKey,
)
from training_analyzer.domain.sport import Sport


@dataclass(frozen=True, slots=True)
class ActivityInput:
    """All that a calculator may look at. New fields may be added in minor releases."""

    activity: Activity
    athlete: Athlete
    known: Mapping[MetricKey, Measurement] = field(default_factory=dict)
    """What the calculator `needs`, as far as it could be computed."""

    @property
    def samples(self) -> Samples | None:
        return self.activity.samples


class ActivityMetrics(ABC):
    """
    A pure function from an activity to measurements.

    Same input, same output; no network, no clock, no files. What cannot be computed is a
    measurement with a reason, never zero and never guessed. A metric of another sport may be
    left out.
    """

    metrics: ClassVar[tuple[Metric, ...]]
    """What `measure` may yield."""
    needs: ClassVar[frozenset[MetricKey]] = frozenset()
    """Metrics that must be computed first; they arrive in `given.known`."""
    thresholds: ClassVar[frozenset[str] | None] = None
    """
    The fields of `Thresholds` that `measure` reads; None: it may be any.

    Where a threshold comes from data that no AI may see, none is told of numbers that may rest on it.
    """
    version: ClassVar[int] = 1
    """Raise it when results change: stored activities are then measured again."""
    family: ClassVar[str] = ""
    """The page of the reference that its metrics stand on: `Heart rate`. Empty: the plugin's own page."""

    @abstractmethod
    def measure(self, given: ActivityInput) -> Iterable[Measurement]:
        """Yield each metric at most once."""


class SupportsFullCurves(ABC):
    """A calculator that stores a curve at some durations, and can make it at every one."""

    @abstractmethod
    def full_curve(self, given: ActivityInput, key: MetricKey) -> Measurement:
        """Return one of its curves at every duration. Asked when somebody wants to see it."""


@dataclass(frozen=True, slots=True)
class OnDay:
    """A curve or a distribution of one activity; `day` counts from the first day of the range."""

    day: int
    sport: Sport
    value: Curve | Distribution


@dataclass(frozen=True, slots=True)
class SportDays:
    """The part of one sport, in columns of shape (days,)."""

    totals: Mapping[MetricKey, Column]
    activities: Column
    moving_s: Column
    distance_m: Column


@dataclass(frozen=True, slots=True)
class DailyInput:
    """
    Every day from the athlete's first activity to today, in columns of shape (days,).

    `totals`: for each needed activity metric, its sum over the day's activities; 0 on a day without.
    `estimated`: for the same keys, the part of that sum that rests on estimates.
    `series`: daily metrics that other calculators made before.
    `moving_s`, `distance_m`: without what cannot be true, as a distance that nobody covers in its time.

    Days behind the newest activity are days without training. Where somebody asks what becomes of
    the series without any, days to come are among them.
    """

    first_day: date
    days: int
    totals: Mapping[MetricKey, Column]
    estimated: Mapping[MetricKey, Column]
    series: Mapping[MetricKey, Column]
    activities: Column
    """How many started on each day."""
    moving_s: Column
    distance_m: Column
    ascent_m: Column | None = None
    highest: Mapping[MetricKey, Column] = field(default_factory=dict)
    """For each needed activity metric, the highest of the day that is not doubtful; else NaN."""
    sports: Mapping[Sport, SportDays] = field(default_factory=dict)
    """The same sums for each sport by itself."""
    each: Mapping[MetricKey, tuple[OnDay, ...]] = field(default_factory=dict)
    """For needed metrics that are curves or distributions: those of every activity, oldest first."""


class DailyMetrics(ABC):
    """A pure function from a range of days to daily series. The whole range at once, in numpy."""

    metrics: ClassVar[tuple[Metric, ...]]
    needs: ClassVar[frozenset[MetricKey]] = frozenset()
    version: ClassVar[int] = 1
    family: ClassVar[str] = ""
    batched: ClassVar[bool] = False
    """True: `measure` also takes columns of shape (athletes, days), and answers in that shape. All of
    numpy along the last axis does; then the days of many athletes cost little more than those of one."""
    stored: ClassVar[bool] = True
    """False: made when somebody asks for it. For many series that cost next to nothing to make; what
    others need, and what insights speak of, has to be stored."""

    @abstractmethod
    def measure(self, given: DailyInput) -> Iterable[DailySeries]:
        """Yield each series at most once, as long as the range."""


@dataclass(frozen=True, slots=True)
class PeriodInput:
    """What the activities of a stretch of days come to: of one sport, or of all (None)."""

    first_day: date
    last_day: date
    sport: Sport | None
    activities: int
    moving_s: float
    distance_m: float | None
    """Of the activities that state it; None where there are some and none does."""
    ascent_m: float | None
    """As the distance."""
    known: Mapping[MetricKey, Measurement] = field(default_factory=dict)
    """What the calculator `needs`, combined as each metric says, as far as there is a value."""


class PeriodMetrics(ABC):
    """
    A pure function from what a period comes to, to what follows from that: shares, ratios, indices.

    For what is no sum, mean or maximum of the activities; for those, `Metric.combination` is enough.
    """

    metrics: ClassVar[tuple[Metric, ...]]
    needs: ClassVar[frozenset[MetricKey]] = frozenset()
    """Metrics of activities that have a `combination`."""
    version: ClassVar[int] = 1
    family: ClassVar[str] = ""

    @abstractmethod
    def measure(self, given: PeriodInput) -> Iterable[Measurement]:
        """Yield each metric at most once."""
