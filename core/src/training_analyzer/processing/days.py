"""Days: what activities add up to, from the first one to today, for every calculator of daily series."""

from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from training_analyzer.domain.metric import DailySeries, MetricKey, Shape
from training_analyzer.processing import series
from training_analyzer.processing.plan import Plan
from training_analyzer.sdk import DailyMetrics
from training_analyzer.storage import activities, daily_totals, days
from training_analyzer.storage.database import Transaction


def today(tx: Transaction, athlete_id: UUID, now: datetime) -> tuple[date, float]:
    """Return the day that it is where the athlete last trained, and the seconds until the next."""
    offset = timedelta(seconds=activities.offset_s(tx, athlete_id, now=now))
    local = (now + offset).astimezone(UTC)
    midnight = datetime.combine(local.date() + timedelta(days=1), time(), UTC)
    return local.date(), (midnight - local).total_seconds()


def rewrite(
    tx: Transaction, athlete_id: UUID, plan: Plan, *, until: date, kept_days: int | None = None
) -> date | None:
    """
    Compute every stored series up to `until`, write from the first day that differs, and return that day.

    `kept_days`: only so many days may be kept. What rests on more is absent, not computed from a part.
    """
    stored = [calculator for calculator in plan.daily_metrics if calculator.stored]
    totals = _totals(tx, athlete_id, plan, stored, until=until)
    if totals is None:
        days.clear(tx, athlete_id, but=())
        return None
    made = series.compute(plan, totals, stored, kept_days=kept_days)
    days.clear(tx, athlete_id, but=tuple(made))
    version_of = versions(plan)
    return days.write(tx, athlete_id, [(one, version_of[key]) for key, one in made.items()])


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
    Return every daily series up to `until`, those that are not stored too; none without any activity.

    `sources`: only activities whose recordings all come from these providers, as if there were no others.
    """
    totals = _totals(tx, athlete_id, plan, plan.daily_metrics, until=until, sources=sources)
    return {} if totals is None else series.compute(plan, totals, plan.daily_metrics, kept_days=kept_days)


def read(
    tx: Transaction,
    athlete_id: UUID,
    plan: Plan,
    keys: Collection[MetricKey],
    *,
    until: date,
    kept_days: int | None = None,
) -> dict[MetricKey, DailySeries]:
    """Compute series that are not stored: every day from the first activity to `until`."""
    made = compute(tx, athlete_id, plan, until=until, kept_days=kept_days)
    return {key: made[key] for key in keys if key in made}


def project(
    tx: Transaction,
    athlete_id: UUID,
    plan: Plan,
    keys: Collection[MetricKey],
    *,
    today: date,
    days_to_come: int,
    kept_days: int | None = None,
) -> dict[MetricKey, DailySeries]:
    """Return the series with days to come behind today, as they will be if the athlete trains no more."""
    totals = _totals(tx, athlete_id, plan, plan.daily_metrics, until=today)
    if totals is None:
        return {}
    longer = series.with_days_to_come(totals, days_to_come)
    made = series.compute(plan, longer, plan.daily_metrics, kept_days=kept_days)
    return {key: made[key] for key in keys if key in made}


def unstored(plan: Plan) -> frozenset[MetricKey]:
    """Return the series that are computed when somebody asks for them."""
    return frozenset(metric.key for one in plan.daily_metrics if not one.stored for metric in one.metrics)


def versions(plan: Plan) -> dict[MetricKey, int]:
    """Return the version of each series' calculator."""
    return {metric.key: one.version for one in plan.daily_metrics for metric in one.metrics}


def _totals(
    tx: Transaction,
    athlete_id: UUID,
    plan: Plan,
    calculators: Iterable[DailyMetrics],
    *,
    until: date,
    sources: Sequence[str] | None = None,
) -> daily_totals.DailyTotals | None:
    """Return the sums that these calculators need, and no others."""
    shapes = {metric.key: metric.shape for one in plan.activity_metrics for metric in one.metrics}
    needed = {need for calculator in calculators for need in calculator.needs if need in shapes}
    numbers = {key for key in needed if shapes[key] is Shape.NUMBER}
    return daily_totals.of_days(tx, athlete_id, numbers, each=needed - numbers, until=until, sources=sources)
