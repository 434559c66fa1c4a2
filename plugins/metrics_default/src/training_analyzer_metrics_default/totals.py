"""What the last 7, 28, 42 and 90 days add up to, and how that differs from as many days before them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar, Final

from training_analyzer.sdk import DailyInput, DailyMetrics, DailySeries, Metric, MetricKey
from training_analyzer_metrics_default.days import change, loads_and_estimates, share_of, share_of_both
from training_analyzer_metrics_default.filters import rolling_sums
from training_analyzer_metrics_default.load import LOAD
from training_analyzer_metrics_default.power import SECONDS_PER_HOUR
from training_analyzer_metrics_default.reasons import Reason
from training_analyzer_metrics_default.running import METRES_PER_KM
from training_analyzer_metrics_default.series import series

WINDOWS_DAYS: Final = (7, 28, 42, 90)


@dataclass(frozen=True, slots=True)
class Quantity:
    """What is added up."""

    name: str
    title: str
    unit: str
    formula: str
    edge_cases: tuple[str, ...] = ()


QUANTITIES: Final = (
    Quantity("load", "Load", "", "daily load"),
    Quantity("time", "Time", "h", "moving time", ("A session of more than 14 days adds none.",)),
    Quantity(
        "distance", "Distance", "km", "distance", ("A distance that nobody covers in its time adds none.",)
    ),
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
        edge_cases=quantity.edge_cases,
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
        edge_cases=quantity.edge_cases,
    )


TOTALS: Final = {
    (quantity.name, days): _total(quantity, days) for quantity in QUANTITIES for days in WINDOWS_DAYS
}
CHANGES: Final = {
    (quantity.name, days): _change(quantity, days) for quantity in QUANTITIES for days in WINDOWS_DAYS
}


class RollingTotals(DailyMetrics):
    """
    Load, time and distance of the last days. Only loads can rest on estimates.

    Not stored: two dozen series are a few sums each, which takes less than a
    millisecond for ten years, and would be more rows of the database than all other series together.
    """

    family: ClassVar[str] = "Trends"
    batched: ClassVar[bool] = True
    metrics: ClassVar[tuple[Metric, ...]] = (*TOTALS.values(), *CHANGES.values())
    needs: ClassVar[frozenset[MetricKey]] = frozenset({LOAD.key})
    stored: ClassVar[bool] = False
    version: ClassVar[int] = 2

    def measure(self, given: DailyInput) -> Iterable[DailySeries]:
        daily = {
            "load": loads_and_estimates(given),
            "time": given.moving_s[None] / SECONDS_PER_HOUR,
            "distance": given.distance_m[None] / METRES_PER_KM,
        }
        for quantity in QUANTITIES:
            for days, totals in zip(
                WINDOWS_DAYS, rolling_sums(daily[quantity.name], WINDOWS_DAYS), strict=True
            ):
                share = share_of_changed = None
                if len(totals) > 1:  # of time and distance, nothing is an estimate
                    share = share_of(totals, known_from=days - 1)
                    share_of_changed = share_of_both(totals, days, known_from=days - 1)
                metric = TOTALS[quantity.name, days]
                yield series(given, metric, totals[0], Reason.NOT_ENOUGH_HISTORY, estimated=share)
                changed = change(totals[0], days, known_from=days - 1)
                metric = CHANGES[quantity.name, days]
                yield series(given, metric, changed, Reason.NOT_ENOUGH_HISTORY, estimated=share_of_changed)
