"""Mistakes that others made with these metrics, each of which would fail here."""

import math
from collections.abc import Callable

import numpy as np
import pytest

from training_analyzer.sdk import (
    Athlete,
    Curve,
    DailySeries,
    Distribution,
    Measurement,
    Sex,
    Sport,
    Thresholds,
)

Measure = Callable[..., dict[str, Measurement]]
Days = Callable[..., dict[str, DailySeries]]


def value(measurement: Measurement) -> float:
    assert isinstance(measurement.value, float)
    return measurement.value


def test_sweat_and_chironpy_let_a_first_sprint_count_as_a_whole_window(measure: Measure) -> None:
    power = np.full(600, 150.0)
    power[:5] = 1000
    # The first complete window holds the sprint as 5 of its 30 seconds: nothing rolls at 1000 W.
    rolling = np.convolve(power, np.full(30, 1 / 30), mode="valid")
    found = value(measure(power=power)["normalized_power"])
    assert found == pytest.approx(np.mean(rolling**4) ** 0.25)
    assert found < 165


def test_elevate_averages_blocks_instead_of_rolling(measure: Measure) -> None:
    # On and off by 45 s: blocks of 30 s would see 400 and 200 and 0 by turns, and depend on where they begin.
    power = np.tile(np.repeat([400.0, 0.0], 45), 40)
    one = value(measure(power=power)["normalized_power"])
    other = value(measure(power=np.roll(power, 15))["normalized_power"])
    assert one == pytest.approx(other, rel=0.005)


def test_golden_cheetah_ramps_in_from_an_empty_window(measure: Measure) -> None:
    assert value(measure(power=np.full(3600, 200))["normalized_power"]) == pytest.approx(200, rel=1e-12)


def test_golden_cheetah_and_elevate_give_women_the_factor_of_men(measure: Measure, man: Athlete) -> None:
    woman = man.model_copy(update={"sex": Sex.FEMALE})
    heart_rate = np.full(3600, 120)
    share = 0.5
    found = value(measure(heart_rate=heart_rate, athlete=woman)["trimp"])
    assert found == pytest.approx(60 * share * 0.86 * math.exp(1.67 * share))


def test_fitdocs_fills_a_cafe_stop_with_the_last_reading(measure: Measure) -> None:
    power = np.random.default_rng(1).uniform(100, 300, 7200)
    seconds = np.arange(7200.0)
    seconds[3600:] += 1800
    stopped, straight = measure(power=power, seconds=seconds), measure(power=power)
    assert value(stopped["normalized_power"]) == pytest.approx(value(straight["normalized_power"]), rel=2e-3)
    assert value(stopped["work"]) == pytest.approx(value(straight["work"]))


def test_a_pause_filled_with_zeros_would_raise_the_stress(measure: Measure) -> None:
    power = np.full(7200, 210.0)
    seconds = np.arange(7200.0)
    seconds[3600:] += 3600
    filled = np.concatenate((power[:3600], np.zeros(3600), power[3600:]))
    stress = value(measure(power=power, seconds=seconds)["training_stress_score"])
    assert stress == pytest.approx(200 * (210 / 260) ** 2)
    assert value(measure(power=filled)["training_stress_score"]) > 1.1 * stress


def test_fitdocs_believes_a_clock_that_jumps(measure: Measure) -> None:
    heart_rate = np.full(3600, 150.0)
    seconds = np.arange(3600.0)
    seconds[1800:] += 68_342_403
    jumped, straight = measure(heart_rate=heart_rate, seconds=seconds), measure(heart_rate=heart_rate)
    assert value(jumped["trimp"]) == pytest.approx(value(straight["trimp"]))
    assert jumped["time_in_heart_rate_zones"] == straight["time_in_heart_rate_zones"]


def test_golden_cheetah_and_fitdocs_believe_spikes_of_21733_watts(measure: Measure) -> None:
    power = np.full(3600, 216.0)
    power[[500, 501, 2000, 3000]] = 21_733
    made = measure(power=power)
    assert value(made["normalized_power"]) == pytest.approx(216)
    assert value(made["average_power"]) == pytest.approx(216)


def test_igpsport_seeds_fitness_with_the_first_days_load(days: Days) -> None:
    assert days([100.0])["fitness"].values[0] == pytest.approx(100 * (1 - math.exp(-1 / 42)))
    assert days([100.0])["fitness"].values[0] < 2.4


def test_cycling_stats_adjusts_its_averages_for_the_short_past(days: Days) -> None:
    # With adjust=True a constant load would be at its full height from the first day.
    assert days([52.3] * 6)["fitness"].values[-1] == pytest.approx(52.3 * (1 - math.exp(-6 / 42)))


def test_fitops_takes_two_over_n_plus_one_which_is_twice_as_fast(days: Days) -> None:
    week = [0, 60, 85, 45, 0, 70, 130]
    assert days(week * 6)["fitness"].values[-1] == pytest.approx(35.9, abs=0.05)  # theirs: 50.1


def test_elevate_and_golden_cheetah_use_the_average_heart_rate(measure: Measure) -> None:
    heart_rate = np.repeat([110.0, 170.0], 1800)
    share = (heart_rate - 50) / 140
    expected = np.sum(share * 0.64 * np.exp(1.92 * share)) / 60
    assert value(measure(heart_rate=heart_rate)["trimp"]) == pytest.approx(expected)


def test_sinu0_stops_its_series_at_the_last_activity(days: Days) -> None:
    rested = days([100.0] * 50 + [0.0] * 30)
    assert rested["fitness"].values[-1] < 0.5 * rested["fitness"].values[49]
    assert rested["form"].values[-1] > 0


def test_golden_cheetah_closes_gaps_up_so_that_windows_span_them(measure: Measure) -> None:
    seconds = np.concatenate((np.arange(20), 500 + np.arange(20)))
    assert measure(power=np.full(40, 300), seconds=seconds)["normalized_power"].reason == "too_short"


def test_endurance_metrics_calls_equal_days_a_monotony_of_zero(days: Days) -> None:
    made = days([70.0] * 28)
    assert np.isnan(made["monotony"].values).all()
    assert np.isnan(made["strain"].values).all()


def test_sweat_and_chironpy_do_not_smooth_xpower_at_all(measure: Measure) -> None:
    power = np.tile([0.0, 400.0], 1800)  # theirs: the plain fourth-power mean, 336 W
    assert value(measure(power=power)["xpower"]) == pytest.approx(200, rel=0.02)


def test_golden_cheetah_takes_another_time_constant_where_readings_are_sparse(measure: Measure) -> None:
    power = np.repeat(np.random.default_rng(2).uniform(50, 400, 720), 5)
    every_second = measure(power=power)
    every_fifth = measure(power=power[::5], seconds=np.arange(720) * 5.0, moving_s=3600)
    assert value(every_fifth["xpower"]) == pytest.approx(value(every_second["xpower"]), rel=2e-3)


def test_endurance_metrics_turns_the_sign_of_decoupling_round(measure: Measure) -> None:
    tiring = np.repeat([140.0, 150.0], 1800)
    assert value(measure(power=np.full(3600, 200), heart_rate=tiring)["decoupling"]) > 0


def test_endurance_metrics_leaves_coasting_out_of_decoupling(measure: Measure) -> None:
    power = np.concatenate((np.full(1800, 200.0), np.tile(np.repeat([200.0, 0.0], 30), 30)))
    found = value(measure(power=power, heart_rate=np.full(3600, 140))["decoupling_by_mean_power"])
    assert found == pytest.approx(50)


def test_sweats_curve_misses_the_window_at_the_first_sample(measure: Measure) -> None:
    power = np.full(600, 200.0)
    power[:10] = 900
    curve = measure(power=power)["power_curve"].value
    assert isinstance(curve, Curve)
    assert curve.starts_s is not None
    assert (curve.values[9], curve.starts_s[9]) == (900, 0)


def test_sweats_curve_ends_before_the_last_duration(measure: Measure) -> None:
    curve = measure(power=np.full(600, 200.0))["power_curve"].value
    assert isinstance(curve, Curve)
    assert curve.seconds[-1] == 600


def test_sweats_best_interval_counts_a_sprint_as_twenty_minutes(measure: Measure) -> None:
    power = np.full(1300, 160.0)
    power[:5] = 900
    curve = measure(power=power)["power_curve"].value
    assert isinstance(curve, Curve)
    at = dict(zip(curve.seconds, curve.values, strict=True))
    assert at[1200] == pytest.approx((5 * 900 + 1195 * 160) / 1200)


def test_elevates_peak_of_five_seconds_takes_six_samples(measure: Measure) -> None:
    power = np.full(600, 100.0)
    power[300:305] = 720
    curve = measure(power=power)["power_curve"].value
    assert isinstance(curve, Curve)
    assert curve.values[4] == 720


def test_golden_cheetah_gives_women_the_weight_of_men_in_keytels_equation(measure: Measure) -> None:
    woman = Athlete(sex=Sex.FEMALE, birth_year=1996, thresholds=Thresholds(weight_kg=60))
    found = value(measure(heart_rate=np.full(3600, 140), athlete=woman)["calories"])
    assert 500 < found < 560  # theirs: 746


def test_golden_cheetah_divides_the_ascent_by_the_whole_ride(measure: Measure) -> None:
    altitude = np.concatenate((np.full(3600, 100.0), np.linspace(100, 600, 1800)))
    distance = np.cumsum(np.concatenate((np.full(3600, 9.0), np.full(1800, 4.0))))
    assert value(measure(altitude=altitude, distance=distance)["vam"]) == pytest.approx(1000, rel=0.01)


def test_cycling_stats_has_six_power_zones_of_coggans_seven(measure: Measure) -> None:
    zones = measure(power=np.full(60, 500.0))["time_in_power_zones"].value
    assert isinstance(zones, Distribution)
    assert zones.seconds == (0, 0, 0, 0, 0, 0, 60)


def test_chironpy_ends_an_effort_at_the_next_whole_second(measure: Measure) -> None:
    curve = measure(distance=np.arange(600) * 3.0, sport=Sport.RUN)["best_efforts"].value
    assert isinstance(curve, Curve)
    assert curve.seconds[0] == pytest.approx(400 / 3)


def test_golden_cheetah_fills_a_pause_with_zeros_in_the_curve(measure: Measure) -> None:
    seconds = np.arange(1200.0)
    seconds[600:] += 300
    curve = measure(power=np.full(1200, 250.0), seconds=seconds)["power_curve"].value
    assert isinstance(curve, Curve)
    assert curve.seconds[-1] == 600
    assert set(curve.values) == {250}


def test_golden_cheetah_cuts_tau_to_whole_seconds(measure: Measure) -> None:
    rider = Athlete(thresholds=Thresholds(critical_power_w=250, anaerobic_capacity_j=20_000))
    power = np.tile(np.repeat([330.0, 140.0], [60, 90]), 20)
    tau = 546 * math.exp(-0.01 * 110) + 316
    spent = most = 0.0
    for watts in power:
        spent = spent * math.exp(-1 / tau) + max(watts - 250, 0)
        most = max(most, spent)
    found = value(measure(power=power, athlete=rider)["lowest_anaerobic_reserve_integral"])
    assert found == pytest.approx(20 - most / 1000, rel=1e-12)
