"""
Error answers in Strava's own shape.

Every error, also of OAuth, is `{"message": …, "errors": [{"resource": …, "field": …, "code": …}]}`;
never the `error=` of RFC 6749. Two recorded exceptions: a 404 may be empty, and the 429 of 2018 has a
string in `errors`.
"""

import json
from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

JSON_TYPE = "application/json; charset=utf-8"


def json_answer(body: bytes, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """An answer whose body is JSON that is encoded already."""
    return Response(body, status_code=status, headers=headers, media_type=JSON_TYPE)


def encoded(value: Any) -> bytes:
    """`value` as JSON, written as compactly as Strava writes it."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()


class FaultError(Exception):
    """Strava's refusal of a request."""

    def __init__(self, status: int, message: str, resource: str, field: str, code: str) -> None:
        super().__init__(f"{status} {message}: {resource}.{field} {code}")
        self.status = status
        self.body = encoded(
            {"message": message, "errors": [{"resource": resource, "field": field, "code": code}]}
        )

    def answer(self, headers: Mapping[str, str] | None = None) -> Response:
        return json_answer(self.body, self.status, headers)


def bad_request(resource: str, field: str, code: str = "invalid") -> FaultError:
    return FaultError(400, "Bad Request", resource, field, code)


def invalid_token() -> FaultError:
    """The access token is unknown, expired or revoked."""
    return FaultError(401, "Authorization Error", "Athlete", "access_token", "invalid")


def invalid_application() -> FaultError:
    """The application itself did not identify itself properly."""
    return FaultError(401, "Authorization Error", "Application", "", "invalid")


def missing_permission(field: str) -> FaultError:
    """The athlete has not granted a scope, for instance `activity:read_permission`."""
    return FaultError(401, "Authorization Error", "AccessToken", field, "missing")


def record_not_found(resource: str, field: str = "id") -> FaultError:
    return FaultError(404, "Record Not Found", resource, field, "invalid")
