"""What was given up, and another try for it."""

from fastapi import APIRouter, status

from training_analyzer.api.answers.parked import (
    ParkedAnswer,
    ParkedRecordingAnswer,
    ParkedWorkAnswer,
    RetriedAnswer,
)
from training_analyzer.api.dependencies import MayRead, MayWrite
from training_analyzer.api.openapi import problems
from training_analyzer.api.problems import Kind
from training_analyzer.storage import parked, work

router = APIRouter(prefix="/parked", tags=["connections"], responses=problems(Kind.UNAUTHENTICATED))


@router.get("")
def list_parked(session: MayRead) -> ParkedAnswer:
    """List what was given up, and why. The rest goes on without it."""
    with session.transaction() as tx:
        given_up = parked.recordings(tx, session.athlete_id)
        units = work.parked_of(tx, session.athlete_id)
    return ParkedAnswer(
        recordings=[ParkedRecordingAnswer.model_validate(one) for one in given_up],
        work=[ParkedWorkAnswer(kind=one.kind, failures=one.failures, reason=one.last_error) for one in units],
    )


@router.post("/retry", status_code=status.HTTP_202_ACCEPTED)
def retry_parked(session: MayWrite) -> RetriedAnswer:
    """Try all of it again, in the background. What still makes no sense will be here again."""
    with session.transaction() as tx:
        retried = parked.retry(tx, session.athlete_id)
    return RetriedAnswer(recordings=retried.recordings, work=retried.units)
