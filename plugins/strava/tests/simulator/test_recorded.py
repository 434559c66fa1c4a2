"""Recorded answers are served byte for byte."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from training_analyzer_strava.simulator.recorded import RecordedAthlete, array_slices, object_slices
from training_analyzer_strava.simulator.world import World

if TYPE_CHECKING:
    from plugins.strava.tests.simulator.conftest import Application, OpenApplication

MARATHON = 1946417534


@pytest.fixture
def recorded(open_application: "OpenApplication", recorded_athlete: RecordedAthlete) -> "Application":
    application = open_application(World([recorded_athlete]))
    application.connect()
    return application


def written(folder: Path, name: str, content: str) -> None:
    (folder / name).write_bytes(content.encode())


@pytest.fixture
def small_recording(tmp_path: Path) -> Path:
    """Two activities, oddly spaced, with text that a program would write differently."""
    written(
        tmp_path,
        "athlete_activities_all_pages.json",
        '[ {"id" : 8, "start_date":"2025-01-02T10:00:00Z", "elapsed_time":60,\r\n "visibility":"everyone",'
        ' "name":"Z\\u00fcrich ü, [1] \\"}"},\r\n\n{"id":7,"start_date":"2025-01-01T10:00:00Z","elapsed_time":1.50e2,'
        '"visibility":"only_me","name":"x"}\n]\n',
    )
    written(
        tmp_path, "athlete.json", '{"id":5,"firstname":"A","lastname":"B","resource_state":3,"weight":70.50}'
    )
    written(tmp_path, "athlete_zones.json", '{"heart_rate": {}}')
    written(
        tmp_path,
        "streams_8.json",
        '{"distance":{"data":[0.0, 1.50],"series_type":"distance","original_size":2,"resolution":"high"}}',
    )
    return tmp_path


def test_slices_are_exactly_what_is_written() -> None:
    text = ' [ {"a": 1.0e1} ,\n2.50,"x]\\u00e9" , [ ] ] '
    assert [slice_ for slice_, _ in array_slices(text)] == ['{"a": 1.0e1}', "2.50", '"x]\\u00e9"', "[ ]"]
    assert [(key, slice_) for key, slice_, _ in object_slices('{ "a" : 1.50 , "b":[ ]}')] == [
        ("a", "1.50"),
        ("b", "[ ]"),
    ]
    assert list(array_slices("[]")) == []
    assert list(object_slices("{ }")) == []


def test_lists_are_made_of_recorded_bytes(small_recording: Path, open_application: "OpenApplication") -> None:
    application = open_application(World([RecordedAthlete(small_recording)]))
    application.connect()
    first = (
        '{"id" : 8, "start_date":"2025-01-02T10:00:00Z", "elapsed_time":60,\r\n "visibility":"everyone",'
        ' "name":"Z\\u00fcrich ü, [1] \\"}"}'
    )
    assert application.get("/athlete/activities", per_page=1).content == f"[{first}]".encode()
    assert application.get("/athlete").content == (small_recording / "athlete.json").read_bytes()
    assert application.get("/athlete/zones").content == b'{"heart_rate": {}}'
    streams = application.get("/activities/8/streams", keys="distance,time", key_by_type="true")
    expected = (
        b'{"distance":{"data":[0.0, 1.50],"series_type":"distance","original_size":2,"resolution":"high"}}'
    )
    assert streams.content == expected
    assert application.get("/activities/7/streams").status_code == 404


def test_what_had_not_ended_is_not_listed(small_recording: Path) -> None:
    athlete = RecordedAthlete(small_recording)
    assert athlete.newest_instant == datetime(2025, 1, 2, 10, 1, tzinfo=UTC)
    assert [row.activity_id for row in athlete.activities(datetime(2025, 1, 2, 10, 0, 30, tzinfo=UTC))] == [7]
    assert [row.activity_id for row in athlete.activities(athlete.newest_instant)] == [8, 7]


def test_a_folder_without_recordings_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="athlete_activities_all_pages"):
        RecordedAthlete(tmp_path)


def test_all_real_summaries_come_as_they_are(
    recorded: "Application", recorded_athlete: RecordedAthlete
) -> None:
    folder = recorded_athlete._folder
    original = (folder / "athlete_activities_all_pages.json").read_bytes()
    rows = []
    for page in range(1, 8):
        answer = recorded.get("/athlete/activities", per_page=200, page=page)
        rows += json.loads(answer.content)
        for slice_, _ in array_slices(answer.text):
            assert slice_.encode() in original
    assert rows == json.loads(original)
    assert len(rows) == 1132


def test_the_real_year_before_the_newest_has_186_activities(
    recorded: "Application", recorded_athlete: RecordedAthlete
) -> None:
    year_ago = int((recorded_athlete.newest_instant - timedelta(days=365)).timestamp())
    assert len(recorded.activities(after=year_ago)) == 186


def test_the_one_real_recording_of_streams(
    recorded: "Application", recorded_athlete: RecordedAthlete
) -> None:
    keys = "time,distance,heartrate"
    answer = recorded.get(f"/activities/{MARATHON}/streams", keys=keys, key_by_type="true")
    assert answer.content == (recorded_athlete._folder / f"streams_{MARATHON}.json").read_bytes()
    other = recorded.get("/activities/16195505756/streams", keys=keys, key_by_type="true")
    assert other.status_code == 404
    assert other.json()["message"] == "Record Not Found"
