"""A registry of fakes, as if they had been installed."""

from collections.abc import Sequence

from tests.fakes.metrics import Minutes, RunningTotal
from training_analyzer.registry.registry import Registry
from training_analyzer.sdk import (
    ActivityMetrics,
    DailyMetrics,
    DataProvider,
    InsightBackend,
    PeriodMetrics,
    ThresholdDetector,
)


def registry_of(
    *providers: DataProvider,
    activity_metrics: Sequence[ActivityMetrics] = (),
    daily_metrics: Sequence[DailyMetrics] = (),
    backends: Sequence[InsightBackend] = (),
    detectors: Sequence[tuple[str, ThresholdDetector]] = (),
    period_metrics: Sequence[PeriodMetrics] = (),
) -> Registry:
    calculators = (Minutes(), *activity_metrics), (RunningTotal(), *daily_metrics)
    return Registry(
        plugins={},
        providers={provider.info.name: provider for provider in providers},
        activity_metrics=calculators[0],
        daily_metrics=calculators[1],
        metrics={
            m.key: m
            for group in (*calculators, period_metrics)
            for calculator in group
            for m in calculator.metrics
        },
        backends={backend.info.name: backend for backend in backends},
        reports=(),
        detectors=tuple(detectors),
        period_metrics=tuple(period_metrics),
    )
