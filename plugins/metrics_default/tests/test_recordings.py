"""Real recordings: ours against what the device or the service itself made of them."""

import json
import xml.etree.ElementTree as ET
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from training_analyzer.sdk import Activity, Column, Distribution, Measurement, Sport, Summary

Measure = Callable[..., dict[str, Measurement]]
Make = Callable[..., Activity]
TCX = "{http://www.garmin.com/xmlschemas/TrainingCenterDatabase/v2}"


def value(measurement: Measurement) -> float:
    assert isinstance(measurement.value, float)
    return measurement.value


@pytest.fixture(scope="module")
def ride(recordings: Path) -> dict[str, Any]:
    read: dict[str, Any] = json.loads((recordings / "elevate/strava/6271393008.json").read_text())
    return read


@pytest.fixture(scope="module")
def streamed(make: Make, ride: dict[str, Any]) -> Activity:
    streams, said = ride["streams"], ride["activity"]
    return make(
        power=streams["watts"],
        heart_rate=streams["heartrate"],
        seconds=streams["time"],
        moving_s=said["moving_time"],
        elapsed_s=said["elapsed_time"],
    )


def test_a_virtual_ride_agrees_with_strava(
    measure: Measure, streamed: Activity, ride: dict[str, Any]
) -> None:
    made, said = measure(streamed), ride["activity"]
    assert value(made["average_power"]) == pytest.approx(said["average_watts"], abs=0.5)
    assert value(made["average_heart_rate"]) == pytest.approx(said["average_heartrate"], abs=0.05)
    assert value(made["max_heart_rate"]) == said["max_heartrate"]
    # Strava multiplies its rounded average by the moving time.
    assert value(made["work"]) == pytest.approx(said["kilojoules"], rel=0.002)


def test_strava_weighted_average_is_not_normalized_power(
    measure: Measure, streamed: Activity, ride: dict[str, Any]
) -> None:
    assert value(measure(streamed)["normalized_power"]) == pytest.approx(169.4, abs=0.05)
    assert ride["activity"]["weighted_average_watts"] == 168


def test_an_estimate_from_the_summary_is_near_what_the_samples_give(
    make: Make, measure: Measure, streamed: Activity, ride: dict[str, Any]
) -> None:
    said = ride["activity"]
    summary = Summary(
        average_power_w=said["average_watts"],
        weighted_power_w=said["weighted_average_watts"],
        power_is_measured=True,
        average_heart_rate_bpm=said["average_heartrate"],
        work_kj=said["kilojoules"],
    )
    estimated = measure(make(summary=summary, moving_s=said["moving_time"]))
    exact = measure(streamed)
    assert estimated["load"].estimated
    assert not exact["load"].estimated
    assert value(estimated["load"]) == pytest.approx(value(exact["load"]), rel=0.03)
    assert value(estimated["heart_rate_training_stress"]) == pytest.approx(
        value(exact["heart_rate_training_stress"]), rel=0.08
    )


def test_every_second_of_the_ride_is_in_one_zone(measure: Measure, streamed: Activity) -> None:
    zones = measure(streamed)["time_in_heart_rate_zones"].value
    assert isinstance(zones, Distribution)
    assert sum(zones.seconds) == 3646


def test_a_sparse_recording_is_weighted_by_time(recordings: Path, measure: Measure) -> None:
    read = json.loads((recordings / "elevate/strava/data_1480020375.json").read_text())
    power = np.array([np.nan if watts is None else watts for watts in read["watts"]], dtype=float)
    made = measure(power=power, seconds=read["time"], moving_s=len(power))
    assert 150 < value(made["average_power"]) < value(made["normalized_power"]) < 370


def read_tcx(path: Path) -> tuple[Column, Column]:
    """Return seconds and heart rates, without the repeated moments at which laps meet."""
    moments: dict[float, float] = {}
    for point in ET.parse(path).iter(f"{TCX}Trackpoint"):
        when, bpm = point.findtext(f"{TCX}Time"), point.findtext(f"{TCX}HeartRateBpm/{TCX}Value")
        assert when is not None
        moments[datetime.fromisoformat(when).timestamp()] = float(bpm) if bpm else np.nan
    seconds = np.array(sorted(moments))
    return seconds - seconds[0], np.array([moments[moment] for moment in sorted(moments)])


def test_a_run_agrees_with_the_watch_that_recorded_it(recordings: Path, measure: Measure) -> None:
    device = json.loads((recordings / "fit_session_oracle.json").read_text())["elevate/fit/sloatsburg.fit"]
    session = device["sessions"][0]
    seconds, heart_rate = read_tcx(recordings / "elevate/fit/sloatsburg.tcx")
    made = measure(
        heart_rate=heart_rate,
        seconds=seconds,
        moving_s=session["total_timer_time"],
        sport=Sport.RUN,
    )
    assert value(made["average_heart_rate"]) == pytest.approx(session["avg_heart_rate"], abs=0.5)
    assert value(made["max_heart_rate"]) == session["max_heart_rate"]
    assert made["load"].method == "heart_rate"


def test_a_pause_of_six_minutes_is_not_filled(recordings: Path, measure: Measure) -> None:
    seconds, heart_rate = read_tcx(recordings / "sweatpy/3173437224.tcx")
    assert np.diff(seconds).max() > 390
    zones = measure(heart_rate=heart_rate, seconds=seconds, moving_s=3510)["time_in_heart_rate_zones"].value
    assert isinstance(zones, Distribution)
    assert sum(zones.seconds) == pytest.approx(3510, abs=4)  # what the watch's laps say: 142 s and 3368 s


def test_a_watch_that_writes_every_eight_seconds_was_not_paused_in_between(
    recordings: Path, measure: Measure
) -> None:
    seconds, heart_rate = read_tcx(recordings / "stravalib/sample.tcx")
    assert np.median(np.diff(seconds)) > 5
    made = measure(
        heart_rate=heart_rate,
        seconds=seconds,
        moving_s=seconds[-1],
        sport=Sport.RUN,
    )
    assert value(made["recording_time"]) == pytest.approx(8187, rel=0.005)  # what its laps say
    assert made["load"].method == "heart_rate"
