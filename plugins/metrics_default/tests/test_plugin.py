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


def test_the_readme_leads_to_every_page_of_the_reference() -> None:
    families = {calculator.family for calculator in CALCULATORS}
    assert all(families)
    assert [family for family in families if f"[{family.lower()}](../../docs/metrics/" not in README] == []


@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.key)
def test_what_is_said_of_edge_cases_is_in_sentences(metric: Metric) -> None:
    assert all(case[0].isupper() and case.endswith(".") for case in metric.edge_cases)


@pytest.mark.parametrize("reason", list(Reason))
def test_the_readme_tells_of_every_reason(reason: Reason) -> None:
    assert f"| `{reason.value}` | {reason.advice} |" in README
