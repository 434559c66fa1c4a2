"""The plugin: the calculators that it offers."""

from typing import ClassVar

from training_analyzer.sdk import (
    ActivityMetrics,
    DailyMetrics,
    PeriodMetrics,
    Plugin,
    PluginSettings,
    ThresholdDetector,
    hookimpl,
)
from training_analyzer_metrics_default.best_efforts import BestEfforts
from training_analyzer_metrics_default.best_swims import BestSwims
from training_analyzer_metrics_default.cleaned import CleaningMetrics
from training_analyzer_metrics_default.climbing import ClimbingMetrics
from training_analyzer_metrics_default.critical_power import CriticalPowerMetrics
from training_analyzer_metrics_default.curves import CurveMetrics
from training_analyzer_metrics_default.days import TrainingDays
from training_analyzer_metrics_default.efficiency import EfficiencyMetrics
from training_analyzer_metrics_default.energy import EnergyMetrics
from training_analyzer_metrics_default.fitted_power import CriticalPower
from training_analyzer_metrics_default.heart_rate import HeartRateMetrics
from training_analyzer_metrics_default.impulses import ImpulseMetrics
from training_analyzer_metrics_default.intensity import IntensityMetrics
from training_analyzer_metrics_default.intensity_days import IntensityDays
from training_analyzer_metrics_default.intensity_periods import IntensityOfPeriods
from training_analyzer_metrics_default.load import LoadMetrics
from training_analyzer_metrics_default.power import PowerMetrics
from training_analyzer_metrics_default.power_response import PowerResponseMetrics
from training_analyzer_metrics_default.running import RunningMetrics
from training_analyzer_metrics_default.session import SessionMetrics
from training_analyzer_metrics_default.settings import MetricsSettings
from training_analyzer_metrics_default.swimming import SwimmingMetrics
from training_analyzer_metrics_default.threshold_heart_rate import MaximumHeartRate, ThresholdHeartRate
from training_analyzer_metrics_default.threshold_power import ThresholdPower
from training_analyzer_metrics_default.threshold_speed import ThresholdSpeed
from training_analyzer_metrics_default.totals import RollingTotals
from training_analyzer_metrics_default.trends import Trends
from training_analyzer_metrics_default.zones import ZoneMetrics


class DefaultMetricsPlugin(Plugin[MetricsSettings]):
    """The field's standard metrics."""

    settings_model: ClassVar[type[PluginSettings]] = MetricsSettings

    @hookimpl
    def register_metrics(self) -> tuple[ActivityMetrics | DailyMetrics | PeriodMetrics, ...]:
        return (
            SessionMetrics(),
            CleaningMetrics(),
            PowerMetrics(),
            PowerResponseMetrics(),
            CriticalPowerMetrics(),
            HeartRateMetrics(),
            ImpulseMetrics(),
            RunningMetrics(self.settings.gap_model),
            BestEfforts(),
            SwimmingMetrics(),
            BestSwims(),
            EfficiencyMetrics(self.settings.gap_model),
            ClimbingMetrics(),
            EnergyMetrics(),
            ZoneMetrics(),
            IntensityMetrics(),
            CurveMetrics(),
            LoadMetrics(),
            TrainingDays(self.settings.load_average),
            RollingTotals(),
            Trends(),
            IntensityDays(),
            IntensityOfPeriods(),
        )

    @hookimpl
    def register_detectors(self) -> tuple[ThresholdDetector, ...]:
        return (
            ThresholdPower(),
            CriticalPower(),
            MaximumHeartRate(),
            ThresholdHeartRate(),
            ThresholdSpeed(),
        )
