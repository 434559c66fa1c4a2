"""
Contracts for plugin authors' own tests: subclass one, give a fixture, and pytest does the rest.

    from training_analyzer.sdk.testing import ActivityMetricsContract

    class TestPace(ActivityMetricsContract):
        @pytest.fixture
        def calculator(self) -> ActivityMetrics:
            return Pace()

Needs pytest, which the core itself does not depend on: name it in your plugin's test dependencies.
"""

from training_analyzer.sdk.testing.activity_metrics import ActivityMetricsContract
from training_analyzer.sdk.testing.backend import BackendContract
from training_analyzer.sdk.testing.daily_metrics import DailyMetricsContract
from training_analyzer.sdk.testing.detector import DetectorContract
from training_analyzer.sdk.testing.network import NetworkGuard
from training_analyzer.sdk.testing.period_metrics import PeriodMetricsContract
from training_analyzer.sdk.testing.plugin import PluginContract
from training_analyzer.sdk.testing.provider import ProviderContract
from training_analyzer.sdk.testing.served_backend import Served, ServedBackendContract

__all__ = [
    "ActivityMetricsContract",
    "BackendContract",
    "DailyMetricsContract",
    "DetectorContract",
    "NetworkGuard",
    "PeriodMetricsContract",
    "PluginContract",
    "ProviderContract",
    "Served",
    "ServedBackendContract",
]
