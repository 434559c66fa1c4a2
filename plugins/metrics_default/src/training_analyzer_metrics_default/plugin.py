"""The plugin: the calculators that it offers."""

from typing import ClassVar

from training_analyzer.sdk import ActivityMetrics, DailyMetrics, Plugin, PluginSettings, hookimpl
from training_analyzer_metrics_default.critical_power import CriticalPowerMetrics
from training_analyzer_metrics_default.days import TrainingDays
from training_analyzer_metrics_default.heart_rate import HeartRateMetrics
from training_analyzer_metrics_default.load import LoadMetrics
from training_analyzer_metrics_default.power import PowerMetrics
from training_analyzer_metrics_default.power_response import PowerResponseMetrics
from training_analyzer_metrics_default.session import SessionMetrics
from training_analyzer_metrics_default.settings import MetricsSettings
from training_analyzer_metrics_default.totals import RollingTotals
from training_analyzer_metrics_default.trends import Trends
from training_analyzer_metrics_default.zones import ZoneMetrics


class DefaultMetricsPlugin(Plugin[MetricsSettings]):
    """The field's standard metrics."""

    settings_model: ClassVar[type[PluginSettings]] = MetricsSettings

    @hookimpl
    def register_metrics(self) -> tuple[ActivityMetrics | DailyMetrics, ...]:
        return (
            SessionMetrics(),
            PowerMetrics(),
            PowerResponseMetrics(),
            CriticalPowerMetrics(),
            HeartRateMetrics(),
            ZoneMetrics(),
            LoadMetrics(),
            TrainingDays(self.settings.load_average),
            RollingTotals(),
            Trends(),
        )
