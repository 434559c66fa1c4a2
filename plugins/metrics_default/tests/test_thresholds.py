"""Thresholds found in training: what closed forms say, and what proves nothing."""

from collections.abc import Callable, Mapping

import numpy as np
import pytest
from hypothesis import given as forall
from hypothesis import strategies as st

from plugins.metrics_default.tests.trained import TODAY, activity, given_of, held, hyperbola, only
from training_analyzer.sdk import (
    Athlete,
    Column,
    Confidence,
    DetectionInput,
    Sport,
    ThresholdDetector,
    ThresholdSuggestion,
)
from training_analyzer.sdk.testing import DetectorContract
from training_analyzer_metrics_default.efforts import spoken
from training_analyzer_metrics_default.fitted_power import CriticalPower
from training_analyzer_metrics_default.power_duration import FITS, threshold_power
from training_analyzer_metrics_default.threshold_heart_rate import MaximumHeartRate, ThresholdHeartRate
from training_analyzer_metrics_default.threshold_power import ThresholdPower
from training_analyzer_metrics_default.threshold_speed import ThresholdSpeed, hour_speed


class TestThresholdPowerContract(DetectorContract):
    @pytest.fixture
    def detector(self) -> ThresholdDetector:
        return ThresholdPower()

    @pytest.fixture
    def inputs(self) -> Mapping[str, DetectionInput]:
        return {"a ride": given_of(activity(power=held(hyperbola(), up_to_s=3600)))}


class TestCriticalPowerContract(DetectorContract):
    @pytest.fixture
    def detector(self) -> ThresholdDetector:
        return CriticalPower()

    @pytest.fixture
    def inputs(self) -> Mapping[str, DetectionInput]:
        rides = [activity(power={s: hyperbola()(s)}) for s in (180.0, 300.0, 720.0, 1200.0)]
        return {"four efforts": given_of(*rides)}


class TestMaximumHeartRateContract(DetectorContract):
    @pytest.fixture
    def detector(self) -> ThresholdDetector:
        return MaximumHeartRate()

    @pytest.fixture
    def inputs(self) -> Mapping[str, DetectionInput]:
        return {"a run": given_of(activity(Sport.RUN, heart_rate={1.0: 190, 5.0: 188, 60.0: 180}))}


class TestThresholdHeartRateContract(DetectorContract):
    @pytest.fixture
    def detector(self) -> ThresholdDetector:
        return ThresholdHeartRate()

    @pytest.fixture
    def inputs(self) -> Mapping[str, DetectionInput]:
        run = activity(Sport.RUN, heart_rate={5.0: 190, 1200.0: 176, 3600.0: 165})
        return {"a run": given_of(run, max_heart_rate_bpm=192)}


class TestThresholdSpeedContract(DetectorContract):
    @pytest.fixture
    def detector(self) -> ThresholdDetector:
        return ThresholdSpeed()

    @pytest.fixture
    def inputs(self) -> Mapping[str, DetectionInput]:
        return {
            "a run": given_of(activity(Sport.RUN, efforts={1140.0: 5000.0, 2400.0: 10_000.0})),
            "a swim": given_of(activity(Sport.SWIM, speed={600.0: 1.2, 1200.0: 1.15})),
            "in a pool": given_of(activity(Sport.SWIM, swims={80.0: 100.0, 400.0: 400.0})),
        }


@forall(st.floats(150, 400), st.floats(8_000, 40_000))
def test_every_fit_finds_the_curve_that_efforts_lie_on(critical_w: float, capacity_j: float) -> None:
    seconds = np.array([120.0, 300, 600, 1200])
    for method, fit in FITS.items():
        found = fit(seconds, critical_w + capacity_j / seconds)
        assert found.critical_power_w == pytest.approx(critical_w, rel=1e-4), method
        assert found.anaerobic_capacity_j == pytest.approx(capacity_j, rel=1e-3), method
        assert found.error < 1e-4


def test_efforts_that_lie_on_no_curve_differ_by_fit() -> None:
    """Which is why a fit is named: the short efforts pull one way, the long ones another."""
    seconds, power_w = np.array([120.0, 300, 600, 1200]), np.array([420.0, 350, 290, 235])
    found = {method: fit(seconds, power_w) for method, fit in FITS.items()}
    work, power = found["work_time_linear"], found["power_inverse_time"]
    assert work.critical_power_w < power.critical_power_w
    assert work.anaerobic_capacity_j > power.anaerobic_capacity_j
    residuals: dict[str, Callable[[float, float], Column]] = {
        "work_time_linear": lambda cp, wj: cp * seconds + wj - power_w * seconds,
        "power_inverse_time": lambda cp, wj: cp + wj / seconds - power_w,
        "time_nonlinear": lambda cp, wj: wj / (power_w - cp) - seconds,
    }
    for method, residual in residuals.items():
        own = found[method]
        least = (residual(own.critical_power_w, own.anaerobic_capacity_j) ** 2).sum()
        for cp, wj in ((1.01, 1), (0.99, 1), (1, 1.01), (1, 0.99)):
            moved = residual(own.critical_power_w * cp, own.anaerobic_capacity_j * wj)
            assert (moved**2).sum() > least, method


def test_the_hour_itself_is_the_threshold() -> None:
    assert threshold_power(np.array([3600.0]), np.array([250.0])).tolist() == [250.0]
    share = threshold_power(np.array([1200.0]), np.array([100.0]))[0]
    assert 94 < share < 97  # Allen & Coggan take 95 % of the best 20 minutes


def test_a_maximum_has_to_be_held() -> None:
    spike = activity(heart_rate={1.0: 224, 5.0: 181, 60.0: 175})
    found = only(MaximumHeartRate().detect(given_of(spike, max_heart_rate_bpm=180)))
    assert (dict(found.values), found.confidence) == ({"max_heart_rate_bpm": 181}, Confidence.LOW)
    assert list(MaximumHeartRate().detect(given_of(spike, max_heart_rate_bpm=181))) == []


def test_threshold_heart_rate_is_found_in_hard_efforts_only() -> None:
    hard = activity(heart_rate={5.0: 188, 1200.0: 176, 1800.0: 172, 3600.0: 160})
    found = only(ThresholdHeartRate().detect(given_of(hard, hard, max_heart_rate_bpm=190)))
    assert dict(found.values) == {"threshold_heart_rate_bpm": 167}  # 0.95 * 176, below 0.968 * 172
    assert found.confidence is Confidence.MEDIUM
    easy = activity(heart_rate={5.0: 170, 1200.0: 150})
    assert list(ThresholdHeartRate().detect(given_of(easy, max_heart_rate_bpm=190))) == []
    assert list(ThresholdHeartRate().detect(given_of(hard, threshold_heart_rate_bpm=168))) == []


def test_threshold_pace_is_riegel_s_hour() -> None:
    # 10 km in 40:00 is 245.6 s/km over an hour.
    assert 1000 / hour_speed(2400, 10_000) == pytest.approx(245.6, abs=0.1)
    assert hour_speed(3600, 14_000) == pytest.approx(14_000 / 3600)
    found = only(
        ThresholdSpeed().detect(given_of(activity(Sport.RUN, efforts={80.0: 400.0, 2400.0: 10_000.0})))
    )
    assert found.values["threshold_speed_mps"] == pytest.approx(1000 / 245.6, abs=0.002)
    assert found.evidence[0].text == "10.00 km in 40 min"
    assert list(ThresholdSpeed().detect(given_of(activity(Sport.RUN, efforts={80.0: 400.0})))) == []


def test_a_pool_s_lengths_tell_of_threshold_pace_from_400_m_on() -> None:
    pool = activity(Sport.SWIM, swims={35.0: 50.0, 80.0: 100.0, 400.0: 400.0, 1100.0: 1000.0})
    found = only(ThresholdSpeed().detect(given_of(pool)))
    assert found.sport is Sport.SWIM
    assert found.values["threshold_speed_mps"] == pytest.approx(hour_speed(400, 400), abs=0.001)
    assert (found.confidence, found.evidence[0].text) == (Confidence.LOW, "0.40 km in 6 min 40 s")
    short = activity(Sport.SWIM, swims={80.0: 100.0, 240.0: 200.0})
    assert list(ThresholdSpeed().detect(given_of(short))) == []


def test_no_heart_of_that_age_has_so_low_a_maximum() -> None:
    def found(bpm: float, birth_year: int | None) -> list[ThresholdSuggestion]:
        run = activity(Sport.RUN, heart_rate={5.0: bpm})
        athlete = Athlete(birth_year=birth_year)
        return list(MaximumHeartRate().detect(DetectionInput(TODAY, (run,), {Sport.RUN: athlete})))

    assert found(57, None) == found(150, None) == found(150, 1996) == []
    assert [len(one) for one in (found(150, 1950), found(175, 1996), found(165, None))] == [1, 1, 1]


def test_an_easy_month_has_no_threshold_heart_rate() -> None:
    easy = activity(heart_rate={5.0: 140, 1200.0: 132, 3600.0: 128})
    assert list(ThresholdHeartRate().detect(given_of(easy, easy))) == []


def test_durations_are_written_as_they_are_said() -> None:
    assert [spoken(s) for s in (5, 60, 90, 1200)] == ["5 s", "1 min", "1 min 30 s", "20 min"]
