"""Intensity: three parts, the index, the zones of power and pace, and the last 28 days."""

import math
from collections.abc import Callable

import numpy as np
import pytest

from training_analyzer.sdk import Athlete, DailySeries, Distribution, Measurement, Sport, Thresholds
from training_analyzer_metrics_default.intensity import polarization_indices, three_parts

Measure = Callable[..., dict[str, Measurement]]
Days = Callable[..., dict[str, DailySeries]]
NAMES = ("low_intensity_time", "moderate_intensity_time", "high_intensity_time")


def times(made: dict[str, Measurement]) -> list[object]:
    return [made[name].value for name in NAMES]


@pytest.mark.parametrize(
    ("shares", "index"),
    [
        ((0.8, 0.05, 0.15), math.log10(0.8 / 0.05 * 0.15 * 100)),
        ((0.7, 0.2, 0.1), math.log10(35)),
        ((0.9, 0.1, 0.0), 0),
        ((0.9, 0.0, 0.1), math.log10(0.89 / 0.01 * 0.1 * 100)),
        ((0.3, 0.3, 0.4), None),
    ],
)
def test_the_index_and_its_special_cases(shares: tuple[float, ...], index: float | None) -> None:
    found = polarization_indices(*np.array(shares)[:, None])[0]
    assert math.isnan(found) if index is None else found == pytest.approx(index)


@pytest.mark.parametrize(
    ("seconds", "parts"),
    [
        ([10, 20, 30], (10, 20, 30)),
        ([1, 2, 3, 4, 5], (3, 7, 5)),
        ([1, 2, 3, 4, 5, 6, 7], (3, 7, 18)),
        ([1, 2], None),
        ([1, 2, 3, 4], None),
    ],
)
def test_zones_become_three_parts(seconds: list[int], parts: tuple[int, int, int] | None) -> None:
    assert three_parts(seconds) == parts


def test_a_ride_by_power_in_coggans_zones(measure: Measure) -> None:
    power = np.repeat([150.0, 230.0, 300.0], [1800, 600, 300])
    made = measure(power=power, heart_rate=np.full(2700, 100))
    assert times(made) == [1800, 600, 300]
    assert made["low_intensity_time"].method == "power_coggan"
    assert made["polarization_index"].value == pytest.approx(math.log10(1800 / 600 * (300 / 2700) * 100))


def test_a_ride_without_power_by_heart_rate(measure: Measure) -> None:
    made = measure(heart_rate=np.repeat([130.0, 155.0, 170.0], 600))
    assert times(made) == [600, 600, 600]
    assert made["low_intensity_time"].method == "heart_rate_friel"


def test_edwards_below_the_first_zone_is_easy(measure: Measure) -> None:
    by_max = Athlete(thresholds=Thresholds(max_heart_rate_bpm=200))
    made = measure(heart_rate=np.repeat([80.0, 110, 130, 150, 170, 190], 100), athlete=by_max)
    assert times(made) == [300, 200, 100]


def test_a_run_by_pace_and_by_heart_rate_where_there_is_no_threshold_pace(measure: Measure) -> None:
    parts = {"speed": np.repeat([3.0, 3.8, 4.4], 600), "heart_rate": np.full(1800, 120), "sport": Sport.RUN}
    runner = Athlete(thresholds=Thresholds(threshold_speed_mps=4, threshold_heart_rate_bpm=165))
    by_pace = measure(**parts, athlete=runner)
    assert times(by_pace) == [600, 600, 600]
    assert by_pace["low_intensity_time"].method == "pace_golden_cheetah"
    assert measure(**parts)["low_intensity_time"].method == "heart_rate_friel"


def test_without_any_zones_nothing_is_divided(measure: Measure) -> None:
    made = measure(power=np.full(600, 200), athlete=Athlete())
    assert {made[name].reason for name in (*NAMES, "polarization_index")} == {"no_intensity_zones"}
    hard = measure(power=np.full(600, 320))
    assert hard["polarization_index"].reason == "harder_than_easy"


def distribution(measurement: Measurement) -> Distribution:
    assert isinstance(measurement.value, Distribution)
    return measurement.value


def test_time_in_coggans_seven_power_zones_and_in_ones_own(measure: Measure) -> None:
    power = np.array([0.0, 142.9, 143, 195, 234, 273, 312, 390, 800])
    found = distribution(measure(power=power)["time_in_power_zones"])
    assert found.bounds == (143, 195, 234, 273, 312, 390)
    assert found.seconds == (2, 1, 1, 1, 1, 1, 2)
    own = Athlete(thresholds=Thresholds(power_zones_w=(100, 200), functional_threshold_power_w=260))
    made = measure(power=power, athlete=own)["time_in_power_zones"]
    assert (made.method, distribution(made).seconds) == ("athlete_zones", (1, 3, 5))
    assert measure(power=power, athlete=Athlete())["time_in_power_zones"].reason == "no_threshold_power"


@pytest.mark.parametrize(("sport", "first"), [(Sport.RUN, 3.2), (Sport.SWIM, 3.72)])
def test_time_in_pace_zones_counts_only_on_the_move(measure: Measure, sport: Sport, first: float) -> None:
    known = Athlete(thresholds=Thresholds(threshold_speed_mps=4))
    speed = np.concatenate((np.full(60, 2.5), np.zeros(60)))
    found = distribution(measure(speed=speed, sport=sport, athlete=known)["time_in_pace_zones"])
    assert found.bounds[0] == pytest.approx(first)
    assert sum(found.seconds) == 60
    assert measure(speed=speed, sport=sport)["time_in_pace_zones"].reason == "no_threshold_speed"


def test_28_days_of_easy_and_hard(days: Days) -> None:
    easy, moderate, hard = np.full(40, 2880.0), np.full(40, 180.0), np.full(40, 540.0)
    made = days([60.0] * 40, intensities_s=(easy, moderate, hard))
    for name, share in (("low", 80), ("moderate", 5), ("high", 15)):
        values = made[f"{name}_intensity_share_28d"].values
        assert np.isnan(values[:27]).all()
        assert values[27:] == pytest.approx(share)
    assert made["polarization_index_28d"].values[-1] == pytest.approx(math.log10(240))


def test_28_days_of_rest_have_no_shares(days: Days) -> None:
    made = days([0.0] * 40)
    assert np.isnan(made["low_intensity_share_28d"].values).all()
    assert np.isnan(made["polarization_index_28d"].values).all()
    assert made["polarization_index_28d"].absent == "no_intensity_time"


def test_by_pace_who_stands_is_not_easy(measure: Measure) -> None:
    runner = Athlete(thresholds=Thresholds(threshold_speed_mps=3.5))
    speed = np.repeat([3.2, 0.0], [2400, 1200])
    made = measure(speed=speed, sport=Sport.RUN, athlete=runner)
    assert times(made) == [0, 2400, 0]
    assert sum(distribution(made["time_in_pace_zones"]).seconds) == 2400
