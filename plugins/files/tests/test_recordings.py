"""Real recordings: what comes out of them, against what the devices wrote themselves."""

import gzip
import io
import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from training_analyzer.sdk import Activity, Channel, RawActivity, Sport
from training_analyzer_files.provider import FilesProvider

SPORTS = {
    "cycling": Sport.RIDE,
    "running": Sport.RUN,
    "swimming": Sport.SWIM,
    "rowing": Sport.ROW,
    "training": Sport.STRENGTH,
    "generic": Sport.OTHER,
    "transition": Sport.OTHER,
}
CHANNELS = {
    "heart_rate": Channel.HEART_RATE_BPM,
    "power": Channel.POWER_W,
    "cadence": Channel.CADENCE_RPM,
    "distance": Channel.DISTANCE_M,
    "enhanced_speed": Channel.SPEED_MPS,
    "enhanced_altitude": Channel.ALTITUDE_M,
    "position_lat": Channel.LATITUDE_DEG,
    "temperature": Channel.TEMPERATURE_C,
}
OFFSETS_H = {
    "elevate/fit/kaiteriteri.fit": 13,
    "elevate/fit/portland.fit": -8,
    "elevate/fit/sloatsburg.fit": -4,
    "elevate/fit/flagged-hr.fit": 3,
    "elevate/fit/zwift-pschit.fit": 0,
}
RUNNING_POWER = {"sloatsburg", "treadmill", "kaiteriteri", "portland", "developer-types-sample"}

Oracle = dict[str, Any]
ReadAll = Callable[[str], list[Activity]]


@pytest.fixture(scope="module")
def oracle(recordings: Path) -> Oracle:
    read: Oracle = json.loads((recordings / "fit_session_oracle.json").read_text())
    return read


@pytest.fixture(scope="module")
def read_all(recordings: Path, provider: FilesProvider) -> ReadAll:
    @cache
    def read(name: str) -> list[Activity]:
        with (recordings / name).open("rb") as file:
            found = list(provider.read_upload(name, file))
        assert all(isinstance(each, RawActivity) for each in found), found
        return [provider.translate(each.documents) for each in found if isinstance(each, RawActivity)]

    return read


def test_every_fit_file_says_what_its_device_says(oracle: Oracle, read_all: ReadAll) -> None:
    for name, expected in oracle.items():
        activities = read_all(name)
        assert len(activities) == len(expected["sessions"]), name
        for activity, said in zip(activities, expected["sessions"], strict=True):
            assert activity.started_at.isoformat(" ") == said["start_time"], name
            assert activity.elapsed_s == pytest.approx(said["total_elapsed_time"], abs=1), name
            assert activity.moving_s == pytest.approx(said["total_timer_time"], abs=1), name
            assert activity.distance_m == pytest.approx(said.get("total_distance"), abs=0.01), name
            assert activity.sport is SPORTS[said["sport"]], name
            assert activity.summary.weighted_power_w == said.get("normalized_power"), name
            assert activity.summary.normalized_power_w == said.get("normalized_power"), name
            assert activity.summary.training_stress_score == said.get("training_stress_score"), name
            assert activity.summary.intensity_factor == said.get("intensity_factor"), name
            assert activity.summary.functional_threshold_power_w == said.get("threshold_power"), name
            assert activity.summary.max_power_w == said.get("max_power"), name
            assert activity.summary.calories_kcal == (said.get("total_calories") or None), name
            assert activity.summary.average_heart_rate_bpm == said.get("avg_heart_rate"), name
            assert activity.ascent_m == said.get("total_ascent"), name


def test_channels_are_those_of_the_file(oracle: Oracle, read_all: ReadAll) -> None:
    for name, expected in oracle.items():
        found: set[Channel] = set()
        points = 0
        for activity in read_all(name):
            assert activity.samples is not None, name
            found |= {channel for channel in Channel if activity.samples.get(channel) is not None}
            points += len(activity.samples)
        wanted = {channel for field, channel in CHANNELS.items() if field in expected["channels"]}
        wanted -= {Channel.DISTANCE_M, Channel.SPEED_MPS, Channel.ALTITUDE_M}  # there, but without a value
        assert wanted <= found, name
        if Path(name).stem in RUNNING_POWER:
            assert Channel.POWER_W in found, name
        if name != "fitdecode/activity-large-fenxi2-multisport.fit":  # points precede its first session
            assert points == pytest.approx(expected["records"], rel=0.01), name


def test_readings_have_the_averages_that_devices_state(oracle: Oracle, read_all: ReadAll) -> None:
    compared = 0
    for name, expected in oracle.items():
        for activity, said in zip(read_all(name), expected["sessions"], strict=True):
            assert activity.samples is not None
            heart_rate = activity.samples.get(Channel.HEART_RATE_BPM)
            if heart_rate is not None and "avg_heart_rate" in said:
                # A device averages at its own pace, and one of these recorded by change alone.
                assert np.nanmean(heart_rate) == pytest.approx(said["avg_heart_rate"], rel=0.04), name
                compared += 1
            power = activity.samples.get(Channel.POWER_W)
            if power is not None and "max_power" in said:
                assert np.nanmax(power) == pytest.approx(said["max_power"], rel=0.005), name
                compared += 1
    assert compared > 20


def test_normalized_power_is_the_devices(oracle: Oracle, read_all: ReadAll) -> None:
    compared = 0
    for name, expected in oracle.items():
        said = expected["sessions"][0]
        if said.get("normalized_power") and said["total_timer_time"] >= 1200:
            samples = read_all(name)[0].samples
            assert samples is not None
            power = np.nan_to_num(samples.channels[Channel.POWER_W])
            rolling = np.convolve(power, np.ones(30) / 30, "valid")
            normalized = float(np.mean(rolling**4) ** 0.25)
            assert normalized == pytest.approx(said["normalized_power"], rel=0.008), name
            compared += 1
    assert compared == 3


def test_devices_have_names(read_all: ReadAll) -> None:
    assert read_all("elevate/fit/first-power-ride.fit")[0].device == "Garmin Edge 1000"
    assert read_all("elevate/fit/sloatsburg.fit")[0].device == "Garmin Forerunner 945"
    assert read_all("elevate/fit/noroeste.fit")[0].device == "srm 8"


def test_local_time_is_the_devices(read_all: ReadAll) -> None:
    for name, hours in OFFSETS_H.items():
        assert read_all(name)[0].utc_offset_s == hours * 3600, name


def test_one_run_as_fit_and_as_tcx_is_the_same_run(read_all: ReadAll) -> None:
    (fit,), (tcx,) = read_all("elevate/fit/sloatsburg.fit"), read_all("elevate/fit/sloatsburg.tcx")
    assert (tcx.sport, tcx.started_at) == (fit.sport, fit.started_at)
    assert tcx.elapsed_s == pytest.approx(fit.elapsed_s, abs=1)
    assert tcx.distance_m == pytest.approx(fit.distance_m, abs=0.01)
    assert [lap.distance_m for lap in tcx.laps] == [lap.distance_m for lap in fit.laps]
    assert fit.samples is not None
    assert tcx.samples is not None
    np.testing.assert_array_equal(tcx.samples.seconds, fit.samples.seconds)
    for channel in (Channel.HEART_RATE_BPM, Channel.LATITUDE_DEG):
        np.testing.assert_allclose(tcx.samples.channels[channel], fit.samples.channels[channel], atol=1e-7)


def test_an_open_water_swim_as_elevate_has_it(recordings: Path, read_all: ReadAll) -> None:
    expected = json.loads((recordings / "elevate/elevate_expected.json").read_text())["files"]
    said = expected["swimming/open-water-swim.gpx"]["tests"][0]["source_file_stats"]
    (swim,) = read_all("elevate/fit/open-water-swim.gpx")
    assert swim.sport is Sport.SWIM
    assert swim.title == "Morning Swim Suadiye"
    assert swim.distance_m == pytest.approx(float(said["distance"]), rel=0.01)
    assert swim.elapsed_s == 1 * 3600 + 14 * 60 + 47
    assert said["elapsedTime"] == "01:14:47"


def test_a_pool_swim_keeps_its_lengths_as_points(read_all: ReadAll) -> None:
    (swim,) = read_all("elevate/fit/pool-swim.fit")
    assert swim.sport_name == "swimming/lap_swimming"
    assert swim.samples is not None
    assert swim.samples.channels[Channel.DISTANCE_M][-1] == 780
    assert len(swim.samples) == 39
    assert swim.summary.strokes == sum(length.strokes or 0 for length in swim.lengths) == 596


def test_an_old_tcx_is_read(read_all: ReadAll) -> None:
    (ride,) = read_all("stravalib/sample.tcx")
    assert (ride.sport, ride.device) == (Sport.RIDE, "EDGE705")
    assert ride.distance_m == pytest.approx(64_670, abs=1)
    (run,) = read_all("sweatpy/3173437224.tcx")
    assert (run.sport, run.device) == (Sport.RUN, "Polar M400")
    assert run.distance_m == pytest.approx(4_508.5, abs=0.1)


def test_packed_or_not_it_is_the_same_recording(recordings: Path, provider: FilesProvider) -> None:
    for name in ("elevate/fit/pool-swim.fit", "stravalib/sample.tcx", "elevate/fit/open-water-swim.gpx"):
        plain = (recordings / name).read_bytes()
        (one,) = provider.read_upload(name, io.BytesIO(plain))
        (other,) = provider.read_upload(f"{name}.gz", io.BytesIO(gzip.compress(plain)))
        assert isinstance(one, RawActivity)
        assert isinstance(other, RawActivity)
        assert one.external_id == other.external_id
        assert gzip.decompress(other.documents[0].body) == one.documents[0].body == plain
        assert other.documents[0].media_type == one.documents[0].media_type + "+gzip"
        activities = [provider.translate(each.documents) for each in (one, other)]
        assert activities[0].fingerprint() == activities[1].fingerprint()
