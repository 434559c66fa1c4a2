"""How far a connection has come: once as JSON, or every second as server-sent events."""

from collections.abc import AsyncIterator, Callable
from http import HTTPStatus
from typing import Final
from uuid import UUID

import anyio
from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse
from fastapi.sse import format_sse_event
from starlette.concurrency import run_in_threadpool

from training_analyzer.api.answers.progress import ProgressAnswer
from training_analyzer.api.dependencies import MayRead, Session
from training_analyzer.api.headers import prefers
from training_analyzer.api.openapi import problems
from training_analyzer.api.paths import ConnectionId
from training_analyzer.api.problems import Kind
from training_analyzer.api.progress import read_progress

router = APIRouter(prefix="/connections", tags=["connections"], responses=problems(Kind.UNAUTHENTICATED))

EVENT_STREAM: Final = "text/event-stream"
INTERVAL_S: Final = 1.0
LONGEST_STREAM_S: Final = 15 * 60
"""Then it ends, and whoever still listens asks again."""


@router.get(
    "/{connection_id}/progress",
    response_model=ProgressAnswer,
    responses={
        HTTPStatus.OK.value: {"content": {EVENT_STREAM: {"schema": {"type": "string"}}}},
        **problems(Kind.NOT_FOUND),
    },
)
def show_progress(session: MayRead, connection_id: ConnectionId, request: Request) -> Response:
    """
    Say how far the connection has come.

    With `Accept: text/event-stream`: an event `progress` every second, and an event `end` with the
    last one, when the newest weeks and the year's summaries are there or the athlete has to act.
    """
    now = read_progress(session, connection_id)
    if not prefers(request.headers.get("accept"), EVENT_STREAM):
        return JSONResponse(now.model_dump(mode="json"))
    return StreamingResponse(_events(now, lambda: _again(session, connection_id)), media_type=EVENT_STREAM)


async def _events(
    progress: ProgressAnswer, again: Callable[[], ProgressAnswer | None]
) -> AsyncIterator[bytes]:
    ends_at = anyio.current_time() + LONGEST_STREAM_S
    while not progress.is_settled and anyio.current_time() < ends_at:
        yield format_sse_event(event="progress", data_str=progress.model_dump_json())
        await anyio.sleep(INTERVAL_S)
        newer = await run_in_threadpool(again)
        if newer is None:
            break
        progress = newer
    yield format_sse_event(event="end", data_str=progress.model_dump_json())


def _again(session: Session, connection_id: UUID) -> ProgressAnswer | None:
    """Read the progress again; None where the athlete has logged out meanwhile."""
    return read_progress(session, connection_id) if session.is_open() else None
