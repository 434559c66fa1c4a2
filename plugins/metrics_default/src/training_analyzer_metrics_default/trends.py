"""How the last week stands against the last month: load ratios, monotony and strain."""

from collections.abc import Iterable
from typing import ClassVar, Final

import numpy as np

from training_analyzer.sdk import Column, DailyInput, DailyMetrics, DailySeries, Metric, MetricKey
from training_analyzer_metrics_default.filters import rolling_sums, two_averages
from training_analyzer_metrics_default.load import LOAD
from training_analyzer_metrics_default.reasons import Reason
from training_analyzer_metrics_default.series import series

ACUTE_DAYS: Final = 7
CHRONIC_DAYS: Final = 28
NOTHING: Final = 1e-6
"""A load below this is the dust of floating numbers."""
ALIKE: Final = 1e5
"""Days whose mean is so many times their deviation differ by the dust of floating numbers."""

_NO_INJURY: Final = " It describes, and foretells no injury."

ACWR: Final = Metric(
    key="metrics_default.load_ratio",
    title="Acute to chronic load ratio",
    unit="",
    explanation="Your daily load of this week against that of the last four weeks, this one included."
    + _NO_INJURY,
    formula="mean load of 7 days / mean load of 28 days",
    source="Gabbett 2016, doi:10.1136/bjsports-2015-095788 (rolling, coupled)",
    decimals=2,
    edge_cases=("Absent until 28 days are known, and where nothing was done in them.",),
    elsewhere={"Garmin": "a ratio of 7 to 28 days too, of its own load by heart rate (from memory)"},
    window_days=CHRONIC_DAYS,
)
ACWR_UNCOUPLED: Final = Metric(
    key="metrics_default.load_ratio_uncoupled",
    title="Acute to chronic load ratio, uncoupled",
    unit="",
    explanation="Your daily load of this week against that of the three weeks before it." + _NO_INJURY,
    formula="mean load of 7 days / mean load of the 21 days before them",
    source="Windt & Gabbett 2019, doi:10.1136/bjsports-2017-098925",
    decimals=2,
    edge_cases=("Absent until 28 days are known, and where nothing was done in the 21 before.",),
    window_days=CHRONIC_DAYS,
)
ACWR_EXPONENTIAL: Final = Metric(
    key="metrics_default.load_ratio_exponential",
    title="Acute to chronic load ratio, exponential",
    unit="",
    explanation="The same ratio with averages in which recent days count more." + _NO_INJURY,
    formula="y += (load - y) * 2/(N + 1), from the first day's load; N = 7 over N = 28; absent for 28 days",
    source="Williams et al. 2017, doi:10.1136/bjsports-2016-096589",
    decimals=2,
    edge_cases=("Both averages start from the first day's load.",),
    window_days=CHRONIC_DAYS,
)
MONOTONY: Final = Metric(
    key="metrics_default.monotony",
    title="Monotony",
    unit="",
    explanation="How alike the last seven days were: above 2, hard and easy days hardly differ.",
    formula="mean load of 7 days / their standard deviation (n - 1); absent where all are equal",
    source="Foster 1998, doi:10.1097/00005768-199807000-00023",
    decimals=2,
    edge_cases=(
        "Absent where all seven days are equal: the deviation is below a hundred-thousandth of the mean.",
    ),
    window_days=ACUTE_DAYS,
)
STRAIN: Final = Metric(
    key="metrics_default.strain",
    title="Strain",
    unit="",
    explanation="The load of seven days, made heavier by how alike they were.",
    formula="load of 7 days * monotony",
    source="Foster 1998, doi:10.1097/00005768-199807000-00023",
    edge_cases=("Absent where monotony is.",),
    window_days=ACUTE_DAYS,
)


class Trends(DailyMetrics):
    """Three load ratios, monotony and strain; absent until the days that they look at are known."""

    family: ClassVar[str] = "Trends"
    batched: ClassVar[bool] = True
    metrics: ClassVar[tuple[Metric, ...]] = (ACWR, ACWR_UNCOUPLED, ACWR_EXPONENTIAL, MONOTONY, STRAIN)
    needs: ClassVar[frozenset[MetricKey]] = frozenset({LOAD.key})
    version: ClassVar[int] = 2

    def measure(self, given: DailyInput) -> Iterable[DailySeries]:
        loads = given.totals[LOAD.key]
        week, month = rolling_sums(loads, (ACUTE_DAYS, CHRONIC_DAYS))
        yield series(given, ACWR, _ratio_of_means(week, month, CHRONIC_DAYS), Reason.NO_CHRONIC_LOAD)
        before = np.subtract(month, week, out=month)
        uncoupled = _ratio_of_means(week, before, CHRONIC_DAYS - ACUTE_DAYS)
        yield series(given, ACWR_UNCOUPLED, uncoupled, Reason.NO_CHRONIC_LOAD)
        weights = 2 / (ACUTE_DAYS + 1), 2 / (CHRONIC_DAYS + 1)
        acute, chronic = two_averages((loads, loads), weights, start=loads[..., 0])
        chronic[..., : CHRONIC_DAYS - 1] = np.nan
        yield series(given, ACWR_EXPONENTIAL, _ratio(acute, chronic), Reason.NO_CHRONIC_LOAD)
        (squares,) = rolling_sums(loads * loads, (ACUTE_DAYS,))
        monotony = _monotony(week, squares)
        yield series(given, MONOTONY, monotony, Reason.NO_VARIATION)
        yield series(given, STRAIN, week * monotony, Reason.NO_VARIATION)


def _ratio_of_means(week: Column, sums: Column, days: int) -> Column:
    """Return the mean of a week over that of so many days, of both of which the sums are given."""
    ratios = _ratio(week, sums)
    ratios *= days / ACUTE_DAYS
    return ratios


def _ratio(numerator: Column, denominator: Column) -> Column:
    """Return the ratio, NaN where there is nothing to divide by: not zero, and not infinite."""
    with np.errstate(divide="ignore", invalid="ignore"):
        ratios: Column = numerator / denominator
    ratios[denominator <= NOTHING] = np.nan
    return ratios


def _monotony(sums: Column, squares: Column) -> Column:
    """
    Return the mean of a week over its sample standard deviation, of the sums of loads and of their squares.

    NaN where all days are alike: their spread is nothing, or what rounding made of it.
    """
    squared_sums = sums * sums
    spread = ACUTE_DAYS * squares
    spread -= squared_sums
    with np.errstate(divide="ignore", invalid="ignore"):
        monotony = np.divide(squared_sums, spread, out=squared_sums)
        monotony *= (ACUTE_DAYS - 1) / ACUTE_DAYS
        np.sqrt(monotony, out=monotony)
    monotony[monotony > ALIKE] = np.nan
    return monotony
