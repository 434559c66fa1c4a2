"""What endpoints are given: the runtime, and the athlete who is asking."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer, SecurityScopes

from training_analyzer.api.problems import Kind, Problem
from training_analyzer.api.scopes import KEY, SESSION
from training_analyzer.api.security import KEY_MARK, Attempts, Passwords, network_of
from training_analyzer.domain.scope import Scope
from training_analyzer.runtime import Runtime
from training_analyzer.storage import api_keys, athletes
from training_analyzer.storage.database import Transaction

BEARER = HTTPBearer(
    auto_error=False,
    scheme_name=SESSION,
    description="The token that `POST /sessions` answers with.",
)
KEY_BEARER = HTTPBearer(
    auto_error=False,
    scheme_name=KEY,
    description="A key from `POST /api-keys`, which has the scope that the operation names.",
)
Credentials = Annotated[HTTPAuthorizationCredentials | None, Depends(BEARER)]
KeyCredentials = Annotated[HTTPAuthorizationCredentials | None, Depends(KEY_BEARER)]
"""Read from the same header; declared apart, for the document."""


async def _runtime(request: Request) -> Runtime:
    found = request.app.state.runtime
    assert isinstance(found, Runtime)
    return found


Running = Annotated[Runtime, Depends(_runtime)]


async def _passwords(request: Request) -> Passwords:
    found = request.app.state.passwords
    assert isinstance(found, Passwords)
    return found


def _attempts(runtime: Running) -> Attempts:
    return Attempts(runtime.redis)


def _client_address(request: Request) -> str:
    return network_of(request.client.host) if request.client else "local"


PasswordCheck = Annotated[Passwords, Depends(_passwords)]
AttemptCount = Annotated[Attempts, Depends(_attempts)]
ClientAddress = Annotated[str, Depends(_client_address)]


@dataclass(frozen=True, slots=True)
class Session:
    """An athlete who has logged in, or a program of theirs with a key."""

    athlete_id: UUID
    token: str
    runtime: Runtime
    scopes: frozenset[Scope] | None = None
    """What the key permits; None: this is no key, and everything is permitted."""

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """Open a transaction that sees this athlete's rows, and nobody else's."""
        with self.runtime.database.transaction(self.athlete_id) as tx:
            yield tx

    @contextmanager
    def opening(self) -> Iterator[Transaction]:
        """Open a transaction for what outlasts the session. Raises Problem where that was ended meanwhile."""
        with self.transaction() as tx:
            if not athletes.has_session(tx, self.athlete_id, self.token):
                raise ended(self.token)
            yield tx

    def is_open(self) -> bool:
        """Return whether it is still so: for answers that take a long time."""
        return _find(self.runtime, self.token) == self


def _find(runtime: Runtime, token: str) -> Session | None:
    """Return whose token or key this is; None where it is nobody's, or no longer."""
    now = runtime.now()
    with runtime.database.transaction() as tx:
        if token.startswith(KEY_MARK) and (holder := api_keys.recognize(tx, token, now=now)):
            return Session(holder.athlete_id, token, runtime, holder.scopes)
        athlete_id = athletes.session_athlete(tx, token, now=now)
    return None if athlete_id is None else Session(athlete_id, token, runtime)


def _known(runtime: Runtime, credentials: HTTPAuthorizationCredentials | None) -> Session:
    if credentials is None:
        raise Problem(
            Kind.UNAUTHENTICATED,
            "This needs a session or a key. `POST /api/v1/sessions` gives you a token; "
            "send it as `Authorization: Bearer …`.",
        )
    session = _find(runtime, credentials.credentials)
    if session is None:
        raise ended(credentials.credentials)
    return session


def ended(token: str) -> Problem:
    """Return what to raise where a session or a key is none, or is one no longer."""
    return Problem(
        Kind.UNAUTHENTICATED,
        "This key has expired, was deleted, or never was. Log in: `POST /api/v1/api-keys` makes another."
        if token.startswith(KEY_MARK)
        else "This session has ended, or never was. Log in again with `POST /api/v1/sessions`.",
        headers={"WWW-Authenticate": 'Bearer error="invalid_token"'},
    )


def _logged_in(runtime: Running, credentials: Credentials) -> Session:
    session = _known(runtime, credentials)
    if session.scopes is not None:
        raise Problem(
            Kind.LACKS_SCOPE,
            "No key may do this, whatever its scopes. Log in with `POST /api/v1/sessions`.",
            headers={"WWW-Authenticate": 'Bearer error="insufficient_scope"'},
        )
    return session


def _permitted(
    runtime: Running, needed: SecurityScopes, credentials: Credentials, _: KeyCredentials
) -> Session:
    session = _known(runtime, credentials)
    missing = [] if session.scopes is None else [one for one in needed.scopes if one not in session.scopes]
    if missing:
        (scope,) = missing
        raise Problem(
            Kind.LACKS_SCOPE,
            f"This needs the scope `{scope}`, which the key does not have. A key keeps its scopes: make "
            "another with `POST /api/v1/api-keys`.",
            headers={"WWW-Authenticate": f'Bearer error="insufficient_scope", scope="{scope}"'},
            scope=scope,
        )
    return session


MayRead = Annotated[Session, Security(_permitted, scopes=[Scope.READ.value])]
"""A login, or a key with the scope `read`."""
MayWrite = Annotated[Session, Security(_permitted, scopes=[Scope.WRITE.value])]
"""A login, or a key with the scope `write`."""
LoggedIn = Annotated[Session, Depends(_logged_in)]
"""A login and no key: for what takes data or the athlete away, or opens another door."""
