"""Samples as columns: as recorded, or fewer of them."""

import math
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import numpy as np
import pytest
from fastapi import FastAPI

from tests.conftest import NOW
from tests.core.api.test_openapi import validate
from tests.fakes.provider import FakeProvider, FakeService
from tests.fakes.registry import registry_of
from training_analyzer.api.routes import samples as route
from training_analyzer.registry.registry import Registry
from training_analyzer.runtime import Runtime
from training_analyzer.sdk import Activity, Channel, RawDocument, Samples, Sport, Unavailable
from training_analyzer_files.provider import FilesProvider
from training_analyzer_files.settings import FilesSettings
from training_analyzer_files.writing.fit import write_fit

ROUTE = "GET /api/v1/activities/{activity_id}/samples"
NAN = math.nan
STARTED = NOW - timedelta(days=1)
RIDE = Activity(
    sport=Sport.RIDE,
    started_at=STARTED,
    elapsed_s=600,
    moving_s=600,
    samples=Samples(
        np.array([0.0, 1.0, 2.0, 3.0, 60.0]),
        {
            Channel.POWER_W: np.array([0.0, 200.0, NAN, 220.0, 180.0]),
            Channel.HEART_RATE_BPM: np.array([NAN, 120.0, 121.0, NAN, 130.0]),
            Channel.CADENCE_RPM: np.array([NAN, NAN, NAN, NAN, NAN]),
        },
    ),
)


@pytest.fixture
def registry(service: FakeService) -> Registry:
    return registry_of(FakeProvider(service), FilesProvider(FilesSettings()))


@pytest.fixture
def ride(ann: httpx.Client, work_off: Callable[[], int]) -> str:
    """Ann's ride, with a dropout in everything and a pause, by its id."""
    ann.post("/uploads", files={"file": ("ride.fit", write_fit(RIDE))})
    work_off()
    (activity,) = ann.get("/activities").json()["items"]
    return str(activity["id"])


def test_samples_are_columns_with_null_where_a_reading_is_missing(
    app: FastAPI, ann: httpx.Client, ride: str
) -> None:
    answer = ann.get(f"/activities/{ride}/samples")
    assert answer.status_code == 200
    validate(app.openapi(), ROUTE, answer)
    found = answer.json()
    assert found["seconds"] == [0, 1, 2, 3, 60]
    assert found["channels"] == {
        "heart_rate_bpm": {"unit": "bpm", "values": [None, 120, 121, None, 130]},
        "power_w": {"unit": "W", "values": [0, 200, None, 220, 180]},
    }
    assert found["resolution_s"] is None
    (recording,) = ann.get(f"/activities/{ride}").json()["recordings"]
    assert found["recording"] == {
        "id": recording["id"],
        "provider": "files",
        "external_id": recording["external_id"],
        "started_at": STARTED.isoformat().replace("+00:00", "Z"),
        "left_out": 0,
    }
    assert set(found["channels"]) == set(recording["channels"])


@pytest.mark.parametrize("wanted", ["power", "power_w", "power_w, power,"])
def test_channels_are_chosen_with_or_without_their_unit(ann: httpx.Client, ride: str, wanted: str) -> None:
    found = ann.get(f"/activities/{ride}/samples", params={"channels": wanted}).json()
    assert list(found["channels"]) == ["power_w"]


def test_fewer_points_are_means_of_what_was_read(app: FastAPI, ann: httpx.Client, ride: str) -> None:
    answer = ann.get(f"/activities/{ride}/samples", params={"resolution_s": 2})
    validate(app.openapi(), ROUTE, answer)
    found = answer.json()
    assert found["resolution_s"] == 2
    assert found["seconds"] == [0, 2, 60]
    assert found["channels"]["power_w"]["values"] == [100, 220, 180]
    assert found["channels"]["heart_rate_bpm"]["values"] == [120, 121, 130]


@pytest.mark.parametrize(
    ("params", "said"),
    [
        ({"channels": "powr"}, "no 'powr'. Did you mean power? There are: heart_rate_bpm, power_w."),
        ({"channels": "cadence"}, "There are: heart_rate_bpm, power_w."),
        ({"channels": " ,"}, "Name one or more. There are: heart_rate_bpm, power_w."),
        ({"resolution_s": "0"}, "greater than or equal to 1"),
        ({"resolution_s": "3601"}, "less than or equal to 3600"),
    ],
)
def test_what_is_not_there_is_refused_with_what_is(
    ann: httpx.Client, ride: str, params: dict[str, Any], said: str
) -> None:
    answer = ann.get(f"/activities/{ride}/samples", params=params)
    assert answer.status_code == 422
    assert said in answer.json()["detail"]


def test_too_many_points_are_refused_with_a_resolution_that_does(
    ann: httpx.Client, ride: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(route, "MOST_POINTS", 2)
    refused = ann.get(f"/activities/{ride}/samples")
    assert refused.status_code == 422
    assert refused.json()["detail"].endswith(
        "That is 5 points, and an answer holds 2. Ask with resolution_s=4."
    )
    assert ann.get(f"/activities/{ride}/samples", params={"resolution_s": 4}).status_code == 200
    assert ann.get(f"/activities/{ride}/samples", params={"resolution_s": 1}).status_code == 422


def test_another_recording_can_be_asked_for(
    ann: httpx.Client, ride: str, service: FakeService, connect: Callable[[], UUID],
    work_off: Callable[[], int],
) -> None:  # fmt: skip
    service.add(1, NOW, minutes=10)
    connect()
    work_off()
    recordings = {one["provider"]: one for one in ann.get(f"/activities/{ride}").json()["recordings"]}
    for provider, size in (("files", 5), ("fake", 600)):
        found = ann.get(
            f"/activities/{ride}/samples", params={"recording": recordings[provider]["id"]}
        ).json()
        assert found["recording"]["provider"] == provider
        assert len(found["seconds"]) == size
    leading = next(one["provider"] for one in recordings.values() if one["leads"])
    assert ann.get(f"/activities/{ride}/samples").json()["recording"]["provider"] == leading
    missing = ann.get(f"/activities/{ride}/samples", params={"recording": 999_999})
    assert missing.status_code == 404
    assert "no recording 999999" in missing.json()["detail"]


def test_where_there_are_none_it_is_said_why(
    ann: httpx.Client, service: FakeService, connect: Callable[[], UUID], work_off: Callable[[], int]
) -> None:
    service.add(1, NOW, has_streams=False)
    connect()
    work_off()
    (activity,) = ann.get("/activities").json()["items"]
    answer = ann.get(f"/activities/{activity['id']}/samples")
    assert answer.status_code == 409
    assert answer.json()["type"].endswith("not-possible")
    assert answer.json()["detail"] == "What came of it through fake is a summary, without samples."


def test_what_is_still_to_be_fetched_is_told_so(
    ann: httpx.Client, service: FakeService, connect: Callable[[], UUID], work_off: Callable[[], int]
) -> None:
    def fault(method: str, subject: str) -> None:
        if method == "fetch":
            raise Unavailable("the service rests")

    service.fault = fault
    service.add(1, NOW)
    connect()
    work_off()
    (activity,) = ann.get("/activities").json()["items"]
    answer = ann.get(f"/activities/{activity['id']}/samples")
    assert answer.status_code == 409
    assert "still to be fetched" in answer.json()["detail"]


def test_a_plugin_that_fails_on_reading_again_is_told_and_ends_nothing(
    ann: httpx.Client, ride: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> Activity:
        raise KeyError("record")

    monkeypatch.setattr(FilesProvider, "translate", fails)
    for what in ("samples", "laps"):
        answer = ann.get(f"/activities/{ride}/{what}")
        assert answer.status_code == 409
        assert "the plugin files failed" in answer.json()["detail"]


def test_a_recording_is_read_while_no_connection_is_held(
    ann: httpx.Client, ride: str, runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = []
    read = FilesProvider.translate

    def watched(self: FilesProvider, documents: Sequence[RawDocument]) -> Activity:
        held.append(runtime.database.pool_use().in_use)
        return read(self, documents)

    monkeypatch.setattr(FilesProvider, "translate", watched)
    for what in ("samples", "laps", "export?format=tcx"):
        assert ann.get(f"/activities/{ride}/{what}").status_code == 200
    assert held == [0, 0, 0]
