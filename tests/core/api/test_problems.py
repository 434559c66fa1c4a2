"""Every error is a problem document that says what to do, and tells strangers nothing."""

import re
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from tests.conftest import Deployment
from training_analyzer import queue
from training_analyzer.api.problems import Kind
from training_analyzer.registry.registry import Registry
from training_analyzer.runtime import Runtime

PAGES = Path(__file__).parents[3] / "docs" / "problems"


def check(answer: httpx.Response, kind: Kind) -> dict[str, object]:
    assert answer.status_code == kind.status, answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"
    problem: dict[str, object] = answer.json()
    assert problem["type"] == f"urn:training-analyzer:problem:{kind.slug}"
    assert problem["title"] == kind.title
    assert problem["status"] == kind.status
    assert problem["detail"]
    return problem


@pytest.mark.parametrize("kind", Kind, ids=lambda kind: str(kind.slug))
def test_every_problem_has_a_page(kind: Kind) -> None:
    page = (PAGES / f"{kind.slug}.md").read_text(encoding="utf-8")
    assert page.startswith(f"# {kind.title}\n")
    assert f"`{kind.type}`" in page
    assert f"**{kind.status}**" in page
    assert "## What to do" in page


def test_every_page_is_of_a_problem() -> None:
    slugs = {kind.slug for kind in Kind}
    assert {page.stem for page in PAGES.glob("*.md")} == slugs | {"README"}
    listed = set(re.findall(r"\]\(([a-z-]+)\.md\)", (PAGES / "README.md").read_text(encoding="utf-8")))
    assert listed == slugs


def test_unknown_addresses_and_methods(http: httpx.Client) -> None:
    check(http.get("/nothing"), Kind.NOT_FOUND)
    check(http.get("/activities/not-a-uuid/nothing"), Kind.NOT_FOUND)
    check(http.get("/sessions"), Kind.METHOD_NOT_ALLOWED)
    assert http.get("/sessions").headers["Allow"] == "DELETE, POST"


def test_bodies_that_make_no_sense(http: httpx.Client) -> None:
    as_json = {"Content-Type": "application/json"}
    for body in (b"{", b"", b'{"email": "\xff"}', b"[" * 100_000):
        refused = http.post("/sessions", content=body, headers=as_json)
        assert refused.status_code in {400, 422}, (body[:10], refused.text)
        assert refused.headers["Content-Type"] == "application/problem+json"
    check(http.post("/sessions", content=b"{", headers=as_json), Kind.MALFORMED_REQUEST)
    problem = check(http.post("/sessions", json=["not", "an", "object"]), Kind.INVALID_REQUEST)
    assert problem["errors"]


def test_a_body_that_is_not_sent_as_json_is_told_how(http: httpx.Client, ann: httpx.Client) -> None:
    as_a_form = {"Content-Type": "application/x-www-form-urlencoded"}  # as curl does of its own accord
    problem = check(http.post("/sessions", content=b"{}", headers=as_a_form), Kind.INVALID_REQUEST)
    assert "`Content-Type: application/json`" in str(problem["detail"])
    problem = check(ann.put("/me/thresholds", content=b"[]", headers=as_a_form), Kind.INVALID_REQUEST)
    assert "`Content-Type: application/json`" in str(problem["detail"])


def test_a_password_is_counted_in_characters_and_a_choice_is_told_once(
    http: httpx.Client, ann: httpx.Client
) -> None:
    registration = {"email": "eve@example.org", "name": "Eve", "password": "short"}
    problem = check(http.post("/athletes", json=registration), Kind.INVALID_REQUEST)
    assert problem["detail"] == "body #/password: It needs 10 characters or more"
    problem = check(ann.get("/me/suggestions", params={"status": "new"}), Kind.INVALID_REQUEST)
    assert problem["detail"] == "query #/status: Input should be 'open', 'accepted' or 'dismissed'"


def test_a_body_that_is_too_large(http: httpx.Client) -> None:
    check(http.post("/sessions", json={"email": "a" * 2_000_000, "password": ""}), Kind.TOO_LARGE)


def test_too_many_attempts(http: httpx.Client) -> None:
    credentials = {"email": "ann@example.org", "password": "x" * 2000}
    wrong = {"email": "ann@example.org", "password": "guess"}
    assert http.post("/sessions", json=credentials).status_code == 422  # and no attempt was counted
    for _ in range(10):
        check(http.post("/sessions", json=wrong), Kind.WRONG_CREDENTIALS)
    refused = http.post("/sessions", json=wrong | {"email": "ANN@example.org"})
    elsewhere = {"X-Forwarded-For": "203.0.113.7"}
    check(refused, Kind.TOO_MANY_ATTEMPTS)
    assert 0 < int(refused.headers["Retry-After"]) <= 900
    check(http.post("/sessions", json=wrong | {"email": "bob@example.org"}), Kind.WRONG_CREDENTIALS)
    check(http.post("/sessions", json=wrong, headers=elsewhere), Kind.WRONG_CREDENTIALS)


def test_without_a_database(
    deployment: Deployment, registry: Registry, app: FastAPI, ann: httpx.Client
) -> None:
    gone = "postgresql+psycopg://somebody:a-secret@127.0.0.1:1/nothing"
    app.state.runtime = Runtime(deployment.settings(database_url=gone), registry=registry)
    answer = ann.get("/me")
    check(answer, Kind.DATABASE_UNREACHABLE)
    assert answer.headers["Retry-After"]
    ready = ann.get("/health/ready")
    problem = check(ready, Kind.NOT_READY)
    assert problem["checks"]["database"]["ok"] is False  # type: ignore[index]
    for said in (answer, ready):
        assert not re.search("somebody|a-secret|127.0.0.1", said.text)


def test_without_redis(runtime: Runtime, http: httpx.Client, ann: httpx.Client) -> None:
    runtime.redis = queue.connect("redis://127.0.0.1:1")
    answer = http.post("/sessions", json={"email": "ann@example.org", "password": "guess"})
    assert "Redis" in str(check(answer, Kind.UNAVAILABLE)["detail"])
    assert ann.get("/activities").status_code == 200
    problem = check(http.get("/health/ready"), Kind.NOT_READY)
    assert [name for name, one in problem["checks"].items() if not one["ok"]] == ["redis"]  # type: ignore[attr-defined]


def test_without_settings(
    deployment: Deployment, registry: Registry, app: FastAPI, ann: httpx.Client
) -> None:
    app.state.runtime = Runtime(deployment.settings(database_url=None), registry=registry)
    problem = check(ann.get("/me"), Kind.NOT_SET_UP)
    assert "TRAINING_ANALYZER_DATABASE_URL" not in str(problem)


def test_a_mistake_of_ours_tells_nothing(app: FastAPI, http: httpx.Client) -> None:
    def fail() -> None:
        raise RuntimeError("an inner secret")

    app.add_api_route("/api/v1/fail", fail)
    problem = http.get("/fail")
    check(problem, Kind.INTERNAL_ERROR)
    assert "secret" not in problem.text


def test_every_answer_is_kept_from_browsers_guesses(http: httpx.Client, ann: httpx.Client) -> None:
    for answer in (http.get("/health/live"), ann.get("/me")):
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"
    asked = http.get("/health/live", headers={"Origin": "http://elsewhere.example"})
    assert "Access-Control-Allow-Origin" not in asked.headers
