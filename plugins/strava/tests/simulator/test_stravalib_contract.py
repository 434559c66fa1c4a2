"""
An outsider's word: stravalib's own client and models against the running simulator.

Its server is a class constant and its scheme is https everywhere, so a subclass points both to the simulator.
"""

import json
import logging
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest
from stravalib import Client, exc
from stravalib.protocol import ApiV3

from training_analyzer_strava.simulator.browser import authorize
from training_analyzer_strava.simulator.serving import RunningSimulator, running_simulator
from training_analyzer_strava.simulator.settings import Settings
from training_analyzer_strava.simulator.world import World

KEYS = [
    "time",
    "distance",
    "latlng",
    "altitude",
    "velocity_smooth",
    "heartrate",
    "cadence",
    "watts",
    "temp",
    "moving",
    "grade_smooth",
]


@pytest.fixture(scope="module")
def simulator(world: World) -> Iterator[RunningSimulator]:
    with running_simulator(world, Settings(webhook_limit_s=30)) as running:
        yield running


@pytest.fixture
def client(simulator: RunningSimulator, monkeypatch: pytest.MonkeyPatch) -> Iterator[Client]:
    """stravalib's client, connected with every scope."""
    monkeypatch.setenv("SILENCE_TOKEN_WARNINGS", "true")
    host = simulator.url.removeprefix("http://")

    class LocalProtocol(ApiV3):
        server = host

        def resolve_url(self, url: str) -> str:
            return super().resolve_url(url).replace("https://", "http://", 1)

    client = Client(rate_limit_requests=True)
    limiter = client.protocol.rate_limiter
    client.protocol = LocalProtocol(rate_limiter=limiter)
    settings = simulator.settings
    asked = client.authorization_url(
        client_id=settings.client_id,
        redirect_uri="http://localhost/callback",
        scope=["read", "profile:read_all", "activity:read", "activity:read_all"],
        state="s",
    )
    back = httpx.URL(authorize(asked.replace("https://", "http://", 1)))
    access, athlete = client.protocol.exchange_code_for_token(
        settings.client_id, settings.client_secret, back.params["code"], return_athlete=True
    )
    assert back.params["state"] == "s"
    assert athlete
    client.protocol.refresh_token = access["refresh_token"]
    yield client
    client.protocol.rsession.close()


def test_refresh(client: Client, simulator: RunningSimulator) -> None:
    settings = simulator.settings
    before = client.access_token
    refreshed = client.refresh_access_token(
        settings.client_id, settings.client_secret, client.protocol.refresh_token or ""
    )
    assert refreshed["access_token"] == before
    assert refreshed["expires_at"] > simulator.clock().timestamp()


def test_athlete_and_zones(client: Client, simulator: RunningSimulator) -> None:
    athlete = client.get_athlete()
    zones = client.get_athlete_zones()
    assert athlete.id == simulator.simulation.world.athletes[0].athlete_id
    assert athlete.ftp == 260
    assert zones.heart_rate
    assert zones.power


def test_all_activities(client: Client, simulator: RunningSimulator) -> None:
    athlete = simulator.simulation.world.athletes[0]
    listed = athlete.activities(simulator.clock())
    activities = list(client.get_activities())
    assert [activity.id for activity in activities] == [row.activity_id for row in listed]
    ride = next(activity for activity in activities if activity.sport_type == "Ride" and not activity.trainer)
    assert ride.start_latlng
    assert ride.weighted_average_watts
    assert ride.start_date
    assert ride.start_date_local


def test_details_and_streams_of_each_kind(client: Client) -> None:
    one_of_each = {
        (repr(activity.sport_type), activity.manual): activity for activity in client.get_activities()
    }
    assert len(one_of_each) > 8
    for (_, manual), summary in one_of_each.items():
        assert summary.id
        detail = client.get_activity(summary.id)
        assert detail.distance == summary.distance
        assert detail.moving_time == summary.moving_time
        if manual:
            with pytest.raises(exc.ObjectNotFound):
                client.get_activity_streams(summary.id, types=KEYS)
            continue
        streams = client.get_activity_streams(summary.id, types=KEYS)
        assert {len(stream.data or ()) for stream in streams.values()} == {streams["time"].original_size}


def test_an_unknown_activity_is_not_found(client: Client) -> None:
    with pytest.raises(exc.ObjectNotFound):
        client.get_activity(1)


def test_what_athletes_change_is_still_a_stravalib_activity(
    client: Client, simulator: RunningSimulator
) -> None:
    ride = next(row for row in client.get_activities() if row.sport_type == "Ride" and not row.trainer)
    assert ride.id
    actions = simulator.actions
    number = actions.upload(start=datetime(2026, 9, 1, 6, tzinfo=UTC), like=ride.id)
    actions.edit(number, {"name": "Late", "sport_type": "Paragliding"})
    actions.crop(number, 900)
    actions.obscure_start(number)
    late = client.get_activity(number)
    assert (late.name, late.elapsed_time, late.distance) == ("Late", 900, late.distance)
    assert late.start_date
    assert late.start_date.strftime("%H:%M:%S") == "00:00:01"
    streams = client.get_activity_streams(number, types=KEYS)
    assert {len(stream.data or ()) for stream in streams.values()} == {streams["time"].original_size}
    actions.delete(number)
    with pytest.raises(exc.ObjectNotFound):
        client.get_activity(number)


def test_webhooks_with_stravalibs_own_hands(client: Client, simulator: RunningSimulator) -> None:
    """Its client subscribes, answers the challenge, and reads the events."""
    heard: list[bytes] = []

    class Callback(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            raw = dict(parse_qsl(urlsplit(self.path).query))
            self._answer(json.dumps(client.handle_subscription_callback(raw, "t0ken")).encode())

        def do_POST(self) -> None:
            heard.append(self.rfile.read(int(self.headers["content-length"])))
            self._answer(b"")

        def _answer(self, body: bytes) -> None:
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Callback)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    settings = simulator.settings
    try:
        url = f"http://127.0.0.1:{server.server_port}/"
        made = client.create_subscription(settings.client_id, settings.client_secret, url, "t0ken")
        there = list(client.list_subscriptions(settings.client_id, settings.client_secret))
        assert [one.id for one in there] == [made.id]
        number = simulator.actions.upload(start=datetime(2026, 9, 2, 6, tzinfo=UTC))
        assert simulator.webhooks.drain()
        (body,) = heard
        update = client.handle_subscription_update(json.loads(body))
        assert (update.object_id, update.aspect_type, update.subscription_id) == (number, "create", made.id)
        assert made.id
        client.delete_subscription(made.id, settings.client_id, settings.client_secret)
        assert list(client.list_subscriptions(settings.client_id, settings.client_secret)) == []
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_deauthorize(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.ERROR)
    client.deauthorize()
    with pytest.raises(exc.AccessUnauthorized):
        client.get_athlete()
