"""Changing a password, and logging out everywhere."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import httpx
import pytest
from sqlalchemy import text

from tests.waiting import until, waiting
from training_analyzer.runtime import Runtime
from training_analyzer.storage import athletes, passwords

ANN = {"email": "ann@example.org", "password": "a long password"}
NEW = "another long password"

Visit = Callable[..., httpx.Client]


@pytest.fixture
def anns(http: httpx.Client, visit: Visit) -> list[httpx.Client]:
    """Two devices on which Ann has logged in."""
    assert http.post("/athletes", json=ANN | {"name": "Ann"}).status_code == 201
    return [visit(http.post("/sessions", json=ANN).json()["token"]) for _ in range(2)]


def test_a_changed_password_ends_the_other_sessions_and_every_key(
    http: httpx.Client, anns: list[httpx.Client], bob: httpx.Client, visit: Visit
) -> None:
    here, there = anns
    script = visit(here.post("/api-keys", json={"name": "script", "scopes": ["read"]}).json()["key"])
    assert script.get("/me").status_code == 200
    changed = here.put("/me/password", json={"password": ANN["password"], "new_password": NEW})
    assert (changed.status_code, changed.text) == (204, "")
    assert [one.get("/me").status_code for one in (here, there, script, bob)] == [200, 401, 401, 200]
    assert http.post("/sessions", json=ANN).status_code == 401
    assert http.post("/sessions", json=ANN | {"password": NEW}).status_code == 201


def test_who_comes_with_the_old_password_meanwhile_is_not_let_in(
    http: httpx.Client, anns: list[httpx.Client], runtime: Runtime
) -> None:
    athlete_id = UUID(anns[0].get("/me").json()["id"])
    change = {"password": ANN["password"], "new_password": NEW}
    with ThreadPoolExecutor() as threads, runtime.database.transaction(athlete_id) as tx:
        athletes.set_password(tx, athlete_id, "another hash")
        athletes.close_sessions(tx, athlete_id)
        asked = [
            threads.submit(http.post, "/sessions", json=ANN),
            threads.submit(anns[1].put, "/me/password", json=change),
        ]
        until(lambda: waiting(tx) + sum(one.done() for one in asked) == len(asked), "they do not come so far")
        tx.commit()
    assert [one.result().status_code for one in asked] == [401, 401]
    with runtime.database.transaction(athlete_id) as tx:
        assert athletes.has_password(tx, athlete_id, "another hash")


def test_who_was_logged_in_opens_nothing_while_the_password_changes(
    anns: list[httpx.Client], runtime: Runtime
) -> None:
    here, there = anns
    athlete_id = UUID(here.get("/me").json()["id"])
    with ThreadPoolExecutor() as threads, runtime.database.transaction(athlete_id) as tx:
        passwords.replace(tx, athlete_id, "another hash")
        asked = [
            threads.submit(here.post, "/api-keys", json={"name": "script", "scopes": ["read"]}),
            threads.submit(there.post, "/connections", json={"provider": "fake"}),
        ]
        until(lambda: waiting(tx) + sum(one.done() for one in asked) == len(asked), "they do not come so far")
        tx.commit()
    assert [one.result().status_code for one in asked] == [401, 401]
    assert "This session has ended" in asked[0].result().json()["detail"]
    with runtime.database.transaction(athlete_id) as tx:
        assert tx.execute(text("SELECT count(*) FROM api_keys")).scalar_one() == 0
        assert tx.execute(text("SELECT count(*) FROM oauth_states")).scalar_one() == 0


def test_a_connection_that_was_begun_before_leads_nowhere(
    http: httpx.Client, anns: list[httpx.Client]
) -> None:
    begun = anns[1].post("/connections", json={"provider": "fake"}).json()["authorization_url"]
    (state,) = parse_qs(urlsplit(begun).query)["state"]
    change = {"password": ANN["password"], "new_password": NEW}
    assert anns[0].put("/me/password", json=change).status_code == 204
    refused = http.get("/connections/fake/callback", params={"state": state, "code": "code"})
    assert refused.status_code == 400
    assert anns[0].get("/connections").json()["items"] == []


def test_only_who_knows_the_password_changes_it(anns: list[httpx.Client]) -> None:
    here, there = anns
    for number in range(10):
        refused = here.put("/me/password", json={"password": f"guess {number}", "new_password": NEW})
        assert refused.status_code == 401
        assert refused.json()["detail"] == "This is not your password. Nothing was changed."
    refused = here.put("/me/password", json={"password": ANN["password"], "new_password": NEW})
    assert refused.status_code == 429, "guesses are counted as those to log in are"
    assert there.get("/me").status_code == 200


def test_every_spelling_of_an_address_is_the_same_athlete(
    http: httpx.Client, runtime: Runtime, subtests: pytest.Subtests
) -> None:
    assert http.post("/athletes", json=ANN | {"name": "Ann", "email": "iii@example.org"}).status_code == 201
    dotted = "\u0130"  # PostgreSQL has it become `i`; Python, `i` and a dot above
    spellings = ["iii", "III", "Iii", f"{dotted}ii", f"i{dotted}i", f"ii{dotted}", f"{dotted * 2}i"]
    with runtime.database.transaction() as tx:
        same = [one for one in spellings if athletes.login(tx, f"{one}@example.org")]
    assert {"iii", "III", "Iii"} < set(same), "here is nothing to be told apart"
    for number in range(10):
        guess = {"email": f"{same[number % len(same)]}@example.org", "password": f"a guess {number}"}
        assert http.post("/sessions", json=guess).status_code == 401
    for one in same:
        with subtests.test(spelling=one):
            refused = http.post("/sessions", json=ANN | {"email": f"{one}@example.org"})
            assert refused.status_code == 429


def test_a_new_password_is_as_long_as_one_of_registration(anns: list[httpx.Client]) -> None:
    refused = anns[0].put("/me/password", json={"password": ANN["password"], "new_password": "short"})
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["pointer"] == "#/new_password"
    assert "10 characters" in refused.json()["detail"]


def test_half_a_character_is_no_password(
    http: httpx.Client, anns: list[httpx.Client], subtests: pytest.Subtests
) -> None:
    half = r"\ud800aaaaaaaaaaaa"  # as JSON writes one of a pair
    asked = {
        "password": (http, "POST", "/sessions", f'{{"email": "ann@example.org", "password": "{half}"}}'),
        "of a new athlete": (
            http,
            "POST",
            "/athletes",
            f'{{"email": "bob@example.org", "name": "Bob", "password": "{half}"}}',
        ),
        "another": (
            anns[0],
            "PUT",
            "/me/password",
            f'{{"password": "{ANN["password"]}", "new_password": "{half}"}}',
        ),
        "of who goes": (anns[0], "DELETE", "/me", f'{{"password": "{half}"}}'),
    }
    for name, (client, method, path, body) in asked.items():
        with subtests.test(name):
            refused = client.request(method, path, content=body, headers={"Content-Type": "application/json"})
            assert refused.status_code == 422
            (wrong,) = refused.json()["errors"]
            assert wrong["pointer"] == ("#/new_password" if name == "another" else "#/password")
            assert "no text in Unicode" in wrong["detail"]


def test_logging_out_everywhere_ends_every_session(anns: list[httpx.Client], bob: httpx.Client) -> None:
    here, there = anns
    assert here.delete("/sessions").status_code == 204
    assert [one.get("/me").status_code for one in (here, there, bob)] == [401, 401, 200]
