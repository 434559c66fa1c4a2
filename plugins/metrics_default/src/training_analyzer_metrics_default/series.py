"""A metric of every day, and why there is none where there is none."""

from training_analyzer.sdk import Column, DailyInput, DailySeries, Metric
from training_analyzer_metrics_default.reasons import Reason


def series(
    given: DailyInput,
    metric: Metric,
    values: Column,
    absent: Reason,
    *,
    estimated: Column | None = None,
    method: str = "",
) -> DailySeries:
    return DailySeries(
        key=metric.key,
        first_day=given.first_day,
        values=values,
        estimated=estimated,
        absent=absent.value,
        method=method,
    )
