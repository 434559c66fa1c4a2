"""Activities as files: the original as it came, and what is written for other programs."""

import io
import re
import zipfile
from collections.abc import Callable
from uuid import UUID

import httpx
import pytest
from sqlalchemy import text

from plugins.files.tests.made_files import gpx, track
from tests.conftest import NOW
from tests.fakes.provider import FakeProvider, FakeService
from tests.fakes.registry import registry_of
from training_analyzer import pipeline
from training_analyzer.domain.endings import ending_of
from training_analyzer.domain.events import RecordingReceived
from training_analyzer.registry.registry import Registry
from training_analyzer.runtime import Runtime
from training_analyzer.sdk import Activity, Lap, RawActivity, Sport
from training_analyzer.storage import recordings
from training_analyzer_files.provider import FilesProvider
from training_analyzer_files.settings import FilesSettings
from training_analyzer_files.writing.fit import write_fit

FILES = FilesProvider(FilesSettings())
MINE = write_fit(
    Activity(
        sport=Sport.RUN, started_at=NOW, elapsed_s=1800, moving_s=1800, distance_m=5000, device="Watch",
        laps=(Lap(start_s=0, elapsed_s=900), Lap(start_s=900, elapsed_s=900)),
    )
)  # fmt: skip


@pytest.fixture
def registry(service: FakeService) -> Registry:
    return registry_of(FakeProvider(service), FILES)


@pytest.fixture
def from_file(runtime: Runtime, athlete_id: UUID, work_off: Callable[[], int]) -> None:
    """A run that Ann has handed over as a file."""
    (raw,) = FILES.read_upload("run.fit", io.BytesIO(MINE))
    assert isinstance(raw, RawActivity)
    with runtime.database.transaction(athlete_id) as tx:
        received = recordings.receive(tx, athlete_id, None, "files", raw, now=NOW)
        event = RecordingReceived(athlete_id=athlete_id, recording_id=received.recording_id)
        pipeline.record(tx, [event], now=NOW)
    work_off()


def only(client: httpx.Client, sport: str) -> str:
    (found,) = client.get("/activities", params={"sport": sport}).json()["items"]
    return str(found["id"])


def export(client: httpx.Client, activity_id: str, **params: str) -> httpx.Response:
    return client.get(f"/activities/{activity_id}/export", params=params)


def test_the_original_comes_back_byte_for_byte(ann: httpx.Client, from_file: None) -> None:
    answer = export(ann, only(ann, "run"))
    assert answer.status_code == 200
    assert answer.content == MINE
    assert answer.headers["content-type"] == "application/vnd.ant.fit"
    assert re.fullmatch(
        r'attachment; filename="2026-06-15-120030-\d+\.fit"', answer.headers["content-disposition"]
    )


def test_each_recording_of_a_session_can_be_had(
    *, ann: httpx.Client, from_file: None, runtime: Runtime, athlete_id: UUID, work_off: Callable[[], int]
) -> None:
    other = gpx(track(seconds=range(0, 1800, 10))).replace(b"2026-03-02T05:", b"2026-06-15T12:")
    (raw,) = FILES.read_upload("same.gpx", io.BytesIO(other))
    assert isinstance(raw, RawActivity)
    with runtime.database.transaction(athlete_id) as tx:
        received = recordings.receive(tx, athlete_id, None, "files", raw, now=NOW)
        event = RecordingReceived(athlete_id=athlete_id, recording_id=received.recording_id)
        pipeline.record(tx, [event], now=NOW)
    work_off()
    activity_id = only(ann, "run")
    ids = [one["id"] for one in ann.get(f"/activities/{activity_id}").json()["recordings"]]
    (first,) = set(ids) - {received.recording_id}
    assert export(ann, activity_id).content == other, "it has places, and leads"
    had = export(ann, activity_id, recording=str(first))
    assert (had.content, had.headers["content-type"]) == (MINE, "application/vnd.ant.fit")
    assert f"-{first}.fit" in had.headers["content-disposition"]
    assert b"<LatitudeDegrees>" in export(ann, activity_id, format="tcx").content
    assert b"<LatitudeDegrees>" not in export(ann, activity_id, format="tcx", recording=str(first)).content
    assert "has no recording 99. There are:" in export(ann, activity_id, recording="99").json()["detail"]


@pytest.mark.parametrize("format_name", ["fit", "tcx"])
def test_what_came_without_a_file_is_written(ann: httpx.Client, trained: UUID, format_name: str) -> None:
    newest = ann.get("/activities", params={"limit": 1}).json()["items"][0]
    answer = export(ann, newest["id"], format=format_name)
    assert answer.status_code == 200
    described = ann.get("/openapi.json").json()["paths"]["/api/v1/activities/{activity_id}/export"]
    assert answer.headers["content-type"].split(";")[0] in described["get"]["responses"]["200"]["content"]
    (raw,) = FILES.read_upload(f"x.{format_name}", io.BytesIO(answer.content))
    assert isinstance(raw, RawActivity)
    activity = FILES.translate(raw.documents)
    assert activity.started_at.isoformat() == newest["started_at"].replace("Z", "+00:00")
    assert activity.moving_s == pytest.approx(newest["moving_s"], abs=0.01)
    assert activity.sport == newest["sport"]
    assert activity.samples is not None


def test_what_cannot_be_had_says_why_and_what_can(ann: httpx.Client, trained: UUID) -> None:
    newest = ann.get("/activities", params={"limit": 1}).json()["items"][0]["id"]
    refused = export(ann, newest)
    assert refused.status_code == 409
    assert refused.json()["detail"] == "It came through fake, without a file. Take it as fit, tcx."
    refused = export(ann, newest, format="gpx")
    assert refused.status_code == 409
    assert refused.json()["detail"] == "No active plugin writes gpx. There is: original, fit, tcx."
    assert export(ann, newest, format="../fit").status_code == 422
    assert export(ann, str(UUID(int=1)), format="fit").status_code == 404


def test_the_file_is_called_what_it_is_wherever_it_goes(ann: httpx.Client, from_file: None) -> None:
    activity = ann.get(f"/activities/{only(ann, 'run')}").json()
    (document,) = activity["recordings"][0]["documents"]
    header = ann.get(f"/documents/{document['id']}").headers["content-disposition"]
    assert header == f'attachment; filename="{document["id"]}-file.fit"'
    with zipfile.ZipFile(io.BytesIO(ann.get("/me/export").content)) as archive:
        (name,) = (name for name in archive.namelist() if name.startswith("documents/files/"))
        assert name.endswith("/file.fit")
        assert archive.read(name) == MINE


@pytest.mark.parametrize(
    ("media_type", "ending"),
    [
        ("application/vnd.garmin.tcx+xml", ".tcx"),
        ("application/gpx+xml+gzip", ".gpx.gz"),
        ("application/json", ".json"),
        ("application/octet-stream", ".bin"),
        ("nothing/known", ".bin"),
        ("", ".bin"),
    ],
)
def test_a_media_type_has_an_ending(media_type: str, ending: str) -> None:
    assert ending_of(media_type) == ending


def test_of_a_plugin_that_is_not_active_nobody_says_that_there_was_no_file(
    ann: httpx.Client, from_file: None, runtime: Runtime, service: FakeService
) -> None:
    activity_id = only(ann, "run")
    runtime.registry = registry_of(FakeProvider(service))
    refused = export(ann, activity_id)
    assert refused.status_code == 409
    assert refused.json()["detail"] == "The plugin files, which understands its documents, is not active."


def test_of_a_file_that_is_no_longer_kept_nobody_says_that_there_was_none(
    ann: httpx.Client, from_file: None, runtime: Runtime, athlete_id: UUID
) -> None:
    with runtime.database.transaction(athlete_id) as tx:
        tx.execute(text("DELETE FROM documents"))
    refused = export(ann, only(ann, "run"))
    assert refused.json()["detail"] == "Its documents are no longer kept: only its numbers are."


def test_nobody_elses_activity_is_handed_out(ann: httpx.Client, bob: httpx.Client, from_file: None) -> None:
    assert export(bob, only(ann, "run")).status_code == 404
