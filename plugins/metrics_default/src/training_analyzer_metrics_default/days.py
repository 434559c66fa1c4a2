"""What the days add up to: load, fitness, fatigue and form, for every day since the first activity."""

from collections.abc import Iterable
from typing import ClassVar, Final

import numpy as np

from training_analyzer.sdk import Column, DailyInput, DailyMetrics, DailySeries, Metric, MetricKey
from training_analyzer_metrics_default.filters import two_averages, with_earlier
from training_analyzer_metrics_default.load import LOAD
from training_analyzer_metrics_default.reasons import Reason
from training_analyzer_metrics_default.series import series
from training_analyzer_metrics_default.settings import LoadAverage

FITNESS_DAYS: Final = 42
FATIGUE_DAYS: Final = 7
"""The time constants that TrainingPeaks, GoldenCheetah and Elevate share."""
WEEK: Final = 7
NOTHING: Final = 1e-12
"""So little load is none; nothing is divided by less."""

_AVERAGE: Final = (
    "as in GoldenCheetah and Elevate: a = 1 - e^(-1/days); with `load_average=trainingpeaks` a = 1/days"
)

DAILY_LOAD: Final = Metric(
    key="metrics_default.daily_load",
    title="Daily load",
    unit="",
    explanation="The loads of all activities that began on this day; a day of rest is 0.",
    formula="sum of load over the day's activities, by local date",
    source="arithmetic",
    edge_cases=(
        "The local day on which the session began.",
        "A day without training is 0, not absent.",
    ),
    elsewhere={
        "TrainingPeaks": "the sum of its own scores",
        "GoldenCheetah": "the sum of the score that you choose, one for all sports",
    },
)
FITNESS: Final = Metric(
    key="metrics_default.fitness",
    title="Fitness (CTL)",
    unit="",
    explanation="Your recent training as a daily average that fades over 42 days; "
    "it reads too low until about 42 days of history are known.",
    formula="y += (load - y) * (1 - e^(-1/42)), from 0 before the first activity",
    source=_AVERAGE,
    decimals=1,
    edge_cases=(
        "From 0 before the first activity: in the first 42 days it reads too low.",
        "The days of warming up are marked by `history_days`, and by `warmed_up_on` of `GET /days`.",
        "Beside it, `estimated` is the share that rests on estimated loads.",
    ),
    elsewhere={
        "TrainingPeaks": "a step of 1/42: up to 0.4 more (`load_average=trainingpeaks`)",
        "GoldenCheetah": "the same to nine digits",
    },
    window_days=FITNESS_DAYS,
)
FATIGUE: Final = Metric(
    key="metrics_default.fatigue",
    title="Fatigue (ATL)",
    unit="",
    explanation="Your last days of training as a daily average that fades over 7 days.",
    formula="y += (load - y) * (1 - e^(-1/7)), from 0 before the first activity",
    source=_AVERAGE,
    decimals=1,
    edge_cases=("As fitness.",),
    elsewhere={"TrainingPeaks": "a step of 1/7: up to 3 more", "GoldenCheetah": "the same to nine digits"},
    window_days=FATIGUE_DAYS,
)
FORM: Final = Metric(
    key="metrics_default.form",
    title="Form (TSB)",
    unit="",
    explanation="How fresh you start the day: yesterday's fitness less yesterday's fatigue.",
    formula="fitness of yesterday - fatigue of yesterday; absent on the first day",
    source="yesterday's values, as in TrainingPeaks, GoldenCheetah and Elevate",
    decimals=1,
    edge_cases=("Absent on the first day.",),
    elsewhere={
        "TrainingPeaks": "the same difference of yesterday's values",
        "GoldenCheetah": "the same by default",
    },
    window_days=FITNESS_DAYS + 1,
)
RAMP_RATE: Final = Metric(
    key="metrics_default.ramp_rate",
    title="Ramp rate",
    unit="per week",
    explanation="How much your fitness rose or fell within a week.",
    formula="fitness - fitness 7 days before; absent on the first 7 days",
    source="GoldenCheetah (ramp rate)",
    decimals=1,
    edge_cases=("Absent on the first 7 days.",),
    elsewhere={"TrainingPeaks": "the same (from memory)", "GoldenCheetah": "the same"},
    window_days=FITNESS_DAYS + WEEK,
)
HISTORY_DAYS: Final = Metric(
    key="metrics_default.history_days",
    title="Days of history",
    unit="days",
    explanation="How many days are known, this one included: below 42, fitness is still warming up.",
    formula="days since the first activity, that day included",
    source="arithmetic",
)


AVERAGED: Final = frozenset(metric.key for metric in (FITNESS, FATIGUE, FORM, RAMP_RATE))
"""What depends on how the average of loads is made, and says so."""


class TrainingDays(DailyMetrics):
    """
    Daily load and what follows from it.

    `estimated` is the share of a value that rests on estimated loads: the same filter, run over
    the estimated part. For a difference it is the share of the two numbers together.
    """

    family: ClassVar[str] = "Fitness, fatigue and form"
    batched: ClassVar[bool] = True
    metrics: ClassVar[tuple[Metric, ...]] = (
        DAILY_LOAD,
        FITNESS,
        FATIGUE,
        FORM,
        RAMP_RATE,
        HISTORY_DAYS,
    )
    needs: ClassVar[frozenset[MetricKey]] = frozenset({LOAD.key})
    version: ClassVar[int] = 2

    def __init__(self, load_average: LoadAverage = LoadAverage.EXPONENTIAL) -> None:
        self._load_average = load_average

    def measure(self, given: DailyInput) -> Iterable[DailySeries]:
        loads = loads_and_estimates(given)
        yield self._series(given, DAILY_LOAD, loads[0], share_of(loads))
        fitness = self._averages(loads, FITNESS_DAYS)
        yield self._series(given, FITNESS, fitness[0], share_of(fitness))
        yield self._series(given, RAMP_RATE, change(fitness[0], WEEK), share_of_both(fitness, WEEK))
        fatigue = self._averages(loads, FATIGUE_DAYS)
        yield self._series(given, FATIGUE, fatigue[0], share_of(fatigue))
        form, share = fitness[0] - fatigue[0], share_of(fitness + fatigue)
        yield self._series(given, FORM, _of_yesterday(form, first=np.nan), _of_yesterday(share, first=0.0))
        history = np.broadcast_to(np.arange(1.0, given.days + 1), loads[0].shape)
        yield self._series(given, HISTORY_DAYS, history, None)

    def _series(
        self, given: DailyInput, metric: Metric, values: Column, estimated: Column | None
    ) -> DailySeries:
        method = self._load_average.value if metric.key in AVERAGED else ""
        return series(given, metric, values, Reason.NOT_ENOUGH_HISTORY, estimated=estimated, method=method)

    def _averages(self, loads: Column, time_constant_days: int) -> Column:
        """Return the averages of all loads and of their estimated part."""
        weight = self._weight(time_constant_days)
        return two_averages(loads, (weight, weight))

    def _weight(self, time_constant_days: int) -> float:
        """Return the step of one day. Not `2 / (n + 1)`, which halves the time constant."""
        if self._load_average is LoadAverage.TRAININGPEAKS:
            return 1 / time_constant_days
        return float(-np.expm1(-1 / time_constant_days))


def loads_and_estimates(given: DailyInput) -> Column:
    """
    Return two rows, all loads and their estimated part, to go through the same steps.

    Nowhere is the part more than the whole; nor is it after sums and averages, which round both alike.
    """
    loads = given.totals[LOAD.key]
    both = np.empty((2, *loads.shape))
    both[0] = loads
    np.minimum(given.estimated[LOAD.key], loads, out=both[1])
    return both


def _of_yesterday(values: Column, *, first: float) -> Column:
    """Return what was true the day before, and `first` on the first day."""
    late = np.empty_like(values)
    late[..., 1:], late[..., :1] = values[..., :-1], first
    return late


def change(values: Column, days: int, *, known_from: int = 0) -> Column:
    """Return by how much the values changed in so many days; they are known from a day on."""
    changed = with_earlier(np.subtract, values, values, days)
    changed[..., : known_from + days] = np.nan
    return changed


def share_of_both(rows: Column, days: int, *, known_from: int = 0) -> Column:
    """Return how much of a value and of the one so many days before it, together, is estimated."""
    return share_of(with_earlier(np.add, rows, rows, days), known_from=known_from + days)


def share_of(rows: Column, *, known_from: int = 0) -> Column:
    """
    Return how much of the first row the second, its part, is; 0 where there is nothing to share.

    `known_from`: the day from which on the rows are known. What is not known is no share.
    """
    whole, part = rows  # where the whole is nothing, so is the part
    share: Column = np.maximum(whole, NOTHING)
    np.divide(part, share, out=share)
    share[..., :known_from] = 0.0
    return share
