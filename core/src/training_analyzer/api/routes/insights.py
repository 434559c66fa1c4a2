"""What was written about an athlete's training; asking for more; and saying whether it helped."""

from datetime import date, datetime, timedelta
from typing import Annotated, Self
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Query, Response, status
from pydantic import BaseModel, ConfigDict, Field, model_validator

from training_analyzer import pipeline
from training_analyzer.analysis import explaining
from training_analyzer.analysis.contexts import Subject
from training_analyzer.analysis.questions import MAX_QUESTION, cleaned
from training_analyzer.analysis.training import Training
from training_analyzer.api.answers.insights import (
    FeedbackAnswer,
    InsightAnswer,
    InsightOwedAnswer,
    InsightPage,
)
from training_analyzer.api.dependencies import MayRead, MayWrite, Session
from training_analyzer.api.openapi import OF_A_BODY, problems
from training_analyzer.api.paging import read_insight_cursor, write_insight_cursor
from training_analyzer.api.paths import InsightId
from training_analyzer.api.problems import Kind, Problem
from training_analyzer.domain.docstrings import describe_fields
from training_analyzer.domain.events import InsightOwed
from training_analyzer.domain.insight import Insight, InsightKind
from training_analyzer.domain.style import Style
from training_analyzer.processing import days
from training_analyzer.storage import activities, athletes, insights, work
from training_analyzer.storage.database import Transaction
from training_analyzer.storage.insights import Feedback

router = APIRouter(prefix="/insights", tags=["insights"], responses=problems(Kind.UNAUTHENTICATED))


class InsightWish(BaseModel):
    """What an insight is wanted about."""

    model_config = ConfigDict(extra="forbid", json_schema_extra=describe_fields)

    kind: InsightKind
    """What it is to be about: an activity, the state of today, a week, a month, a question."""
    activity: UUID | None = None
    """For the kind `activity`: which one. Null for all others."""
    question: Annotated[str, Field(max_length=4 * MAX_QUESTION)] = ""
    """For the kind `question`: the athlete's own words. Control characters and markup are taken out."""

    @model_validator(mode="after")
    def _fits_its_kind(self) -> Self:
        if (self.kind is InsightKind.ACTIVITY) != (self.activity is not None):
            raise ValueError("the kind `activity` needs an id in `activity`, and no other kind takes one")
        if (self.kind is InsightKind.QUESTION) != bool(cleaned(self.question)):
            raise ValueError("the kind `question` needs words in `question`, and no other kind takes them")
        return self


class Opinion(BaseModel):
    """What the athlete thinks of one observation. The comment is kept, and never shown to a model."""

    model_config = ConfigDict(extra="forbid", json_schema_extra=describe_fields)

    observation: Annotated[int, Field(ge=0, le=20)]
    """Which one, from 0."""
    helpful: bool
    """False: it was of no help."""
    comment: Annotated[str, Field(max_length=500, pattern=r"^[^\x00]*$")] = ""
    """Why; may be empty."""


@router.get("")
def list_insights(
    session: MayRead,
    kind: Annotated[InsightKind | None, Query(description="Default: all of them.")] = None,
    subject: Annotated[
        str | None,
        Query(max_length=64, pattern="^[0-9a-f-]*$", description="The id of an activity or a question."),
    ] = None,
    cursor: Annotated[str | None, Query(description="Where the page begins: `next_cursor`.")] = None,
    limit: Annotated[int, Query(ge=1, le=200, description="How many at most.")] = 20,
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
def ask_for_insight(session: MayWrite, wish: InsightWish, response: Response) -> InsightOwedAnswer:
    """
    Ask for an insight. It is written in the background, and `Location` says where to look for it.

    Where nothing has changed since the one that stands, no other is `due`.
    """
    now = session.runtime.now()
    with session.transaction() as tx:
        key, day = "", None
        if wish.kind is InsightKind.QUESTION:
            key = str(insights.ask(tx, session.athlete_id, cleaned(wish.question), now=now))
        if wish.activity is not None:
            key, day = str(wish.activity), activities.day_of(tx, wish.activity)
            if day is None:
                raise Problem(
                    Kind.NOT_FOUND, "You have no such activity. `GET /api/v1/activities` lists yours."
                )
        answer = _outlook(tx, session, Subject(wish.kind, key), day, now)
        owed = InsightOwed(athlete_id=session.athlete_id, kind=wish.kind, key=key, asked=True)
        pipeline.record(tx, [owed], now=now)
    query = urlencode({"kind": wish.kind, "subject": key} if key else {"kind": wish.kind})
    response.headers["Location"] = f"/api/v1/insights?{query}&limit=1"
    return answer


def _outlook(
    tx: Transaction, session: Session, subject: Subject, day: date | None, now: datetime
) -> InsightOwedAnswer:
    """Return what stands about a subject, and whether the worker will find that another is due."""
    runtime, athlete_id = session.runtime, session.athlete_id
    found = insights.standing(tx, athlete_id, subject.kind, subject=subject.key)
    due, not_before = True, None
    # What is on its way changes what there is to say, and nobody knows how.
    if found is not None and not work.is_arriving(tx, athlete_id, now=now):
        day = day or days.today(tx, athlete_id, now)[0]
        training = runtime.training_of(tx, athlete_id, day) or Training.nothing(day)
        profile = athletes.profile(tx, athlete_id)
        style = profile.style if profile else Style()
        question = explaining.question_about(training, subject, style, runtime.backends)
        interval = timedelta(minutes=runtime.settings.insight_interval_minutes)
        due, not_before = _when(found[1], question, interval, now)
    return InsightOwedAnswer(
        kind=subject.kind,
        subject=subject.key,
        insight=None if found is None else found[0],
        due=due,
        not_before=not_before,
    )


def _when(
    standing: Insight, question: explaining.Question | None, interval: timedelta, now: datetime
) -> tuple[bool, datetime | None]:
    """Return whether another insight is due, and when it is written, or an AI is asked again."""
    if question is None or not explaining.is_due(standing, question):
        return False, None
    until = explaining.waits_until(standing, question, interval=interval)
    if explaining.is_retry(standing, question):
        return False, max(until or now, now)
    return True, until if until is not None and until > now else None


@router.get("/{insight_id}", responses=problems(Kind.NOT_FOUND))
def read_insight(session: MayRead, insight_id: InsightId) -> InsightAnswer:
    """Return one insight, the facts and rules that it rests on, and what the athlete thought of it."""
    with session.transaction() as tx:
        insight = _found(tx, insight_id)
        return InsightAnswer.of(insight_id, insight, insights.feedback_of(tx, insight_id))


@router.post("/{insight_id}/feedback", responses=problems(*OF_A_BODY, Kind.NOT_FOUND))
def give_feedback(session: MayWrite, insight_id: InsightId, opinion: Opinion) -> FeedbackAnswer:
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
