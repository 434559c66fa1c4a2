"""What was written about an athlete's training; asking for more; and saying whether it helped."""

from typing import Annotated, Self
from uuid import UUID

from fastapi import APIRouter, Query, status
from pydantic import BaseModel, ConfigDict, Field, model_validator

from training_analyzer import pipeline
from training_analyzer.analysis.questions import MAX_QUESTION, cleaned
from training_analyzer.api.answers.insights import (
    FeedbackAnswer,
    InsightAnswer,
    InsightOwedAnswer,
    InsightPage,
)
from training_analyzer.api.dependencies import MayRead, MayWrite
from training_analyzer.api.openapi import OF_A_BODY, problems
from training_analyzer.api.paging import read_insight_cursor, write_insight_cursor
from training_analyzer.api.problems import Kind, Problem
from training_analyzer.domain.events import InsightOwed
from training_analyzer.domain.insight import Insight, InsightKind
from training_analyzer.storage import activities, insights
from training_analyzer.storage.database import Transaction
from training_analyzer.storage.insights import Feedback

router = APIRouter(prefix="/insights", tags=["insights"], responses=problems(Kind.UNAUTHENTICATED))


class InsightWish(BaseModel):
    """
    What an insight is wanted about.

    `activity`: for the kind `activity`, which one. `question`: for the kind `question`, in the
    athlete's own words; control characters and markup are taken out.
    """

    model_config = ConfigDict(extra="forbid")

    kind: InsightKind
    activity: UUID | None = None
    question: Annotated[str, Field(max_length=4 * MAX_QUESTION)] = ""

    @model_validator(mode="after")
    def _fits_its_kind(self) -> Self:
        if (self.kind is InsightKind.ACTIVITY) != (self.activity is not None):
            raise ValueError("the kind `activity` needs an id in `activity`, and no other kind takes one")
        if (self.kind is InsightKind.QUESTION) != bool(cleaned(self.question)):
            raise ValueError("the kind `question` needs words in `question`, and no other kind takes them")
        return self


class Opinion(BaseModel):
    """What the athlete thinks of one observation. The comment is kept, and never shown to a model."""

    model_config = ConfigDict(extra="forbid")

    observation: Annotated[int, Field(ge=0, le=20)]
    """Which one, from 0."""
    helpful: bool
    comment: Annotated[str, Field(max_length=500, pattern=r"^[^\x00]*$")] = ""


@router.get("")
def list_insights(
    session: MayRead,
    kind: InsightKind | None = None,
    subject: Annotated[
        str | None,
        Query(max_length=64, pattern="^[0-9a-f-]*$", description="The id of an activity or a question."),
    ] = None,
    cursor: Annotated[str | None, Query(description="Where the page begins: `next_cursor`.")] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 20,
) -> InsightPage:
    """List the newest insight of each kind, subject and period, newest period first."""
    behind = read_insight_cursor(cursor)
    with session.transaction() as tx:
        listed = insights.listed(
            tx, session.athlete_id, limit=limit + 1, kind=kind, subject=subject, behind=behind
        )
    page = listed[:limit]
    return InsightPage(
        items=[InsightAnswer.of(insight_id, insight) for insight_id, insight in page],
        next_cursor=write_insight_cursor(*page[-1]) if len(listed) > limit else None,
    )


@router.post("", status_code=status.HTTP_202_ACCEPTED, responses=problems(*OF_A_BODY, Kind.NOT_FOUND))
def ask_for_insight(session: MayWrite, wish: InsightWish) -> InsightOwedAnswer:
    """
    Ask for an insight. It is written in the background; ask `GET /insights` for its kind and subject.

    Where nothing has changed since the last one, that one stays.
    """
    now = session.runtime.now()
    with session.transaction() as tx:
        subject = ""
        if wish.activity is not None:
            if activities.day_of(tx, wish.activity) is None:
                raise Problem(
                    Kind.NOT_FOUND, "You have no such activity. `GET /api/v1/activities` lists yours."
                )
            subject = str(wish.activity)
        if wish.kind is InsightKind.QUESTION:
            subject = str(insights.ask(tx, session.athlete_id, cleaned(wish.question), now=now))
        owed = InsightOwed(athlete_id=session.athlete_id, kind=wish.kind, key=subject, asked=True)
        pipeline.record(tx, [owed], now=now)
    return InsightOwedAnswer(kind=wish.kind, subject=subject)


@router.get("/{insight_id}", responses=problems(Kind.NOT_FOUND))
def read_insight(session: MayRead, insight_id: UUID) -> InsightAnswer:
    """Return one insight, the facts and rules that it rests on, and what the athlete thought of it."""
    with session.transaction() as tx:
        insight = _found(tx, insight_id)
        return InsightAnswer.of(insight_id, insight, insights.feedback_of(tx, insight_id))


@router.post("/{insight_id}/feedback", responses=problems(*OF_A_BODY, Kind.NOT_FOUND))
def give_feedback(session: MayWrite, insight_id: UUID, opinion: Opinion) -> FeedbackAnswer:
    """Say whether an observation helped. The latest word on an observation counts."""
    feedback = Feedback(opinion.observation, opinion.helpful, opinion.comment, session.runtime.now())
    with session.transaction() as tx:
        insight = _found(tx, insight_id)
        if opinion.observation >= len(insight.observations):
            raise Problem(
                Kind.NOT_FOUND,
                f"The insight has no such observation: it has {len(insight.observations)}, counted from 0.",
            )
        insights.give_feedback(tx, session.athlete_id, insight_id, feedback)
    return FeedbackAnswer.model_validate(feedback)


def _found(tx: Transaction, insight_id: UUID) -> Insight:
    insight = insights.find(tx, insight_id)
    if insight is None:
        raise Problem(Kind.NOT_FOUND, "You have no such insight. `GET /api/v1/insights` lists yours.")
    return insight
