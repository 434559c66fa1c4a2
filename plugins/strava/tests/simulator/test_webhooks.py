"""Webhooks as Strava sends them, to a server that answers as it is told."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from tests.waiting import PATIENCE_S
from training_analyzer_strava.simulator.webhooks import Manner

if TYPE_CHECKING:
    from plugins.strava.tests.conftest import ScriptedServer
    from plugins.strava.tests.simulator.conftest import Application, OpenApplication


class Listener:
    """Whoever subscribed."""

    def __init__(self, application: "Application", server: "ScriptedServer") -> None:
        self.application = application
        self.server = server

    def subscribe(self, **changes: str) -> Any:
        settings = self.application.simulation.settings
        return self.application.http.post(
            "/api/v3/push_subscriptions",
            data={
                "client_id": str(settings.client_id),
                "client_secret": settings.client_secret,
                "callback_url": f"{self.server.url}/hook",
                "verify_token": "t0ken",
                **changes,
            },
        )

    def heard(self) -> list[dict[str, Any]]:
        assert self.application.http.post("/simulator/webhooks/drain").status_code == 200
        return [json.loads(body) for method, _, _, body in self.server.asked if method == "POST"]

    def act(self, action: str, **more: object) -> int:
        answer = self.application.http.post("/simulator/actions", json={"action": action, **more})
        assert answer.is_success, answer.text
        number: int = answer.json()["activity"]
        return number


@pytest.fixture
def listener(open_application: "OpenApplication", server: "ScriptedServer") -> Iterator[Listener]:
    # A busy machine may take its time: what is too slow is tried in a test of its own.
    application = open_application(webhook_limit_s=30.0, webhook_pause_s=0.0)
    yield Listener(application, server)
    application.simulation.webhooks.close()


@pytest.fixture
def subscribed(listener: Listener) -> Listener:
    class Echo(dict[str, tuple[int, bytes]]):
        """Answers the challenge with what was asked."""

        def get(self, path: str, default: Any = None) -> Any:
            method, address, _, _ = listener.server.asked[-1]
            if method == "GET":
                query = dict(parse_qsl(urlsplit(address).query))
                return 200, json.dumps({"hub.challenge": query["hub.challenge"]}).encode()
            return super().get(path, default)

    listener.server.answers = Echo()
    listener.application.connect()
    assert listener.subscribe().status_code == 201
    return listener


def newest(listener: Listener, **wanted: object) -> int:
    rows = listener.application.activities()
    number: int = next(row for row in rows if all(row[name] == value for name, value in wanted.items()))["id"]
    return number


def test_subscribing_asks_the_callback_first(subscribed: Listener) -> None:
    method, address, _, _ = subscribed.server.asked[0]
    query = dict(parse_qsl(urlsplit(address).query))
    assert method == "GET"
    assert urlsplit(address).path == "/hook"
    assert query.keys() == {"hub.mode", "hub.challenge", "hub.verify_token"}
    assert (query["hub.mode"], query["hub.verify_token"]) == ("subscribe", "t0ken")


def test_a_callback_that_does_not_echo_is_refused(listener: Listener) -> None:
    refused = listener.subscribe()
    assert refused.status_code == 400
    (complaint,) = refused.json()["errors"]
    assert complaint["code"] == "GET to callback URL does not return 200"


def test_one_subscription_for_each_application(subscribed: Listener) -> None:
    http = subscribed.application.http
    settings = subscribed.application.simulation.settings
    credentials = {"client_id": str(settings.client_id), "client_secret": settings.client_secret}
    again = subscribed.subscribe()
    assert again.status_code == 400
    assert again.json()["errors"][0]["code"] == "already exists"
    (there,) = http.get("/api/v3/push_subscriptions", params=credentials).json()
    assert there["application_id"] == settings.client_id
    path = f"/api/v3/push_subscriptions/{there['id']}"
    assert http.delete(path).status_code == 401
    gone = http.delete(path, params=credentials)
    assert (gone.status_code, gone.headers["x-ratelimit-usage"]) == (204, "0,0")
    assert http.delete(path, params=credentials).status_code == 404
    assert http.get("/api/v3/push_subscriptions", params=credentials).json() == []


def test_events_are_hints_without_content(subscribed: Listener) -> None:
    application = subscribed.application
    number = subscribed.act("upload", start="2026-10-01T07:00:00Z")
    subscribed.act("edit", activity=number, fields={"name": "New"})
    subscribed.act("edit", activity=number, fields={"distance": 1.0})
    subscribed.act("crop", activity=number, kept_s=60)
    subscribed.act("hide", activity=number)
    subscribed.act("delete", activity=number)
    subscribed.act("deauthorize")
    events = subscribed.heard()
    owner = application.simulation.world.athletes[0].athlete_id
    assert [(event["aspect_type"], event["updates"]) for event in events] == [
        ("create", {}),
        ("update", {"title": "New"}),
        ("update", {"private": "true"}),
        ("delete", {}),
        ("update", {"authorized": "false"}),
    ]
    assert {event["object_id"] for event in events} == {number, owner}
    assert {event["owner_id"] for event in events} == {owner}
    assert all(isinstance(event["event_time"], int) for event in events)


def test_without_the_scope_hiding_is_deleting_and_showing_is_creating(subscribed: Listener) -> None:
    subscribed.application.connect("read,activity:read")
    number = newest(subscribed, private=False)
    subscribed.act("hide", activity=number)
    subscribed.act("edit", activity=number, fields={"name": "Unseen"})
    subscribed.act("show", activity=number)
    assert [event["aspect_type"] for event in subscribed.heard()] == ["delete", "create"]


def test_the_clock_brings_new_activities_and_their_events(subscribed: Listener) -> None:
    before = {row["id"] for row in subscribed.application.activities()}
    subscribed.application.http.post(
        "/simulator/clock", json={"advance_s": timedelta(days=4).total_seconds()}
    )
    created = [event["object_id"] for event in subscribed.heard()]
    assert created
    assert not before & set(created)


def test_three_attempts_and_no_more(subscribed: Listener) -> None:
    subscribed.server.status = 500
    subscribed.act("upload", start="2026-10-01T07:00:00Z")
    assert len(subscribed.heard()) == 3
    (delivery,) = subscribed.application.http.get("/simulator/webhooks").json()["deliveries"]
    assert (delivery["arrived"], delivery["statuses"]) == (False, [500, 500, 500])


def test_an_answer_that_is_too_late_is_none(subscribed: Listener) -> None:
    subscribed.server.may_answer.clear()
    webhooks = subscribed.application.simulation.webhooks
    object.__setattr__(webhooks.settings, "webhook_limit_s", 0.1)
    subscribed.act("upload", start="2026-10-01T07:00:00Z")
    assert webhooks.drain(PATIENCE_S)
    subscribed.server.may_answer.set()
    assert webhooks.deliveries[-1].statuses == (0, 0, 0)


def test_events_are_lost_repeated_and_reordered_on_demand(subscribed: Listener) -> None:
    http = subscribed.application.http

    def upload(day: int) -> int:
        return subscribed.act("upload", start=f"2026-10-{day:02}T07:00:00Z")

    assert http.post("/simulator/webhooks", json={"mode": "lose"}).is_success
    upload(1)
    assert http.post("/simulator/webhooks", json={"mode": "hold", "copies": 2}).is_success
    held = [upload(2), upload(3)]
    assert subscribed.heard() == []
    assert http.post("/simulator/webhooks/release", json={"order": "reversed"}).json() == {"released": 4}
    assert [event["object_id"] for event in subscribed.heard()] == [held[1], held[1], held[0], held[0]]
    state = http.get("/simulator/webhooks").json()
    assert (len(state["lost"]), len(state["held"]), state["mode"]) == (1, 0, "hold")
    assert http.post("/simulator/webhooks", json={"mode": "shout"}).status_code == 422


def test_revoking_is_told_too(subscribed: Listener) -> None:
    application = subscribed.application
    settings = application.simulation.settings
    token = application.http.headers["authorization"].removeprefix("Bearer ")
    application.http.post(
        "/oauth/revoke", data={"token": token}, auth=(str(settings.client_id), settings.client_secret)
    )
    assert [event["updates"] for event in subscribed.heard()] == [{"authorized": "false"}]


def test_nobody_is_told_without_a_subscription(listener: Listener) -> None:
    listener.application.connect()
    listener.application.simulation.webhooks.manner = Manner("hold")
    listener.act("upload", start="2026-10-01T07:00:00Z")
    assert listener.application.simulation.webhooks.held == []


def test_only_this_machine_controls_the_simulator(application: "Application") -> None:
    from starlette.testclient import TestClient

    from training_analyzer_strava.simulator.app import app_of

    with TestClient(app_of(application.simulation), client=("203.0.113.9", 1)) as elsewhere:
        assert elsewhere.post("/simulator/clock", json={"advance_s": 1}).status_code == 403
        assert elsewhere.get("/").status_code == 200
