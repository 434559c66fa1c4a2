"""The contracts that every plugin keeps, kept by this one."""

import pytest

from training_analyzer.sdk import ActivityMetrics, DailyMetrics
from training_analyzer.sdk.testing import ActivityMetricsContract, DailyMetricsContract, PluginContract
from training_analyzer_metrics_default.plugin import DefaultMetricsPlugin
from training_analyzer_metrics_default.settings import LoadAverage, MetricsSettings

CALCULATORS = DefaultMetricsPlugin(MetricsSettings()).register_metrics()
TRAININGPEAKS = DefaultMetricsPlugin(MetricsSettings(load_average=LoadAverage.TRAININGPEAKS))


class TestPlugin(PluginContract):
    @pytest.fixture
    def name(self) -> str:
        return "metrics_default"


class TestOfActivities(ActivityMetricsContract):
    @pytest.fixture(
        params=[one for one in CALCULATORS if isinstance(one, ActivityMetrics)],
        ids=lambda calculator: type(calculator).__name__,
    )
    def calculator(self, request: pytest.FixtureRequest) -> ActivityMetrics:
        calculator: ActivityMetrics = request.param
        return calculator


class TestOfDays(DailyMetricsContract):
    @pytest.fixture(
        params=[
            one for one in (*CALCULATORS, *TRAININGPEAKS.register_metrics()) if isinstance(one, DailyMetrics)
        ],
        ids=lambda calculator: type(calculator).__name__,
    )
    def calculator(self, request: pytest.FixtureRequest) -> DailyMetrics:
        calculator: DailyMetrics = request.param
        return calculator
