"""Climbing: what counts as up, and how fast on the climbs."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from training_analyzer.sdk import Measurement, Sport
from training_analyzer_metrics_default.altitude import without_jumps
from training_analyzer_metrics_default.climbing import ascent_m, climbs, rises

Measure = Callable[..., dict[str, Measurement]]


def value(measurement: Measurement) -> float:
    assert isinstance(measurement.value, float)
    return measurement.value


def test_two_hills_add_up_to_within_the_hysteresis(measure: Measure) -> None:
    altitude = np.concatenate(
        (np.linspace(100, 300, 1000), np.linspace(300, 150, 500), np.linspace(150, 250, 500))
    )
    assert value(measure(altitude=altitude)["ascent"]) == pytest.approx(300, abs=6)


@given(st.lists(st.floats(0, 2.9), min_size=2, max_size=200))
def test_noise_of_less_than_three_metres_is_no_climb(noise: list[float]) -> None:
    assert ascent_m(np.array(noise)) == 0


@given(st.lists(st.floats(-100, 3000), min_size=1, max_size=200))
def test_nobody_climbs_more_than_the_sum_of_all_rises(altitude: list[float]) -> None:
    column = np.array(altitude)
    climbed = ascent_m(column)
    assert climbed <= np.maximum(np.diff(column), 0).sum() + 1e-6
    assert climbed >= max(0.0, column[-1] - column[0] - 3) - 1e-6


def test_what_changes_in_a_pause_was_not_climbed(measure: Measure) -> None:
    altitude = np.concatenate((np.linspace(100, 200, 600), np.linspace(800, 900, 600)))
    seconds = np.arange(1200.0)
    seconds[600:] += 900
    assert value(measure(altitude=altitude, seconds=seconds)["ascent"]) == pytest.approx(200, abs=4)


@pytest.mark.parametrize("wrong_s", [slice(0, 20), slice(0, 600), slice(1000, 1001), slice(3000, None)])
def test_what_the_device_wrote_before_it_knew_was_not_climbed(measure: Measure, wrong_s: slice) -> None:
    altitude = np.full(3600, 800.0)
    altitude[wrong_s] = 0
    speed = np.full(3600, 3.0)
    made = measure(altitude=altitude, speed=speed, distance=np.cumsum(speed), sport=Sport.RUN)
    assert value(made["ascent"]) == 0
    assert made["vam"].reason == "no_climb"
    assert value(made["grade_adjusted_pace"]) == pytest.approx(1000 / 3)
    assert made["dropped_altitude_readings"].method == "altitude_jump"


def test_behind_a_jump_the_climb_goes_on(measure: Measure) -> None:
    altitude = np.linspace(500, 1500, 3600)
    altitude[1800:] += 200
    assert value(measure(altitude=altitude)["ascent"]) == pytest.approx(1000, abs=4)


@pytest.mark.parametrize(("sport", "written_each_s", "fall_mps"), [(Sport.RIDE, 1, 12), (Sport.RIDE, 10, 5)])
def test_a_fast_descent_is_no_jump(
    measure: Measure, sport: Sport, written_each_s: int, fall_mps: float
) -> None:
    altitude = 2000 - fall_mps * np.arange(0.0, 120, written_each_s)
    made = measure(altitude=np.repeat(altitude, written_each_s), sport=sport)
    assert "dropped_altitude_readings" not in made


@pytest.mark.parametrize(("sport", "jump_m"), [(Sport.RIDE, 150), (Sport.RUN, 50)])
@pytest.mark.parametrize("hilly", [True, False])
def test_a_jump_behind_a_level_minute_was_not_climbed(
    measure: Measure, sport: Sport, jump_m: float, hilly: bool
) -> None:
    altitude = np.full(1200, 500.0)
    if hilly:
        altitude[:600] = np.linspace(450, 500, 600)
        altitude[660:] = np.linspace(500, 480, 540)
    altitude[660:] += jump_m
    made = measure(altitude=altitude, distance=3.0 * np.arange(1200), sport=sport)
    assert value(made["ascent"]) == pytest.approx(50 if hilly else 0, abs=3)
    assert value(made["dropped_altitude_readings"]) == 1
    assert made["vam"].reason == "no_climb"


def test_nobody_climbs_as_fast_as_a_lift(measure: Measure) -> None:
    up = np.linspace(500, 700, 1000)
    altitude = np.concatenate((up, np.linspace(700, 500, 300), np.linspace(500, 900, 120)))
    distance = np.cumsum(np.repeat([3.0, 10.0, 8.0], [1000, 300, 120]))
    made = measure(altitude=altitude, distance=distance)
    assert value(made["vam"]) == pytest.approx(720, rel=0.01)


@given(st.lists(st.one_of(st.floats(-400, 9000), st.just(np.nan)), min_size=1, max_size=60))
def test_without_its_jumps_an_altitude_climbs_no_more_than_with_them(altitude: list[float]) -> None:
    column, seconds = np.array(altitude), np.arange(float(len(altitude)))
    joined, jumps = without_jumps(column, seconds, Sport.RUN)
    assert (joined is column) is (jumps == 0)
    assert (np.isnan(joined) == np.isnan(column)).all()
    rising = np.diff(joined[np.isfinite(joined)])
    assert np.maximum(rising, 0).sum() <= np.maximum(np.diff(column[np.isfinite(column)]), 0).sum() + 1e-6


@given(st.lists(st.floats(0, 100), min_size=2, max_size=60))
def test_rises_do_not_overlap_and_go_up(altitude: list[float]) -> None:
    column = np.array(altitude)
    before = -1
    for rise in rises(column, 10):
        assert before < rise.first < rise.last
        assert rise.rise_m == column[rise.last] - column[rise.first] >= 10
        before = rise.first


def test_an_hour_up_a_thousand_metres(measure: Measure) -> None:
    up = np.linspace(500, 1500, 3600)
    altitude = np.concatenate((np.full(1800, 500.0), up, np.linspace(1500, 500, 1200)))
    distance = np.cumsum(np.concatenate((np.full(1800, 8.0), np.full(3600, 4.0), np.full(1200, 12.0))))
    made = measure(altitude=altitude, distance=distance)
    assert value(made["vam"]) == pytest.approx(1000, rel=0.01)
    assert value(made["ascent"]) == pytest.approx(1000, abs=3)


@pytest.mark.parametrize("valley_km", [0, 5, 25, 60])
def test_the_valley_before_a_pass_is_no_part_of_the_climb(measure: Measure, valley_km: int) -> None:
    valley_s, pass_s, flat_s = 150 * valley_km, 2856, 600
    speed = np.repeat([1000 / 150, 3.5, 3.0], [valley_s, pass_s, flat_s])
    slope = np.repeat([0.012, 0.07, 0.005], [valley_s, pass_s, flat_s])
    made = measure(distance=np.cumsum(speed), altitude=np.cumsum(speed * slope))
    assert value(made["vam"]) == pytest.approx(3600 * 3.5 * 0.07, rel=0.01)


def test_two_climbs_with_a_long_false_flat_between_them_are_both_climbed(measure: Measure) -> None:
    parts_s = [1200, 3000, 900, 600]
    speed = np.repeat([3.0, 6.0, 4.0, 3.0], parts_s)
    made = measure(
        distance=np.cumsum(speed), altitude=np.cumsum(speed * np.repeat([0.08, 0.01, 0.06, 0], parts_s))
    )
    climbed_m = 1200 * 3 * 0.08 + 900 * 4 * 0.06
    assert value(made["vam"]) == pytest.approx(climbed_m / (2100 / 3600), rel=0.01)


def test_a_short_ramp_does_not_hide_a_longer_climb(measure: Measure) -> None:
    parts_s = [60, 600, 1000]
    speed = np.full(sum(parts_s), 2.0)
    slopes = np.repeat([0.2, 0.0, 0.035], parts_s)
    made = measure(distance=np.cumsum(speed), altitude=np.cumsum(speed * slopes))
    assert value(made["vam"]) == pytest.approx(3600 * 2 * 0.035, rel=0.01)


@given(st.lists(st.integers(0, 100), min_size=2, max_size=80), st.integers(0, 300))
def test_climbs_are_steep_and_do_not_overlap(altitude: list[int], step_m: int) -> None:
    column, distance = np.array(altitude, dtype=float), np.arange(float(len(altitude))) * step_m
    found = sorted(climbs(column, distance), key=lambda climb: climb.first)
    before = 0
    for climb in found:
        assert before <= climb.first < climb.last
        assert climb.rise_m == column[climb.last] - column[climb.first] >= 30
        assert climb.rise_m > 0.03 * (distance[climb.last] - distance[climb.first])
        before = climb.last


def test_a_slow_rise_is_no_climb(measure: Measure) -> None:
    made = measure(altitude=np.linspace(0, 100, 1000), distance=np.arange(1000) * 8.0)
    assert made["vam"].reason == "no_climb"


def test_the_providers_ascent_stands_in_and_is_marked(measure: Measure) -> None:
    made = measure(moving_s=3600, ascent_m=640)
    assert value(made["ascent"]) == 640
    assert made["ascent"].estimated
    assert made["vam"].reason == "no_samples"
    assert measure(power=np.full(60, 200))["ascent"].reason == "no_altitude"


def test_a_lift_carries_skiers(measure: Measure) -> None:
    assert "ascent" not in measure(altitude=np.linspace(0, 500, 600), sport=Sport.ALPINE_SKI)
