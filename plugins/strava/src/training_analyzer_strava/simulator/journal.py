"""The simulator's record of every request that it was sent, for tests and for the demo's report."""

from collections import Counter, deque
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from training_analyzer_strava.simulator.clock import Clock
from training_analyzer_strava.simulator.limits import quarter_hour_of

KEPT = 100_000
CONTROL = "/simulator"
PURPOSES = {
    "oauth/authorize": "authorize",
    "oauth/token": "token",
    "oauth/revoke": "revoke",
    "oauth/deauthorize": "revoke",
    "athlete": "athlete",
    "athlete/zones": "zones",
    "athlete/activities": "list",
}


@dataclass(frozen=True)
class RequestRecord:
    """One request and how it was answered."""

    method: str
    path: str
    query: str
    instant: datetime
    status: int
    purpose: str

    def as_json(self) -> dict[str, Any]:
        return {**self.__dict__, "instant": self.instant.isoformat()}


def purpose_of(path: str) -> str:
    """
    What a request is for: list, streams, detail, athlete, zones, token, authorize, revoke,
    subscriptions or other.
    """
    parts = path.removeprefix("/api/v3").strip("/").split("/")
    if parts[0] == "push_subscriptions":
        return "subscriptions"
    if parts[0] == "activities" and parts[1:]:
        return {("streams",): "streams", (): "detail"}.get(tuple(parts[2:]), "other")
    return PURPOSES.get("/".join(parts), "other")


class Journal:
    """The newest requests, oldest first."""

    def __init__(self) -> None:
        self._records: deque[RequestRecord] = deque(maxlen=KEPT)

    def add(self, record: RequestRecord) -> None:
        self._records.append(record)

    def records(self, purpose: str | None = None) -> list[RequestRecord]:
        """The records of one purpose, or all of them."""
        return [record for record in tuple(self._records) if purpose in (None, record.purpose)]

    def summary(self) -> dict[str, Any]:
        """Counts by purpose, by status and by quarter of an hour."""
        records = self.records()
        return {
            "total": len(records),
            "by_purpose": _counted(record.purpose for record in records),
            "by_status": _counted(str(record.status) for record in records),
            "by_quarter_hour": _counted(quarter_hour_of(record.instant).isoformat() for record in records),
        }


def _counted(words: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(words).items()))


class Journaling:
    """ASGI middleware that writes the journal; the control API's own requests are left out."""

    def __init__(self, app: ASGIApp, journal: Journal, clock: Clock) -> None:
        self._app = app
        self._journal = journal
        self._clock = clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith(CONTROL) or scope["path"] == "/":
            await self._app(scope, receive, send)
            return

        async def send_and_write(message: Message) -> None:
            if message["type"] == "http.response.start":
                path = scope["path"]
                self._journal.add(
                    RequestRecord(
                        method=scope["method"],
                        path=path,
                        query=scope["query_string"].decode(),
                        instant=self._clock(),
                        status=message["status"],
                        purpose=purpose_of(path),
                    )
                )
            await send(message)

        await self._app(scope, receive, send_and_write)
