"""What endpoints are given: the runtime, and the athlete who is asking."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from training_analyzer.api.problems import Kind, Problem
from training_analyzer.api.security import Attempts, Passwords
from training_analyzer.runtime import Runtime
from training_analyzer.storage import athletes
from training_analyzer.storage.database import Transaction

BEARER = HTTPBearer(
    auto_error=False,
    scheme_name="session",
    description="The token that `POST /sessions` answers with.",
)


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
    return request.client.host if request.client else "local"


PasswordCheck = Annotated[Passwords, Depends(_passwords)]
AttemptCount = Annotated[Attempts, Depends(_attempts)]
ClientAddress = Annotated[str, Depends(_client_address)]


@dataclass(frozen=True, slots=True)
class Session:
    """An athlete who has logged in."""

    athlete_id: UUID
    token: str
    runtime: Runtime

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """Open a transaction that sees this athlete's rows, and nobody else's."""
        with self.runtime.database.transaction(self.athlete_id) as tx:
            yield tx

    def is_open(self) -> bool:
        """Return whether it is still so: for answers that take a long time."""
        with self.runtime.database.transaction() as tx:
            return athletes.session_athlete(tx, self.token, now=self.runtime.now()) == self.athlete_id


def _session(
    runtime: Running, credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(BEARER)]
) -> Session:
    if credentials is None:
        raise Problem(
            Kind.UNAUTHENTICATED,
            "This needs a session. `POST /api/v1/sessions` gives you a token; "
            "send it as `Authorization: Bearer …`.",
        )
    with runtime.database.transaction() as tx:
        athlete_id = athletes.session_athlete(tx, credentials.credentials, now=runtime.now())
    if athlete_id is None:
        raise Problem(
            Kind.UNAUTHENTICATED,
            "This session has ended, or never was. Log in again with `POST /api/v1/sessions`.",
            headers={"WWW-Authenticate": 'Bearer error="invalid_token"'},
        )
    return Session(athlete_id, credentials.credentials, runtime)


LoggedIn = Annotated[Session, Depends(_session)]
