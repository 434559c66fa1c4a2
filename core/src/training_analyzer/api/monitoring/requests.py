"""Counting what this process answers, by route, method and status."""

import time
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from starlette.types import ASGIApp, Message, Receive, Scope, Send

METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
OTHER: Final = "other"
"""In place of a method that a client made up, and of an address that is none of ours: strangers could
make any number of series."""
BUCKETS_S: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
FAILED: Final = 500


class RequestMeter:
    """
    Measures each request until its answer begins: how long a stream or a download takes is not ours.

    `prefix`: what stands before every route that is included below it; routes do not know.
    """

    def __init__(self, app: ASGIApp, *, registry: CollectorRegistry, prefix: str) -> None:
        self._app = app
        self._prefix = prefix
        self._requests = Counter(
            "training_analyzer_http_requests",
            "Requests that were answered, by this process.",
            ("method", "route", "status"),
            registry=registry,
        )
        self._duration = Histogram(
            "training_analyzer_http_request_duration_seconds",
            "How long it took until the answer began, in this process.",
            ("method", "route"),
            buckets=BUCKETS_S,
            registry=registry,
        )
        self._in_progress = Gauge(
            "training_analyzer_http_requests_in_progress",
            "Requests that this process is answering now, streams among them.",
            registry=registry,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = time.perf_counter()
        has_begun = False

        def note(status: int) -> None:
            nonlocal has_begun
            has_begun = True
            method = scope["method"] if scope["method"] in METHODS else OTHER
            route = self._template(scope)
            self._requests.labels(method, route, str(status)).inc()
            self._duration.labels(method, route).observe(time.perf_counter() - began)

        async def send_and_note(message: Message) -> None:
            if message["type"] == "http.response.start":
                note(message["status"])
            await send(message)

        with self._in_progress.track_inprogress():
            try:
                await self._app(scope, receive, send_and_note)
            except Exception:
                if not has_begun:  # the answer to it is made outside of us
                    note(FAILED)
                raise

    def _template(self, scope: Scope) -> str:
        """Return the route as it is declared, `/api/v1/activities/{activity_id}`: it names nobody."""
        path: str | None = getattr(scope.get("route"), "path", None)
        if path is None:
            return OTHER
        is_below = scope["path"].startswith(f"{self._prefix}/") and not path.startswith(f"{self._prefix}/")
        return self._prefix + path if is_below else path
