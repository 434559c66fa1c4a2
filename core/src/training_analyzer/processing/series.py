"""Daily series, computed: what calculators of days make of the sums over each day's activities."""

import logging
from collections.abc import Iterable, Mapping

import numpy as np

from training_analyzer.domain.activity import Column
from training_analyzer.domain.metric import DailySeries, MetricKey
from training_analyzer.processing.plan import FAILED, Plan
from training_analyzer.sdk import DailyInput, DailyMetrics, SportDays
from training_analyzer.storage.daily_totals import DailyTotals

LOGGER = logging.getLogger(__name__)

NOT_KEPT = "retention"


def compute(
    plan: Plan,
    totals: DailyTotals,
    calculators: Iterable[DailyMetrics],
    *,
    kept_days: int | None = None,
) -> dict[MetricKey, DailySeries]:
    """
    Ask the calculators, each behind those that it needs, and return what they make.

    One that fails is logged with its plugin's name; its series are absent, and the others go on.
    `kept_days`: only so many days may be kept. What rests on more is absent, not computed from a part.
    """
    made: dict[MetricKey, DailySeries] = {}
    for calculator in calculators:
        given = _input(totals, calculator, made)
        made |= _ask(calculator, given, plan.plugin_of(calculator))
        for metric in calculator.metrics:
            if kept_days is not None and (metric.window_days or 0) > kept_days and metric.key in made:
                made[metric.key] = _absent(metric.key, given, why=NOT_KEPT)
    return made


def with_days_to_come(totals: DailyTotals, days: int) -> DailyTotals:
    """Return the same sums, and days without training behind them."""

    def longer(column: Column, filled: float = 0.0) -> Column:
        return np.concatenate((column, np.full(days, filled)))

    def each(columns: Mapping[MetricKey, Column], filled: float = 0.0) -> dict[MetricKey, Column]:
        return {key: longer(column, filled) for key, column in columns.items()}

    return DailyTotals(
        first_day=totals.first_day,
        totals=each(totals.totals),
        estimated=each(totals.estimated),
        highest=each(totals.highest, np.nan),
        activities=longer(totals.activities),
        moving_s=longer(totals.moving_s),
        distance_m=longer(totals.distance_m),
        ascent_m=longer(totals.ascent_m),
        sports={
            sport: SportDays(
                totals=each(part.totals),
                activities=longer(part.activities),
                moving_s=longer(part.moving_s),
                distance_m=longer(part.distance_m),
            )
            for sport, part in totals.sports.items()
        },
        each=totals.each,
    )


def _input(
    totals: DailyTotals, calculator: DailyMetrics, made: Mapping[MetricKey, DailySeries]
) -> DailyInput:
    def needed(columns: Mapping[MetricKey, Column]) -> dict[MetricKey, Column]:
        return {key: columns[key] for key in calculator.needs if key in columns}

    return DailyInput(
        first_day=totals.first_day,
        days=totals.activities.size,
        totals=needed(totals.totals),
        estimated=needed(totals.estimated),
        highest=needed(totals.highest),
        series={key: made[key].values for key in calculator.needs if key in made},
        activities=totals.activities,
        moving_s=totals.moving_s,
        distance_m=totals.distance_m,
        ascent_m=totals.ascent_m,
        sports={
            sport: SportDays(needed(part.totals), part.activities, part.moving_s, part.distance_m)
            for sport, part in totals.sports.items()
        },
        each={key: totals.each[key] for key in calculator.needs if key in totals.each},
    )


def _ask(calculator: DailyMetrics, given: DailyInput, plugin: str) -> dict[MetricKey, DailySeries]:
    declared = {metric.key for metric in calculator.metrics}
    try:
        made = {series.key: _checked(series, given, declared) for series in calculator.measure(given)}
    except Exception:
        LOGGER.exception("the plugin %s failed to compute days", plugin)
        return {key: _absent(key, given) for key in declared}
    return made


def _checked(series: DailySeries, given: DailyInput, declared: set[MetricKey]) -> DailySeries:
    if series.key not in declared:
        raise ValueError(f"yielded {series.key}, which it does not declare")
    if series.values.shape != (given.days,) or series.first_day != given.first_day:
        raise ValueError(f"{series.key} does not cover the days that were asked for")
    return series


def _absent(key: MetricKey, given: DailyInput, *, why: str = FAILED) -> DailySeries:
    nothing: Column = np.full(given.days, np.nan)
    return DailySeries(key=key, first_day=given.first_day, values=nothing, absent=why)
