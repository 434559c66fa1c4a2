"""What becomes of Strava's documents, one property at a time, and of every real summary at hand."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pytest
from stravalib.strava_model import SportType

from training_analyzer.sdk import Account, Activity, BadData, Channel, RawDocument, Sport, Window
from training_analyzer_strava.provider import StravaProvider
from training_analyzer_strava.slicing import array_slices
from training_analyzer_strava.sports import SPORTS
from training_analyzer_strava.translation import translate

LEAST: dict[str, Any] = {
    "id": 1,
    "start_date": "2026-07-02T05:06:07Z",
    "elapsed_time": 3700,
    "moving_time": 3600,
}


def document(kind: str, content: object) -> RawDocument:
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    return RawDocument(kind=kind, media_type="application/json", body=body)


def of_summary(**said: Any) -> Activity:
    return translate([document("summary", {**LEAST, **said})])


def of_streams(streams: object, **said: Any) -> Activity:
    return translate([document("summary", {**LEAST, **said}), document("streams", streams)])


def keyed(**data: list[Any]) -> dict[str, Any]:
    return {
        key: {"data": values, "series_type": "distance", "original_size": len(values)}
        for key, values in data.items()
    }


def channel(activity: Activity, name: Channel) -> list[float | None]:
    assert activity.samples is not None
    return [None if np.isnan(reading) else float(reading) for reading in activity.samples.channels[name]]


def test_the_least_that_an_activity_says() -> None:
    activity = of_summary()
    assert activity.started_at == datetime(2026, 7, 2, 5, 6, 7, tzinfo=UTC)
    assert (activity.elapsed_s, activity.moving_s) == (3700, 3600)
    assert activity.sport is Sport.OTHER
    assert activity.distance_m is None
    assert activity.summary.average_heart_rate_bpm is None
    assert activity.samples is None


def test_all_that_a_summary_says() -> None:
    activity = of_summary(
        name="Über den Pass",
        sport_type="GravelRide",
        type="Ride",
        utc_offset=7200.0,
        distance=54321.0,
        total_elevation_gain=987.6,
        visibility="only_me",
        device_name="Bolt",
        average_heartrate=141.5,
        max_heartrate=178,
        average_watts=201.5,
        weighted_average_watts=222,
        kilojoules=725.4,
        device_watts=True,
        average_cadence=83.1,
        a_field_that_nobody_knows={"x": [1]},
        start_latlng=[],
        upload_id=None,
    )
    assert activity.title == "Über den Pass"
    assert (activity.sport, activity.sport_name) == (Sport.RIDE, "GravelRide")
    assert (activity.distance_m, activity.ascent_m) == (54321.0, 987.6)
    assert (activity.private, activity.device) == (True, "Bolt")
    assert activity.summary.model_dump(exclude_none=True) == {
        "average_heart_rate_bpm": 141.5,
        "max_heart_rate_bpm": 178,
        "average_power_w": 201.5,
        "weighted_power_w": 222,
        "power_is_measured": True,
        "work_kj": 725.4,
        "average_cadence_rpm": 83.1,
    }


def test_null_is_as_good_as_absent() -> None:
    optional = [
        "utc_offset", "start_date_local", "name", "sport_type", "type", "distance", "total_elevation_gain",
        "trainer", "manual", "private", "visibility", "device_name", "average_heartrate", "max_heartrate",
        "average_watts", "weighted_average_watts", "kilojoules", "device_watts", "average_cadence", "upload_id",
    ]  # fmt: skip
    assert of_summary(**dict.fromkeys(optional)) == of_summary()


def test_every_sport_that_strava_knows_was_thought_of() -> None:
    assert set(get_args(SportType.model_fields["root"].annotation)) == set(SPORTS)


@pytest.mark.parametrize(
    ("said", "sport", "name"),
    [
        ({"sport_type": "TrailRun", "type": "Run"}, Sport.RUN, "TrailRun"),
        ({"sport_type": "VirtualRow", "type": "Rowing"}, Sport.ROW, "VirtualRow"),
        ({"type": "Swim"}, Sport.SWIM, "Swim"),
        ({"sport_type": "UnderwaterHockey", "type": "Swim"}, Sport.OTHER, "UnderwaterHockey"),
        ({"sport_type": "WeightTraining"}, Sport.STRENGTH, "WeightTraining"),
        ({"sport_type": ""}, Sport.OTHER, ""),
    ],
)
def test_sports(said: dict[str, Any], sport: Sport, name: str) -> None:
    activity = of_summary(**said)
    assert (activity.sport, activity.sport_name) == (sport, name)


@pytest.mark.parametrize(
    ("said", "offset_s"),
    [
        ({"utc_offset": -14400.0, "timezone": "(GMT-05:00) America/New_York"}, -14400),
        ({"start_date_local": "2026-07-02T07:06:07Z"}, 7200),
        ({"utc_offset": 0, "start_date_local": "2026-07-02T07:06:07Z"}, 0),
        ({"utc_offset": 20700}, 20700),
        ({}, 0),
    ],
)
def test_the_local_clock(said: dict[str, Any], offset_s: int) -> None:
    activity = of_summary(**said)
    assert activity.utc_offset_s == offset_s
    assert activity.started_at == datetime(2026, 7, 2, 5, 6, 7, tzinfo=UTC)


def test_the_day_is_the_athletes_own() -> None:
    activity = of_summary(start_date="2026-07-02T03:30:00Z", utc_offset=-25200)
    assert activity.local_date == date(2026, 7, 1)


@pytest.mark.parametrize(
    ("said", "indoor"),
    [
        ({"trainer": True}, True),
        ({"sport_type": "VirtualRide", "trainer": False}, True),
        ({"sport_type": "Ride"}, False),
    ],
)
def test_indoors(said: dict[str, Any], indoor: bool) -> None:
    assert of_summary(**said).indoor is indoor


def test_zero_distance_is_no_distance_and_zero_heart_rate_no_heart_rate() -> None:
    activity = of_summary(distance=0.0, average_heartrate=0, max_heartrate=0, average_watts=0)
    assert activity.distance_m is None
    assert activity.summary.average_heart_rate_bpm is None
    assert activity.summary.max_heart_rate_bpm is None
    assert activity.summary.average_power_w == 0


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("distance", -1),
        ("distance", "far-away"),
        ("distance", float("inf")),
        ("moving_time", -5),
        ("elapsed_time", None),
        ("elapsed_time", float("nan")),
        ("start_date", "2026-07-02T05:06:07"),
        ("start_date", "soon-enough"),
        ("utc_offset", 1e12),
        ("average_heartrate", [140]),
        ("id", None),
    ],
)
def test_what_makes_no_sense_is_named_but_not_quoted(field: str, value: object) -> None:
    with pytest.raises(BadData, match=field) as raised:
        of_summary(**{field: value})
    assert str(value) not in str(raised.value)


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b"{", b"\xff", b"<html>", b'"x"', b"[" * 99_999])
def test_documents_that_are_none(body: bytes) -> None:
    with pytest.raises(BadData):
        translate([document("summary", body)])
    with pytest.raises(BadData):
        translate([document("summary", LEAST), document("streams", body)])


def test_streams_alone_are_no_activity() -> None:
    with pytest.raises(BadData, match="no summary"):
        translate([document("streams", keyed(time=[0, 1]))])


def test_streams_become_columns() -> None:
    activity = of_streams(
        keyed(
            time=[0, 1, 4],
            distance=[0.0, 2.5, 10],
            latlng=[[47.1, 8.2], [47.2, 8.3], [47.3, 8.4]],
            altitude=[400, 401.2, 402],
            velocity_smooth=[0, 2.5, 2.5],
            heartrate=[90, 91, 92],
            cadence=[0, 80, 81],
            watts=[0, 250, 255],
            temp=[-3, 21, 21],
            moving=[False, True, True],
            grade_smooth=[0, 1, 2],
        ),
        device_watts=True,
    )
    assert activity.samples is not None
    assert activity.samples.seconds.tolist() == [0, 1, 4]
    assert set(activity.samples.channels) == set(Channel)
    assert channel(activity, Channel.LONGITUDE_DEG) == [8.2, 8.3, 8.4]
    assert channel(activity, Channel.POWER_W) == [0, 250, 255]
    assert channel(activity, Channel.MOVING) == [0, 1, 1]
    assert channel(activity, Channel.TEMPERATURE_C) == [-3, 21, 21]


@pytest.mark.parametrize("device_watts", [False, None])
@pytest.mark.parametrize("sport_type", ["Ride", "Run"])
def test_power_that_was_guessed_is_left_out(device_watts: bool | None, sport_type: str) -> None:
    activity = of_streams(
        keyed(time=[0, 1], watts=[150, 160]),
        device_watts=device_watts,
        sport_type=sport_type,
        average_watts=155,
    )
    assert activity.samples is not None
    assert activity.samples.get(Channel.POWER_W) is None
    assert activity.summary.average_power_w == 155
    assert not activity.summary.power_is_measured


def test_power_of_a_run_that_was_measured_stays() -> None:
    activity = of_streams(keyed(time=[0, 1], watts=[290, 300]), device_watts=True, sport_type="Run")
    assert channel(activity, Channel.POWER_W) == [290, 300]


def test_what_is_missing_is_never_zero() -> None:
    activity = of_streams(
        keyed(
            time=[0, 1, 2, 3],
            watts=[None, 0, 200, -5],
            heartrate=[0, None, 120, 250],
            latlng=[[], None, [47, 8], [91, 8]],
            velocity_smooth=[-1, 0, 1e999, 99],
        ),
        device_watts=True,
    )
    assert channel(activity, Channel.POWER_W) == [None, 0, 200, None]
    assert channel(activity, Channel.HEART_RATE_BPM) == [None, None, 120, 250]
    assert channel(activity, Channel.LATITUDE_DEG) == [None, None, 47, None]
    assert channel(activity, Channel.SPEED_MPS) == [None, 0, None, 99]


@pytest.mark.parametrize(
    ("time", "seconds", "readings"),
    [
        ([0, 1, 1, 2], [0, 1, 2], [100, 102, 103]),
        ([0, 1, 1, 1], [0, 1], [100, 103]),
        ([0, 5, 3, 6], [0, 5, 6], [100, 101, 103]),
        ([0, None, 2, 3], [0, 2, 3], [100, 102, 103]),
        ([None, None, None, None], [], []),
        ([7, 7, 3, 7], [7], [103]),
    ],
)
def test_time_only_goes_forward(time: list[Any], seconds: list[float], readings: list[float]) -> None:
    activity = of_streams(keyed(time=time, heartrate=[100, 101, 102, 103]))
    assert activity.samples is not None
    assert activity.samples.seconds.tolist() == seconds
    assert channel(activity, Channel.HEART_RATE_BPM) == readings


@pytest.mark.parametrize("streams", [keyed(distance=[0, 1]), keyed(time=[]), {"time": None}, {}])
def test_without_times_there_are_no_samples(streams: object) -> None:
    assert of_streams(streams).samples is None


@pytest.mark.parametrize(
    ("streams", "words"),
    [
        (keyed(time=[0, 1, 2], watts=[1, 2]), "time 3, watts 2"),
        (keyed(time=[0, 1], heartrate=[1, "secret"]), "heartrate"),
        (keyed(time=[0, 1], heartrate=[1, [2]]), "heartrate"),
        (keyed(time=[0, 1], heartrate=[[1, 2], [3, 4]]), "heartrate"),
        (keyed(time=[0, 1], latlng=[[1, 2, 3], [1, 2, 3]]), "latlng"),
        (keyed(time=[0, 1], latlng=[1, 2]), "latlng"),
        (keyed(time=[0, 1], altitude=[0, 10**400]), "altitude"),
        ({"time": [0, 1]}, "Stream"),
        ({"time": {"data": "soon"}}, "data"),
        ([{"type": "time", "data": [0]}], "no object"),
    ],
)
def test_streams_that_make_no_sense(streams: object, words: str) -> None:
    with pytest.raises(BadData, match=words) as raised:
        of_streams(streams)
    assert "secret" not in str(raised.value)


def test_the_same_documents_make_the_same_activity() -> None:
    documents = [
        document("summary", {**LEAST, "name": "One"}),
        document("streams", keyed(time=[0, 1], heartrate=[100, None])),
    ]
    assert translate(documents).fingerprint() == translate(documents[::-1]).fingerprint()


def test_documents_of_other_kinds_are_nobodys_business() -> None:
    assert translate([document("summary", LEAST), document("photos", b"\xff")]) == of_summary()


def test_every_recorded_summary_translates(recordings: Path) -> None:
    file = recordings / "strava-ruby-client" / "athlete_activities_all_pages.json"
    activities = [
        (record.value, translate([document("summary", record.body)]))
        for record in array_slices(file.read_text(encoding="utf-8"))
    ]
    assert len(activities) == 1132
    sports = [activity.sport for _, activity in activities]
    assert {sport: sports.count(sport) for sport in set(sports)} == {
        Sport.RUN: 908,
        Sport.SWIM: 159,
        Sport.ALPINE_SKI: 51,
        Sport.HIKE: 6,
        Sport.STRENGTH: 5,
        Sport.OTHER: 1,
        Sport.RIDE: 1,
        Sport.NORDIC_SKI: 1,
    }
    for said, activity in activities:
        wall_clock = activity.started_at + timedelta(seconds=activity.utc_offset_s)
        assert f"{wall_clock:%Y-%m-%dT%H:%M:%SZ}" == said["start_date_local"]
    assert sum(activity.summary.average_heart_rate_bpm is None for _, activity in activities) == 100
    assert sum(activity.manual for _, activity in activities) == 10
    assert sum(activity.private for _, activity in activities) == 7


def test_a_recorded_virtual_ride(recordings: Path) -> None:
    recorded = json.loads((recordings / "elevate" / "strava" / "6271393008.json").read_bytes())
    streams = {key: {"data": values} for key, values in recorded["streams"].items()}
    activity = translate([document("summary", recorded["activity"]), document("streams", streams)])
    assert activity.samples is not None
    power = activity.samples.get(Channel.POWER_W)
    heart_rate = activity.samples.get(Channel.HEART_RATE_BPM)
    assert power is not None
    assert heart_rate is not None
    assert (activity.sport, activity.indoor) == (Sport.RIDE, True)
    assert np.nanmax(power) == 316
    assert np.nanmean(power) == pytest.approx(162, abs=0.5)
    assert np.nanmean(heart_rate) == pytest.approx(156.8, abs=0.1)
    assert activity.summary.work_kj == pytest.approx(590.3)


def test_a_fortnight_of_the_local_strava(local_provider: StravaProvider, connected: Account) -> None:
    now = datetime.now(UTC)
    page = local_provider.list_activities(connected, Window(since=now - timedelta(days=14), until=now), None)
    measured = 0
    for raw in page.activities:
        if not raw.has_more:
            continue
        documents = (*raw.documents, *local_provider.fetch_activity(connected, raw.external_id))
        activity = local_provider.translate(documents)
        assert activity.samples is not None
        assert activity.samples.seconds[-1] <= activity.elapsed_s
        heart_rate = activity.samples.get(Channel.HEART_RATE_BPM)
        if heart_rate is not None and activity.summary.average_heart_rate_bpm is not None:
            assert np.nanmean(heart_rate) == pytest.approx(activity.summary.average_heart_rate_bpm, abs=0.2)
            measured += 1
    assert measured > 0
