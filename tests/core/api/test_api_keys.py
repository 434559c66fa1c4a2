"""Keys for programs: each may do what its scopes say, and no key may do what needs the athlete."""

import json
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import event, text

from tests.conftest import NOW, StoppedClock
from tests.core.api.test_access import OPEN_TO_EVERYBODY, UUIDS, request, routes_of
from tests.core.api.test_openapi import validate
from training_analyzer.api.security import new_key
from training_analyzer.domain.errors import NotPossible
from training_analyzer.domain.scope import Scope
from training_analyzer.runtime import Runtime
from training_analyzer.storage import api_keys
from training_analyzer.worker.dispatcher import keep_house

NO_KEY_MAY = {
    "DELETE /api/v1/sessions",
    "DELETE /api/v1/sessions/current",
    "PUT /api/v1/me/password",
    "GET /api/v1/me/export",
    "DELETE /api/v1/me",
    "POST /api/v1/connections",
    "DELETE /api/v1/connections/{connection_id}",
    "DELETE /api/v1/activities/{activity_id}/recordings/{recording_id}",
    "DELETE /api/v1/me/thresholds/{threshold_id}",
    "GET /api/v1/api-keys",
    "POST /api/v1/api-keys",
    "DELETE /api/v1/api-keys/{key_id}",
}
"""What takes data or the athlete away, or opens another door."""

Visit = Callable[..., httpx.Client]


def make(client: httpx.Client, *scopes: str, **more: object) -> dict[str, Any]:
    answer = client.post("/api-keys", json={"name": "script", "scopes": scopes, **more})
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def test_a_key_is_shown_once_and_opens_what_it_is_for(app: FastAPI, ann: httpx.Client, visit: Visit) -> None:
    answer = ann.post("/api-keys", json={"name": " Kitchen display ", "scopes": ["read"]})
    assert answer.status_code == 201
    validate(app.openapi(), "POST /api/v1/api-keys", answer)
    made = answer.json()
    key = made.pop("key")
    assert key.startswith(made["prefix"])
    assert len(key) >= 47  # the mark and 256 bits
    assert made | {"id": "", "prefix": ""} == {
        "id": "",
        "prefix": "",
        "name": "Kitchen display",
        "scopes": ["read"],
        "created_at": "2026-06-15T12:00:30Z",
        "last_used_at": None,
        "expires_at": None,
    }
    assert visit(key).get("/me").json()["name"] == "Ann"
    listed = ann.get("/api-keys")
    assert listed.json()["items"] == [made | {"last_used_at": "2026-06-15T12:00:30Z"}]
    assert key not in listed.text


def test_what_a_key_lacks_is_named(app: FastAPI, ann: httpx.Client, visit: Visit) -> None:
    reading = visit(make(ann, "read")["key"])
    answer = reading.patch("/me", json={"name": "Bob"})
    assert answer.status_code == 403
    validate(app.openapi(), "PATCH /api/v1/me", answer)
    assert answer.json()["type"].endswith(":lacks-scope")
    assert answer.json()["scope"] == "write"
    assert "needs the scope `write`" in answer.json()["detail"]
    assert answer.headers["WWW-Authenticate"] == 'Bearer error="insufficient_scope", scope="write"'
    writing = visit(make(ann, "write")["key"])
    assert writing.patch("/me", json={"name": "Anna"}).status_code == 200
    assert writing.get("/me").json()["scope"] == "read"
    both = visit(make(ann, "read", "write")["key"])
    assert both.get("/me").json()["name"] == "Anna"


def test_every_route_asks_for_the_scope_that_the_document_names(
    app: FastAPI, ann: httpx.Client, visit: Visit, subtests: pytest.Subtests
) -> None:
    document = app.openapi()
    names = dict.fromkeys(UUIDS, UUID(int=1)) | {"document_id": 1, "recording_id": 1, "name": "power"}
    clients = {scope: visit(make(ann, scope)["key"]) for scope in Scope}
    refused_to_all = set()
    for route in sorted(set(routes_of(app)) - OPEN_TO_EVERYBODY):
        method, path = route.split(" ")
        security = document["paths"][path][method.lower()]["security"]
        needed = [scope for one in security for scope in one.get("key", [])]
        assert {"session": []} in security
        if not needed:
            refused_to_all.add(route)
        else:
            assert needed == ["read" if method == "GET" else "write"], route
        for scope, client in clients.items():
            with subtests.test(route=route, scope=scope):
                answer = request(client, route, **names)
                assert answer.status_code != 401
                assert (answer.status_code == 403) == (scope not in needed), answer.text
                if answer.status_code == 403:
                    assert answer.json().get("scope") == (needed[0] if needed else None)
    assert refused_to_all == NO_KEY_MAY


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"scopes": []}, "#/scopes"),
        ({"scopes": ["admin"]}, "#/scopes/0"),
        ({"name": " "}, "#/name"),
        ({"expires_at": "2026-06-15T12:00:30Z"}, "#/expires_at"),
        ({"expires_at": "2036-06-15T12:00:30Z"}, "#/expires_at"),
        ({"expires_at": "2026-07-15T12:00:30"}, "#/expires_at"),
    ],
)
def test_a_key_that_cannot_be_is_refused(ann: httpx.Client, body: dict[str, object], pointer: str) -> None:
    refused = ann.post("/api-keys", json={"name": "script", "scopes": ["read"], **body})
    assert refused.status_code == 422
    assert [error["pointer"] for error in refused.json()["errors"]] == [pointer]


def test_a_key_ends_when_it_is_deleted(ann: httpx.Client, visit: Visit) -> None:
    made = make(ann, "read")
    client = visit(made["key"])
    assert client.get("/me").status_code == 200
    assert ann.delete(f"/api-keys/{made['id']}").status_code == 204
    refused = client.get("/me")
    assert refused.status_code == 401
    assert "This key has expired, was deleted, or never was" in refused.json()["detail"]
    assert ann.delete(f"/api-keys/{made['id']}").status_code == 404


def test_a_key_ends_on_its_day_and_is_swept(
    ann: httpx.Client, visit: Visit, clock: StoppedClock, runtime: Runtime, athlete_id: UUID
) -> None:
    stays = make(ann, "read", expires_at="2026-06-15T18:00:00Z")
    goes = make(ann, "read", expires_at="2026-06-15T15:00:00+02:00")["key"]
    assert visit(goes).get("/me").status_code == 200
    clock.advance(seconds=3600)
    assert visit(goes).get("/me").status_code == 401
    assert visit(stays["key"]).get("/me").status_code == 200
    keep_house(runtime)
    with runtime.database.transaction(athlete_id) as tx:
        assert [one.id for one in api_keys.of_athlete(tx, athlete_id)] == [UUID(stays["id"])]


def test_use_is_written_once_a_minute_at_most(
    ann: httpx.Client, visit: Visit, clock: StoppedClock, runtime: Runtime
) -> None:
    client = visit(make(ann, "read")["key"])
    written: list[datetime] = []

    @event.listens_for(runtime.database._engine, "before_cursor_execute")
    def watch(_c: object, _cursor: object, statement: str, *_: object) -> None:
        if "SET last_used_at" in statement:
            written.append(clock.moment)

    for _ in range(4):
        assert client.get("/me").status_code == 200
        clock.advance(seconds=20)
    assert written == [NOW, NOW + timedelta(seconds=60)]
    (listed,) = ann.get("/api-keys").json()["items"]
    assert listed["last_used_at"] == "2026-06-15T12:01:30Z"


def test_there_are_so_many_keys_and_no_more(runtime: Runtime, athlete_id: UUID) -> None:
    def another(number: int) -> bool:
        expires_at = NOW + timedelta(hours=1)
        try:
            with runtime.database.transaction(athlete_id) as tx:
                api_keys.make(
                    tx,
                    athlete_id,
                    new_key(),
                    name=str(number),
                    scopes={Scope.READ},
                    expires_at=expires_at,
                    now=NOW,
                )
        except NotPossible:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(another, range(api_keys.MOST + 4))) == api_keys.MOST
    with runtime.database.transaction(athlete_id) as tx:  # what has ended counts no more
        api_keys.make(
            tx,
            athlete_id,
            new_key(),
            name="later",
            scopes={Scope.READ},
            expires_at=None,
            now=NOW + timedelta(hours=1),
        )


def test_one_too_many_is_told(ann: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api_keys, "MOST", 1)
    make(ann, "read")
    refused = ann.post("/api-keys", json={"name": "script", "scopes": ["read"]})
    assert refused.status_code == 409
    assert refused.json()["detail"] == "You have 1 keys, which is the most. Delete one that you do not use."


def test_the_database_and_the_export_hold_no_key(
    ann: httpx.Client, runtime: Runtime, athlete_id: UUID
) -> None:
    made = make(ann, "read")
    with runtime.database.transaction(athlete_id) as tx:
        stored = tx.execute(text("SELECT api_keys::text FROM api_keys")).scalar_one()
        assert tx.execute(text("SELECT length(digest) FROM api_keys")).scalar_one() == 32
    assert made["key"] not in stored
    with zipfile.ZipFile(BytesIO(ann.get("/me/export").content)) as archive:
        (exported,) = json.loads(archive.read("data/api_keys.json"))
    assert exported["name"] == "script"
    assert exported["prefix"] == made["prefix"]
    assert "digest" not in exported
