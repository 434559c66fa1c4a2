"""What must hold of every number: devices and services agree, and scaling, pausing and waiting do what they should."""

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plugins.metrics_default.tests.test_recordings import WITH_POWER
from training_analyzer.sdk import Athlete, DailySeries, Distribution, Measurement, Sport, Thresholds

Measure = Callable[..., dict[str, Measurement]]
Days = Callable[..., dict[str, DailySeries]]
SHORTEST_S = 1200
"""Devices skip samples on very short recordings."""


def value(measurement: Measurement) -> float:
    assert isinstance(measurement.value, float)
    return measurement.value


def test_every_recording_with_the_devices_own_normalized_power_is_compared(recordings: Path) -> None:
    oracle = json.loads((recordings / "fit_session_oracle.json").read_text())
    told = {
        name
        for name, file in oracle.items()
        for session in file.get("sessions", [])
        if session.get("normalized_power") and session["total_timer_time"] >= SHORTEST_S
    }
    assert told == set(WITH_POWER)


@pytest.mark.parametrize(
    ("kind", "known"), [("heartrate", "heart_rate_zones_bpm"), ("pace", "pace_zones_mps")]
)
def test_the_marathons_time_in_zones_is_exact(
    recordings: Path, measure: Measure, kind: str, known: str
) -> None:
    """
    Strava's answer holds the zones and their seconds, but no heart rate and no speed.

    So this shows that its edges are ours (a reading on an edge belongs to the zone above) and that every
    second is counted once. The readings are made up: of each zone the lowest and the highest.
    """
    zones: list[dict[str, Any]] = json.loads(
        (recordings / "strava-ruby-client/activity_zones_1946417534.json").read_text()
    )
    buckets = next(zone for zone in zones if zone["type"] == kind)["distribution_buckets"]
    seconds = [round(bucket["time"]) for bucket in buckets]
    assert sum(seconds) == 13_085
    bounds = tuple(bucket["min"] for bucket in buckets[1:])
    readings: list[float] = []
    for bucket, spent_s, upper in zip(buckets, seconds, (*bounds, None), strict=True):
        highest = (
            bucket["min"] + 1 if upper is None else (bucket["max"] if kind == "heartrate" else upper - 1e-6)
        )
        lowest = max(bucket["min"], 40 if kind == "heartrate" else 1.0)
        readings += [lowest] * (spent_s // 2) + [highest] * (spent_s - spent_s // 2)
    runner = Athlete(thresholds=Thresholds.model_validate({known: bounds}))
    channel, metric = (
        ("heart_rate", "time_in_heart_rate_zones") if kind == "heartrate" else ("speed", "time_in_pace_zones")
    )
    made = measure(**{channel: readings}, sport=Sport.RUN, athlete=runner)[metric]
    assert made.value == Distribution(bounds=bounds, seconds=tuple(seconds))
    assert made.method == "athlete_zones"


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(60, 1140), st.integers(7, 7200))
def test_a_pause_changes_no_intensity(measure: Measure, seed: int, at: int, pause_s: int) -> None:
    generator = np.random.default_rng(seed)
    power = generator.integers(80, 320, 1200).astype(float)
    heart_rate = generator.integers(110, 180, 1200).astype(float)
    seconds = np.arange(1200.0)
    paused_s = np.where(seconds < at, seconds, seconds + pause_s)
    straight = measure(power=power, heart_rate=heart_rate)
    paused = measure(power=power, heart_rate=heart_rate, seconds=paused_s, moving_s=1200)
    for name in ("average_power", "xpower", "average_heart_rate", "trimp", "work", "recording_time"):
        assert value(paused[name]) == pytest.approx(value(straight[name]), rel=1e-9), name
    for name in ("time_in_heart_rate_zones", "time_in_power_zones"):
        assert paused[name] == straight[name]
    # The windows that would span the pause are gone: 29 of 1,171.
    assert value(paused["normalized_power"]) == pytest.approx(value(straight["normalized_power"]), rel=0.01)
    assert value(paused["paused_time"]) == pause_s


@settings(max_examples=15, deadline=None)
@given(st.floats(100, 400), st.integers(60, 1140), st.integers(7, 7200))
def test_a_pause_in_a_steady_ride_changes_nothing_at_all(
    measure: Measure, power_w: float, at: int, pause_s: int
) -> None:
    seconds = np.arange(1200.0)
    paused_s = np.where(seconds < at, seconds, seconds + pause_s)
    made = measure(power=np.full(1200, power_w), seconds=paused_s, moving_s=1200)
    for name in ("average_power", "normalized_power"):
        assert value(made[name]) == pytest.approx(power_w, rel=1e-9)
    assert value(made["intensity_factor"]) == pytest.approx(power_w / 260, rel=1e-9)
    assert value(made["training_stress_score"]) == pytest.approx(100 / 3 * (power_w / 260) ** 2, rel=1e-9)


@settings(max_examples=15, deadline=None)
@given(st.floats(1, 300), st.integers(1, 700))
def test_fitness_of_a_constant_load_converges_to_it(days: Days, load: float, length: int) -> None:
    made = days([load] * length)
    for name, time_constant in (("fitness", 42), ("fatigue", 7)):
        expected = load * -np.expm1(-np.arange(1, length + 1) / time_constant)
        assert made[name].values == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("four spikes of 21,733 W", {"power": np.where(np.arange(3600) % 900 == 450, 21_733.0, 216.0)}),
        ("a heart rate of 234", {"heart_rate": np.full(3600, 234.0)}),
        ("a clock that jumps back and forth", {"power": np.full(3600, 216.0), "seconds": "jumps"}),
        ("nothing but missing readings", {"power": np.full(3600, np.nan)}),
        ("101 km in 40 minutes", {"distance": np.linspace(0, 101_000, 2400), "moving_s": 2400}),
    ],
)
def test_of_bad_recordings_numbers_are_sound_or_absent_with_a_reason(
    measure: Measure, name: str, parts: dict[str, Any]
) -> None:
    if "seconds" in parts:
        seconds = np.arange(3600.0)
        seconds[1800:] += 68_342_403
        parts = {**parts, "seconds": seconds}
    limits = {"power": 2500, "normalized": 2500, "heart_rate": 230, "training_stress": 400, "load": 400}
    for key, one in measure(**parts).items():
        if one.value is None:
            assert one.reason, key
        elif isinstance(one.value, float):
            assert math.isfinite(one.value), key
            for part, highest in limits.items():
                if part in key and "readings" not in key and "time" not in key:
                    assert 0 <= one.value <= highest, f"{name}: {key} is {one.value}"
