"""What an athlete did, with the numbers that were made from it."""

import json
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query, Response

from training_analyzer.api.answers.activities import ActivityAnswer, ActivityPage
from training_analyzer.api.answers.laps import LapsAnswer
from training_analyzer.api.dependencies import MayRead
from training_analyzer.api.openapi import problems
from training_analyzer.api.paging import read_cursor, write_cursor
from training_analyzer.api.parameters import check_order
from training_analyzer.api.paths import ActivityId
from training_analyzer.api.problems import Kind, Problem
from training_analyzer.domain.sport import Sport
from training_analyzer.processing.sessions import kept_of, recording_of
from training_analyzer.storage import activities

router = APIRouter(prefix="/activities", tags=["activities"], responses=problems(Kind.UNAUTHENTICATED))


@router.get("", response_model=ActivityPage)
def list_activities(
    *,
    session: MayRead,
    sport: Annotated[Sport | None, Query(description="Default: all of them.")] = None,
    first: Annotated[date | None, Query(alias="from", description="The first local day.")] = None,
    last: Annotated[date | None, Query(alias="to", description="The last local day.")] = None,
    limit: Annotated[int, Query(ge=1, le=200, description="How many at most.")] = 50,
    cursor: Annotated[str | None, Query(max_length=200, description="`next_cursor` of a page.")] = None,
) -> Response:
    """List activities, newest first."""
    if first is not None and last is not None:
        check_order(first, last)
    with session.transaction() as tx:
        items, more = activities.page(
            tx,
            session.athlete_id,
            sport=sport,
            first=first,
            last=last,
            behind=read_cursor(cursor),
            limit=limit,
        )
    body = f'{{"items":{items},"next_cursor":{json.dumps(write_cursor(more))}}}'
    return Response(body, media_type="application/json")


@router.get("/{activity_id}", response_model=ActivityAnswer, responses=problems(Kind.NOT_FOUND))
def read_activity(session: MayRead, activity_id: ActivityId) -> Response:
    """Return one activity with its measurements."""
    with session.transaction() as tx:
        body = activities.body(tx, activity_id)
    if body is None:
        raise Problem(Kind.NOT_FOUND, "You have no such activity. `GET /api/v1/activities` lists yours.")
    return Response(body, media_type="application/json")


@router.get("/{activity_id}/laps", responses=problems(Kind.NOT_FOUND, Kind.NOT_POSSIBLE))
def read_laps(session: MayRead, activity_id: ActivityId) -> LapsAnswer:
    """Return the laps, and the lengths of a pool with their strokes, as the leading recording has them."""
    with session.transaction() as tx:
        kept = kept_of(tx, recording_of(tx, activity_id), session.runtime.registry.providers)
    return LapsAnswer.of(kept.session())
