"""The contracts that every plugin keeps, kept by this one."""

from collections.abc import Mapping

import numpy as np
import pytest

from training_analyzer.sdk import (
    Activity,
    ActivityMetrics,
    Athlete,
    Channel,
    DailyMetrics,
    PeriodMetrics,
    PoolLength,
    Samples,
    Sport,
)
from training_analyzer.sdk.testing import (
    ActivityMetricsContract,
    DailyMetricsContract,
    PeriodMetricsContract,
    PluginContract,
    samples,
)
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

    @pytest.fixture
    def activities(self) -> Mapping[str, Activity]:
        hilly = samples.full_activity()
        assert hilly.samples is not None
        channels = {
            **hilly.samples.channels,
            Channel.ALTITUDE_M: 300 + 0.06 * hilly.samples.channels[Channel.DISTANCE_M],
        }
        climb = hilly.model_copy(update={"samples": Samples(hilly.samples.seconds, channels)})
        swim = samples.summary_activity(Sport.SWIM).model_copy(
            update={
                "distance_m": 3000.0,
                "pool_length_m": 50.0,
                "lengths": (PoolLength(start_s=0, elapsed_s=44, strokes=20),),
            }
        )
        return {**samples.activities(), "swim, 3 km": swim, "ride, uphill": climb, "ride, broken": _broken()}

    @pytest.fixture
    def athletes(self) -> Mapping[str, Athlete]:
        known = samples.known_athlete()
        thresholds = known.thresholds.model_copy(update={"heart_rate_zones_bpm": (145.0, 168.0)})
        three_zones = known.model_copy(update={"thresholds": thresholds})
        return {**samples.athletes(), "three zones": three_zones}


def _broken() -> Activity:
    """Return a ride in which every sensor sent nonsense, and every one fell silent."""
    sound = samples.full_activity()
    assert sound.samples is not None
    channels = {channel: readings.copy() for channel, readings in sound.samples.channels.items()}
    channels[Channel.ALTITUDE_M] = 300 + 0.01 * sound.samples.seconds
    for channel in (
        Channel.POWER_W,
        Channel.HEART_RATE_BPM,
        Channel.CADENCE_RPM,
        Channel.SPEED_MPS,
        Channel.ALTITUDE_M,
    ):
        channels[channel][100] = 30_000
        channels[channel][200:203] = np.nan
        channels[channel][300:330] = np.nan
    channels[Channel.DISTANCE_M][400:] += 10_000
    seconds = sound.samples.seconds.copy()
    seconds[450:] += 3
    seconds[500:] += 600
    seconds[550:] += 200_000
    return sound.model_copy(update={"samples": Samples(seconds, channels, left_out=1)})


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


class TestOfPeriods(PeriodMetricsContract):
    @pytest.fixture(
        params=[one for one in CALCULATORS if isinstance(one, PeriodMetrics)],
        ids=lambda calculator: type(calculator).__name__,
    )
    def calculator(self, request: pytest.FixtureRequest) -> PeriodMetrics:
        calculator: PeriodMetrics = request.param
        return calculator
