"""What Strava's quotas count, and what its answers say of them."""

import httpx
import pytest

from training_analyzer_strava.quota import OVERALL, READ, StravaQuotaRules
from training_analyzer_strava.settings import StravaSettings

API = "https://www.strava.com/api/v3"
USED_UP = (
    b'{"message":"Rate Limit Exceeded","errors":[{"resource":"Application","field":"%b","code":"exceeded"}]}'
)


@pytest.fixture
def rules() -> StravaQuotaRules:
    return StravaQuotaRules(
        StravaSettings.model_validate({"client_id": 7, "client_secret": "x", "read_day_limit": 2000})
    )


def headers(overall: str, read: str, limits: tuple[str, str] = ("200,2000", "100,1000")) -> dict[str, str]:
    return {
        "X-RateLimit-Limit": limits[0],
        "X-RateLimit-Usage": overall,
        "X-ReadRateLimit-Limit": limits[1],
        "X-ReadRateLimit-Usage": read,
    }


def test_quotas_are_the_applications(rules: StravaQuotaRules) -> None:
    assert rules.scope == "strava:7"
    assert {quota.name: (quota.limit, quota.window_s) for quota in rules.quotas} == {
        "overall_quarter_hour": (200, 900),
        "overall_day": (2000, 86_400),
        "read_quarter_hour": (100, 900),
        "read_day": (2000, 86_400),
    }


@pytest.mark.parametrize(
    ("method", "url", "charged"),
    [
        ("GET", f"{API}/athlete/activities?page=1", {*OVERALL, *READ}),
        ("GET", f"{API}/activities/1/streams", {*OVERALL, *READ}),
        ("GET", "https://api-v3.strava.com/activities/1/streams", {*OVERALL, *READ}),
        ("PUT", f"{API}/activities/1", {*OVERALL, *READ}),
        ("POST", f"{API}/activities", set(OVERALL)),
        ("POST", f"{API}/uploads", set(OVERALL)),
        ("POST", "https://www.strava.com/oauth/token", set()),
        ("POST", f"{API}/oauth/token", set()),
        ("GET", f"{API}/push_subscriptions", set()),
    ],
)
def test_what_a_request_counts_against(
    rules: StravaQuotaRules, method: str, url: str, charged: set[str]
) -> None:
    assert rules.charged(httpx.Request(method, url)) == charged


def test_headers_are_read(rules: StravaQuotaRules) -> None:
    response = httpx.Response(200, headers=headers("70, 213", "69,212", ("400,4000", "200,2000")))
    assert {reading.name: (reading.limit, reading.used) for reading in rules.read(response)} == {
        "overall_quarter_hour": (400, 70),
        "overall_day": (4000, 213),
        "read_quarter_hour": (200, 69),
        "read_day": (2000, 212),
    }


@pytest.mark.parametrize(
    "given",
    [
        {},
        headers("0,0", "0,0", ("0,0", "0,0")),
        headers("a,b", "1", ("200", "")),
        {"X-RateLimit-Usage": "1,2"},
        headers("-1,-2", "1.5,2"),
    ],
)
def test_headers_that_say_nothing_are_no_error(rules: StravaQuotaRules, given: dict[str, str]) -> None:
    assert not list(rules.read(httpx.Response(200, headers=given)))


@pytest.mark.parametrize(
    ("given", "body", "spent"),
    [
        (headers("101,300", "101,300"), USED_UP % b"read rate limit", {"read_quarter_hour"}),
        (headers("150,1001", "50,1001"), USED_UP % b"read rate limit", {"read_day"}),
        (headers("201,2001", "30,40"), USED_UP % b"overall rate limit", set(OVERALL)),
        ({}, USED_UP % b"read rate limit", {"read_quarter_hour"}),
        ({}, USED_UP % b"overall rate limit", {"overall_quarter_hour"}),
        ({}, b'{"errors":"Rate Limit Exceeded","status":429,"message":"Too Many Requests"}', set()),
        ({}, b"<html>", set()),
    ],
)
def test_what_a_429_says_is_used_up(
    rules: StravaQuotaRules, given: dict[str, str], body: bytes, spent: set[str]
) -> None:
    assert rules.exhausted(httpx.Response(429, headers=given, content=body)) == spent
