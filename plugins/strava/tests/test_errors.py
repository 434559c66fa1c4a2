"""What each refusal of Strava's becomes."""

import json
from pathlib import Path

import httpx
import pytest

from training_analyzer.sdk import (
    BadData,
    Forbidden,
    Misconfigured,
    MissingScope,
    NotAuthorized,
    NotFound,
    PluginError,
    Unavailable,
)
from training_analyzer_strava.errors import complaints_in, error_of

HTML = b"<html><body>Bad gateway</body></html>"


def fault(resource: str, field: str, code: str) -> bytes:
    return json.dumps(
        {"message": "…", "errors": [{"resource": resource, "field": field, "code": code}]}
    ).encode()


@pytest.mark.parametrize(
    ("status", "body", "kind", "words"),
    [
        (400, fault("Application", "client_id", "invalid"), Misconfigured, "CLIENT_ID"),
        (400, fault("Application", "client_secret", "invalid"), Misconfigured, "CLIENT_SECRET"),
        (400, fault("Application", "redirect_uri", "invalid"), Misconfigured, "Callback Domain"),
        (400, fault("RefreshToken", "refresh_token", "invalid"), NotAuthorized, "Connect Strava again"),
        (400, fault("AuthorizationCode", "code", "invalid"), NotAuthorized, "moments old"),
        (400, fault("AuthorizationCode", "", "expired"), NotAuthorized, "Connect Strava again"),
        (400, fault("RequestToken", "code", "invalid"), NotAuthorized, "Connect Strava again"),
        (400, fault("Activity", "after", "invalid"), BadData, "Activity after invalid"),
        (400, b"", BadData, "no reason given"),
        (401, fault("Athlete", "access_token", "invalid"), NotAuthorized, "Connect Strava again"),
        (401, fault("Application", "", "invalid"), NotAuthorized, "Connect Strava again"),
        (401, fault("AccessToken", "activity:read_permission", "missing"), MissingScope, "ticked"),
        (401, b"not json", NotAuthorized, "Connect Strava again"),
        (403, fault("Application", "Status", "Inactive"), Misconfigured, "paid Strava subscription"),
        (403, fault("Application", "Tier", "exceeded"), Misconfigured, "Application Tier exceeded"),
        (400, fault("Application", "grant_type", "invalid"), Misconfigured, "Application grant_type"),
        (403, b'{"message":"Forbidden","errors":"closed"}', Forbidden, "closed"),
        (403, HTML, Unavailable, "403"),
        (404, b"", NotFound, "no such thing"),
        (404, fault("Activity", "id", "invalid"), NotFound, "no such thing"),
        (404, HTML, Unavailable, "API_BASE_URL"),
        (409, b"[]", BadData, "409"),
        (429, b'{"errors":"Rate Limit Exceeded","status":429}', Unavailable, "429"),
        (301, b"", Unavailable, "BASE_URL"),
        (500, b"", Unavailable, "500"),
        (502, HTML, Unavailable, "502"),
        (503, b"\xff\xfe", Unavailable, "503"),
    ],
)
def test_the_table(status: int, body: bytes, kind: type[PluginError], words: str) -> None:
    error = error_of(httpx.Response(status, content=body))
    assert type(error) is kind
    assert words in str(error)


@pytest.mark.parametrize("status", [400, 401, 403])
def test_an_application_that_is_refused_for_itself_is_no_athletes_fault(status: int) -> None:
    """So Strava answers a wrong secret, where a token is asked for."""
    answer = httpx.Response(status, content=fault("Application", "", "invalid"))
    error = error_of(answer, for_application=True)
    assert type(error) is Misconfigured
    assert "settings/api" in str(error)


def test_a_missing_permission_is_named() -> None:
    body = fault("AccessToken", "activity:read_permission", "missing")
    error = error_of(httpx.Response(401, content=body))
    assert isinstance(error, MissingScope)
    assert error.scopes == {"activity:read"}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"7",
        b'"errors"',
        b"null",
        b'{"errors": null}',
        b'{"errors": [1, null]}',
        b"\xff",
        b"[" * 99_999,
    ],
)
def test_a_body_of_no_known_shape_complains_of_nothing(body: bytes) -> None:
    assert complaints_in(body) == ()


def test_long_words_of_theirs_are_cut() -> None:
    error = error_of(httpx.Response(418, json={"errors": "x" * 10_000}))
    assert len(str(error)) < 400


@pytest.mark.parametrize(
    ("file", "status", "kind"),
    [
        ("error_401.json", 401, NotAuthorized),
        ("error_404.json", 404, NotFound),
        ("error_429_2018.json", 429, Unavailable),
        ("token_error_client.json", 400, Misconfigured),
        ("token_error_code.json", 400, NotAuthorized),
    ],
)
def test_recorded_refusals(recordings: Path, file: str, status: int, kind: type[PluginError]) -> None:
    body = (recordings / "strava-ruby-client" / file).read_bytes()
    assert type(error_of(httpx.Response(status, content=body))) is kind
