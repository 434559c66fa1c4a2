"""
Faults on demand: answers that fail, stall or break off, for the requests that a test names.

A fault meets requests of one purpose, or of all, and optionally one path; it lets the first few pass,
and ends after some. Where it `takes_effect` the request is carried out, and only its answer is lost.
A request that is met still counts against the limits.
"""

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from training_analyzer_strava.simulator.faults import FaultError, json_answer
from training_analyzer_strava.simulator.journal import CONTROL, purpose_of

Kind = Literal["status", "page", "inactive", "truncated", "cut", "stalled", "slow"]
COUNTED = frozenset({"list", "streams", "detail", "athlete", "zones", "other"})
"""Purposes that cost quota."""
GATEWAY_PAGE = (
    "<!DOCTYPE HTML><html><head><title>ERROR: The request could not be satisfied</title></head>"
    "<body><h1>502 ERROR</h1><hr><p>The origin closed the connection.</p></body></html>"
)


class Fault(BaseModel):
    """
    What is wrong with some answers.

    status      Strava's own error, with `status`
    page        a gateway's page of HTML, with `status`
    inactive    403: the application is switched off
    truncated   half of the body, in good order
    cut         the connection ends in the middle of the body
    stalled     nothing for `delay_s`, then 504
    slow        the right answer, after `delay_s`
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Kind
    purpose: str | None = None
    """list, streams, detail, athlete, zones, token, revoke, authorize, subscriptions; None: any of them."""
    path: str | None = None
    """A part of the address, such as an activity's number."""
    status: Annotated[int, Field(ge=200, le=599)] = 503
    skip: Annotated[int, Field(ge=0)] = 0
    """How many requests pass before it begins."""
    times: Annotated[int, Field(ge=1)] | None = 1
    """How many requests it meets; None: until it is cleared."""
    share: Annotated[float, Field(gt=0, le=1)] = 1.0
    """Of the requests that it could meet; which, is drawn from a fixed seed."""
    delay_s: Annotated[float, Field(ge=0, le=600)] = 0.0
    takes_effect: bool = False

    def is_about(self, path: str) -> bool:
        return self.purpose in (None, purpose_of(path)) and (self.path is None or self.path in path)


@dataclass
class Active:
    """A fault at work."""

    fault: Fault
    passed: int = 0
    met: int = 0
    luck: random.Random = field(default_factory=lambda: random.Random(0))  # noqa: S311 - not a secret

    def meets(self) -> bool:
        """Whether the next request that it is about is met; counts it."""
        if self.passed < self.fault.skip:
            self.passed += 1
            return False
        if self.spent or self.luck.random() >= self.fault.share:
            return False
        self.met += 1
        return True

    @property
    def spent(self) -> bool:
        return self.fault.times is not None and self.met >= self.fault.times


class Interference:
    """The faults that are at work, and what is to happen after so many more requests."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._active: list[Active] = []
        self._plans: list[tuple[str, int, Callable[[], object]]] = []

    def add(self, fault: Fault) -> None:
        with self._lock:
            self._active.append(Active(fault))

    def clear(self) -> None:
        """End all faults."""
        with self._lock:
            self._active.clear()

    def active(self) -> list[Active]:
        with self._lock:
            return [one for one in self._active if not one.spent]

    def for_request(self, path: str) -> Fault | None:
        """The fault that meets this request, if any."""
        with self._lock:
            for one in self._active:
                if one.fault.is_about(path) and one.meets():
                    return one.fault
        return None

    def after(self, purpose: str, requests: int, action: Callable[[], object]) -> None:
        """Do something when so many more requests of a purpose have been answered."""
        with self._lock:
            self._plans.append((purpose, requests, action))

    def answered(self, path: str) -> None:
        """Remember that a request was answered, and do what was to happen after it."""
        purpose = purpose_of(path)
        due: list[Callable[[], object]] = []
        with self._lock:
            left = []
            for planned, requests, action in self._plans:
                remaining = requests - (planned == purpose)
                if remaining > 0:
                    left.append((planned, remaining, action))
                else:
                    due.append(action)
            self._plans = left
        for action in due:
            action()


class Interfering:
    """ASGI middleware that does what the faults say."""

    def __init__(self, app: ASGIApp, interference: Interference, count: Callable[[], object]) -> None:
        self._app = app
        self._interference = interference
        self._count = count

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith(CONTROL):
            await self._app(scope, receive, send)
            return
        fault = self._interference.for_request(scope["path"])
        if fault is None:
            await self._app(scope, receive, send)
        else:
            await self._spoil(fault, scope, receive, send)
        self._interference.answered(scope["path"])

    async def _spoil(self, fault: Fault, scope: Scope, receive: Receive, send: Send) -> None:
        if fault.delay_s and fault.kind != "stalled":
            await asyncio.sleep(fault.delay_s)
        if fault.kind == "slow":
            await self._app(scope, receive, send)
            return
        if fault.kind in {"truncated", "cut"}:
            kept = _Kept()
            await self._app(scope, receive, kept)
            await _send_half(kept, send, cut=fault.kind == "cut")
            return
        if fault.takes_effect:
            await self._app(scope, receive, _Kept())
        elif purpose_of(scope["path"]) in COUNTED:
            self._count()
        if fault.kind == "stalled":
            await asyncio.sleep(fault.delay_s)
        await _answer_of(fault)(scope, receive, send)


class _Kept:
    """Takes an answer instead of whoever asked."""

    def __init__(self) -> None:
        self.start: Message = {}
        self.body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.start = message
        else:
            self.body += message.get("body", b"")


async def _send_half(kept: _Kept, send: Send, *, cut: bool) -> None:
    half = kept.body[: len(kept.body) // 2]
    promised = len(kept.body) if cut else len(half)
    headers = [(name, value) for name, value in kept.start["headers"] if name != b"content-length"]
    headers.append((b"content-length", str(promised).encode()))
    await send({**kept.start, "headers": headers})
    # Without an end, the server closes the connection.
    await send({"type": "http.response.body", "body": half, "more_body": cut})


def _answer_of(fault: Fault) -> Response:
    match fault.kind:
        case "inactive":
            return FaultError(403, "Forbidden", "Application", "Status", "Inactive").answer()
        case "page":
            return HTMLResponse(GATEWAY_PAGE, status_code=fault.status)
        case "stalled":
            return HTMLResponse(GATEWAY_PAGE, status_code=504)
    return json_answer(b'{"message":"An error of Strava\'s own","errors":[]}', fault.status)
