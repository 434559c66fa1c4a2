"""Suggested thresholds: the athlete accepts or dismisses them, and nobody else does."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict

from training_analyzer.api.answers.athletes import SuggestionAnswer, SuggestionList
from training_analyzer.api.dependencies import LoggedIn, Session
from training_analyzer.api.openapi import OF_A_BODY, problems
from training_analyzer.api.problems import Kind, Problem
from training_analyzer.api.routes.thresholds import consistent, measure_again
from training_analyzer.storage import suggestions, thresholds
from training_analyzer.storage.database import Transaction
from training_analyzer.storage.suggestions import (
    ACCEPTED,
    DISMISSED,
    OPEN,
    Decision,
    Status,
    StoredSuggestion,
)
from training_analyzer.storage.thresholds import DatedThreshold

router = APIRouter(prefix="/me/suggestions", tags=["athletes"], responses=problems(Kind.UNAUTHENTICATED))


class Acceptance(BaseModel):
    """From when on the values hold, where the suggestion's own day is not right."""

    model_config = ConfigDict(extra="forbid")

    valid_from: date | None = None


@router.get("")
def list_suggestions(
    session: LoggedIn,
    status: Annotated[Status | None, Query(description="Default: all of them.")] = None,
) -> SuggestionList:
    """List suggested thresholds, newest first."""
    with session.transaction() as tx:
        found = suggestions.of_athlete(tx, session.athlete_id, status=status)
    return SuggestionList(items=[SuggestionAnswer.of(one) for one in found])


@router.post(
    "/{suggestion_id}/accept",
    responses=problems(*OF_A_BODY, Kind.NOT_FOUND, Kind.ALREADY_EXISTS),
)
def accept_suggestion(
    session: LoggedIn, suggestion_id: UUID, acceptance: Acceptance | None = None
) -> SuggestionAnswer:
    """Take over its values, from its day on or from another. Metrics are computed again from there."""
    with session.transaction() as tx:
        stored = _undecided(tx, suggestion_id)
        suggestion = stored.suggestion
        valid_from = (acceptance and acceptance.valid_from) or suggestion.valid_from
        with consistent(tx, session):
            thresholds.store(
                tx,
                session.athlete_id,
                [
                    DatedThreshold(
                        name, value, valid_from, suggestion.sport, stored.source, suggestion.method
                    )
                    for name, value in suggestion.values.items()
                ],
            )
        return _decided(tx, session, stored, ACCEPTED, valid_from)


@router.post("/{suggestion_id}/dismiss", responses=problems(Kind.NOT_FOUND, Kind.ALREADY_EXISTS))
def dismiss_suggestion(session: LoggedIn, suggestion_id: UUID) -> SuggestionAnswer:
    """Leave everything as it is. What is nearly the same is not suggested again."""
    with session.transaction() as tx:
        return _decided(tx, session, _undecided(tx, suggestion_id), DISMISSED, None)


def _undecided(tx: Transaction, suggestion_id: UUID) -> StoredSuggestion:
    stored = suggestions.find(tx, suggestion_id, lock=True)
    if stored is None:
        raise Problem(
            Kind.NOT_FOUND, "You have no such suggestion. `GET /api/v1/me/suggestions` lists yours."
        )
    if stored.status != OPEN:
        raise Problem(Kind.ALREADY_EXISTS, f"You have {stored.status} this suggestion already.")
    return stored


def _decided(
    tx: Transaction, session: Session, stored: StoredSuggestion, decision: Decision, measure_from: date | None
) -> SuggestionAnswer:
    suggestions.decide(tx, stored.id, decision, now=session.runtime.now())
    if measure_from is not None:
        measure_again(tx, session, measure_from)
    decided = suggestions.find(tx, stored.id)
    assert decided is not None
    return SuggestionAnswer.of(decided)
