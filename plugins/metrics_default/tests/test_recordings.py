"""Real recordings: ours against what the device or the service itself made of them."""

import json
import xml.etree.ElementTree as ET
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from plugins.metrics_default.tests.fit_recording import read_fit
from training_analyzer.sdk import (
    Activity,
    Athlete,
    Column,
    Curve,
    Distribution,
    Measurement,
    Sport,
    Summary,
    Thresholds,
)

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


def test_strava_weighted_average_is_xpower(
    measure: Measure, streamed: Activity, ride: dict[str, Any]
) -> None:
    found = value(measure(streamed)["xpower"])
    assert found == pytest.approx(ride["activity"]["weighted_average_watts"], abs=0.5)


def test_best_efforts_of_a_ride_agree_with_what_elevate_expects(recordings: Path, measure: Measure) -> None:
    read = json.loads((recordings / "elevate/strava/data_1480020375.json").read_text())
    power = np.array([np.nan if watts is None else watts for watts in read["watts"]], dtype=float)
    # Elevate closes pauses up; ours lets no window span them, so both are shown the ride without any.
    curve = measure(power=power)["power_curve"].value
    assert isinstance(curve, Curve)
    at = dict(zip(curve.seconds, curve.values, strict=True))
    assert at[60] == pytest.approx(370, abs=1)  # Elevate takes 61 samples for a minute: a little less
    assert at[1200] == pytest.approx(229, abs=0.5)
    paused = measure(power=power, seconds=read["time"])["power_curve"].value
    assert isinstance(paused, Curve)
    assert all(less <= best for less, best in zip(paused.values, curve.values, strict=False))


def test_best_efforts_of_a_marathon_agree_with_strava(recordings: Path, measure: Measure) -> None:
    folder = recordings / "strava-ruby-client"
    stream = json.loads((folder / "streams_1946417534.json").read_text())["distance"]["data"]
    said = json.loads((folder / "activity_detail_run_1946417534.json").read_text())
    made = measure(distance=stream, sport=Sport.RUN, moving_s=said["moving_time"])["best_efforts"].value
    assert isinstance(made, Curve)
    ours = {round(metres): seconds for seconds, metres in zip(made.seconds, made.values, strict=True)}
    # Strava's own times are of whole seconds, and of a stream that it does not give out.
    theirs = {effort["distance"]: effort["elapsed_time"] for effort in said["best_efforts"]}
    shared = ours.keys() & theirs.keys()
    assert len(shared) >= 8
    for metres in shared:
        assert ours[metres] == pytest.approx(theirs[metres], rel=0.005, abs=1.5)


WITH_POWER = (
    "elevate/fit/first-power-ride.fit",
    "elevate/fit/noroeste.fit",
    "fitdecode/sample-activity-indoor-trainer.fit",
)


@pytest.fixture(scope="module")
def of_device(recordings: Path, make: Make) -> Callable[[str], tuple[Activity, dict[str, Any]]]:
    """Return a recording of a device, and what the device made of it."""
    oracle = json.loads((recordings / "fit_session_oracle.json").read_text())

    def read(name: str) -> tuple[Activity, dict[str, Any]]:
        session = oracle[name]["sessions"][0]
        sport = {"cycling": Sport.RIDE, "running": Sport.RUN, "swimming": Sport.SWIM}.get(
            session["sport"], Sport.OTHER
        )
        activity = make(
            sport=sport,
            moving_s=session["total_timer_time"],
            elapsed_s=session["total_elapsed_time"],
            distance_m=session["total_distance"],
        )
        return activity.model_copy(update={"samples": read_fit(recordings / name)}), session

    return read


OfDevice = Callable[[str], tuple[Activity, dict[str, Any]]]


@pytest.mark.parametrize("name", WITH_POWER)
def test_normalized_power_and_stress_agree_with_the_device(
    of_device: OfDevice, measure: Measure, name: str
) -> None:
    activity, device = of_device(name)
    threshold_w = device["threshold_power"] or device["normalized_power"] / device["intensity_factor"]
    rider = Athlete(thresholds=Thresholds(functional_threshold_power_w=threshold_w))
    made = measure(activity, athlete=rider)
    assert value(made["normalized_power"]) == pytest.approx(device["normalized_power"], rel=0.008)
    assert value(made["training_stress_score"]) == pytest.approx(device["training_stress_score"], rel=0.04)
    assert value(made["average_power"]) == pytest.approx(device["avg_power"], rel=0.005)


@pytest.mark.parametrize(
    "name",
    [
        "elevate/fit/first-power-ride.fit",
        "elevate/fit/noroeste.fit",
        "elevate/fit/kaiteriteri.fit",
        "elevate/fit/portland.fit",
        "elevate/fit/sloatsburg.fit",
    ],
)
def test_ascent_agrees_with_the_device(of_device: OfDevice, measure: Measure, name: str) -> None:
    activity, device = of_device(name)
    assert value(measure(activity)["ascent"]) == pytest.approx(device["total_ascent"], rel=0.05)


@pytest.mark.parametrize(
    "name",
    ["elevate/fit/kaiteriteri.fit", "elevate/fit/portland.fit", "elevate/fit/sloatsburg.fit"],
)
def test_a_watch_counts_the_steps_of_one_foot(of_device: OfDevice, measure: Measure, name: str) -> None:
    activity, device = of_device(name)
    made = measure(activity)
    assert value(made["running_cadence"]) == pytest.approx(2 * device["avg_cadence"], rel=0.05)
    assert value(made["recording_time"]) == pytest.approx(device["total_timer_time"], rel=0.005)


def test_a_watch_that_records_every_two_seconds_or_so_was_not_paused(
    of_device: OfDevice, measure: Measure
) -> None:
    activity, device = of_device("elevate/fit/mini-enduro.fit")
    made = measure(activity)
    assert value(made["recording_time"]) == pytest.approx(device["total_timer_time"], rel=0.005)
    assert made["load"].method == "heart_rate"


def test_a_strap_that_says_234_is_not_believed(of_device: OfDevice, measure: Measure) -> None:
    activity, device = of_device("elevate/fit/flagged-hr.fit")
    assert device["avg_heart_rate"] == 234
    made = measure(activity)
    for name in (
        "average_heart_rate",
        "trimp",
        "heart_rate_training_stress",
        "heart_rate_curve",
        "load_heart_rate",
    ):
        assert made[name].reason == "unsound_heart_rate"
    assert made["load"].method == "duration"


def test_a_pool_swim_is_recorded_by_lengths_and_measured_as_a_whole(
    of_device: OfDevice, measure: Measure
) -> None:
    activity, device = of_device("elevate/fit/pool-swim.fit")
    made = measure(activity)
    assert value(made["swim_pace"]) == pytest.approx(
        100 * device["total_timer_time"] / device["total_distance"]
    )
    assert value(made["moving_time"]) == device["total_timer_time"]
    assert made["recording_time"].reason == "no_samples"


def test_101_kilometres_in_40_minutes_are_not_believed(
    recordings: Path, make: Make, measure: Measure
) -> None:
    said = json.loads((recordings / "strava-ruby-client/activity_detail_ride_7142833299.json").read_text())
    made = measure(make(moving_s=said["moving_time"], distance_m=said["distance"]))
    assert made["average_speed"].reason == "unsound_distance"
    assert value(made["load"]) == pytest.approx(100 * said["moving_time"] / 3600 * 0.65**2)


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
