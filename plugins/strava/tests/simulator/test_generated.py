"""The made-up athlete: figures that agree with the samples, and a year that could have been."""

import json
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from training_analyzer_strava.simulator.figures import weighted_power_w
from training_analyzer_strava.simulator.generated import GeneratedAthlete
from training_analyzer_strava.simulator.physiology import exponential_average
from training_analyzer_strava.simulator.stream_bodies import STREAM_KEYS, streams_body

NOW = datetime(2026, 11, 23, 20, 7, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def athlete() -> GeneratedAthlete:
    return GeneratedAthlete(1, NOW)


def summaries(athlete: GeneratedAthlete, now: datetime = NOW) -> list[dict[str, Any]]:
    return [json.loads(athlete.activity_summary(listed.activity_id)) for listed in athlete.activities(now)]


def streams(athlete: GeneratedAthlete, activity_id: int) -> dict[str, list[Any]]:
    encoded = athlete.activity_streams(activity_id, STREAM_KEYS)
    assert encoded
    body = json.loads(streams_body(encoded, STREAM_KEYS, by_type=True))
    return {key: stream["data"] for key, stream in body.items()}


def test_summaries_agree_with_their_streams(athlete: GeneratedAthlete) -> None:
    for row in summaries(athlete)[:25]:
        if row["manual"]:
            continue
        data = streams(athlete, row["id"])
        steps_s = np.diff(data["time"], prepend=0)
        moving = np.array(data["moving"])
        assert row["elapsed_time"] == data["time"][-1]
        assert row["moving_time"] == steps_s[moving].sum() <= row["elapsed_time"]
        assert row["distance"] == pytest.approx(data.get("distance", [0.0])[-1], abs=0.05)
        assert row["average_speed"] == pytest.approx(row["distance"] / row["moving_time"], abs=0.001)
        if "heartrate" in data:
            beats = [beat for beat in data["heartrate"] if beat is not None]
            assert row["average_heartrate"] == pytest.approx(np.mean(beats), abs=0.051)
            assert row["max_heartrate"] == max(beats)
        if "altitude" in data:
            rises = [max(0.0, later - earlier) for earlier, later in pairwise(data["altitude"])]
            assert row["total_elevation_gain"] == pytest.approx(sum(rises), abs=0.06)
            assert row["start_latlng"] == data["latlng"][0]
        if "watts" in data:
            watts = np.array([watt or 0 for watt in data["watts"]], dtype=float)[moving]
            assert row["average_watts"] == pytest.approx(watts.mean(), abs=0.051)
            assert row["weighted_average_watts"] == round(weighted_power_w(watts))
            assert row["kilojoules"] == pytest.approx(
                row["average_watts"] * row["moving_time"] / 1000, abs=0.06
            )
            assert row["max_watts"] == watts.max()


def test_weighted_power_is_a_fourth_power_mean_of_a_25_s_average() -> None:
    assert weighted_power_w(np.full(40_000, 200.0)) == pytest.approx(200, abs=0.1)
    values = np.random.default_rng(3).uniform(0, 400, 3_000)
    kept, average, one_by_one = np.exp(-1 / 25), 0.0, []
    for value in values:
        average = kept * average + (1 - kept) * value
        one_by_one.append(average)
    assert exponential_average(values, 25.0) == pytest.approx(one_by_one)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_year_has_the_variety_of_a_life(seed: int) -> None:
    athlete = GeneratedAthlete(seed, NOW)
    rows = summaries(athlete)
    sports = {row["sport_type"] for row in rows}
    assert 200 <= len(rows) <= 260
    assert {"Ride", "VirtualRide", "Run", "TrailRun", "Swim", "Hike", "Yoga", "WeightTraining"} <= sports
    assert any(row["manual"] for row in rows)
    assert any(row["private"] for row in rows)
    assert any(row["trainer"] and row["sport_type"] == "Ride" for row in rows)
    assert any(row["sport_type"] == "Swim" and not row["has_heartrate"] for row in rows)
    assert {row["utc_offset"] for row in rows} == {3600.0, 7200.0}
    assert len({row["id"] for row in rows}) == len(rows)


def test_numbers_are_those_of_a_trained_amateur(athlete: GeneratedAthlete) -> None:
    for row in summaries(athlete):
        if "average_watts" in row:
            assert 110 < row["average_watts"] <= row["weighted_average_watts"] + 1 < 260
            assert row["max_watts"] < 700
        if row["has_heartrate"] and row["type"] in ("Ride", "Run", "VirtualRide"):
            assert 110 < row["average_heartrate"] < row["max_heartrate"] <= 186
        if row["type"] == "Run":
            assert 2.0 < row["average_speed"] < 4.2
        if row["sport_type"] == "Ride" and not row["trainer"]:
            assert 5.0 < row["average_speed"] < 9.5
            assert row["max_speed"] < 22


def test_heart_rate_follows_power_late(athlete: GeneratedAthlete) -> None:
    row = next(row for row in summaries(athlete) if row["name"] == "Sweet spot, indoors")
    data = streams(athlete, row["id"])
    power = np.array([watt or 0 for watt in data["watts"]], dtype=float)
    beats = np.array([beat or 120 for beat in data["heartrate"]], dtype=float)
    lags = range(0, 120, 5)
    likeness = [np.corrcoef(power[: -120 or None], beats[lag : beats.size - 120 + lag])[0, 1] for lag in lags]
    assert 10 <= lags[int(np.argmax(likeness))] <= 70


def test_training_is_periodised(athlete: GeneratedAthlete) -> None:
    hours = np.zeros(53)
    for row in summaries(athlete):
        week = (
            datetime.fromisoformat(row["start_date"]).date() - (NOW - timedelta(days=365)).date()
        ).days // 7
        hours[week] += row["moving_time"] / 3600
    weeks = hours[1:51]
    assert weeks.max() > 8
    assert weeks.min() < 0.5 * np.median(weeks), "recovery, illness and taper are lighter"


@pytest.mark.parametrize("days", range(0, 364, 26))
def test_whenever_now_is_something_was_done_in_the_last_days(days: int) -> None:
    now = datetime(2026, 1, 5, 12, tzinfo=UTC) + timedelta(days=days)
    newest = GeneratedAthlete(1, now).activities(now)[0]
    assert now.timestamp() - newest.start_epoch_s < timedelta(days=6).total_seconds()


def test_nothing_is_in_the_future_at_any_time_of_day(athlete: GeneratedAthlete) -> None:
    for hour in range(24):
        now = datetime(2026, 11, 22, hour, tzinfo=UTC)
        newest = summaries(athlete, now)[0]
        ends = datetime.fromisoformat(newest["start_date"]) + timedelta(seconds=newest["elapsed_time"])
        assert ends <= now


def test_every_outing_has_ended_when_it_is_first_shown(athlete: GeneratedAthlete) -> None:
    planned = {outing.activity_id: outing for outing in athlete._newest_first}
    for row in summaries(athlete):
        outing = planned[row["id"]]
        assert outing.start + timedelta(seconds=row["elapsed_time"]) <= outing.surely_over


def test_who_starts_the_simulator_tomorrow_finds_the_same_activities(athlete: GeneratedAthlete) -> None:
    later = NOW + timedelta(days=1, hours=-13)
    tomorrow = GeneratedAthlete(1, later)
    known = {listed.activity_id for listed in athlete.activities(NOW)}
    again = {listed.activity_id for listed in tomorrow.activities(later)}
    assert len(known - again) <= 1, "only the day a year ago has gone"
    for activity_id in sorted(known & again)[-10:]:
        assert athlete.activity_summary(activity_id) == tomorrow.activity_summary(activity_id)
    assert streams(athlete, max(known)) == streams(tomorrow, max(known))


def test_another_seed_is_another_athlete(athlete: GeneratedAthlete) -> None:
    other = GeneratedAthlete(2, NOW)
    assert other.athlete_id != athlete.athlete_id
    assert not {row.activity_id for row in other.activities(NOW)} & {
        row.activity_id for row in athlete.activities(NOW)
    }


def test_local_time_has_a_false_z(athlete: GeneratedAthlete) -> None:
    for row in summaries(athlete)[:20]:
        assert row["start_date_local"].endswith("Z")
        local, utc = (datetime.fromisoformat(row[key]) for key in ("start_date_local", "start_date"))
        assert (local - utc).total_seconds() == row["utc_offset"]


def test_tracks_are_closed_and_as_long_as_the_distance(athlete: GeneratedAthlete) -> None:
    row = next(row for row in summaries(athlete) if row["sport_type"] == "Ride" and row["start_latlng"])
    places = np.array(streams(athlete, row["id"])["latlng"])
    metres = np.diff(places, axis=0) * 111_320 * [1, np.cos(np.radians(48))]
    assert np.hypot(*metres.T).sum() == pytest.approx(row["distance"], rel=0.01)
    assert row["start_latlng"] == pytest.approx(row["end_latlng"], abs=0.001)
