"""Power: closed forms, missing readings, and what a summary may stand in for."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from training_analyzer.sdk import Athlete, Measurement, Summary

Measure = Callable[..., dict[str, Measurement]]
FROM_METER = Summary(average_power_w=200, weighted_power_w=220, power_is_measured=True, work_kj=720)


def value(measurement: Measurement) -> float:
    assert isinstance(measurement.value, float)
    return measurement.value


def test_an_hour_at_threshold_power_is_100(measure: Measure) -> None:
    made = measure(power=np.full(3600, 260))
    assert value(made["average_power"]) == 260
    assert value(made["normalized_power"]) == pytest.approx(260, rel=1e-12)
    assert value(made["intensity_factor"]) == pytest.approx(1, rel=1e-12)
    assert value(made["training_stress_score"]) == pytest.approx(100, rel=1e-12)
    assert value(made["work"]) == pytest.approx(936)
    assert not any(made[name].estimated for name in ("normalized_power", "training_stress_score", "work"))
    assert made["training_stress_score"].thresholds == {"functional_threshold_power_w": 260}


def test_alternating_half_minutes_agree_with_the_closed_form(measure: Measure) -> None:
    # 30 s at 400 W, 30 s at 0 W: the rolling mean is a triangle wave between 0 and 400, in 30 steps.
    power = np.tile(np.repeat([400.0, 0.0], 30), 60)
    rising = 400 / 30 * np.arange(30)
    falling = 400 - rising
    expected = np.mean(np.concatenate((rising, falling)) ** 4) ** 0.25
    # The recording begins at the top of the wave, and the first window is complete only there.
    assert value(measure(power=power)["normalized_power"]) == pytest.approx(expected, rel=2e-3)


def test_coasting_is_data(measure: Measure) -> None:
    made = measure(power=np.repeat([200.0, 0.0], 1800))
    assert value(made["average_power"]) == 100
    assert value(made["work"]) == pytest.approx(360)


@pytest.mark.parametrize(("seconds", "present"), [(1, False), (29, False), (30, True), (31, True)])
def test_normalized_power_needs_thirty_seconds(measure: Measure, seconds: int, present: bool) -> None:
    made = measure(power=np.full(seconds, 250))
    for name in ("normalized_power", "intensity_factor", "training_stress_score"):
        assert (made[name].value is not None) is present
        assert made[name].reason == (None if present else "too_short")
    assert value(made["average_power"]) == 250


def test_thirty_seconds_must_be_unbroken(measure: Measure) -> None:
    seconds = np.concatenate((np.arange(29), 1000 + np.arange(29)))
    made = measure(power=np.full(58, 250), seconds=seconds)
    assert made["normalized_power"].reason == "too_short"


def test_windows_that_touch_a_dropout_are_dropped(measure: Measure) -> None:
    power = np.full(3600, 200.0)
    power[1000:1005] = np.nan
    made = measure(power=power)
    assert value(made["normalized_power"]) == pytest.approx(200, rel=1e-12)
    assert value(made["average_power"]) == 200
    # Five seconds of unknown power earn nothing, and are not coasting either.
    assert value(made["training_stress_score"]) == pytest.approx(100 * 3595 / 3600 * (200 / 260) ** 2)


def test_a_pause_changes_neither_normalized_power_nor_intensity_nor_stress(measure: Measure) -> None:
    power = np.full(7200, 210.0)
    seconds = np.arange(7200.0)
    seconds[3600:] += 1800
    without, paused = measure(power=power), measure(power=power, seconds=seconds)
    for name in ("average_power", "normalized_power", "intensity_factor", "training_stress_score", "work"):
        assert value(paused[name]) == pytest.approx(value(without[name]), rel=1e-12)


@given(scale=st.floats(0.1, 3), seed=st.integers(0, 2**32 - 1))
def test_scaling_power_scales_everything_with_it(measure: Measure, scale: float, seed: int) -> None:
    power = np.random.default_rng(seed).uniform(1, 800, 300)
    one, other = measure(power=power), measure(power=power * scale)
    for name in ("average_power", "normalized_power", "intensity_factor", "work"):
        assert value(other[name]) == pytest.approx(value(one[name]) * scale, rel=1e-9)
    assert value(other["training_stress_score"]) == pytest.approx(
        value(one["training_stress_score"]) * scale**2, rel=1e-9
    )


@given(seed=st.integers(0, 2**32 - 1), length=st.integers(30, 200))
def test_normalized_power_agrees_with_a_slow_reading_of_the_definition(
    measure: Measure, seed: int, length: int
) -> None:
    random = np.random.default_rng(seed)
    power = random.uniform(0, 900, length)
    for start in np.flatnonzero(random.random(length) < 0.005):
        power[start : start + 6] = np.nan  # longer than a reading holds
    if np.isnan(power).all():
        power[0] = 100
    seconds = np.cumsum(np.where(random.random(length) < 0.01, 60, 1))
    windows = [
        power[end - 30 : end]
        for end in range(30, length + 1)
        if seconds[end - 1] - seconds[end - 30] == 29 and np.isfinite(power[end - 30 : end]).all()
    ]
    found = measure(power=power, seconds=seconds)["normalized_power"]
    if windows:
        expected = np.mean([window.mean() ** 4 for window in windows]) ** 0.25
        assert value(found) == pytest.approx(expected, rel=1e-9)
    else:
        assert found.reason == "too_short"


def test_without_a_threshold_there_is_no_intensity(measure: Measure) -> None:
    for parts in ({"power": np.full(60, 200)}, {"summary": FROM_METER, "moving_s": 3600}):
        made = measure(**parts, athlete=Athlete())
        assert made["intensity_factor"].reason == "no_threshold_power"
        assert made["training_stress_score"].reason == "no_threshold_power"
        assert made["average_power"].value is not None


def test_without_power_everything_says_so(measure: Measure) -> None:
    made = measure(heart_rate=np.full(60, 120))
    names = ("average_power", "normalized_power", "intensity_factor", "training_stress_score", "work")
    assert {made[name].reason for name in names} == {"no_power"}


def test_a_summary_stands_in_and_is_marked(measure: Measure) -> None:
    made = measure(summary=FROM_METER, moving_s=3600)
    assert value(made["average_power"]) == 200
    assert value(made["work"]) == 720
    assert value(made["training_stress_score"]) == pytest.approx(100 * (220 / 260) ** 2)
    for name in ("average_power", "work", "training_stress_score"):
        assert made[name].estimated
        assert made[name].method == "summary"


def test_a_services_weighted_average_never_passes_for_normalized_power(measure: Measure) -> None:
    made = measure(summary=FROM_METER, moving_s=3600)
    assert made["normalized_power"].reason == "no_samples"
    assert made["intensity_factor"].reason == "no_samples"


def test_a_summary_without_a_weighted_average_uses_the_plain_one(measure: Measure) -> None:
    summary = Summary(average_power_w=200, power_is_measured=True)
    made = measure(summary=summary, moving_s=1800)
    assert value(made["training_stress_score"]) == pytest.approx(50 * (200 / 260) ** 2)
    assert made["work"].reason == "no_samples"


@pytest.mark.parametrize("with_samples", [True, False])
def test_power_that_a_service_guessed_is_no_basis_for_load(measure: Measure, with_samples: bool) -> None:
    guessed = Summary(average_power_w=200, work_kj=720)
    samples = {"power": np.full(3600, 200)} if with_samples else {"moving_s": 3600}
    made = measure(summary=guessed, **samples)
    for name in ("normalized_power", "intensity_factor", "training_stress_score"):
        assert made[name].reason == "power_not_measured"
    for name in ("average_power", "work"):
        assert made[name].estimated
        assert made[name].method == "modelled_power"


def test_a_sum_is_not_made_from_half_a_recording(measure: Measure) -> None:
    power = np.full(3600, 200.0)
    power[1800:] = np.nan
    made = measure(power=power)
    assert made["work"].reason == "low_coverage"
    assert made["training_stress_score"].reason == "low_coverage"
    assert value(made["normalized_power"]) == pytest.approx(200)
    helped = measure(power=power, summary=FROM_METER)
    assert helped["work"].method == helped["training_stress_score"].method == "summary"
    assert helped["work"].estimated
    assert helped["training_stress_score"].estimated


def test_a_weighted_average_that_no_meter_measured_stands_in_for_nothing(measure: Measure) -> None:
    power = np.full(3600, 200.0)
    power[1800:] = np.nan
    made = measure(power=power, summary=Summary(weighted_power_w=220))
    assert made["training_stress_score"].reason == "low_coverage"


def test_a_summary_counts_the_time_on_the_move(measure: Measure) -> None:
    made = measure(summary=FROM_METER, moving_s=1800, elapsed_s=7200)
    assert value(made["training_stress_score"]) == pytest.approx(50 * (220 / 260) ** 2)
