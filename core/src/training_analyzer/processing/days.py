"""Days: what activities add up to, from the first one to today, for every calculator of daily series."""

import logging
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from uuid import UUID

import numpy as np

from training_analyzer.domain.activity import Column
from training_analyzer.domain.metric import DailySeries, MetricKey
from training_analyzer.processing.plan import FAILED, Plan
from training_analyzer.sdk import DailyInput, DailyMetrics
from training_analyzer.storage import activities, days, measurements
from training_analyzer.storage.database import Transaction

LOGGER = logging.getLogger(__name__)

NOT_KEPT: Final = "retention"


def today(tx: Transaction, athlete_id: UUID, now: datetime) -> tuple[date, float]:
    """Return the day that it is where the athlete last trained, and the seconds until the next."""
    offset = timedelta(seconds=activities.newest_offset_s(tx, athlete_id))
    local = (now + offset).astimezone(UTC)
    midnight = datetime.combine(local.date() + timedelta(days=1), time(), UTC)
    return local.date(), (midnight - local).total_seconds()


def rewrite(
    tx: Transaction, athlete_id: UUID, plan: Plan, *, until: date, kept_days: int | None = None
) -> date | None:
    """
    Compute every daily series up to `until`, store what differs, and return the first such day.

    `kept_days`: only so many days may be kept. What rests on more is absent, not computed from a part.
    """
    made = compute(tx, athlete_id, plan, until=until, kept_days=kept_days)
    days.clear(tx, athlete_id, but=tuple(made))
    return days.write(tx, athlete_id, made.values())


def compute(
    tx: Transaction,
    athlete_id: UUID,
    plan: Plan,
    *,
    until: date,
    kept_days: int | None = None,
    sources: Sequence[str] | None = None,
) -> dict[MetricKey, DailySeries]:
    """
    Return every daily series up to `until`; none without any activity.

    `sources`: only activities whose recordings all come from these providers, as if there were no others.
    """
    totals = measurements.daily_totals(tx, athlete_id, plan.daily_needs, until=until, sources=sources)
    if totals is None:
        return {}
    size = totals.activities.size
    made: dict[MetricKey, DailySeries] = {}
    for calculator in plan.daily_metrics:
        given = DailyInput(
            first_day=totals.first_day,
            days=size,
            totals={key: totals.totals[key] for key in calculator.needs if key in totals.totals},
            estimated={key: totals.estimated[key] for key in calculator.needs if key in totals.estimated},
            series={key: made[key].values for key in calculator.needs if key in made},
            activities=totals.activities,
            moving_s=totals.moving_s,
            distance_m=totals.distance_m,
        )
        made |= _ask(calculator, given, plan.plugin_of(calculator))
        for metric in calculator.metrics:
            if kept_days is not None and (metric.window_days or 0) > kept_days and metric.key in made:
                made[metric.key] = _absent(metric.key, given, why=NOT_KEPT)
    return made


def _ask(calculator: DailyMetrics, given: DailyInput, plugin: str) -> dict[MetricKey, DailySeries]:
    """Ask one calculator. One that fails leaves its series absent, and the others go on."""
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
