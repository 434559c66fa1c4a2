"""Suggested thresholds: the athlete accepts or dismisses them, and nobody else does."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict

from training_analyzer.api.answers.athletes import SuggestionAnswer, SuggestionList
from training_analyzer.api.dependencies import MayRead, MayWrite
from training_analyzer.api.openapi import OF_A_BODY, problems
from training_analyzer.api.paths import SuggestionId
from training_analyzer.api.problems import Kind
from training_analyzer.api.routes.thresholds import record
from training_analyzer.domain.docstrings import describe_fields
from training_analyzer.processing import profile
from training_analyzer.storage import suggestions
from training_analyzer.storage.database import Transaction
from training_analyzer.storage.suggestions import Status

router = APIRouter(prefix="/me/suggestions", tags=["athletes"], responses=problems(Kind.UNAUTHENTICATED))


class Acceptance(BaseModel):
    """From when on the values hold, where it is neither the suggestion's day nor that of what holds now."""

    model_config = ConfigDict(extra="forbid", json_schema_extra=describe_fields)

    valid_from: date | None = None
    """Left out or null: the suggestion's own day, or today where another value holds already."""


@router.get("")
def list_suggestions(
    session: MayRead,
    status: Annotated[Status | None, Query(description="Default: all of them.")] = None,
) -> SuggestionList:
    """List suggested thresholds, newest first."""
    with session.transaction() as tx:
        found = suggestions.of_athlete(tx, session.athlete_id, status=status)
    return SuggestionList(items=[SuggestionAnswer.of(one) for one in found])


@router.post(
    "/{suggestion_id}/accept",
    responses=problems(*OF_A_BODY, Kind.NOT_FOUND, Kind.NOT_POSSIBLE),
)
def accept_suggestion(
    session: MayWrite, suggestion_id: SuggestionId, acceptance: Acceptance | None = None
) -> SuggestionAnswer:
    """
    Take over its values, from its day on or from another. Metrics are computed again from there.

    Where a value of a later day holds today, they take the place of that one, unless you say a day.
    """
    with session.transaction() as tx:
        changed = profile.accept(
            tx,
            session.athlete_id,
            suggestion_id,
            valid_from=None if acceptance is None else acceptance.valid_from,
            now=session.runtime.now(),
        )
        record(tx, session, changed)
        return _one(tx, suggestion_id)


@router.post("/{suggestion_id}/dismiss", responses=problems(Kind.NOT_FOUND, Kind.NOT_POSSIBLE))
def dismiss_suggestion(session: MayWrite, suggestion_id: SuggestionId) -> SuggestionAnswer:
    """Leave everything as it is. What is nearly the same is not suggested again."""
    with session.transaction() as tx:
        profile.dismiss(tx, suggestion_id, now=session.runtime.now())
        return _one(tx, suggestion_id)


def _one(tx: Transaction, suggestion_id: UUID) -> SuggestionAnswer:
    decided = suggestions.find(tx, suggestion_id)
    assert decided is not None
    return SuggestionAnswer.of(decided)
