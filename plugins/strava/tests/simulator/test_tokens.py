"""Codes, access tokens and refresh tokens, and how they end."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from httpx2 import Response

if TYPE_CHECKING:
    from plugins.strava.tests.simulator.conftest import Application, OpenApplication

INVALID_ACCESS_TOKEN = {
    "message": "Authorization Error",
    "errors": [{"resource": "Athlete", "field": "access_token", "code": "invalid"}],
}


def refused(answer: Response) -> dict[str, Any]:
    """The one error of a 400."""
    assert answer.status_code == 400
    body = answer.json()
    assert body["message"] == "Bad Request"
    (error,) = body["errors"]
    return dict(error)


def test_a_code_gives_tokens_for_six_hours_and_the_athlete_but_no_scope(application: "Application") -> None:
    answer = application.exchange(application.code())
    tokens = answer.json()
    assert answer.status_code == 200
    assert tokens.keys() == {
        "token_type",
        "access_token",
        "expires_at",
        "expires_in",
        "refresh_token",
        "athlete",
    }
    assert tokens["token_type"] == "Bearer"
    assert tokens["expires_in"] == 21_600
    assert tokens["expires_at"] == int(application.simulation.clock().timestamp()) + 21_600
    assert len(tokens["access_token"]) == len(tokens["refresh_token"]) == 40
    assert tokens["athlete"]["resource_state"] == 2


def test_both_addresses_of_the_token_work(application: "Application") -> None:
    answer = application.http.post(
        "/api/v3/oauth/token",
        data={
            "client_id": application.simulation.settings.client_id,
            "client_secret": application.simulation.settings.client_secret,
            "grant_type": "authorization_code",
            "code": application.code(),
        },
    )
    assert answer.status_code == 200


def test_a_code_works_once(application: "Application") -> None:
    code = application.code()
    application.exchange(code)
    assert refused(application.exchange(code)) == {
        "resource": "AuthorizationCode",
        "field": "code",
        "code": "invalid",
    }


def test_an_old_code_has_expired(application: "Application") -> None:
    code = application.code()
    application.simulation.clock.advance(timedelta(minutes=11))
    assert refused(application.exchange(code)) == {
        "resource": "AuthorizationCode",
        "field": "",
        "code": "expired",
    }


def test_a_very_fresh_code_may_be_refused_and_accepted_two_seconds_later(
    open_application: "OpenApplication",
) -> None:
    application = open_application(code_lag_s=2)
    code = application.code()
    assert refused(application.exchange(code))["resource"] == "AuthorizationCode"
    application.simulation.clock.advance(timedelta(seconds=2))
    assert application.exchange(code).status_code == 200


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"client_id": "1"}, "client_id"),
        ({"client_secret": "wrong"}, "client_secret"),
        ({"grant_type": "password"}, "grant_type"),
    ],
)
def test_wrong_credentials_are_refused(
    application: "Application", fields: dict[str, str], field: str
) -> None:
    wanted = {"grant_type": "refresh_token", "refresh_token": application.connect()["refresh_token"]}
    assert refused(application.token_request(**{**wanted, **fields})) == {
        "resource": "Application",
        "field": field,
        "code": "invalid",
    }


def test_credentials_in_a_basic_header_are_not_accepted_for_tokens(application: "Application") -> None:
    settings = application.simulation.settings
    answer = application.http.post(
        "/oauth/token",
        data={
            "client_id": settings.client_id,
            "grant_type": "authorization_code",
            "code": application.code(),
        },
        auth=(str(settings.client_id), settings.client_secret),
    )
    assert refused(answer)["field"] == "client_secret"


def test_an_unknown_refresh_token_is_refused(application: "Application") -> None:
    assert refused(application.refresh("0" * 40)) == {
        "resource": "RefreshToken",
        "field": "refresh_token",
        "code": "invalid",
    }


def test_an_early_refresh_returns_the_same_tokens_with_the_time_that_is_left(
    connected: "Application",
) -> None:
    first = connected.connect()
    connected.simulation.clock.advance(timedelta(hours=4, minutes=59))
    second = connected.refresh(first["refresh_token"]).json()
    assert second == {key: value for key, value in first.items() if key != "athlete"} | {"expires_in": 3_660}


def test_a_refresh_in_the_last_hour_replaces_both_tokens_and_kills_the_old_refresh_token(
    application: "Application",
) -> None:
    first = application.connect()
    application.simulation.clock.advance(timedelta(hours=5))
    second = application.refresh(first["refresh_token"]).json()
    assert second["expires_in"] == 21_600
    assert second["access_token"] != first["access_token"]
    assert second["refresh_token"] != first["refresh_token"]
    assert refused(application.refresh(first["refresh_token"]))["resource"] == "RefreshToken"
    for tokens in (first, second):
        application.use(tokens["access_token"])
        assert application.get("/athlete").status_code == 200, "the old access token lives until it expires"
    application.simulation.clock.advance(timedelta(hours=1))
    application.use(first["access_token"])
    assert application.get("/athlete").status_code == 401


@pytest.mark.parametrize("header", [None, "Bearer ", "Bearer 0123", "Basic abc", "token"])
def test_without_a_valid_token_the_api_answers_401(application: "Application", header: str | None) -> None:
    headers = {} if header is None else {"authorization": header}
    answer = application.http.get("/api/v3/athlete", headers=headers)
    assert answer.status_code == 401
    assert answer.json() == INVALID_ACCESS_TOKEN


def test_an_expired_access_token_is_refused(connected: "Application") -> None:
    connected.simulation.clock.advance(timedelta(hours=6))
    assert connected.get("/athlete").json() == INVALID_ACCESS_TOKEN


@pytest.mark.parametrize("which", ["access_token", "refresh_token"])
def test_revoking_either_token_ends_both(application: "Application", which: str) -> None:
    tokens = application.connect()
    settings = application.simulation.settings
    credentials = (str(settings.client_id), settings.client_secret)
    for _ in range(2):  # a token that is gone already is no error
        answer = application.http.post("/oauth/revoke", data={"token": tokens[which]}, auth=credentials)
        assert answer.status_code == 200
    application.use(tokens["access_token"])
    assert application.get("/athlete").status_code == 401
    assert refused(application.refresh(tokens["refresh_token"]))["resource"] == "RefreshToken"


def test_revoking_needs_the_application_in_a_basic_header(connected: "Application") -> None:
    tokens = connected.connect()
    settings = connected.simulation.settings
    in_the_body = {
        "token": tokens["access_token"],
        "client_id": settings.client_id,
        "client_secret": settings.client_secret,
    }
    assert connected.http.post("/oauth/revoke", data=in_the_body).status_code == 401
    assert connected.get("/athlete").status_code == 200


@pytest.mark.parametrize("path", ["/oauth/deauthorize", "/api/v3/oauth/deauthorize"])
def test_the_old_way_to_deauthorize(application: "Application", path: str) -> None:
    tokens = application.connect()
    answer = application.http.post(path)
    assert answer.json() == {"access_token": tokens["access_token"]}
    assert application.get("/athlete").status_code == 401


def test_consenting_again_changes_the_scopes_of_the_one_grant(connected: "Application") -> None:
    connected.connect(granted="read", approval_prompt="force")
    assert connected.simulation.grants.scopes_of(connected.simulation.grants.connected()[0]) == {"read"}
    assert connected.get("/athlete/activities").status_code == 401
