"""Which recordings make an activity, where the athlete knows better: split, join, lead, delete."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response, status
from pydantic import BaseModel, ConfigDict, Field

from training_analyzer import pipeline
from training_analyzer.api.answers.activities import RegroupedAnswer
from training_analyzer.api.dependencies import LoggedIn, MayWrite, Session
from training_analyzer.api.openapi import OF_A_BODY, problems
from training_analyzer.api.paths import ActivityId, RecordingPath
from training_analyzer.api.problems import Kind
from training_analyzer.domain.docstrings import describe_fields
from training_analyzer.domain.events import MeasuringUnfinished
from training_analyzer.ingestion.taking_back import take_back
from training_analyzer.processing import grouping
from training_analyzer.storage.database import Transaction

router = APIRouter(
    prefix="/activities/{activity_id}",
    tags=["activities"],
    responses=problems(Kind.UNAUTHENTICATED, Kind.NOT_FOUND, Kind.NOT_POSSIBLE, *OF_A_BODY),
)

RecordingId = Annotated[int, Field(ge=1, le=2**63 - 1)]


class SplitRequest(BaseModel):
    """Which recordings are of another session. Together they become one activity of their own."""

    model_config = ConfigDict(extra="forbid", json_schema_extra=describe_fields)

    recordings: Annotated[list[RecordingId], Field(min_length=1, max_length=100)]
    """Some of the activity's own, and not all."""


class JoinRequest(BaseModel):
    """Which other activity is of the same session."""

    model_config = ConfigDict(extra="forbid", json_schema_extra=describe_fields)

    activity_id: UUID
    """The other activity. Its recordings join this one."""


class LeadRequest(BaseModel):
    """Which recording the numbers are to be made from."""

    model_config = ConfigDict(extra="forbid", json_schema_extra=describe_fields)

    recording_id: RecordingId
    """One of the activity's own."""


@router.post("/split", status_code=status.HTTP_202_ACCEPTED)
def split_activity(
    session: MayWrite, activity_id: ActivityId, wanted: SplitRequest, response: Response
) -> RegroupedAnswer:
    """Take recordings out of an activity. They stay apart, whatever comes in later."""
    now, providers = session.runtime.now(), session.runtime.registry.providers
    with session.transaction() as tx:
        grouping.split(tx, session.athlete_id, activity_id, wanted.recordings, providers, now=now)
        return _done(tx, session, activity_id, response)


@router.post("/join", status_code=status.HTTP_202_ACCEPTED)
def join_activities(
    session: MayWrite, activity_id: ActivityId, wanted: JoinRequest, response: Response
) -> RegroupedAnswer:
    """Make one activity of two. Their recordings stay together, whatever comes in later."""
    now, providers = session.runtime.now(), session.runtime.registry.providers
    with session.transaction() as tx:
        joined = grouping.join(tx, session.athlete_id, activity_id, wanted.activity_id, providers, now=now)
        return _done(tx, session, joined, response)


@router.put("/leading", status_code=status.HTTP_202_ACCEPTED)
def choose_leading_recording(
    session: MayWrite, activity_id: ActivityId, wanted: LeadRequest, response: Response
) -> RegroupedAnswer:
    """Make the activity's numbers from this recording. So it stays, whatever comes in later."""
    now, providers = session.runtime.now(), session.runtime.registry.providers
    with session.transaction() as tx:
        grouping.lead(tx, session.athlete_id, activity_id, wanted.recording_id, providers, now=now)
        return _done(tx, session, activity_id, response)


@router.delete("/recordings/{recording_id}", status_code=status.HTTP_204_NO_CONTENT, response_class=Response)
def delete_recording(session: LoggedIn, activity_id: ActivityId, recording_id: RecordingPath) -> None:
    """
    Erase one recording that you handed over, with its file; it can be handed over again.

    The activity's numbers are made from the recordings that are left. Where none is, the activity goes too.
    What a connection brought is deleted at its service, or by disconnecting.
    """
    with session.transaction() as tx:
        event = take_back(tx, activity_id, recording_id)
        pipeline.record(tx, [event], now=session.runtime.now())


def _done(tx: Transaction, session: Session, activity_id: UUID, response: Response) -> RegroupedAnswer:
    event = MeasuringUnfinished(athlete_id=session.athlete_id)
    pipeline.record(tx, [event], now=session.runtime.now())
    address = f"/api/v1/activities/{activity_id}"
    response.headers["Location"] = address
    return RegroupedAnswer(activity_id=activity_id, activity=address)
