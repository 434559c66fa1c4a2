"""xPower and BikeScore, the ratios of power, and what lies above critical power."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from training_analyzer.sdk import Athlete, Measurement, Sport, Summary, Thresholds

Measure = Callable[..., dict[str, Measurement]]
RIDER = Athlete(
    thresholds=Thresholds(
        functional_threshold_power_w=250, critical_power_w=250, anaerobic_capacity_j=20_000, weight_kg=80
    )
)


def value(measurement: Measurement) -> float:
    assert isinstance(measurement.value, float)
    return measurement.value


def test_xpower_of_constant_power_rises_from_zero_as_published(measure: Measure) -> None:
    smoothed = 250 * (1 - (25 / 26) ** np.arange(1, 3601))
    made = measure(power=np.full(3600, 250), athlete=RIDER)
    assert value(made["xpower"]) == pytest.approx(np.mean(smoothed**4) ** 0.25, rel=1e-12)
    assert value(made["relative_intensity"]) == pytest.approx(value(made["xpower"]) / 250)
    assert value(made["bike_score"]) == pytest.approx(100, rel=0.01)
    assert value(made["variability_index"]) == pytest.approx(1)
    assert value(made["power_per_kg"]) == value(made["normalized_power_per_kg"]) == pytest.approx(3.125)
    assert value(made["work_per_kg"]) == pytest.approx(900 / 80)


def test_a_pause_changes_no_intensity(measure: Measure) -> None:
    power = np.random.default_rng(4).uniform(50, 400, 3600)
    seconds = np.arange(3600.0)
    seconds[1800:] += 1200
    one, other = measure(power=power, athlete=RIDER), measure(power=power, seconds=seconds, athlete=RIDER)
    for name in ("xpower", "relative_intensity", "bike_score", "work_above_critical_power"):
        assert value(other[name]) == pytest.approx(value(one[name]), rel=1e-12)


@given(scale=st.floats(0.1, 3), seed=st.integers(0, 2**32 - 1))
def test_scaling_power_scales_xpower(measure: Measure, scale: float, seed: int) -> None:
    power = np.random.default_rng(seed).uniform(1, 800, 200)
    one, other = measure(power=power), measure(power=power * scale)
    assert value(other["xpower"]) == pytest.approx(value(one["xpower"]) * scale, rel=1e-9)
    assert value(other["variability_index"]) == pytest.approx(value(one["variability_index"]), rel=1e-9)


def test_one_minute_above_critical_power(measure: Measure) -> None:
    power = np.repeat([200.0, 350.0, 0.0], [600, 60, 600])
    made = measure(power=power, athlete=RIDER)
    assert value(made["work_above_critical_power"]) == pytest.approx(6)
    assert value(made["lowest_anaerobic_reserve"]) == pytest.approx(14)
    assert made["lowest_anaerobic_reserve"].method == "differential"
    below = (600 * 50 + 600 * 250) / 1200
    kept = np.exp(-1 / (546 * np.exp(-0.01 * below) + 316))
    spent = 100 * (1 - kept**60) / (1 - kept)
    assert value(made["lowest_anaerobic_reserve_integral"]) == pytest.approx(20 - spent / 1000)


def test_the_reserve_comes_back_as_the_differential_form_says(measure: Measure) -> None:
    power = np.repeat([350.0, 150.0, 350.0], [60, 120, 60])
    left = 14_000.0
    for _ in range(120):
        left += 100 * (20_000 - left) / 20_000
    made = measure(power=power, athlete=RIDER)
    assert value(made["lowest_anaerobic_reserve"]) == pytest.approx((left - 6000) / 1000)


def test_in_a_pause_the_reserve_comes_back_as_at_rest(measure: Measure) -> None:
    power, seconds = np.full(120, 350.0), np.arange(120.0)
    seconds[60:] += 300
    rested = np.concatenate((power[:60], np.zeros(300), power[60:]))
    paused = measure(power=power, seconds=seconds, athlete=RIDER)["lowest_anaerobic_reserve"]
    assert value(paused) == pytest.approx(
        value(measure(power=rested, athlete=RIDER)["lowest_anaerobic_reserve"])
    )


def test_a_reserve_below_zero_is_not_hidden_but_marked(measure: Measure) -> None:
    made = measure(power=np.full(600, 350.0), athlete=RIDER)
    for name, method in (
        ("lowest_anaerobic_reserve", "differential_below_zero"),
        ("lowest_anaerobic_reserve_integral", "integral_below_zero"),
    ):
        assert value(made[name]) < 0
        assert made[name].method == method
        assert made[name].estimated


def test_day_long_rides_do_not_overflow(measure: Measure) -> None:
    made = measure(power=np.tile([300.0, 100.0], 43_200), athlete=RIDER)
    assert 0 < value(made["lowest_anaerobic_reserve_integral"]) < 20


@pytest.mark.parametrize(
    ("changed", "reasons"),
    [
        ({"critical_power_w": None}, {"relative_intensity": "no_critical_power", "lowest_anaerobic_reserve": "no_critical_power"}),
        ({"anaerobic_capacity_j": None}, {"lowest_anaerobic_reserve": "no_anaerobic_capacity"}),
        ({"weight_kg": None}, {"power_per_kg": "no_weight", "work_per_kg": "no_weight"}),
    ],
)  # fmt: skip
def test_what_is_not_known_of_the_athlete_is_named(
    measure: Measure, changed: dict[str, None], reasons: dict[str, str]
) -> None:
    athlete = Athlete(thresholds=RIDER.thresholds.model_copy(update=changed))
    made = measure(power=np.full(60, 200.0), athlete=athlete)
    assert {name: made[name].reason for name in reasons} == reasons


def test_nothing_is_made_of_a_meter_that_reads_zero_throughout(measure: Measure) -> None:
    made = measure(power=np.zeros(600), athlete=RIDER)
    for name in ("variability_index", "xpower", "power_per_kg", "lowest_anaerobic_reserve", "power_curve"):
        assert made[name].reason == "nothing_but_zeros"


def test_power_that_a_service_guessed_is_no_basis_for_more(measure: Measure) -> None:
    made = measure(power=np.full(600, 200.0), summary=Summary(average_power_w=200), athlete=RIDER)
    for name in ("xpower", "bike_score", "work_above_critical_power", "variability_index"):
        assert made[name].reason == "power_not_measured"


def test_a_run_without_power_says_nothing_of_it_and_a_ride_says_why(measure: Measure) -> None:
    heart_rate = np.full(60, 150.0)
    assert "xpower" not in measure(heart_rate=heart_rate, sport=Sport.RUN)
    ride = measure(heart_rate=heart_rate)
    assert ride["xpower"].reason == ride["lowest_anaerobic_reserve"].reason == "no_power"
    assert measure(moving_s=60)["xpower"].reason == "no_samples"


def test_pedalling_power_leaves_out_coasting(measure: Measure) -> None:
    made = measure(power=np.repeat([200.0, 0.0], 300))
    assert value(made["nonzero_average_power"]) == 200
    assert value(made["max_power"]) == 200
