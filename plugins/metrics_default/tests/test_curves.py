"""Curves: exact at every duration, honest about gaps, and with the place of each best."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from training_analyzer.sdk import Activity, ActivityInput, Athlete, Curve, Measurement, Sport, Summary
from training_analyzer_metrics_default.curves import (
    DURATIONS_S,
    POWER_CURVE,
    SPEED_CURVE,
    CurveMetrics,
    mean_maximal,
)

Make = Callable[..., Activity]
Measure = Callable[..., dict[str, Measurement]]


def curve(measurement: Measurement) -> Curve:
    assert isinstance(measurement.value, Curve)
    return measurement.value


def test_the_durations_are_the_same_for_all(measure: Measure) -> None:
    assert set(range(1, 61)) <= set(DURATIONS_S.tolist())
    assert {300, 1200, 3600} <= set(DURATIONS_S.tolist())
    assert 100 <= (DURATIONS_S > 60).sum() <= 150
    assert (np.diff(DURATIONS_S) > 0).all()
    short, long = (
        curve(measure(power=np.full(700, 200))["power_curve"]),
        curve(measure(power=np.full(9000, 200))["power_curve"]),
    )
    assert short.seconds == long.seconds[: len(short.seconds)]


def test_a_constant_power_is_the_best_of_all_its_durations(measure: Measure) -> None:
    found = curve(measure(power=np.full(3600, 250))["power_curve"])
    assert set(found.values) == {250}
    assert found.seconds[-1] == 3600
    assert found.starts_s == (0,) * len(found.seconds)


def test_where_each_best_began_is_told_in_seconds_of_the_activity(measure: Measure) -> None:
    power, seconds = np.full(2000, 150.0), np.arange(2000.0)
    seconds[500:] += 900
    power[1000:1060] = 400
    found = curve(measure(power=power, seconds=seconds)["power_curve"])
    assert found.starts_s is not None
    at = dict(zip(found.seconds, zip(found.values, found.starts_s, strict=True), strict=True))
    assert at[60] == (400, 1900)
    assert at[120][0] == 275
    assert 1840 <= at[120][1] <= 1900


@given(
    st.lists(st.one_of(st.integers(0, 900), st.just(np.nan)), min_size=1, max_size=90),
    st.lists(st.booleans(), min_size=90, max_size=90),
    st.booleans(),
)
def test_it_agrees_with_trying_every_window(readings: list[float], paused: list[bool], whole: bool) -> None:
    column = np.array(readings, dtype=float) * (1 if whole else 0.37)
    stretch = np.cumsum([is_pause and at % 7 == 0 for at, is_pause in enumerate(paused)])[: column.size]
    durations = np.arange(1, 91)
    found = mean_maximal(column, stretch, durations)
    expected: dict[int, float] = {}
    for duration in durations.tolist():
        means = [
            column[start : start + duration].mean()
            for start in range(column.size - duration + 1)
            if np.isfinite(column[start : start + duration]).all()
            and stretch[start] == stretch[start + duration - 1]
        ]
        if means:
            expected[duration] = max(means)
    assert list(found.durations_s) == list(expected)
    assert found.means == pytest.approx(list(expected.values()), rel=1e-9, abs=1e-6)
    for duration, mean, start in zip(found.durations_s, found.means, found.starts, strict=True):
        assert column[start : start + duration].mean() == pytest.approx(mean, rel=1e-9, abs=1e-6)


@given(seed=st.integers(0, 2**32 - 1), cut=st.integers(10, 290))
def test_it_never_rises_when_data_is_removed(measure: Measure, seed: int, cut: int) -> None:
    power = np.random.default_rng(seed).integers(0, 800, 300).astype(float)
    whole = curve(measure(power=power)["power_curve"])
    removed = power.copy()
    removed[cut : cut + 8] = np.nan  # longer than a reading holds
    for less in (
        curve(measure(power=power[:cut])["power_curve"]),
        curve(measure(power=removed)["power_curve"]),
    ):
        assert all(value <= best for value, best in zip(less.values, whole.values, strict=False))


def test_no_window_spans_a_pause_of_six_seconds(measure: Measure) -> None:
    seconds = np.concatenate((np.arange(100), 105 + np.arange(200)))
    found = curve(measure(power=np.full(300, 300), seconds=seconds)["power_curve"])
    assert 180 < found.seconds[-1] <= 200
    assert set(found.values) == {300}


def test_of_sparse_readings_nothing_is_said_of_moments(measure: Measure) -> None:
    found = curve(measure(power=np.full(200, 200), seconds=np.arange(200) * 8.0)["power_curve"])
    assert found.seconds[0] == 30


def test_heart_rate_and_speed_have_curves_too(measure: Measure) -> None:
    speed = np.repeat([3.0, 5.0, 3.0], 60)
    made = measure(speed=speed, heart_rate=np.full(180, 150), sport=Sport.RUN)
    assert set(curve(made["heart_rate_curve"]).values) == {150}
    assert curve(made["speed_curve"]).values[59] == pytest.approx(5)
    assert "power_curve" not in made


def test_why_there_is_none(measure: Measure) -> None:
    ride = measure(heart_rate=np.full(60, 150))
    assert ride["power_curve"].reason == "no_power"
    assert ride["speed_curve"].reason == "no_speed"
    guessed = measure(power=np.full(60, 200), summary=Summary(average_power_w=200))
    assert guessed["power_curve"].reason == "power_not_measured"
    assert measure(moving_s=600)["heart_rate_curve"].reason == "no_samples"


def test_the_full_curve_has_every_duration_and_agrees_with_the_stored_one(make: Make) -> None:
    power = np.random.default_rng(3).integers(0, 500, 400).astype(float)
    asked = ActivityInput(make(power=power), Athlete())
    full = curve(CurveMetrics().full_curve(asked, POWER_CURVE.key))
    assert full.seconds == tuple(range(1, 401))
    at = dict(zip(full.seconds, full.values, strict=True))
    (stored, *_) = CurveMetrics().measure(asked)
    assert curve(stored).values == tuple(at[seconds] for seconds in curve(stored).seconds)
    assert CurveMetrics().full_curve(asked, SPEED_CURVE.key).reason == "no_speed"
    assert CurveMetrics().full_curve(ActivityInput(make(moving_s=60), Athlete()), POWER_CURVE.key).reason


def test_speeds_are_summed_as_whole_millimetres(measure: Measure) -> None:
    speed = np.arange(120.0) / 10
    found = curve(measure(speed=speed)["speed_curve"])
    brute = [
        max(np.mean(speed[i : i + int(s)]) for i in range(speed.size - int(s) + 1)) for s in found.seconds
    ]
    assert found.values == pytest.approx(brute, rel=1e-12)


def test_a_curve_beside_spikes_is_no_record(measure: Measure) -> None:
    power = np.full(600, 200.0)
    assert not measure(power=power)["power_curve"].doubtful
    power[100] = 21_733
    made = measure(power=power, heart_rate=np.full(600, 140.0))
    assert made["power_curve"].doubtful
    assert not made["heart_rate_curve"].doubtful


@pytest.mark.parametrize(("spiked", "other"), [("power", "heart_rate"), ("heart_rate", "power")])
def test_the_highest_reading_beside_spikes_is_no_record(measure: Measure, spiked: str, other: str) -> None:
    # What stands beside a spike is most often the rest of it.
    readings = {"power": np.full(600, 200.0), "heart_rate": np.full(600, 140.0)}
    assert not any(measure(**readings)[f"max_{name}"].doubtful for name in readings)
    readings[spiked][100:102] = {"power": (21_733, 2400), "heart_rate": (240, 229)}[spiked]
    made = measure(**readings)
    assert made[f"max_{spiked}"].value == {"power": 2400, "heart_rate": 229}[spiked]
    assert made[f"max_{spiked}"].doubtful
    assert not made[f"max_{other}"].doubtful


def test_best_efforts_beside_a_jump_of_the_position_are_no_record(measure: Measure) -> None:
    distance = np.arange(2000.0) * 3
    assert not measure(distance=distance, sport=Sport.RUN)["best_efforts"].doubtful
    distance[1000:] += 500
    made = measure(distance=distance, sport=Sport.RUN)
    assert made["best_efforts"].doubtful
    assert made["speed_curve"].doubtful
