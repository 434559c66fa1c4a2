"""Insights are told which thresholds their numbers may rest on: those that the calculators declare."""

from training_analyzer.analysis.gathering import Meaning
from training_analyzer.registry.thresholds import thresholds_behind
from training_analyzer.sdk import Thresholds
from training_analyzer_metrics_default.plugin import DefaultMetricsPlugin
from training_analyzer_metrics_default.settings import MetricsSettings


def test_no_number_of_an_insight_rests_on_weight_or_critical_power() -> None:
    calculators = DefaultMetricsPlugin(MetricsSettings()).register_metrics()
    behind = thresholds_behind(Meaning.of_plugin("metrics_default").keys, calculators)
    assert Thresholds.model_fields.keys() - behind == {
        "critical_power_w",
        "anaerobic_capacity_j",
        "weight_kg",
    }
