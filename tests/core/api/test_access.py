"""Nobody sees what is another's: every route is tried, and a route that this file does not know fails."""

from collections.abc import Iterator
from datetime import date
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute, iter_route_contexts
from sqlalchemy import text

from training_analyzer.domain.athlete import ThresholdSuggestion
from training_analyzer.domain.insight import Confidence
from training_analyzer.domain.scope import Scope
from training_analyzer.runtime import Runtime
from training_analyzer.storage import api_keys, suggestions, uploads
from training_analyzer.storage.suggestions import Made

OPEN_TO_EVERYBODY = {
    "POST /api/v1/athletes",
    "POST /api/v1/sessions",
    "GET /api/v1/connections/{provider}/callback",
    "GET /api/v1/health/live",
    "GET /api/v1/health/ready",
    "GET /health/live",
    "GET /health/ready",
    "GET /api/v1/openapi.json",
    "GET /docs",
    "GET /docs/oauth2-redirect",
    "GET /webhooks/{provider}/{secret}",
    "POST /webhooks/{provider}/{secret}",
}
"""What needs no session. The callback's state says who began; the secret of a webhook says who calls."""

OF_SOMEBODY = {
    "GET /api/v1/connections/{connection_id}": "connection",
    "GET /api/v1/connections/{connection_id}/progress": "connection",
    "POST /api/v1/connections/{connection_id}/sync": "connection",
    "GET /api/v1/activities/{activity_id}": "activity",
    "GET /api/v1/activities/{activity_id}/export": "activity",
    "GET /api/v1/documents/{document_id}": "document",
    "GET /api/v1/insights/{insight_id}": "insight",
    "POST /api/v1/insights/{insight_id}/feedback": "insight",
    "GET /api/v1/uploads/{upload_id}": "upload",
    "GET /api/v1/uploads/{upload_id}/results": "upload",
    "POST /api/v1/activities/{activity_id}/split": "activity",
    "POST /api/v1/activities/{activity_id}/join": "activity",
    "PUT /api/v1/activities/{activity_id}/leading": "activity",
    "GET /api/v1/activities/{activity_id}/laps": "activity",
    "GET /api/v1/activities/{activity_id}/samples": "activity",
    "DELETE /api/v1/activities/{activity_id}/recordings/{recording_id}": "activity",
    "PATCH /api/v1/me/thresholds/{threshold_id}": "threshold",
    "DELETE /api/v1/me/thresholds/{threshold_id}": "threshold",
    "DELETE /api/v1/api-keys/{key_id}": "key",
    "POST /api/v1/me/suggestions/{suggestion_id}/accept": "suggestion",
    "POST /api/v1/me/suggestions/{suggestion_id}/dismiss": "suggestion",
    "DELETE /api/v1/connections/{connection_id}": "connection",  # the last: it takes the others along
}
"""Every route with an id, and whose id it takes."""

BY_NAME = {
    "GET /api/v1/curves/{name}",
    "GET /api/v1/activities/{activity_id}/curves/{name}",
}
"""What takes the name of a curve, of which there is none here: test_curves.py tells whose they show."""

UUIDS = (
    "connection_id",
    "activity_id",
    "insight_id",
    "threshold_id",
    "suggestion_id",
    "upload_id",
    "key_id",
)

BODIES: dict[str, object] = {
    "POST /api/v1/insights/{insight_id}/feedback": {"observation": 0, "helpful": True},
    "PATCH /api/v1/me": {"name": "Bob"},
    "PUT /api/v1/me/thresholds": [{"name": "weight_kg", "value": 70, "valid_from": "2026-01-01"}],
    "POST /api/v1/me/thresholds": {"name": "weight_kg", "value": 70, "valid_from": "2026-01-01"},
    "PATCH /api/v1/me/thresholds/{threshold_id}": {"value": 71},
    "POST /api/v1/connections": {"provider": "fake"},
    "POST /api/v1/activities/{activity_id}/split": {"recordings": [1]},
    "POST /api/v1/activities/{activity_id}/join": {"activity_id": str(UUID(int=2))},
    "PUT /api/v1/activities/{activity_id}/leading": {"recording_id": 1},
}


def routes_of(app: FastAPI) -> Iterator[str]:
    for route in iter_route_contexts(app.routes):
        methods = set(route.methods or ()) - {"HEAD"}
        for method in sorted(methods):
            yield f"{method} {route.path}"


def request(client: httpx.Client, route: str, **names: object) -> httpx.Response:
    method, path = route.split(" ")
    url = client.base_url.copy_with(path=path.format(**names))
    return client.request(method, url, json=BODIES.get(route))


def test_every_route_but_a_few_needs_a_session(
    app: FastAPI, http: httpx.Client, subtests: pytest.Subtests
) -> None:
    routes = set(routes_of(app))
    assert routes >= OPEN_TO_EVERYBODY | OF_SOMEBODY.keys() | BODIES.keys()
    for route in sorted(routes - OPEN_TO_EVERYBODY):
        names = dict.fromkeys(UUIDS, UUID(int=1))
        for token in (None, "Bearer nonsense", "Basic YTpi"):
            with subtests.test(route=route, token=token):
                http.headers.pop("Authorization", None)
                if token:
                    http.headers["Authorization"] = token
                refused = request(http, route, **names, document_id=1, recording_id=1, name="power")
                assert refused.status_code == 401, refused.text
                assert refused.headers["WWW-Authenticate"].startswith("Bearer")
                assert refused.headers["Content-Type"] == "application/problem+json"


def test_what_is_another_athletes_is_missing(
    app: FastAPI,
    ann: httpx.Client,
    bob: httpx.Client,
    runtime: Runtime,
    athlete_id: UUID,
    trained: UUID,
    subtests: pytest.Subtests,
) -> None:
    with_ids = {route for route in routes_of(app) if "{" in route} - OPEN_TO_EVERYBODY
    assert with_ids - BY_NAME == OF_SOMEBODY.keys(), "say in OF_SOMEBODY whose id a new route takes"
    ann.post("/me/thresholds", json=BODIES["POST /api/v1/me/thresholds"])
    suggested = ThresholdSuggestion(
        values={"weight_kg": 72.0},
        valid_from=date(2026, 6, 1),
        method="scales",
        confidence=Confidence.HIGH,
        explanation="Weighed.",
    )
    with runtime.database.transaction(athlete_id) as tx:
        suggestions.replace_open(
            tx,
            athlete_id,
            [Made("fake", suggested, frozenset({"fake"}))],
            origin="training",
            of_sources=["fake"],
            now=runtime.now(),
        )
        activity_id, recording_id = tx.execute(text("SELECT activity_id, id FROM recordings LIMIT 1")).one()
        ids = {
            "threshold": tx.execute(text("SELECT id FROM thresholds LIMIT 1")).scalar_one(),
            "suggestion": tx.execute(text("SELECT id FROM suggestions LIMIT 1")).scalar_one(),
            "connection": trained,
            "activity": activity_id,
            "document": tx.execute(text("SELECT id FROM documents LIMIT 1")).scalar_one(),
            "insight": tx.execute(text("SELECT id FROM insights LIMIT 1")).scalar_one(),
            "key": api_keys.make(
                tx,
                athlete_id,
                "tak_1",
                name="script",
                scopes={Scope.READ},
                expires_at=None,
                now=runtime.now(),
            ).id,
            "upload": uploads.begin(tx, athlete_id, "fake", "api", now=runtime.now()),
        }
    for route, kind in OF_SOMEBODY.items():
        with subtests.test(route):
            names = {f"{kind}_id": ids[kind], "recording_id": recording_id}
            assert request(bob, route, **names).status_code == 404
            if route not in BODIES:  # what is asked of it may not be possible with this one
                # 409: what was accepted a moment ago cannot be dismissed.
                assert request(ann, route, **names).status_code in {200, 202, 204, 409}


def test_lists_hold_only_ones_own(bob: httpx.Client, trained: UUID, subtests: pytest.Subtests) -> None:
    for path in ("/activities", "/connections", "/insights", "/api-keys"):
        with subtests.test(path):
            assert bob.get(path).json()["items"] == []
    days = bob.get("/days", params={"metrics": "fake.fitness"}).json()
    assert set(days["series"]["fake.fitness"]["values"]) == {None}


def test_a_route_is_one_of_ours(app: FastAPI) -> None:
    """What is mounted or included otherwise would escape the tests of this file."""
    plain = {route.path for route in iter_route_contexts(app.routes) if not _is_api_route(route)}
    assert plain == {"/api/v1/openapi.json", "/docs/static"}


def _is_api_route(route: object) -> bool:
    return isinstance(getattr(route, "original_route", route), APIRoute)
