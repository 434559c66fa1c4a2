"""The contracts that every plugin keeps, kept by this one."""

import pytest

from training_analyzer.sdk import ActivityMetrics, DailyMetrics
from training_analyzer.sdk.testing import ActivityMetricsContract, DailyMetricsContract, PluginContract
from training_analyzer_metrics_default.days import TrainingDays
from training_analyzer_metrics_default.heart_rate import HeartRateMetrics
from training_analyzer_metrics_default.load import LoadMetrics
from training_analyzer_metrics_default.power import PowerMetrics
from training_analyzer_metrics_default.zones import ZoneMetrics


class TestPlugin(PluginContract):
    @pytest.fixture
    def name(self) -> str:
        return "metrics_default"


class TestPower(ActivityMetricsContract):
    @pytest.fixture
    def calculator(self) -> ActivityMetrics:
        return PowerMetrics()


class TestHeartRate(ActivityMetricsContract):
    @pytest.fixture
    def calculator(self) -> ActivityMetrics:
        return HeartRateMetrics()


class TestZones(ActivityMetricsContract):
    @pytest.fixture
    def calculator(self) -> ActivityMetrics:
        return ZoneMetrics()


class TestLoad(ActivityMetricsContract):
    @pytest.fixture
    def calculator(self) -> ActivityMetrics:
        return LoadMetrics()


class TestDays(DailyMetricsContract):
    @pytest.fixture
    def calculator(self) -> DailyMetrics:
        return TrainingDays()
