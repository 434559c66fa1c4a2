"""What was written about an athlete's training."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from training_analyzer.api.answers.insights import InsightAnswer, InsightList
from training_analyzer.api.dependencies import LoggedIn
from training_analyzer.api.openapi import problems
from training_analyzer.api.problems import Kind, Problem
from training_analyzer.storage import insights

router = APIRouter(prefix="/insights", tags=["insights"], responses=problems(Kind.UNAUTHENTICATED))


@router.get("")
def list_insights(session: LoggedIn, limit: Annotated[int, Query(ge=1, le=200)] = 20) -> InsightList:
    """List the newest insight of each period, newest period first."""
    with session.transaction() as tx:
        listed = insights.listed(tx, session.athlete_id, limit=limit)
    return InsightList(items=[InsightAnswer.of(insight_id, insight) for insight_id, insight in listed])


@router.get("/{insight_id}", responses=problems(Kind.NOT_FOUND))
def read_insight(session: LoggedIn, insight_id: UUID) -> InsightAnswer:
    """Return one insight, and the facts that it rests on."""
    with session.transaction() as tx:
        insight = insights.find(tx, insight_id)
    if insight is None:
        raise Problem(Kind.NOT_FOUND, "You have no such insight. `GET /api/v1/insights` lists yours.")
    return InsightAnswer.of(insight_id, insight)
