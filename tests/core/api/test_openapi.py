"""The OpenAPI document says what is answered, and real answers are held against it."""

import json
from typing import Any
from uuid import UUID

import httpx
import jsonschema_rs
import pytest
from fastapi import FastAPI

from tests.core.api.test_access import BY_NAME, OF_SOMEBODY, request, routes_of
from tests.core.api.test_connections import begin, come_back
from training_analyzer.api.problems import Kind
from training_analyzer.runtime import Runtime
from training_analyzer.storage import uploads

NO_JSON = {
    "GET /api/v1/me/export",
    "GET /api/v1/documents/{document_id}",
    "GET /api/v1/activities/{activity_id}/export",
    "GET /docs",
    "GET /api/v1/openapi.json",
}
QUERIES = {
    "GET /api/v1/days": {"metrics": "fake.daily_load,fake.fitness", "from": "2026-01-01"},
    "GET /api/v1/days/projection": {"metrics": "fake.daily_load,fake.fitness"},
    "GET /api/v1/records": {"sport": "ride"},
}


def validate(document: dict[str, Any], route: str, answer: httpx.Response) -> None:
    method, path = route.split(" ")
    declared = document["paths"][path][method.lower()]["responses"]
    media_type = answer.headers["Content-Type"].split(";")[0]
    schema = declared[str(answer.status_code)]["content"][media_type]["schema"]
    jsonschema_rs.validate(schema | {"components": document["components"]}, answer.json())


def test_the_document_is_there_with_a_page(http: httpx.Client) -> None:
    document = http.get("/openapi.json").json()
    assert document["info"]["title"] == "Training Analyzer"
    assert "/api/v1/activities" in document["paths"]
    page = http.get(http.base_url.copy_with(path="/docs"))
    assert page.status_code == 200
    assert "/api/v1/openapi.json" in page.text


def test_the_document_is_one(app: FastAPI) -> None:
    """Every schema is one, and every default fits its own: programs that make clients refuse others."""
    document = app.openapi()
    components = {"components": document["components"]}
    schemas = list(document["components"]["schemas"].values())
    parameters = [parameter for _, operation in operations(document) for parameter in of(operation)]
    held = [
        *(parameter["schema"] for parameter in parameters),
        *(schema for one in schemas for schema in one.get("properties", {}).values()),
    ]
    for schema in (*schemas, *held):
        jsonschema_rs.meta.validate(schema)
        if "default" in schema:
            jsonschema_rs.validate(schema | components, schema["default"])
    assert len(held) > 500


def test_nothing_in_the_document_lacks_a_description(app: FastAPI) -> None:
    document = app.openapi()
    named = {
        name: schema for name, schema in document["components"]["schemas"].items() if "enum" not in schema
    }
    silent = [name for name, schema in named.items() if not schema.get("description")]
    silent += [
        f"{name}.{field}"
        for name, schema in named.items()
        for field, said in schema.get("properties", {}).items()
        if not said.get("description")
    ]
    silent += [
        f"{route} {parameter['name']}"
        for route, operation in operations(document)
        for parameter in of(operation)
        if not parameter.get("description")
    ]
    assert silent == []


def operations(document: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    return [
        (f"{method} {path}", operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]


def of(operation: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the parameters of an operation."""
    parameters: list[dict[str, Any]] = operation.get("parameters", [])
    return parameters


def test_errors_are_declared_as_problem_documents(app: FastAPI) -> None:
    document = app.openapi()
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            for status, response in operation["responses"].items():
                if int(status) >= 400:
                    assert list(response["content"]) == ["application/problem+json"], (path, method, status)
    assert "HTTPValidationError" not in document["components"]["schemas"]


def test_every_list_is_an_object_with_items(app: FastAPI) -> None:
    for path, methods in app.openapi()["paths"].items():
        for method, operation in methods.items():
            for status, response in operation["responses"].items():
                schema = response.get("content", {}).get("application/json", {}).get("schema", {})
                assert schema.get("type") != "array", (method, path, status)


def test_kinds_that_share_a_status_are_all_declared(app: FastAPI) -> None:
    everywhere = {Kind.BUSY, Kind.DATABASE_UNREACHABLE, Kind.NOT_SET_UP, Kind.UNAVAILABLE}
    for path, operations in app.openapi()["paths"].items():
        for method, operation in operations.items():
            said = operation["responses"]["503"]["description"].split(" · ")
            assert {kind.title for kind in everywhere} <= set(said), (path, method)
            assert len(said) == len(set(said)), (path, method)
    for method, path in (("put", "/api/v1/me/password"), ("delete", "/api/v1/me")):
        said = app.openapi()["paths"][path][method]["responses"]["401"]["description"].split(" · ")
        assert sorted(said) == sorted([Kind.UNAUTHENTICATED.title, Kind.WRONG_CREDENTIALS.title])


def test_every_route_may_be_asked_with_a_parameter_that_it_does_not_know(app: FastAPI) -> None:
    for path, operations in app.openapi()["paths"].items():
        for method, operation in operations.items():
            assert "422" in operation["responses"], (path, method)


def test_a_period_is_chosen_by_the_same_names_everywhere(app: FastAPI) -> None:
    operations = [one for paths in app.openapi()["paths"].values() for one in paths.values()]
    of_each = (
        frozenset(one["name"] for one in operation.get("parameters", ()) if '"date"' in json.dumps(one))
        for operation in operations
    )
    chosen = [names for names in of_each if names]
    assert set(chosen) == {
        frozenset({"from", "to"}),
        frozenset({"from", "to", "against_from", "against_to"}),
        frozenset({"day"}),
    }
    assert chosen.count(frozenset({"from", "to"})) > 2, "activities, days and periods"


def test_the_callback_declares_what_comes_back(app: FastAPI) -> None:
    callback = app.openapi()["paths"]["/api/v1/connections/{provider}/callback"]["get"]
    declared = {one["name"]: one["required"] for one in callback["parameters"] if one["in"] == "query"}
    assert declared == {"state": False, "code": False, "error": False}


def test_every_route_is_described_once(app: FastAPI) -> None:
    operations = [one for paths in app.openapi()["paths"].values() for one in paths.values()]
    names = [operation["operationId"] for operation in operations]
    assert len(set(names)) == len(names)
    assert all(operation["description"] for operation in operations)


def test_every_answer_is_as_declared(
    *,
    app: FastAPI,
    ann: httpx.Client,
    http: httpx.Client,
    trained: UUID,
    runtime: Runtime,
    athlete_id: UUID,
    subtests: pytest.Subtests,
) -> None:
    document = app.openapi()
    with runtime.database.transaction(athlete_id) as tx:
        upload_id = uploads.begin(tx, athlete_id, "fake", "api", now=runtime.now())
    first: dict[str, Any] = {
        kind: ann.get(f"/{kind}").json()["items"][0] for kind in ("connections", "activities", "insights")
    }
    ids = {
        "connection_id": first["connections"]["id"],
        "activity_id": first["activities"]["id"],
        "insight_id": first["insights"]["id"],
        "upload_id": str(upload_id),
    }
    ann.put("/me/thresholds", json=[{"name": "weight_kg", "value": 70, "valid_from": "2026-01-01"}])
    reads = {route for route in routes_of(app) if route.startswith("GET /api/v1/")} - NO_JSON - BY_NAME
    for route in sorted(reads):
        with subtests.test(route):
            if route.endswith("/callback"):
                answer = come_back(http, state=begin(ann), code="account-1")
            elif route in QUERIES:
                answer = ann.get(route.removeprefix("GET /api/v1"), params=QUERIES[route])
            else:
                answer = request(ann, route, **ids)
            assert answer.status_code == 200, answer.text
            validate(document, route, answer)
    assert reads > {route for route in OF_SOMEBODY if route.startswith("GET")} - NO_JSON


def test_problems_are_as_declared(app: FastAPI, http: httpx.Client, ann: httpx.Client) -> None:
    document = app.openapi()
    validate(document, "GET /api/v1/me", http.get("/me"))
    validate(document, "POST /api/v1/sessions", http.post("/sessions", json={}))
    validate(
        document,
        "POST /api/v1/sessions",
        http.post("/sessions", content=b"{", headers={"Content-Type": "application/json"}),
    )
    validate(document, "GET /api/v1/days", ann.get("/days", params={"metrics": "x.y"}))
    missing = ann.get(f"/activities/{UUID(int=1)}")
    validate(document, "GET /api/v1/activities/{activity_id}", missing)
