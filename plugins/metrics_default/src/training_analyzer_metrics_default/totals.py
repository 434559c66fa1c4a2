"""What the last 7, 28, 42 and 90 days add up to, and how that differs from as many days before them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar, Final

import numpy as np

from training_analyzer.sdk import Column, DailyInput, DailyMetrics, DailySeries, Metric, MetricKey
from training_analyzer_metrics_default.days import difference, share_of, shifted
from training_analyzer_metrics_default.load import LOAD
from training_analyzer_metrics_default.reasons import Reason

WINDOWS_DAYS: Final = (7, 28, 42, 90)


@dataclass(frozen=True, slots=True)
class Quantity:
    """What is added up."""

    name: str
    title: str
    unit: str
    formula: str
    per_unit: float = 1.0
    """By how much the sum is divided, to be in the unit."""


QUANTITIES: Final = (
    Quantity("load", "Load", "", "daily load"),
    Quantity("time", "Time", "h", "moving time", per_unit=3600),
    Quantity("distance", "Distance", "km", "distance", per_unit=1000),
)


def _total(quantity: Quantity, days: int) -> Metric:
    return Metric(
        key=f"metrics_default.{quantity.name}_{days}d",
        title=f"{quantity.title} of {days} days",
        unit=quantity.unit,
        explanation=f"The {quantity.title.lower()} of this day and the {days - 1} before it; "
        f"absent until {days} days are known.",
        formula=f"sum of {quantity.formula} over {days} days",
        source="arithmetic",
        decimals=1 if quantity.unit else 0,
        window_days=days,
    )


def _change(quantity: Quantity, days: int) -> Metric:
    return Metric(
        key=f"metrics_default.{quantity.name}_change_{days}d",
        title=f"Change in {quantity.title.lower()} of {days} days",
        unit=quantity.unit,
        explanation=f"How much more or less than in the {days} days before these; "
        f"absent until {2 * days} days are known.",
        formula=f"sum of {quantity.formula} over {days} days - the same {days} days earlier",
        source="arithmetic",
        decimals=1 if quantity.unit else 0,
        window_days=2 * days,
    )


TOTALS: Final = {
    (quantity.name, days): _total(quantity, days) for quantity in QUANTITIES for days in WINDOWS_DAYS
}
CHANGES: Final = {
    (quantity.name, days): _change(quantity, days) for quantity in QUANTITIES for days in WINDOWS_DAYS
}


class RollingTotals(DailyMetrics):
    """Load, time and distance of the last days. Only loads can rest on estimates."""

    family: ClassVar[str] = "Trends"
    metrics: ClassVar[tuple[Metric, ...]] = (*TOTALS.values(), *CHANGES.values())
    needs: ClassVar[frozenset[MetricKey]] = frozenset({LOAD.key})

    def measure(self, given: DailyInput) -> Iterable[DailySeries]:
        nothing = np.zeros(given.days)
        daily = {
            "load": np.vstack((given.totals[LOAD.key], given.estimated[LOAD.key])),
            "time": np.vstack((given.moving_s, nothing)),
            "distance": np.vstack((given.distance_m, nothing)),
        }
        for quantity in QUANTITIES:
            running = np.cumsum(np.pad(daily[quantity.name] / quantity.per_unit, ((0, 0), (1, 0))), axis=1)
            for days in WINDOWS_DAYS:
                totals = _rolling(running, days)
                yield _series(given, TOTALS[quantity.name, days], totals[0], share_of(totals))
                yield _series(given, CHANGES[quantity.name, days], *difference(totals, shifted(totals, days)))


def _rolling(running: Column, days: int) -> Column:
    """Return the totals of the last days, from the sums since the first one; NaN until all are known."""
    totals = np.full((running.shape[0], running.shape[1] - 1), np.nan)
    if running.shape[1] > days:
        # Sums since the first day leave dust where everything in the window is zero.
        totals[:, days - 1 :] = np.round(running[:, days:] - running[:, :-days], 6)
    return totals


def _series(given: DailyInput, metric: Metric, values: Column, estimated: Column) -> DailySeries:
    return DailySeries(
        key=metric.key,
        first_day=given.first_day,
        values=values,
        estimated=estimated if "load" in metric.key else None,
        absent=Reason.NOT_ENOUGH_HISTORY.value,
    )
