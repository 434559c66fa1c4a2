"""Keys for programs of the athlete: a login makes them, shows what is known of them, and deletes them."""

from datetime import timedelta
from typing import Annotated, Final

from fastapi import APIRouter, Response, status
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from training_analyzer.api.answers.api_keys import ApiKeyAnswer, ApiKeyList, NewApiKeyAnswer
from training_analyzer.api.dependencies import LoggedIn
from training_analyzer.api.openapi import OF_A_BODY, problems
from training_analyzer.api.paths import KeyId
from training_analyzer.api.problems import Kind, Problem, invalid
from training_analyzer.api.requests import Name
from training_analyzer.api.security import new_key
from training_analyzer.domain.docstrings import describe_fields
from training_analyzer.domain.scope import Scope
from training_analyzer.storage import api_keys

LONGEST_LIFE: Final = timedelta(days=3650)

router = APIRouter(prefix="/api-keys", tags=["sessions"], responses=problems(Kind.UNAUTHENTICATED))


class KeyRequest(BaseModel):
    """What the key is for, and what it may do."""

    model_config = ConfigDict(extra="forbid", json_schema_extra=describe_fields)

    name: Name
    """By which the athlete knows it again."""
    scopes: Annotated[set[Scope], Field(min_length=1)]
    """`read`, `write` or both."""
    expires_at: AwareDatetime | None = None
    """Left out: the key is good until it is deleted."""


@router.post("", status_code=status.HTTP_201_CREATED, responses=problems(*OF_A_BODY, Kind.NOT_POSSIBLE))
def make_key(session: LoggedIn, wanted: KeyRequest) -> NewApiKeyAnswer:
    """Make a key for a program. It is shown this once."""
    now = session.runtime.now()
    if wanted.expires_at is not None and not now < wanted.expires_at <= now + LONGEST_LIFE:
        raise invalid("body", "expires_at", "A key ends in the future, and within ten years.")
    key = new_key()
    with session.opening() as tx:
        made = api_keys.make(
            tx,
            session.athlete_id,
            key,
            name=wanted.name,
            scopes=wanted.scopes,
            expires_at=wanted.expires_at,
            now=now,
        )
    return NewApiKeyAnswer(**ApiKeyAnswer.model_validate(made).model_dump(), key=key)


@router.get("")
def list_keys(session: LoggedIn) -> ApiKeyList:
    """List the athlete's keys, the oldest first: what each may do, and when it was last used."""
    with session.transaction() as tx:
        found = api_keys.of_athlete(tx, session.athlete_id)
    return ApiKeyList(items=[ApiKeyAnswer.model_validate(one) for one in found])


@router.delete(
    "/{key_id}",
    status_code=status.HTTP_204_NO_CONTENT,
    response_class=Response,
    responses=problems(Kind.NOT_FOUND),
)
def delete_key(session: LoggedIn, key_id: KeyId) -> None:
    """Delete a key. From now on it is worth nothing."""
    with session.transaction() as tx:
        found = api_keys.remove(tx, key_id)
    if not found:
        raise Problem(Kind.NOT_FOUND, "You have no such key. `GET /api/v1/api-keys` lists yours.")
