"""Registering."""

from typing import Annotated

from fastapi import APIRouter, Response, status
from pydantic import BaseModel, ConfigDict, EmailStr, Field

from training_analyzer.api.answers.athletes import ProfileAnswer
from training_analyzer.api.dependencies import AttemptCount, ClientAddress, PasswordCheck, Running
from training_analyzer.api.openapi import OF_A_BODY, problems
from training_analyzer.api.problems import Kind, Problem
from training_analyzer.api.requests import BirthYear, Name, NewPassword, check_birth_year
from training_analyzer.domain.athlete import Sex
from training_analyzer.domain.docstrings import describe_fields
from training_analyzer.domain.errors import AlreadyExists
from training_analyzer.runtime import Runtime
from training_analyzer.storage import athletes

router = APIRouter(prefix="/athletes", tags=["athletes"])


class Registration(BaseModel):
    """Who wants to be an athlete here. Sex and year of birth choose constants of some metrics."""

    model_config = ConfigDict(extra="forbid", json_schema_extra=describe_fields)

    email: Annotated[EmailStr, Field(max_length=254)]
    """With which the athlete logs in."""
    password: NewPassword
    """Long enough not to be guessed."""
    name: Name
    """What the athlete is called."""
    sex: Sex | None = None
    """Chooses constants of some metrics; may be left out."""
    birth_year: BirthYear | None = None
    """Some metrics count with the age; may be left out."""


@router.post(
    "",
    status_code=status.HTTP_201_CREATED,
    responses=problems(
        *OF_A_BODY, Kind.REGISTRATION_CLOSED, Kind.ALREADY_EXISTS, Kind.TOO_MANY_ATTEMPTS, Kind.BUSY
    ),
)
def register(
    *,
    wanted: Registration,
    runtime: Running,
    passwords: PasswordCheck,
    attempts: AttemptCount,
    address: ClientAddress,
    response: Response,
) -> ProfileAnswer:
    """Register an athlete. Then log in with `POST /sessions`."""
    check_birth_year(wanted.birth_year, now=runtime.now())
    attempts.count(address)
    with runtime.database.transaction() as tx:
        _check_room(runtime, athletes.registered(tx))  # before the effort of hashing
    password_hash = passwords.hash(wanted.password.get_secret_value())
    with runtime.database.transaction() as tx:
        _check_room(runtime, athletes.registered(tx, lock=runtime.settings.athletes_limit is not None))
        try:
            athlete_id = athletes.register(
                tx,
                email=wanted.email,
                password_hash=password_hash,
                name=wanted.name,
                sex=wanted.sex,
                birth_year=wanted.birth_year,
            )
        except AlreadyExists as error:
            raise Problem(
                Kind.ALREADY_EXISTS,
                "An athlete with this e-mail address is registered already. Log in with `POST /sessions`.",
            ) from error
        profile = athletes.profile(tx, athlete_id)
    assert profile is not None
    response.headers["Location"] = "/api/v1/me"
    return ProfileAnswer.of(profile)


def _check_room(runtime: Runtime, registered: int) -> None:
    limit = runtime.settings.athletes_limit
    if limit is not None and registered >= limit:
        raise Problem(
            Kind.REGISTRATION_CLOSED,
            "No more athletes can register here. Ask whoever runs this server to raise "
            "TRAINING_ANALYZER_ATHLETES_LIMIT.",
        )
