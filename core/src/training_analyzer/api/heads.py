"""HEAD: what GET answers, without the body (RFC 9110, 9.3.2). No route that only reads has to think of it."""

import re
from collections.abc import MutableMapping
from typing import Any, Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

ACTING: Final = re.compile(r"/connections/[^/]+/callback")
"""Where GET does something, once, since browsers are sent there: who only looks must not use it up."""


def taken(path: str) -> bool:
    """Return whether HEAD is taken at an address where GET is."""
    return ACTING.search(path) is None


class _EnoughSaid(Exception):
    """The headers are sent, and more of the body would come."""


class Heads:
    """Lets routes that take GET take HEAD; a body that is sent in pieces ends before it begins."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "HEAD" or not taken(scope["path"]):
            await self._app(scope, receive, send)
            return

        async def send_without_body(message: Message) -> None:
            if message["type"] != "http.response.body":
                await send(message)
                return
            await send({"type": "http.response.body", "body": b""})
            if message.get("more_body", False):
                raise _EnoughSaid

        as_get: MutableMapping[str, Any] = {**scope, "method": "GET"}
        try:
            await self._app(as_get, receive, send_without_body)
        except _EnoughSaid:
            return
