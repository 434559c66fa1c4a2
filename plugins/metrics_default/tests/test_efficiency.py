"""Efficiency and drift: closed forms, signs, and when there is nothing to compare."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from training_analyzer.sdk import Measurement, Sport

Measure = Callable[..., dict[str, Measurement]]
HOUR = 3600


def value(measurement: Measurement) -> float:
    assert isinstance(measurement.value, float)
    return measurement.value


def test_a_heart_that_speeds_up_at_the_same_power_drifts_upwards(measure: Measure) -> None:
    heart_rate = np.repeat([140.0, 154.0], HOUR // 2)
    made = measure(power=np.full(HOUR, 200), heart_rate=heart_rate)
    expected = 100 * (1 - 140 / 154)
    assert value(made["decoupling"]) == pytest.approx(expected)
    assert value(made["decoupling_by_mean_power"]) == pytest.approx(expected)
    assert value(made["efficiency_factor"]) == pytest.approx(200 / 147)
    assert (made["decoupling"].method, made["decoupling_by_mean_power"].method) == (
        "normalized_power",
        "mean_power",
    )


def test_the_two_definitions_differ_where_one_half_is_uneven(measure: Measure) -> None:
    power = np.concatenate((np.full(HOUR // 2, 200.0), np.tile(np.repeat([400.0, 0.0], 60), 15)))
    made = measure(power=power, heart_rate=np.full(HOUR, 140))
    assert value(made["decoupling_by_mean_power"]) == pytest.approx(0, abs=1e-9)
    assert value(made["decoupling"]) < -20


@given(scale=st.floats(0.5, 2), seed=st.integers(0, 2**32 - 1))
def test_drift_does_not_depend_on_how_strong_somebody_is(measure: Measure, scale: float, seed: int) -> None:
    random = np.random.default_rng(seed)
    power, heart_rate = random.uniform(50, 400, 1300), random.uniform(100, 180, 1300)
    one, other = (
        measure(power=power, heart_rate=heart_rate),
        measure(power=power * scale, heart_rate=heart_rate),
    )
    for name in ("decoupling", "decoupling_by_mean_power"):
        assert value(other[name]) == pytest.approx(value(one[name]), abs=1e-6)


def test_coasting_counts_and_seconds_without_a_pair_do_not(measure: Measure) -> None:
    power = np.repeat([200.0, 0.0, 200.0], HOUR // 3)
    heart_rate = np.full(HOUR, 140.0)
    heart_rate[1000:1300] = np.nan
    made = measure(power=power, heart_rate=heart_rate)
    first = np.concatenate((power[:1000], power[1300:1800])).mean()
    assert value(made["decoupling_by_mean_power"]) == pytest.approx(100 * (1 - power[1800:].mean() / first))


@pytest.mark.parametrize("seconds", [60, 1199])
def test_twenty_minutes_are_needed(measure: Measure, seconds: int) -> None:
    made = measure(power=np.full(seconds, 200), heart_rate=np.full(seconds, 140))
    assert made["decoupling"].reason == made["decoupling_by_mean_power"].reason == "too_short_to_drift"


def test_a_half_without_heart_rate_cannot_be_compared(measure: Measure) -> None:
    heart_rate = np.full(HOUR, 140.0)
    heart_rate[HOUR // 2 :] = np.nan
    made = measure(power=np.full(HOUR, 200), heart_rate=heart_rate)
    assert made["decoupling"].reason == "too_short_to_drift"
    assert made["efficiency_factor"].reason == "low_coverage"


def test_metres_per_heartbeat_of_a_run(measure: Measure) -> None:
    speed, heart_rate = np.full(HOUR, 3.0), np.repeat([150.0, 160.0], HOUR // 2)
    made = measure(speed=speed, heart_rate=heart_rate, sport=Sport.RUN)
    assert value(made["heart_rate_efficiency"]) == pytest.approx(180 / 155)
    assert value(made["pace_efficiency_factor"]) == pytest.approx(180 / 155)
    assert value(made["speed_decoupling"]) == pytest.approx(100 * (1 - 150 / 160))
    assert made["speed_decoupling"].method == "speed"


def test_a_climb_in_the_second_half_is_no_drift(measure: Measure) -> None:
    distance = np.arange(HOUR) * 3.0
    altitude = np.maximum(distance - distance[HOUR // 2], 0) * 0.1
    speed = np.where(np.arange(HOUR) < HOUR // 2, 3.0, 3 / 1.459)
    made = measure(
        speed=speed,
        distance=np.concatenate(([0], np.cumsum(speed)[:-1])),
        altitude=np.concatenate(([0], np.cumsum(np.where(altitude > 0, 0.1 * speed, 0))[:-1])),
        heart_rate=np.full(HOUR, 150),
        sport=Sport.RUN,
    )
    assert made["speed_decoupling"].method == "graded_speed"
    assert value(made["speed_decoupling"]) == pytest.approx(0, abs=0.5)


def test_standing_at_a_crossing_is_neither_slow_nor_tired(measure: Measure) -> None:
    speed = np.full(HOUR, 3.0)
    speed[3000:3200] = 0
    made = measure(speed=speed, heart_rate=np.full(HOUR, 150), sport=Sport.RUN)
    assert value(made["speed_decoupling"]) == pytest.approx(0, abs=1e-9)
    assert value(made["heart_rate_efficiency"]) == pytest.approx(180 / 150)


def test_who_stands_long_was_still_measured_throughout(measure: Measure) -> None:
    speed = np.repeat([3.0, 0.0, 3.0], [1500, 1000, 1500])
    made = measure(speed=speed, heart_rate=np.full(4000, 150), moving_s=4000, sport=Sport.RUN)
    assert value(made["heart_rate_efficiency"]) == pytest.approx(180 / 150)
    assert value(made["speed_decoupling"]) == pytest.approx(0, abs=1e-9)


def test_what_is_lacking_is_named(measure: Measure) -> None:
    assert measure(power=np.full(60, 200))["decoupling"].reason == "no_heart_rate"
    assert measure(heart_rate=np.full(60, 150))["decoupling"].reason == "no_power"
    run = measure(heart_rate=np.full(60, 150), sport=Sport.RUN)
    assert run["heart_rate_efficiency"].reason == run["speed_decoupling"].reason == "no_speed"
    assert "decoupling" not in run
    assert (
        measure(power=np.zeros(HOUR), heart_rate=np.full(HOUR, 90))["decoupling"].reason
        == "nothing_but_zeros"
    )
