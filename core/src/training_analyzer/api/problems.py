"""
Every error that the API answers with, as a problem document (RFC 9457), and the table that leads there.

Each kind has a page in `docs/problems/`. Its `type` names it for programs and depends on no host.
"""

import logging
from collections.abc import Mapping
from enum import Enum
from http import HTTPStatus
from typing import Any, Final

import redis
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException
from starlette.routing import Match

from training_analyzer.api import heads
from training_analyzer.api.headers import SECURITY_HEADERS
from training_analyzer.domain.errors import (
    AlreadyExists,
    ConfigurationError,
    ConnectionRefused,
    Implausible,
    Missing,
    NotPermitted,
    NotPossible,
)
from training_analyzer.sdk import Unavailable

LOGGER = logging.getLogger(__name__)

MEDIA_TYPE: Final = "application/problem+json"
RETRY_AFTER_S: Final = "5"
METHODS: Final = ("DELETE", "GET", "PATCH", "POST", "PUT")


class Kind(Enum):
    """What can be wrong: a name for programs, the HTTP status, and a title for people."""

    MALFORMED_REQUEST = ("malformed-request", 400, "The request cannot be read")
    CONNECTION_REFUSED = ("connection-refused", 400, "The account was not connected")
    UNAUTHENTICATED = ("unauthenticated", 401, "Log in first")
    WRONG_CREDENTIALS = ("wrong-credentials", 401, "The e-mail address or the password is wrong")
    LACKS_SCOPE = ("lacks-scope", 403, "The key may not do this")
    REGISTRATION_CLOSED = ("registration-closed", 403, "Registration is closed")
    NOT_FOUND = ("not-found", 404, "There is no such thing here")
    UNKNOWN_PROVIDER = ("unknown-provider", 404, "There is no such provider here")
    METHOD_NOT_ALLOWED = ("method-not-allowed", 405, "This address does not take this method")
    ALREADY_EXISTS = ("already-exists", 409, "It is there already")
    NOT_POSSIBLE = ("not-possible", 409, "This cannot be done with it")
    RECONNECT_NEEDED = ("reconnect-needed", 409, "The account has to be connected again")
    TOO_LARGE = ("too-large", 413, "The request is too large")
    INVALID_REQUEST = ("invalid-request", 422, "The request is not valid")
    UNKNOWN_METRIC = ("unknown-metric", 422, "There is no such metric")
    TOO_MANY_ATTEMPTS = ("too-many-attempts", 429, "Too many attempts")
    INTERNAL_ERROR = ("internal-error", 500, "Something went wrong here")
    BUSY = ("busy", 503, "The server is busy")
    DATABASE_UNREACHABLE = ("database-unreachable", 503, "The database does not answer")
    NOT_READY = ("not-ready", 503, "The service is not ready")
    NOT_SET_UP = ("not-set-up", 503, "The service is not set up")
    UNAVAILABLE = ("unavailable", 503, "Something that is needed does not answer")

    def __init__(self, slug: str, status: int, title: str) -> None:
        self.slug = slug
        self.status = status
        self.title = title

    @property
    def type(self) -> str:
        return f"urn:training-analyzer:problem:{self.slug}"


class Problem(Exception):
    """An answer that says what is wrong and what to do. `members` are added to the document."""

    def __init__(
        self, kind: Kind, detail: str, *, headers: Mapping[str, str] | None = None, **members: Any
    ) -> None:
        super().__init__(detail)
        self.kind = kind
        self.detail = detail
        self.headers = {**_headers_of(kind), **(headers or {})}
        self.members = members

    @property
    def document(self) -> dict[str, Any]:
        return {
            "type": self.kind.type,
            "title": self.kind.title,
            "status": self.kind.status,
            "detail": self.detail,
            **self.members,
        }


_NOT_SET_UP: Final = (
    "Whoever runs this server has to change a setting. The server's log says which; "
    "`training-analyzer check` does too."
)
_NO_DATABASE: Final = (
    "PostgreSQL does not answer. Nothing is lost; try again in a moment. If it lasts, whoever runs "
    "this server should look at its log, or run `training-analyzer check`."
)
_NO_REDIS: Final = _NO_DATABASE.replace("PostgreSQL", "Redis")
_NO_SERVICE: Final = "A service that is needed does not answer. Try again in a moment."

# What an error becomes, and what is said of it; None: the error's own words, which are for athletes.
# Words for deployers stay in the log: they name hosts, roles and settings.
ERRORS: Final[Mapping[type[Exception], tuple[Kind, str | None]]] = {
    Missing: (Kind.NOT_FOUND, None),
    AlreadyExists: (Kind.ALREADY_EXISTS, None),
    NotPossible: (Kind.NOT_POSSIBLE, None),
    Implausible: (Kind.INVALID_REQUEST, None),
    NotPermitted: (Kind.UNAUTHENTICATED, None),
    ConnectionRefused: (Kind.CONNECTION_REFUSED, None),
    ConfigurationError: (Kind.NOT_SET_UP, _NOT_SET_UP),
    OperationalError: (Kind.DATABASE_UNREACHABLE, _NO_DATABASE),
    InterfaceError: (Kind.DATABASE_UNREACHABLE, _NO_DATABASE),
    PoolTimeout: (Kind.DATABASE_UNREACHABLE, _NO_DATABASE),
    redis.RedisError: (Kind.UNAVAILABLE, _NO_REDIS),
    Unavailable: (Kind.UNAVAILABLE, _NO_SERVICE),
}


def describe(error: Exception) -> Problem:
    """Return the problem that an error is for whoever asked."""
    if isinstance(error, Problem):
        return error
    found = next((ERRORS[cls] for cls in type(error).__mro__ if cls in ERRORS), None)
    if found is None:
        return Problem(
            Kind.INTERNAL_ERROR,
            "The server made a mistake, and its log says more. Trying again may help; "
            "if it does not, tell whoever runs it.",
        )
    kind, said = found
    if isinstance(error, Implausible):
        return invalid("body", "value", str(error))
    problem = Problem(kind, said or str(error))
    if isinstance(error, ConnectionRefused):
        problem.members["code"] = error.code
    return problem


def answer(problem: Problem) -> JSONResponse:
    return JSONResponse(
        problem.document,
        status_code=problem.kind.status,
        headers={**SECURITY_HEADERS, **problem.headers},
        media_type=MEDIA_TYPE,
    )


def install(app: FastAPI) -> None:
    """Let the app answer every error with a problem document."""
    for error in (Problem, Exception, *ERRORS):
        app.add_exception_handler(error, _on_error)
    app.add_exception_handler(HTTPException, _on_http_exception)
    app.add_exception_handler(RequestValidationError, _on_invalid_request)


def invalid(place: str, name: str, detail: str) -> Problem:
    """Return the problem of one wrong parameter."""
    return _invalid([{"in": place, "pointer": _pointer((name,)), "detail": detail}])


def invalid_query(wrong: Mapping[str, str]) -> Problem:
    """Return the problem of query parameters, and what is wrong with each."""
    return _invalid(
        [{"in": "query", "pointer": _pointer((name,)), "detail": said} for name, said in wrong.items()]
    )


def _invalid(errors: list[dict[str, str]]) -> Problem:
    said = "; ".join(f"{error['in']} {error['pointer']}: {error['detail']}" for error in errors)
    return Problem(Kind.INVALID_REQUEST, said, errors=errors)


async def _on_error(request: Request, error: Exception) -> JSONResponse:
    problem = describe(error)
    if problem.kind.status >= HTTPStatus.INTERNAL_SERVER_ERROR and not isinstance(error, Problem):
        LOGGER.error("%s %s: %s: %s", request.method, request.url.path, type(error).__name__, _named(error))
    return answer(problem)


async def _on_http_exception(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    path, method = request.url.path, request.method
    match error.status_code:
        case HTTPStatus.NOT_FOUND:
            problem = Problem(Kind.NOT_FOUND, f"There is nothing at {path}. /docs lists every address.")
        case HTTPStatus.METHOD_NOT_ALLOWED:
            problem = Problem(
                Kind.METHOD_NOT_ALLOWED,
                f"{path} does not take {method}.",
                headers={"Allow": ", ".join(_methods_of(request))},
            )
        case HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
            problem = Problem(Kind.TOO_LARGE, "A request may hold one mebibyte at most.")
        case HTTPStatus.BAD_REQUEST:
            problem = Problem(Kind.MALFORMED_REQUEST, "The body is not the JSON that is expected here.")
        case _:
            problem = describe(error)
    return answer(problem)


def _methods_of(request: Request) -> list[str]:
    """Return the methods that the address takes: of all its routes, the framework names but the first."""
    taken = {
        method
        for method in METHODS
        if any(
            route.matches({**request.scope, "method": method})[0] is Match.FULL
            for route in request.app.routes
        )
    }
    return sorted(taken | {"HEAD"} if "GET" in taken and heads.taken(request.url.path) else taken)


async def _on_invalid_request(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    malformed = next((found for found in error.errors() if found["type"] == "json_invalid"), None)
    if malformed is not None:
        why = malformed.get("ctx", {}).get("error", "")
        return answer(Problem(Kind.MALFORMED_REQUEST, f"The body is not JSON: {why}."))
    # What was sent is not repeated: it may be a password.
    return answer(
        _invalid(
            [
                {
                    "in": str(found["loc"][0]),
                    "pointer": _pointer(found["loc"][1:]),
                    "detail": _said(found),
                }
                for found in error.errors()
            ]
        )
    )


def _said(found: Mapping[str, Any]) -> str:
    match found["type"], found["input"]:
        case _, bytes():  # the framework reads only JSON
            return "Send it as JSON, with the header `Content-Type: application/json`"
        case "too_short", str():  # a secret is counted in items
            return f"It needs {found['ctx']['min_length']} characters or more"
        case "too_long", str():
            return f"It may have {found['ctx']['max_length']} characters at most"
        case _:  # pydantic marks what our own validators say
            return str(found["msg"]).removeprefix("Value error, ")


def _pointer(location: tuple[int | str, ...]) -> str:
    """Return a JSON pointer as a URI fragment (RFC 6901, §6)."""
    parts = (str(part).replace("~", "~0").replace("/", "~1") for part in location)
    return "#" + "".join(f"/{part}" for part in parts)


def _headers_of(kind: Kind) -> dict[str, str]:
    match kind.status:
        case HTTPStatus.UNAUTHORIZED:
            return {"WWW-Authenticate": "Bearer"}
        case HTTPStatus.SERVICE_UNAVAILABLE:
            return {"Retry-After": RETRY_AFTER_S}
        case _:
            return {}


def _named(error: Exception) -> object:
    # SQLAlchemy writes the statement and its parameters too, which may be secrets.
    return getattr(error, "orig", None) or error
