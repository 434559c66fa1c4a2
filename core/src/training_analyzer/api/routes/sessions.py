"""Logging in and out."""

from datetime import timedelta
from typing import Final

from fastapi import APIRouter, Response, status
from pydantic import BaseModel, ConfigDict

from training_analyzer.api.answers.athletes import SessionAnswer
from training_analyzer.api.dependencies import AttemptCount, ClientAddress, LoggedIn, PasswordCheck, Running
from training_analyzer.api.openapi import OF_A_BODY, problems
from training_analyzer.api.problems import Kind, Problem
from training_analyzer.api.requests import GivenPassword, Text
from training_analyzer.api.security import new_token
from training_analyzer.domain.docstrings import describe_fields
from training_analyzer.storage import athletes, oauth_states

router = APIRouter(prefix="/sessions", tags=["sessions"])

WRONG: Final = "There is no athlete with this e-mail address and this password. Check both and try again."


class Credentials(BaseModel):
    """With what an athlete logs in."""

    model_config = ConfigDict(extra="forbid", json_schema_extra=describe_fields)

    email: Text
    """The one that the athlete registered with, in capitals or not."""
    password: GivenPassword
    """The athlete's own."""


@router.post(
    "",
    status_code=status.HTTP_201_CREATED,
    responses=problems(*OF_A_BODY, Kind.WRONG_CREDENTIALS, Kind.TOO_MANY_ATTEMPTS, Kind.BUSY),
)
def log_in(
    credentials: Credentials,
    runtime: Running,
    passwords: PasswordCheck,
    attempts: AttemptCount,
    address: ClientAddress,
) -> SessionAnswer:
    """Log in. The token is good until it expires or `DELETE /sessions/current`."""
    with runtime.database.transaction() as tx:
        found = athletes.login(tx, credentials.email)
        email = athletes.lowered(tx, credentials.email)
    attempts.count_guess(email, address)
    athlete_id, password_hash = found or (None, None)
    is_theirs = passwords.verify(credentials.password.get_secret_value(), password_hash)
    if not is_theirs or athlete_id is None or password_hash is None:
        raise Problem(Kind.WRONG_CREDENTIALS, WRONG)
    token = new_token()
    expires_at = runtime.now() + timedelta(days=runtime.settings.session_days)
    with runtime.database.transaction(athlete_id) as tx:
        if not athletes.has_password(tx, athlete_id, password_hash):  # changed while it was compared
            raise Problem(Kind.WRONG_CREDENTIALS, WRONG)
        athletes.open_session(tx, athlete_id, token, expires_at=expires_at)
    attempts.forget_guesses(email, address)
    return SessionAnswer(token=token, expires_at=expires_at)


@router.delete(
    "/current",
    status_code=status.HTTP_204_NO_CONTENT,
    response_class=Response,
    responses=problems(Kind.UNAUTHENTICATED),
)
def log_out(session: LoggedIn) -> None:
    """Log out: the token is worth nothing any more."""
    with session.transaction() as tx:
        athletes.close_session(tx, session.token)


@router.delete(
    "",
    status_code=status.HTTP_204_NO_CONTENT,
    response_class=Response,
    responses=problems(Kind.UNAUTHENTICATED),
)
def log_out_everywhere(session: LoggedIn) -> None:
    """Log out everywhere: every session of the athlete ends, this one too, and every connection begun."""
    with session.transaction() as tx:
        oauth_states.forget(tx, session.athlete_id)
        athletes.close_sessions(tx, session.athlete_id)
