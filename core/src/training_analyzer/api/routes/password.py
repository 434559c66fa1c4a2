"""Another password for the athlete who is logged in."""

from typing import Final

from fastapi import APIRouter, Response, status
from pydantic import BaseModel, ConfigDict

from training_analyzer.api.confirming import Confirmation
from training_analyzer.api.dependencies import LoggedIn, PasswordCheck
from training_analyzer.api.openapi import OF_A_BODY, problems
from training_analyzer.api.problems import Kind, Problem
from training_analyzer.api.requests import GivenPassword, NewPassword
from training_analyzer.domain.docstrings import describe_fields
from training_analyzer.storage import athletes
from training_analyzer.storage.passwords import replace

router = APIRouter(prefix="/me", tags=["athletes"], responses=problems(Kind.UNAUTHENTICATED))

NOTHING: Final = "Nothing was changed."


class PasswordChange(BaseModel):
    """The password as it is, and as it is to be."""

    model_config = ConfigDict(extra="forbid", json_schema_extra=describe_fields)

    password: GivenPassword
    """The one that holds until now."""
    new_password: NewPassword
    """The one that is to hold."""


@router.put(
    "/password",
    status_code=status.HTTP_204_NO_CONTENT,
    response_class=Response,
    responses=problems(*OF_A_BODY, Kind.WRONG_CREDENTIALS, Kind.TOO_MANY_ATTEMPTS, Kind.BUSY),
)
def change_password(
    session: LoggedIn, change: PasswordChange, confirmation: Confirmation, passwords: PasswordCheck
) -> None:
    """Change the password. Every other session, key and begun connection of the athlete ends."""
    before = confirmation.require(change.password, otherwise=NOTHING)
    password_hash = passwords.hash(change.new_password.get_secret_value())
    with session.transaction() as tx:
        if not athletes.has_password(tx, session.athlete_id, before):  # somebody else was quicker
            raise Problem(Kind.WRONG_CREDENTIALS, f"This is not your password any more. {NOTHING}")
        replace(tx, session.athlete_id, password_hash, but=session.token)
