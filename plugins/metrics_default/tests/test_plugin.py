"""The plugin as others see it: its metrics, its reasons, its README."""

from pathlib import Path

import pytest

from training_analyzer.sdk import Metric
from training_analyzer_metrics_default.plugin import DefaultMetricsPlugin
from training_analyzer_metrics_default.reasons import Reason
from training_analyzer_metrics_default.settings import MetricsSettings

CALCULATORS = DefaultMetricsPlugin(MetricsSettings()).register_metrics()
METRICS = [metric for calculator in CALCULATORS for metric in calculator.metrics]
README = (Path(__file__).resolve().parents[1] / "README.md").read_text()


@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.key)
def test_every_metric_explains_itself(metric: Metric) -> None:
    assert metric.key.startswith("metrics_default.")
    assert metric.title
    assert metric.formula
    assert metric.source
    assert metric.explanation.endswith(".")
    assert metric.explanation[0].isupper()


def test_keys_are_distinct_and_needs_are_met() -> None:
    keys = [metric.key for metric in METRICS]
    assert len(keys) == len(set(keys))
    assert all(calculator.needs <= set(keys) for calculator in CALCULATORS)


@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.key)
def test_the_readme_tells_of_every_metric(metric: Metric) -> None:
    unit = metric.unit or "-"
    row = f"| `{metric.key}` | {metric.title} | {unit} | {metric.formula} | {metric.source} |"
    assert row in README


@pytest.mark.parametrize("reason", list(Reason))
def test_the_readme_tells_of_every_reason(reason: Reason) -> None:
    assert f"| `{reason.value}` | {reason.advice} |" in README
