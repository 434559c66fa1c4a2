"""Streams: which come, in which form, and what is missing from them."""

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest

from training_analyzer_strava.simulator.stream_bodies import wanted_keys

if TYPE_CHECKING:
    from plugins.strava.tests.simulator.conftest import Application, OpenApplication

ALL_KEYS = "time,distance,latlng,altitude,velocity_smooth,heartrate,cadence,watts,temp,moving,grade_smooth"


def streams(application: "Application", activity: dict[str, Any], keys: str = ALL_KEYS) -> dict[str, Any]:
    answer = application.get(f"/activities/{activity['id']}/streams", keys=keys, key_by_type="true")
    assert answer.status_code == 200
    body: dict[str, Any] = answer.json()
    return body


def first(application: "Application", **wanted: object) -> dict[str, Any]:
    """The newest activity whose summary has these values."""
    for page in (1, 2):
        for row in application.activities(page=page):
            if all(row.get(key) == value for key, value in wanted.items()):
                return row
    pytest.fail(f"no activity with {wanted}")


def test_a_ride_has_all_streams_in_full_and_of_one_length(connected: "Application") -> None:
    body = streams(connected, first(connected, sport_type="Ride", trainer=False))
    assert body.keys() == set(ALL_KEYS.split(","))
    lengths = {len(stream["data"]) for stream in body.values()}
    assert len(lengths) == 1
    for stream in body.values():
        assert stream["original_size"] == len(stream["data"])
        assert stream["resolution"] == "high"
        assert stream["series_type"] == "distance"


def test_distance_comes_unasked_and_alone_when_nothing_is_asked(connected: "Application") -> None:
    ride = first(connected, sport_type="Ride", trainer=False)
    assert streams(connected, ride, keys="watts").keys() == {"watts", "distance"}
    assert streams(connected, ride, keys="").keys() == {"distance"}
    assert streams(connected, ride, keys="time,no_such_key").keys() == {"time", "distance"}


def test_without_key_by_type_a_list_comes(connected: "Application") -> None:
    ride = first(connected, sport_type="Ride", trainer=False)
    listed = connected.get(f"/activities/{ride['id']}/streams", keys=ALL_KEYS).json()
    by_type = streams(connected, ride)
    assert {stream["type"]: {k: v for k, v in stream.items() if k != "type"} for stream in listed} == by_type


def test_what_the_device_has_not_measured_is_missing(connected: "Application") -> None:
    assert (
        not {"latlng", "altitude", "watts", "heartrate"}
        & streams(connected, first(connected, sport_type="Swim", has_heartrate=False)).keys()
    )
    assert (
        not {"latlng", "altitude"}
        & streams(connected, first(connected, sport_type="Ride", trainer=True)).keys()
    )
    assert "watts" not in streams(connected, first(connected, sport_type="Run", manual=False))


def test_a_manual_activity_has_none(connected: "Application") -> None:
    manual = first(connected, manual=True)
    answer = connected.get(f"/activities/{manual['id']}/streams", keys=ALL_KEYS, key_by_type="true")
    assert answer.status_code == 404
    assert answer.json()["errors"] == [{"resource": "Activity", "field": "id", "code": "invalid"}]


def test_a_year_has_dropouts_pauses_stops_and_recordings_with_few_samples(connected: "Application") -> None:
    seen = set()
    for row in connected.activities(per_page=45):
        if row["manual"]:
            continue
        body = streams(connected, row, keys="time,moving,watts,heartrate")
        time = body["time"]["data"]
        steps = [later - earlier for earlier, later in pairwise(time)]
        moving = body["moving"]["data"]
        seen |= {f"null {key}" for key, stream in body.items() if None in stream["data"]}
        seen |= {"pause"} if max(steps) > 60 else set()
        seen |= (
            {"stop"} if any(not m and step == 1 for m, step in zip(moving[1:], steps, strict=True)) else set()
        )
        seen |= {"irregular"} if row["type"] == "Run" and len(time) < 0.6 * row["moving_time"] else set()
        assert min(steps) >= 1
        assert time[0] == 0
    assert seen == {"null watts", "null heartrate", "pause", "stop", "irregular"}


def test_the_same_bytes_come_after_the_caches_have_forgotten_them(
    open_application: "OpenApplication",
) -> None:
    application = open_application(streams_cache_activities=1)
    application.connect()
    ride = first(application, sport_type="Ride", trainer=False)
    path = f"/activities/{ride['id']}/streams"
    before = application.get(path, keys=ALL_KEYS, key_by_type="true").content
    for row in application.activities(per_page=40):
        application.get(f"/activities/{row['id']}/streams")
    assert application.simulation.stream_bodies.kept(ride["id"], wanted_keys(ALL_KEYS), by_type=True) is None
    assert application.get(path, keys=ALL_KEYS, key_by_type="true").content == before
