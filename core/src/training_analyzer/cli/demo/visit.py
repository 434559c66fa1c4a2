"""The athlete's part: registers, says who they are, walks through the consent page, and looks at progress."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Self

import httpx

from training_analyzer.domain.errors import ConfigurationError
from training_analyzer.sdk import DemoAthlete, DemoStandIn

PATIENCE_S: Final = 120
CREATED: Final = 201
CONFLICT: Final = 409
FORBIDDEN: Final = 403


@dataclass(frozen=True, slots=True)
class Login:
    """With what the demo athlete logs in."""

    email: str
    password: str


class Visitor:
    """A REST client that has logged in."""

    def __init__(self, http: httpx.Client) -> None:
        self._http = http

    @classmethod
    @contextmanager
    def arriving(cls, url: str, athlete: DemoAthlete, login: Login) -> Iterator[Self]:
        """Register, or come back, and log in."""
        with httpx.Client(base_url=f"{url}/api/v1", timeout=PATIENCE_S, trust_env=False) as http:
            registered = http.post(
                "/athletes",
                json={
                    "email": login.email,
                    "password": login.password,
                    "name": athlete.name,
                    "sex": athlete.sex,
                    "birth_year": athlete.birth_year,
                },
            )
            if registered.status_code not in {CREATED, CONFLICT, FORBIDDEN}:
                _check(registered)
            session = _check(http.post("/sessions", json={"email": login.email, "password": login.password}))
            http.headers["Authorization"] = f"Bearer {session['token']}"
            yield cls(http)

    def get(self, path: str, **query: Any) -> Any:
        return _check(self._http.get(path, params=query))

    def tell_thresholds(self, athlete: DemoAthlete, since: date) -> None:
        """Store what is known of the athlete's body."""
        known = athlete.thresholds.model_dump(exclude_none=True)
        values = [
            {
                "name": name,
                "value": value,
                "valid_from": since.isoformat(),
                # A cyclist's power says nothing of a runner's.
                "sport": "ride" if "power" in name else None,
            }
            for name, value in known.items()
        ]
        if values:
            _check(self._http.put("/me/thresholds", json=values))

    def connect(self, provider: str, stand_in: DemoStandIn) -> str:
        """Walk through the consent page as a browser would; return the connection's id."""
        begun = _check(self._http.post("/connections", json={"provider": provider}))
        sent_back_to = stand_in.authorize(begun["authorization_url"])
        arrived = httpx.get(
            sent_back_to, headers={"Accept": "application/json"}, timeout=PATIENCE_S, trust_env=False
        )
        connected: str = _check(arrived)["id"]
        return connected

    def all_activities(self, since: date) -> list[dict[str, Any]]:
        """Return every activity since a day, page by page."""
        found: list[dict[str, Any]] = []
        cursor: str | None = None
        while True:
            query = {"from": since.isoformat(), "limit": 200} | ({"cursor": cursor} if cursor else {})
            page = self.get("/activities", **query)
            found += page["items"]
            cursor = page["next_cursor"]
            if cursor is None:
                return found


DEMO_LOGIN: Final = Login("demo@example.org", "training-analyzer-demo")
"""Known to everybody: the server listens on this machine only, and holds a demonstration."""


def _check(response: httpx.Response) -> Any:
    """Return the answer. Raises ConfigurationError with what the problem document says."""
    if response.is_success:
        return response.json() if response.content else None
    try:
        problem: Mapping[str, Any] = response.json()
    except ValueError:
        problem = {}
    said = problem.get("detail") or problem.get("title") or response.text[:200]
    raise ConfigurationError(f"{response.request.method} {response.request.url.path} was refused: {said}")
