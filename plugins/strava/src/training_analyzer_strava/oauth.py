"""
Strava's OAuth 2, with its own habits.

- Scopes are joined by commas. Each is a box that the athlete may untick; the code still comes, and
  only the redirect's `scope` says what was granted.
- Id and secret go in the body of token requests; revoking wants them in Basic authentication.
- An access token lives six hours. A refresh gives a new one only in its last hour, before that the
  same one again. Once a new refresh token is out, the older is dead at once.
- A code only moments old is refused now and then and accepted two seconds later. We neither wait nor
  try again: the athlete is asked to click once more.
- Errors are 400 in Strava's own shape, never the `error=` of RFC 6749.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from urllib.parse import urlencode

import httpx
from pydantic import SecretStr

from training_analyzer.sdk import BadData, Callback, Grant, NotAuthorized
from training_analyzer_strava.answers import bearer, checked, json_of, sent
from training_analyzer_strava.errors import CONNECT_AGAIN, missing_scope
from training_analyzer_strava.payloads import FirstTokens, RefreshedTokens, read_as
from training_analyzer_strava.settings import ACTIVITY_SCOPES, StravaSettings

# Strava documents a new token within the last hour only; half of it leaves room for delays.
REFRESH_BEFORE_S = 1800
NO_SUCH_ENDPOINT = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED})


class StravaOAuth:
    """The four steps of a connection's life, for one application."""

    def __init__(self, settings: StravaSettings) -> None:
        self._settings = settings

    def authorization_url(self, *, redirect_uri: str, state: str) -> str:
        query = {
            "client_id": self._settings.client_id,
            "redirect_uri": redirect_uri,
            "response_type": "code",
            "approval_prompt": "auto",
            "scope": ",".join(self._settings.scopes),
            "state": state,
        }
        return f"{self._settings.base_url}/oauth/authorize?{urlencode(query, safe=',:')}"

    def exchange_code(self, http: httpx.Client, callback: Callback) -> Grant:
        """
        Turn the code into a grant.

        `activity:read` without `activity:read_all` is enough: the grant's scopes then say that
        private activities stay hidden.
        """
        scopes = frozenset(callback.query.get("scope", "").replace(",", " ").split())
        if not scopes & ACTIVITY_SCOPES:
            raise missing_scope({"activity:read"})
        answer = self._tokens(http, {"grant_type": "authorization_code", "code": callback.code})
        tokens = read_as(FirstTokens, answer)
        return _grant(tokens, account_id=str(tokens.athlete.id), scopes=scopes, refresh_token=None)

    def refresh(self, http: httpx.Client, grant: Grant) -> Grant:
        if grant.refresh_token is None:
            raise NotAuthorized(f"There is no refresh token for this athlete. {CONNECT_AGAIN}")
        fields = {
            "grant_type": "refresh_token",
            "refresh_token": grant.refresh_token.get_secret_value(),
        }
        tokens = read_as(RefreshedTokens, self._tokens(http, fields))
        return _grant(
            tokens, account_id=grant.account_id, scopes=grant.scopes, refresh_token=grant.refresh_token
        )

    def revoke(self, http: httpx.Client, grant: Grant) -> None:
        """End the connection. Where `/oauth/revoke` is missing, the way of before June 2026 is taken."""
        kind, token = "access_token", grant.access_token
        if grant.refresh_token is not None:  # it outlives the access token, and either ends both
            kind, token = "refresh_token", grant.refresh_token
        request = http.build_request(
            "POST",
            f"{self._settings.base_url}/oauth/revoke",
            data={"token": token.get_secret_value(), "token_type_hint": kind},
            headers={"Authorization": self._basic()},
        )
        response = sent(http, request)
        if response.status_code in NO_SUCH_ENDPOINT:
            self._deauthorize(http, grant)
        else:
            checked(response, for_application=True)

    def _deauthorize(self, http: httpx.Client, grant: Grant) -> None:
        url = f"{self._settings.base_url}/oauth/deauthorize"
        response = sent(http, http.build_request("POST", url, headers=bearer(grant)))
        # An access token that is no longer accepted has nothing left to end.
        if response.status_code != HTTPStatus.UNAUTHORIZED:
            checked(response)

    def _tokens(self, http: httpx.Client, fields: Mapping[str, str]) -> object:
        application = {
            "client_id": str(self._settings.client_id),
            "client_secret": self._settings.client_secret.get_secret_value(),
        }
        url = f"{self._settings.base_url}/oauth/token"
        request = http.build_request("POST", url, data={**application, **fields})
        answer: object = json_of(checked(sent(http, request), for_application=True))
        return answer

    def _basic(self) -> str:
        secret = self._settings.client_secret.get_secret_value()
        credentials = httpx.BasicAuth(str(self._settings.client_id), secret)
        blank = httpx.Request("POST", self._settings.base_url)
        return str(next(credentials.auth_flow(blank)).headers["Authorization"])


def _grant(
    tokens: RefreshedTokens, *, account_id: str, scopes: frozenset[str], refresh_token: SecretStr | None
) -> Grant:
    try:
        expires_at = datetime.fromtimestamp(tokens.expires_at, UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise BadData("Strava's token expires at no time that there is.") from error
    return Grant(
        account_id=account_id,
        access_token=SecretStr(tokens.access_token),
        refresh_token=SecretStr(tokens.refresh_token) if tokens.refresh_token else refresh_token,
        expires_at=expires_at,
        scopes=scopes,
    )
