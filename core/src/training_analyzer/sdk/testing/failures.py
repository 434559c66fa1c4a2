"""How a service fails, and what a provider is to make of it."""

from collections.abc import Callable, Mapping
from typing import Any, Final

import httpx

from training_analyzer.sdk import (
    BadData,
    Misconfigured,
    NotAuthorized,
    NotFound,
    Page,
    PluginError,
    RateLimited,
    Unavailable,
)

NONSENSE: Final = (b"", b"{", b"null", b"[]", b'"text"', b"<html>Maintenance</html>", b"\xff\xfe\x00")
PERMITTED: Final = (RateLimited, Unavailable, Misconfigured, NotAuthorized, NotFound, BadData)


def _timeout(request: httpx.Request) -> httpx.Response:
    raise httpx.ReadTimeout("timed out", request=request)


def _no_connection(request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("connection refused", request=request)


Expected = type[PluginError] | tuple[type[PluginError], ...]

# A 429 reaches a provider only in tests: the metered client answers it with RateLimited first. A page
# with status 200 is a gateway's: it may pass, or be taken for nonsense.
FAILURES: Final[Mapping[str, tuple[Callable[[httpx.Request], httpx.Response], Expected]]] = {
    "no connection": (_no_connection, Unavailable),
    "a timeout": (_timeout, Unavailable),
    "500": (lambda _: httpx.Response(500), Unavailable),
    "503 with a page": (lambda _: httpx.Response(503, text="<html>Maintenance</html>"), Unavailable),
    "401": (lambda _: httpx.Response(401, json={"message": "no"}), NotAuthorized),
    "429": (lambda _: httpx.Response(429), (RateLimited, Unavailable)),
    "200 with a page": (lambda _: httpx.Response(200, text="<html>Welcome</html>"), (BadData, Unavailable)),
}
"""How a service fails, and what a provider makes of it."""


def check_failure(failure: str, call: Callable[[httpx.Client], object]) -> None:
    """Call with a service that fails. Whoever asks it nothing has nothing to map."""
    answer, expected = FAILURES[failure]
    requests: list[httpx.Request] = []

    def handle(request: httpx.Request) -> httpx.Response:
        requests.append(request)
        return answer(request)

    raised: Exception | None = None
    answered: Any = None
    with httpx.Client(transport=httpx.MockTransport(handle)) as http:
        try:
            answered = call(http)
        except Exception as error:  # noqa: BLE001 - which one it is, is what we want to know
            raised = error
    if not requests:
        assert raised is None or isinstance(raised, PERMITTED), f"raises {raised!r} without asking anything"
        return
    assert len(requests) == 1, f"sent {len(requests)} requests after {failure}; the core decides on retries"
    assert not isinstance(answered, Page) or raised, f"{failure}: took a failure for a page of activities"
    assert isinstance(raised, expected), f"{failure}: raised {raised!r} instead of {expected}"
