"""Consent, tokens and their end: the shapes against a scripted server, the walk against the local Strava."""

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest

from training_analyzer.sdk import (
    Account,
    BadData,
    Callback,
    DemoOptions,
    DemoStandIn,
    Misconfigured,
    MissingScope,
    NotAuthorized,
    PluginError,
    Unavailable,
    Window,
)
from training_analyzer_strava.demo import local_strava
from training_analyzer_strava.provider import StravaProvider
from training_analyzer_strava.settings import StravaSettings
from training_analyzer_strava.simulator.browser import authorize

if TYPE_CHECKING:
    from plugins.strava.tests.conftest import Connect, ScriptedServer

REDIRECT_URI = "http://localhost:8000/callback"
TOKENS = {
    "token_type": "Bearer",
    "access_token": "new-access",
    "refresh_token": "new-refresh",
    "expires_at": 1_800_000_000,
    "expires_in": 21_600,
}
FIRST = {**TOKENS, "athlete": {"id": 91_000_001, "firstname": "Kim"}}
ALL = "read,activity:read,activity:read_all"
WINDOW = Window(since=datetime(2026, 1, 1, tzinfo=UTC), until=datetime(2026, 1, 2, tzinfo=UTC))


def callback(**query: str) -> Callback:
    return Callback(code="c0de", query={"code": "c0de", "state": "x", **query})


def form_of(body: str) -> dict[str, str]:
    return dict(parse_qsl(body))


def test_where_the_athlete_is_sent(server: "ScriptedServer", provider: StravaProvider) -> None:
    url = provider.authorization_url(redirect_uri=REDIRECT_URI + "?a=b&c", state="s t&ate")
    assert url.startswith(f"{server.url}/oauth/authorize?")
    assert dict(parse_qsl(urlsplit(url).query)) == {
        "client_id": "77",
        "redirect_uri": REDIRECT_URI + "?a=b&c",
        "response_type": "code",
        "approval_prompt": "auto",
        "scope": ALL,
        "state": "s t&ate",
    }


def test_a_code_becomes_a_grant(
    server: "ScriptedServer", provider: StravaProvider, http: httpx.Client
) -> None:
    server.body = json.dumps(FIRST).encode()
    grant = provider.exchange_code(http, callback(scope=ALL), redirect_uri=REDIRECT_URI)
    assert grant.account_id == "91000001"
    assert grant.access_token.get_secret_value() == "new-access"
    assert grant.refresh_token is not None
    assert grant.refresh_token.get_secret_value() == "new-refresh"
    assert grant.expires_at == datetime.fromtimestamp(1_800_000_000, UTC)
    assert grant.scopes == {"read", "activity:read", "activity:read_all"}
    [(method, path, headers, body)] = server.asked
    assert (method, path) == ("POST", "/oauth/token")
    assert "authorization" not in headers
    assert form_of(body) == {
        "client_id": "77",
        "client_secret": "s3cret",
        "grant_type": "authorization_code",
        "code": "c0de",
    }


@pytest.mark.parametrize("query", [{"scope": "read"}, {"scope": ""}, {}, {"scope": "read,profile:read_all"}])
def test_without_activities_the_code_is_not_even_used(
    server: "ScriptedServer", provider: StravaProvider, http: httpx.Client, query: dict[str, str]
) -> None:
    with pytest.raises(MissingScope, match="boxes for your activities") as raised:
        provider.exchange_code(http, callback(**query), redirect_uri=REDIRECT_URI)
    assert raised.value.scopes == {"activity:read"}
    assert server.asked == []


def test_without_private_activities_it_goes_on(
    server: "ScriptedServer", provider: StravaProvider, http: httpx.Client
) -> None:
    server.body = json.dumps(FIRST).encode()
    grant = provider.exchange_code(http, callback(scope="read,activity:read"), redirect_uri=REDIRECT_URI)
    assert "activity:read_all" not in grant.scopes


@pytest.mark.parametrize(
    "missing",
    ["athlete", "access_token", "expires_at"],
)
def test_an_answer_that_lacks_something(
    server: "ScriptedServer", provider: StravaProvider, http: httpx.Client, missing: str
) -> None:
    server.body = json.dumps({key: value for key, value in FIRST.items() if key != missing}).encode()
    with pytest.raises(BadData, match=missing) as raised:
        provider.exchange_code(http, callback(scope=ALL), redirect_uri=REDIRECT_URI)
    assert "new-refresh" not in str(raised.value)


def test_a_time_that_does_not_exist(
    server: "ScriptedServer", provider: StravaProvider, http: httpx.Client
) -> None:
    server.body = json.dumps({**FIRST, "expires_at": 10**15}).encode()
    with pytest.raises(BadData, match="expires"):
        provider.exchange_code(http, callback(scope=ALL), redirect_uri=REDIRECT_URI)


def test_an_error_in_the_body_is_never_a_token(
    server: "ScriptedServer", provider: StravaProvider, account: Account
) -> None:
    server.status = 400
    server.body = b'{"message":"Bad Request","errors":[{"resource":"RefreshToken","field":"refresh_token","code":"invalid"}]}'
    with pytest.raises(NotAuthorized, match="Connect Strava again"):
        provider.refresh(account.http, account.grant)


def test_a_refresh_keeps_what_the_answer_leaves_out(
    server: "ScriptedServer", provider: StravaProvider, account: Account
) -> None:
    server.body = json.dumps({key: value for key, value in TOKENS.items() if key != "refresh_token"}).encode()
    fresh = provider.refresh(account.http, account.grant)
    assert fresh.access_token.get_secret_value() == "new-access"
    assert fresh.refresh_token == account.grant.refresh_token
    assert fresh.scopes == account.grant.scopes
    assert fresh.account_id == account.grant.account_id
    assert form_of(server.asked[0][3])["refresh_token"] == "r3fresh"


def test_a_refresh_takes_the_new_refresh_token(
    server: "ScriptedServer", provider: StravaProvider, account: Account
) -> None:
    server.body = json.dumps(TOKENS).encode()
    fresh = provider.refresh(account.http, account.grant)
    assert fresh.refresh_token is not None
    assert fresh.refresh_token.get_secret_value() == "new-refresh"


def test_nothing_to_refresh_with(provider: StravaProvider, account: Account) -> None:
    grant = account.grant.model_copy(update={"refresh_token": None})
    with pytest.raises(NotAuthorized, match="no refresh token"):
        provider.refresh(account.http, grant)


def test_revoking(server: "ScriptedServer", provider: StravaProvider, account: Account) -> None:
    server.body = b""
    provider.revoke(account.http, account.grant)
    [(method, path, headers, body)] = server.asked
    assert (method, path) == ("POST", "/oauth/revoke")
    assert headers["authorization"] == "Basic Nzc6czNjcmV0"  # 77:s3cret
    assert form_of(body) == {"token": "r3fresh", "token_type_hint": "refresh_token"}


@pytest.mark.parametrize("missing", [404, 405])
@pytest.mark.parametrize("status", [200, 401])
def test_revoking_the_old_way(
    server: "ScriptedServer", provider: StravaProvider, account: Account, missing: int, status: int
) -> None:
    server.answers = {"/oauth/revoke": (missing, b""), "/oauth/deauthorize": (status, b"{}")}
    provider.revoke(account.http, account.grant)
    assert [(path, headers["authorization"][:7]) for _, path, headers, _ in server.asked] == [
        ("/oauth/revoke", "Basic N"),
        ("/oauth/deauthorize", "Bearer "),
    ]


@pytest.mark.parametrize(("status", "kind"), [(503, Unavailable), (401, NotAuthorized), (400, BadData)])
def test_revoking_that_fails(
    server: "ScriptedServer",
    provider: StravaProvider,
    account: Account,
    status: int,
    kind: type[PluginError],
) -> None:
    server.status, server.body = status, b""
    with pytest.raises(kind):
        provider.revoke(account.http, account.grant)


def test_a_code_is_for_one_use(
    local: DemoStandIn, local_provider: StravaProvider, http: httpx.Client
) -> None:
    url = local_provider.authorization_url(redirect_uri=REDIRECT_URI, state="s")
    query = dict(parse_qsl(urlsplit(local.authorize(url)).query))
    back = Callback(code=query["code"], query=query)
    assert local_provider.exchange_code(http, back, redirect_uri=REDIRECT_URI).account_id
    with pytest.raises(NotAuthorized, match="Connect Strava again"):
        local_provider.exchange_code(http, back, redirect_uri=REDIRECT_URI)


def test_an_early_refresh_brings_the_same_access_token(
    local_provider: StravaProvider, connected: Account
) -> None:
    fresh = local_provider.refresh(connected.http, connected.grant)
    assert fresh.access_token == connected.grant.access_token
    assert fresh.scopes == connected.grant.scopes


def test_a_secret_that_is_wrong(local: DemoStandIn, connected: Account) -> None:
    settings = StravaSettings.model_validate({**local.settings, "client_secret": "wrong"})
    with pytest.raises(Misconfigured, match="CLIENT_SECRET"):
        StravaProvider(settings).refresh(connected.http, connected.grant)


def test_unticked_boxes(local: DemoStandIn, local_provider: StravaProvider, http: httpx.Client) -> None:
    settings = StravaSettings.model_validate({**local.settings, "scopes": "read,activity:read,read_all"})
    url = StravaProvider(settings).authorization_url(redirect_uri=REDIRECT_URI, state="s")
    query = dict(parse_qsl(urlsplit(authorize(url, untick={"activity:read"})).query))
    with pytest.raises(MissingScope, match="activity:read"):
        local_provider.exchange_code(
            http, Callback(code=query["code"], query=query), redirect_uri=REDIRECT_URI
        )


def test_after_the_end_nothing_is_answered(connect: "Connect") -> None:
    with local_strava(DemoOptions(seed=5)) as stand_in:
        provider = StravaProvider(StravaSettings.model_validate(dict(stand_in.settings)))
        account = connect(stand_in, provider)
        assert provider.list_activities(account, WINDOW, None).broken == ()
        provider.revoke(account.http, account.grant)
        provider.revoke(account.http, account.grant)  # a second time changes nothing
        with pytest.raises(NotAuthorized):
            provider.list_activities(account, WINDOW, None)
        with pytest.raises(NotAuthorized):
            provider.refresh(account.http, account.grant)


def test_without_the_scope_the_athlete_is_told_that_private_activities_stay_away(
    provider: StravaProvider,
) -> None:
    told = provider.withheld(frozenset({"read", "activity:read"}))
    assert "only you can see" in told
    assert "connect Strava again" in told
    assert provider.withheld(frozenset({"read", "activity:read", "activity:read_all"})) == ""


def test_a_wrong_secret_is_no_athletes_fault_and_no_end_of_access(
    server: "ScriptedServer", provider: StravaProvider, account: Account
) -> None:
    server.status = 401
    server.body = b'{"errors":[{"resource":"Application","field":"","code":"invalid"}]}'
    with pytest.raises(Misconfigured, match="settings/api"):
        provider.refresh(account.http, account.grant)
    with pytest.raises(Misconfigured, match="settings/api"):
        provider.revoke(account.http, account.grant)
