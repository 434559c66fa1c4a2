"""Headers that every answer carries, so that browsers neither guess, nor keep, nor embed what we send."""

from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SECURITY_HEADERS: Final = {
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
}
DOCS_POLICY: Final = (
    "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'"
)
"""The page at /docs loads its own script and nothing from elsewhere; every other answer loads nothing."""


class SecurityHeaders:
    """Adds the headers to answers that do not set them themselves."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in SECURITY_HEADERS.items():
                    headers.setdefault(name, value)
                if scope["path"] == "/docs":
                    headers["Content-Security-Policy"] = DOCS_POLICY
            await send(message)

        await self._app(scope, receive, send_with_headers if scope["type"] == "http" else send)


def prefers(accept: str | None, wanted: str, *, over: str = "application/json") -> bool:
    """Return whether an Accept header names `wanted`, and rates it above `over`."""
    return _quality(accept or "", wanted) > _quality(accept or "", over)


def _quality(accept: str, media_type: str) -> float:
    for entry in accept.split(","):
        name, *parameters = (part.strip() for part in entry.split(";"))
        if name.lower() != media_type:
            continue
        quality = next((p[2:] for p in parameters if p.lower().startswith("q=")), "1")
        try:
            return float(quality)
        except ValueError:
            return 0
    return 0
