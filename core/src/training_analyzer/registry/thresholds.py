"""Which of an athlete's thresholds stand behind metrics, by what their calculators say that they read."""

from collections.abc import Iterable

from training_analyzer.registry.offers import Calculator
from training_analyzer.sdk import ActivityMetrics, MetricKey, Thresholds


def thresholds_behind(keys: Iterable[MetricKey], calculators: Iterable[Calculator]) -> frozenset[str]:
    """
    Return the thresholds that any of these metrics may rest on, also by way of what they need.

    All that there are, where a calculator does not say what it reads, or nobody makes a metric.
    """
    makers = {metric.key: calculator for calculator in calculators for metric in calculator.metrics}
    found: set[str] = set()
    asked, seen = list(keys), set[MetricKey]()
    while asked:
        key = asked.pop()
        if key in seen:
            continue
        seen.add(key)
        maker = makers.get(key)
        if maker is None:
            return frozenset(Thresholds.model_fields)
        if isinstance(maker, ActivityMetrics):
            if maker.thresholds is None:
                return frozenset(Thresholds.model_fields)
            found |= maker.thresholds
        asked += maker.needs
    return frozenset(found)
