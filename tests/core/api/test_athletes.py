"""Registering, logging in and out, the profile, and thresholds."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import httpx
import pytest
from sqlalchemy import text

from tests.conftest import NOW, Deployment, StoppedClock
from tests.waiting import until, waiting
from training_analyzer.registry.registry import Registry
from training_analyzer.runtime import Runtime

PASSWORD = "correct horse battery"
REGISTRATION = {"email": "Ann@Example.org", "password": PASSWORD, "name": "Ann", "sex": "female"}


AtOnce = Callable[..., None]


@pytest.fixture
def at_once(ann: httpx.Client, runtime: Runtime, athlete_id: UUID) -> AtOnce:
    """Send changes of Ann's only row of a table, all of them before one of them is done."""

    def sent(table: str, path: str, *changes: dict[str, object]) -> None:
        with ThreadPoolExecutor() as threads, runtime.database.transaction(athlete_id) as tx:
            tx.execute(text(f"SELECT FROM {table} FOR UPDATE"))
            asked = [threads.submit(ann.patch, path, json=change) for change in changes]
            until(lambda: waiting(tx) == len(changes), "nobody waits")
            tx.commit()
        assert [one.result().status_code for one in asked] == [200] * len(changes)

    return sent


def test_an_athlete_registers_logs_in_and_out(
    http: httpx.Client, visit: Callable[..., httpx.Client], runtime: Runtime
) -> None:
    registered = http.post("/athletes", json=REGISTRATION)
    assert registered.status_code == 201, registered.text
    assert registered.json() | {"id": "", "created_at": ""} == {
        "id": "",
        "created_at": "",
        "email": "Ann@example.org",
        "name": "Ann",
        "sex": "female",
        "birth_year": None,
        "style": {"language": "en", "numbers": "language", "tone": "plain", "units": "metric"},
    }
    assert PASSWORD not in registered.text

    session = http.post("/sessions", json={"email": "ann@example.ORG", "password": PASSWORD})
    assert session.status_code == 201
    token = session.json()["token"]
    assert len(token) >= 43  # 256 bits
    ann = visit(token)
    assert ann.get("/me").json()["id"] == registered.json()["id"]
    with runtime.database.transaction(UUID(registered.json()["id"])) as tx:
        stored = tx.execute(text("SELECT encode(token_digest, 'escape') FROM sessions")).scalar_one()
        hashed = tx.execute(text("SELECT password_hash FROM athletes")).scalar_one()
    assert token not in stored
    assert hashed.startswith("$argon2id$")

    assert ann.delete("/sessions/current").status_code == 204
    assert ann.get("/me").status_code == 401


def test_a_second_registration_with_the_same_address_is_refused(http: httpx.Client) -> None:
    assert http.post("/athletes", json=REGISTRATION).status_code == 201
    again = http.post("/athletes", json=REGISTRATION | {"email": "ann@example.org"})
    assert again.status_code == 409
    assert again.json()["type"].endswith(":already-exists")


def test_registration_closes_at_the_limit(
    deployment: Deployment, registry: Registry, http: httpx.Client, app: object
) -> None:
    limited = Runtime(deployment.settings(athletes_limit=1), registry=registry)
    app.state.runtime = limited  # type: ignore[attr-defined]
    try:
        assert http.post("/athletes", json=REGISTRATION).status_code == 201
        refused = http.post("/athletes", json=REGISTRATION | {"email": "bob@example.org"})
    finally:
        limited.close()
    assert refused.status_code == 403
    assert refused.json()["type"].endswith(":registration-closed")
    assert "TRAINING_ANALYZER_ATHLETES_LIMIT" in refused.json()["detail"]


def test_a_wrong_registration_says_where(http: httpx.Client, subtests: pytest.Subtests) -> None:
    wrong: list[tuple[dict[str, object], str]] = [
        ({"password": "tiny word"}, "#/password"),
        ({"email": "nobody"}, "#/email"),
        ({"name": "   "}, "#/name"),
        ({"name": "a\x00b"}, "#/name"),
        ({"birth_year": 1492}, "#/birth_year"),
        ({"birth_year": NOW.year - 4}, "#/birth_year"),
        ({"is_admin": True}, "#/is_admin"),
    ]
    for change, pointer in wrong:
        with subtests.test(str(change)):
            refused = http.post("/athletes", json=REGISTRATION | change)
            assert refused.status_code == 422
            assert [error["pointer"] for error in refused.json()["errors"]] == [pointer]
            assert PASSWORD not in refused.text
            assert "tiny word" not in refused.text


def test_wrong_credentials_do_not_say_which_is_wrong(http: httpx.Client) -> None:
    http.post("/athletes", json=REGISTRATION)
    wrong = http.post("/sessions", json={"email": "ann@example.org", "password": "not it"})
    nobody = http.post("/sessions", json={"email": "nobody@example.org", "password": PASSWORD})
    assert wrong.status_code == nobody.status_code == 401
    assert wrong.json() == nobody.json()
    assert wrong.headers["WWW-Authenticate"] == "Bearer"


def test_a_session_expires(ann: httpx.Client, clock: StoppedClock) -> None:
    assert ann.get("/me").status_code == 200
    clock.advance(days=1)
    ended = ann.get("/me")
    assert ended.status_code == 401
    assert "Log in again" in ended.json()["detail"]


def test_the_profile_changes_and_metrics_follow(
    ann: httpx.Client, runtime: Runtime, athlete_id: UUID
) -> None:
    changed = ann.patch("/me", json={"sex": "female", "birth_year": 1990})
    assert changed.status_code == 200
    assert changed.json()["name"] == "Ann"
    assert ann.patch("/me", json={"sex": None}).json()["sex"] is None
    assert ann.patch("/me", json={"name": "Annie"}).json()["birth_year"] == 1990
    assert ann.patch("/me", json={"name": None}).status_code == 422
    assert _owed(runtime, athlete_id) == ["measure"]


def test_nobody_is_born_in_the_future(ann: httpx.Client) -> None:
    refused = ann.patch("/me", json={"birth_year": NOW.year + 1})
    assert refused.status_code == 422
    assert refused.json()["detail"] == f"body #/birth_year: The year of birth is {NOW.year - 5} at the latest"
    assert ann.get("/me").json()["birth_year"] is None
    assert ann.patch("/me", json={"birth_year": NOW.year - 5}).status_code == 200


def test_a_new_name_owes_nothing(ann: httpx.Client, runtime: Runtime, athlete_id: UUID) -> None:
    assert ann.patch("/me", json={"name": "Annie"}).json()["name"] == "Annie"
    assert _owed(runtime, athlete_id) == []


def test_changes_at_once_are_both_kept(ann: httpx.Client, at_once: AtOnce) -> None:
    at_once("athletes", "/me", {"name": "Annie"}, {"birth_year": 1990})
    at_once("athletes", "/me", {"style": {"tone": "warm"}}, {"style": {"units": "imperial"}})
    profile = ann.get("/me").json()
    assert (profile["name"], profile["birth_year"]) == ("Annie", 1990)
    assert (profile["style"]["tone"], profile["style"]["units"]) == ("warm", "imperial")


def test_changes_of_a_threshold_at_once_are_both_kept(ann: httpx.Client, at_once: AtOnce) -> None:
    weight = {"name": "weight_kg", "value": 70, "valid_from": "2026-01-01"}
    path = f"/me/thresholds/{ann.post('/me/thresholds', json=weight).json()['id']}"
    at_once("thresholds", path, {"value": 71}, {"valid_from": "2026-02-01"})
    (kept,) = ann.get("/me/thresholds").json()["items"]
    assert (kept["value"], kept["valid_from"]) == (71, "2026-02-01")


def test_thresholds_are_dated_and_replaced_by_day(
    ann: httpx.Client, runtime: Runtime, athlete_id: UUID
) -> None:
    first = {"name": "functional_threshold_power_w", "value": 250, "valid_from": "2026-01-01"}
    zones = {
        "name": "heart_rate_zones_bpm",
        "value": [120, 140, 160],
        "valid_from": "2026-02-01",
        "sport": "run",
    }
    assert ann.put("/me/thresholds", json=[first, zones]).status_code == 200
    stored = ann.put("/me/thresholds", json=[first | {"value": 260}]).json()["items"]
    assert stored == ann.get("/me/thresholds").json()["items"]
    assert [(one["name"], one["value"], one["sport"]) for one in stored] == [
        ("functional_threshold_power_w", 260, None),
        ("heart_rate_zones_bpm", [120, 140, 160], "run"),
    ]
    assert _owed(runtime, athlete_id) == ["measure"]


def test_a_wrong_threshold_says_what_is_wrong(ann: httpx.Client, subtests: pytest.Subtests) -> None:
    good = {"name": "functional_threshold_power_w", "value": 250, "valid_from": "2026-01-01"}
    wrong: list[tuple[dict[str, object], str]] = [
        ({"name": "functional_treshold_power_w"}, "did you mean functional_threshold_power_w?"),
        ({"value": 0}, "greater than 0"),
        ({"value": [200, 300]}, "functional_threshold_power_w"),
        ({"value": "much"}, "valid number"),
        ({"name": "power_zones_w", "value": [300, 200]}, "ascending"),
        ({"name": "power_zones_w", "value": 300}, "power_zones_w"),
        ({"valid_from": "yesterday"}, "date"),
    ]
    for change, said in wrong:
        with subtests.test(str(change)):
            refused = ann.put("/me/thresholds", json=[good, good | change])
            assert refused.status_code == 422
            assert said in refused.json()["detail"]
            assert all(error["pointer"].startswith("#/1") for error in refused.json()["errors"])
    assert ann.get("/me/thresholds").json()["items"] == []


def test_a_threshold_is_a_finite_number(ann: httpx.Client, subtests: pytest.Subtests) -> None:
    for value in ("Infinity", "NaN", "1e999", "1" + "0" * 400):
        with subtests.test(value=value[:10]):
            body = f'[{{"name": "weight_kg", "value": {value}, "valid_from": "2026-01-01"}}]'
            refused = ann.put("/me/thresholds", content=body, headers={"Content-Type": "application/json"})
            assert refused.status_code == 422


def _owed(runtime: Runtime, athlete_id: UUID) -> list[str]:
    with runtime.database.transaction(athlete_id) as tx:
        return list(tx.execute(text("SELECT kind FROM work WHERE state = 'owed'")).scalars())
