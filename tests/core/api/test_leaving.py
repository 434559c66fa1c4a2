"""Taking everything along, and going: complete, without a secret, and nothing left."""

import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import httpx
import psycopg
import pytest
import zstandard
from psycopg import sql
from sqlalchemy import text

from tests.conftest import NOW, Deployment
from tests.fakes.provider import FakeProvider, FakeService
from training_analyzer.api import exporting as streaming
from training_analyzer.ingestion import connecting, disconnecting
from training_analyzer.runtime import Runtime
from training_analyzer.sdk import NotAuthorized, Unavailable
from training_analyzer.storage import athletes, exporting
from training_analyzer.storage.tables import METADATA

PASSWORD = "a long password"


@pytest.fixture
def carla(http: httpx.Client, runtime: Runtime, visit: Callable[..., httpx.Client]) -> httpx.Client:
    """An athlete who registered as athletes do, with a password, and connected."""
    registered = {"email": "carla@example.org", "password": PASSWORD, "name": "Carla"}
    assert http.post("/athletes", json=registered).status_code == 201
    token = http.post("/sessions", json={"email": "carla@example.org", "password": PASSWORD}).json()["token"]
    with runtime.database.transaction() as tx:
        found = athletes.login(tx, "carla@example.org")
    assert found is not None
    with runtime.database.transaction(found[0]) as tx:
        connecting.complete(
            tx,
            runtime.source("fake"),
            found[0],
            FakeProvider.grant("account-carla"),
            runtime.keys,
            horizon=runtime.horizon,
            now=runtime.now(),
        )
    return visit(token)


def exported(client: httpx.Client) -> zipfile.ZipFile:
    answer = client.get("/me/export")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/zip"
    archive = zipfile.ZipFile(io.BytesIO(answer.content))
    assert archive.testzip() is None
    return archive


def test_the_export_has_every_table_and_every_byte_that_was_received(
    ann: httpx.Client,
    trained: UUID,
    service: FakeService,
    work_off: Callable[[], int],
    runtime: Runtime,
    athlete_id: UUID,
) -> None:
    service.sessions[0].title = "Renamed"  # a second version of its summary
    service.sessions.append(service.add(1, NOW, sport="broken"))
    ann.post(f"/connections/{trained}/sync")
    work_off()
    with runtime.database.transaction(athlete_id) as tx:
        tx.execute(
            text("""
                INSERT INTO profile_documents (connection_id, kind, athlete_id, media_type, body, received_at)
                VALUES (:id, 'athlete', :athlete_id, 'application/json', :body, now())
            """),
            {"id": trained, "athlete_id": athlete_id, "body": zstandard.compress(b'{"weight": 70}')},
        )
    archive = exported(ann)
    tables = {
        name.removeprefix("data/").removesuffix(".json") for name in archive.namelist() if "data/" in name
    }
    assert tables == set(exporting.tables())
    assert len(json.loads(archive.read("data/activities.json"))) == 50
    assert json.loads(archive.read("data/athletes.json"))[0]["email"] == "athlete@example.org"
    assert json.loads(archive.read("profile/fake/" + str(trained) + "/athlete.json")) == {"weight": 70}
    listed = json.loads(archive.read("data/documents.json"))
    held = {
        hashlib.sha256(archive.read(name)).hexdigest() for name in archive.namelist() if "documents/" in name
    }
    assert {document["sha256"] for document in listed} == held
    assert len(listed) == 101
    assert sum(".replaced-" in name for name in archive.namelist()) == 1
    assert sum(name.startswith("rejected/") for name in archive.namelist()) == 1
    assert len(set(archive.namelist())) == len(archive.namelist())


def test_the_export_tells_no_secret_and_nothing_of_others(
    ann: httpx.Client, bob: httpx.Client, trained: UUID
) -> None:
    archive = exported(ann)
    everything = b"".join(archive.read(name) for name in archive.namelist())
    for secret in (b"access-secret", b"refresh-secret", b"password_hash", b"grant_sealed", b"token_digest"):
        assert secret not in everything
    assert b"bob@example.org" not in everything
    theirs = exported(bob)
    assert not [name for name in theirs.namelist() if "documents/" in name]
    assert json.loads(theirs.read("data/activities.json")) == []


def test_bytes_in_a_new_table_have_to_be_thought_of() -> None:
    """Columns of bytes are left out of the JSON: whoever adds one says whether it is exported otherwise."""
    known = {
        "api_keys.digest",
        "connections.grant_sealed",
        "documents.body",
        "oauth_states.digest",
        "profile_documents.body",
        "rejections.body",
        "revocations.grant_sealed",
        "sessions.token_digest",
        "upload_pieces.body",  # until the file is read: then it is a document
    }
    found = {
        f"{name}.{column.name}"
        for name in exporting.tables()
        for column in METADATA.tables[name].columns
        if column.type.python_type is bytes
    }
    assert found - known == set(), "is it a secret, or does api/exporting.py have to write it as a file?"


def test_a_large_history_is_written_while_it_is_read(
    runtime: Runtime, athlete_id: UUID, trained: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "PAGE", 7)  # 50 recordings: seven pages and one
    pieces = list(streaming.export(runtime.database, athlete_id, now=NOW))
    assert len(pieces) > 100
    assert max(map(len, pieces)) < 20_000
    archive = zipfile.ZipFile(io.BytesIO(b"".join(pieces)))
    assert len(json.loads(archive.read("data/recordings.json"))) == 50
    assert sum("documents/" in name for name in archive.namelist()) == 100


@pytest.mark.parametrize("external_id", ["../../etc/passwd", "..", "", "a/b\\c:d", "x" * 500])
def test_a_provider_cannot_choose_where_a_file_goes(external_id: str) -> None:
    held = exporting.HeldFile("documents", 1, "fake", external_id, "summary", "application/json", NOW, None)
    folders, file_name = streaming._name(held).split("/")[1:3], streaming._name(held).split("/")[3]
    assert file_name == "summary.json"
    assert all(part and not part.startswith(".") for part in folders)
    assert len(streaming._name(held).split("/")) == 4


def rows_of(deployment: Deployment, runtime: Runtime, athlete_id: UUID) -> dict[str, int]:
    counted = {}
    with psycopg.connect(deployment.database_owner_url.replace("+psycopg", "")) as owner:
        for table in exporting.tables():
            column = "id" if table == "athletes" else "athlete_id"
            query = sql.SQL("SELECT count(*) FROM {} WHERE {} = %s").format(
                sql.Identifier(table), sql.Identifier(column)
            )
            row = owner.execute(query, [athlete_id]).fetchone()
            assert row is not None
            counted[table] = row[0]
    return counted


def test_an_athlete_erases_themselves_with_everything(
    deployment: Deployment,
    runtime: Runtime,
    service: FakeService,
    trained: UUID,
    carla: httpx.Client,
    ann: httpx.Client,
    work_off: Callable[[], int],
) -> None:
    work_off()
    carlas_id = UUID(carla.get("/me").json()["id"])
    assert rows_of(deployment, runtime, carlas_id)["connections"] == 1
    assert carla.delete("/me").status_code == 422
    wrong = carla.request("DELETE", "/me", json={"password": "a wrong password"})
    assert (wrong.status_code, wrong.json()["type"]) == (
        401,
        "urn:training-analyzer:problem:wrong-credentials",
    )
    assert carla.get("/me").status_code == 200

    gone = carla.request("DELETE", "/me", json={"password": PASSWORD})
    assert gone.status_code == 200, gone.text
    record = gone.json()
    assert (record["told"], record["not_told"]) == (["fake"], [])
    assert service.asked("revoke") == ["account-carla"]
    assert set(rows_of(deployment, runtime, carlas_id).values()) == {0}
    assert carla.get("/me").status_code == 401
    with runtime.database.transaction() as tx:
        kept = tx.execute(text("SELECT to_jsonb(e)::text FROM erasures e")).scalars().all()
    assert len(kept) == 1
    assert record["id"] in kept[0]
    assert str(carlas_id) not in kept[0]
    assert "carla" not in kept[0]
    assert len(ann.get("/activities").json()["items"]) == 50, "nobody else lost anything"


def test_passwords_cannot_be_tried_here_either(carla: httpx.Client) -> None:
    answers = [carla.request("DELETE", "/me", json={"password": f"guess {n}"}).status_code for n in range(11)]
    assert answers[:10] == [401] * 10
    assert answers[10] == 429


@pytest.mark.parametrize(
    ("error", "told"), [(Unavailable("down"), False), (NotAuthorized("who?"), True)], ids=["down", "refused"]
)
def test_a_provider_that_does_not_answer_keeps_nobody(
    runtime: Runtime, service: FakeService, athlete_id: UUID, trained: UUID, error: Exception, told: bool
) -> None:
    def fault(method: str, _subject: str) -> None:
        if method == "revoke":
            raise error

    service.fault = fault
    erasure = disconnecting.erase_athlete(
        runtime.database, runtime.known_source, athlete_id, runtime.keys, asked_by="deployer", now=NOW
    )
    assert erasure.told == (("fake",) if told else ())
    assert erasure.not_told == (() if told else ("fake",))
    assert erasure.erased.activities == 50
    with runtime.database.transaction(athlete_id) as tx:
        assert athletes.profile(tx, athlete_id) is None


def test_work_that_is_under_way_stores_nothing_for_whoever_is_gone(
    deployment: Deployment,
    runtime: Runtime,
    service: FakeService,
    athlete_id: UUID,
    connect: Callable[[], UUID],
    work_off: Callable[[], int],
) -> None:
    """The athlete goes while their list is being answered."""
    service.add(1, NOW)
    connect()

    def fault(method: str, _subject: str) -> None:
        if method == "list":
            disconnecting.erase_athlete(
                runtime.database, runtime.known_source, athlete_id, runtime.keys, asked_by="athlete", now=NOW
            )

    service.fault = fault
    work_off()
    assert set(rows_of(deployment, runtime, athlete_id).values()) == {0}


def test_disconnecting_keeps_a_record_without_a_name(
    runtime: Runtime, ann: httpx.Client, trained: UUID, athlete_id: UUID
) -> None:
    assert ann.delete(f"/connections/{trained}").status_code == 200
    with runtime.database.transaction() as tx:
        (row,) = tx.execute(text("SELECT what, told, activities, erased_at FROM erasures")).all()
    assert (row.what, row.told, row.activities) == ("connection", ["fake"], 50)
    assert row.erased_at - runtime.now() < timedelta(seconds=1)
