"""A simulated Strava on a clock that stands still, and an application that is connected to it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from training_analyzer_strava.simulator.app import app_of
from training_analyzer_strava.simulator.generated import generated_world
from training_analyzer_strava.simulator.recorded import RecordedAthlete
from training_analyzer_strava.simulator.settings import Settings
from training_analyzer_strava.simulator.simulation import Simulation, new_simulation
from training_analyzer_strava.simulator.world import World

NOW = datetime(2026, 11, 23, 20, 7, 30, tzinfo=UTC)
CALLBACK = "http://localhost:8000/callback"
EVERY_SCOPE = "read,activity:read,activity:read_all,profile:read_all"
RECORDINGS = Path(__file__).resolve().parents[5] / "shared" / "data"


@dataclass
class Application:
    """A client of the simulated Strava, which knows its own id and secret, and the athlete's browser."""

    http: TestClient
    simulation: Simulation

    def asked(self, **changes: str) -> dict[str, str]:
        """What a correct request for consent asks."""
        return {
            "client_id": str(self.simulation.settings.client_id),
            "redirect_uri": CALLBACK,
            "response_type": "code",
            "scope": EVERY_SCOPE,
            "state": "a state",
        } | changes

    def consent(self, granted: str = EVERY_SCOPE, action: str = "authorize", **changes: str) -> Response:
        """Send the consent page's form with the boxes of `granted` ticked."""
        fields: dict[str, Any] = {**self.asked(**changes), "granted": granted.split(","), "action": action}
        return self.http.post("/oauth/authorize", data=fields, follow_redirects=False)

    @staticmethod
    def returned(redirect: Response) -> dict[str, str]:
        """What the browser brings back to the application."""
        assert redirect.status_code == 302, redirect.text
        query = parse_qs(urlsplit(redirect.headers["location"]).query)
        return {name: values[0] for name, values in query.items()}

    def code(self, granted: str = EVERY_SCOPE, **changes: str) -> str:
        return self.returned(self.consent(granted, **changes))["code"]

    def token_request(self, **fields: str) -> Response:
        settings = self.simulation.settings
        credentials = {"client_id": str(settings.client_id), "client_secret": settings.client_secret}
        return self.http.post("/oauth/token", data={**credentials, **fields})

    def exchange(self, code: str) -> Response:
        return self.token_request(grant_type="authorization_code", code=code)

    def refresh(self, refresh_token: str) -> Response:
        return self.token_request(grant_type="refresh_token", refresh_token=refresh_token)

    def connect(self, granted: str = EVERY_SCOPE, **changes: str) -> dict[str, Any]:
        """Obtain the athlete's consent, use the token from now on, and return what the token answer said."""
        tokens: dict[str, Any] = self.exchange(self.code(granted, **changes)).json()
        self.use(tokens["access_token"])
        return tokens

    def use(self, access_token: str) -> None:
        self.http.headers["authorization"] = f"Bearer {access_token}"

    def get(self, path: str, **query: object) -> Response:
        return self.http.get("/api/v3" + path, params={name: str(value) for name, value in query.items()})

    def activities(self, **query: object) -> list[dict[str, Any]]:
        """One page, as large as Strava allows unless `query` says otherwise."""
        rows: list[dict[str, Any]] = self.get("/athlete/activities", **{"per_page": 200, **query}).json()
        return rows


@pytest.fixture(scope="session")
def world() -> World:
    """Two athletes; shared, because they are the same for everybody."""
    return generated_world(1, NOW, athletes=2)


OpenApplication = Callable[..., Application]


@pytest.fixture
def open_application(world: World) -> Iterator[OpenApplication]:
    """Start a simulation with some settings changed and return its application."""
    opened: list[TestClient] = []

    def start(chosen: World | None = None, **settings: Any) -> Application:
        simulation = new_simulation(chosen or world, replace(Settings(), **settings), lambda: NOW)
        client = TestClient(app_of(simulation), client=("127.0.0.1", 50000))
        opened.append(client)
        return Application(client, simulation)

    yield start
    for client in opened:
        client.close()


@pytest.fixture
def application(open_application: OpenApplication) -> Application:
    """An application that nobody has connected to yet."""
    return open_application()


@pytest.fixture
def connected(application: Application) -> Application:
    """An application with every scope of the first athlete."""
    application.connect()
    return application


@pytest.fixture(scope="session")
def recorded_athlete() -> RecordedAthlete:
    """The recorded athlete, where the recordings are."""
    folder = RECORDINGS / "strava-ruby-client"
    if not folder.is_dir():
        pytest.skip("the real recordings are not here (../shared/data beside the repository)")
    return RecordedAthlete(folder)
