"""The plugin: the calculators that it offers."""

from training_analyzer.sdk import ActivityMetrics, DailyMetrics, Plugin, PluginSettings, hookimpl
from training_analyzer_metrics_default.days import TrainingDays
from training_analyzer_metrics_default.heart_rate import HeartRateMetrics
from training_analyzer_metrics_default.load import LoadMetrics
from training_analyzer_metrics_default.power import PowerMetrics
from training_analyzer_metrics_default.zones import ZoneMetrics


class DefaultMetricsPlugin(Plugin[PluginSettings]):
    """The field's standard metrics. There is nothing to set."""

    @hookimpl
    def register_metrics(self) -> tuple[ActivityMetrics | DailyMetrics, ...]:
        return (PowerMetrics(), HeartRateMetrics(), ZoneMetrics(), LoadMetrics(), TrainingDays())
