"""
Who has granted what to the application: codes, access tokens and refresh tokens, and the rules by which
they change.

- A code is for one use and lives for some minutes. A very young one may be refused and accepted a little
  later.
- An access token lives for six hours. A refresh while more than one hour is left returns the same one,
  with the same refresh token; otherwise both are new: the old access token stays valid until it expires,
  the old refresh token is invalid at once.
- One athlete has one grant. A new code replaces its scopes and its refresh token.
- Revoking either token ends the grant, and with it every token.
"""

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from training_analyzer_strava.simulator.clock import Clock
from training_analyzer_strava.simulator.faults import bad_request, invalid_token
from training_analyzer_strava.simulator.settings import Settings

ACCESS_TOKEN_LIFETIME = timedelta(hours=6)
SAME_TOKEN_WHILE_MORE_THAN = timedelta(hours=1)
TOKEN_BYTES = 20  # 40 hexadecimal digits, as Strava's tokens have


@dataclass(frozen=True)
class AccessToken:
    text: str
    expires_at: datetime


@dataclass(frozen=True)
class Code:
    """An athlete's consent, on its way to the application through the browser."""

    athlete_id: int
    scopes: frozenset[str]
    issued_at: datetime


@dataclass
class Grant:
    """What one athlete has granted, and the tokens that stand for it."""

    athlete_id: int
    scopes: frozenset[str]
    access: AccessToken
    refresh: str
    earlier_access: list[AccessToken] = field(default_factory=list)

    def access_tokens(self) -> list[AccessToken]:
        return [self.access, *self.earlier_access]


class Grants:
    """Every grant of the one application that this Strava knows."""

    def __init__(self, clock: Clock, settings: Settings) -> None:
        self._clock = clock
        self._code_lag = timedelta(seconds=settings.code_lag_s)
        self._code_lifetime = timedelta(seconds=settings.code_lifetime_s)
        self._capacity = settings.capacity
        self._codes: dict[str, Code] = {}
        self._grants: dict[int, Grant] = {}

    def connected(self) -> list[int]:
        """The athletes who are connected now."""
        return sorted(self._grants)

    def scopes_of(self, athlete_id: int) -> frozenset[str]:
        """What an athlete has granted; nothing if they are not connected."""
        grant = self._grants.get(athlete_id)
        return grant.scopes if grant else frozenset()

    def has_room_for(self, athlete_id: int) -> bool:
        """Whether this athlete may connect without exceeding the application's capacity."""
        return athlete_id in self._grants or len(self._grants) < self._capacity

    def issue_code(self, athlete_id: int, scopes: frozenset[str]) -> str:
        code = secrets.token_hex(TOKEN_BYTES)
        self._codes[code] = Code(athlete_id, scopes, self._clock())
        return code

    def exchange(self, text: str) -> Grant:
        """Use up a code. Raises Strava's refusal of a code that is unknown, used, too old or too young."""
        code = self._codes.get(text)
        if code is None:
            raise bad_request("AuthorizationCode", "code")
        age = self._clock() - code.issued_at
        if age < self._code_lag:
            raise bad_request("AuthorizationCode", "code")
        del self._codes[text]
        if age > self._code_lifetime:
            raise bad_request("AuthorizationCode", "", "expired")
        former = self._grants.get(code.athlete_id)
        grant = Grant(
            code.athlete_id,
            code.scopes,
            self._new_access(),
            secrets.token_hex(TOKEN_BYTES),
            former.access_tokens() if former else [],
        )
        self._grants[code.athlete_id] = grant
        return grant

    def refresh(self, refresh_token: str) -> Grant:
        """The grant of a refresh token, with new tokens if the access token has an hour or less to live."""
        for grant in self._grants.values():
            if grant.refresh == refresh_token:
                break
        else:
            raise bad_request("RefreshToken", "refresh_token")
        now = self._now()
        if grant.access.expires_at - now <= SAME_TOKEN_WHILE_MORE_THAN:
            grant.earlier_access = [old for old in grant.access_tokens() if old.expires_at > now]
            grant.access = self._new_access()
            grant.refresh = secrets.token_hex(TOKEN_BYTES)
        return grant

    def of_access_token(self, text: str) -> Grant:
        """The grant of an access token. Raises Strava's 401 if it is unknown, expired or revoked."""
        now = self._now()
        for grant in self._grants.values():
            for token in grant.access_tokens():
                if token.text == text and token.expires_at > now:
                    return grant
        raise invalid_token()

    def revoke(self, text: str) -> int | None:
        """
        End the grant that an access or refresh token belongs to, and return whose it was.

        An unknown token changes nothing.
        """
        for grant in list(self._grants.values()):
            if text == grant.refresh or any(text == token.text for token in grant.access_tokens()):
                del self._grants[grant.athlete_id]
                return grant.athlete_id
        return None

    def end(self, athlete_id: int) -> bool:
        """End an athlete's grant, as they can at Strava; return whether there was one."""
        return self._grants.pop(athlete_id, None) is not None

    def seconds_left(self, token: AccessToken) -> int:
        """For how long a token is still valid."""
        return int((token.expires_at - self._now()).total_seconds())

    def _now(self) -> datetime:
        return self._clock().replace(microsecond=0)  # Strava tells expiry in whole seconds

    def _new_access(self) -> AccessToken:
        return AccessToken(secrets.token_hex(TOKEN_BYTES), self._now() + ACCESS_TOKEN_LIFETIME)
