"""What every number means."""

from fastapi import APIRouter

from training_analyzer.api.answers.metrics import MetricAnswer, MetricList
from training_analyzer.api.dependencies import MayRead
from training_analyzer.api.openapi import problems
from training_analyzer.api.problems import Kind

router = APIRouter(prefix="/metrics", tags=["metrics"], responses=problems(Kind.UNAUTHENTICATED))


@router.get("")
def list_metrics(session: MayRead) -> MetricList:
    """List every metric: title, unit, explanation, formula and source."""
    registry = session.runtime.registry
    daily = {metric.key for calculator in registry.daily_metrics for metric in calculator.metrics}
    of_periods = {metric.key for calculator in registry.period_metrics for metric in calculator.metrics}
    return MetricList(
        items=[
            MetricAnswer(
                **metric.model_dump(),
                of="day" if key in daily else "period" if key in of_periods else "activity",
            )
            for key, metric in sorted(registry.metrics.items())
        ]
    )
