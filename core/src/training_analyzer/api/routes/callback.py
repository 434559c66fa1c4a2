"""
The way back from a provider's consent page, which an athlete's browser takes.

A browser sends no token: the state in the query says who began. People get a small page, programs
get JSON.
"""

import html
import logging
from typing import Annotated, Final

from fastapi import APIRouter, Path, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse

from training_analyzer import pipeline
from training_analyzer.api.answers.connections import ConnectionAnswer
from training_analyzer.api.dependencies import Running
from training_analyzer.api.headers import prefers
from training_analyzer.api.openapi import problems
from training_analyzer.api.problems import ERRORS, Kind, Problem, describe
from training_analyzer.api.routes.connections import connectable, own_connection
from training_analyzer.ingestion import connecting
from training_analyzer.runtime import Runtime
from training_analyzer.storage import athletes
from training_analyzer.storage.connections import StoredConnection
from training_analyzer.storage.database import Transaction

LOGGER = logging.getLogger(__name__)

router = APIRouter(prefix="/connections", tags=["connections"])

EXPECTED: Final[tuple[type[Exception], ...]] = (Problem, *ERRORS)

PAGE: Final = """\
<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="color-scheme" content="light dark"><title>{title}</title></head>
<body><h1>{title}</h1><p>{text}</p></body>
</html>
"""


RETURNED: Final = {
    "state": "Who began, and that it was here.",
    "code": "What a grant is asked for with.",
    "error": "Why there is none, such as `access_denied`.",
}
"""What comes back (RFC 6749, 4.1.2). The plugin is given it with everything else that comes."""


@router.get(
    "/{provider}/callback",
    openapi_extra={
        "parameters": [
            {
                "name": name,
                "in": "query",
                "required": False,
                "schema": {"type": "string"},
                "description": said,
            }
            for name, said in RETURNED.items()
        ]
    },
    response_model=ConnectionAnswer,
    responses=problems(Kind.CONNECTION_REFUSED, Kind.UNKNOWN_PROVIDER),
)
def come_back(
    runtime: Running,
    provider: Annotated[str, Path(description="The one whose consent page it was.")],
    request: Request,
) -> Response:
    """Finish connecting. The provider's consent page sends browsers here."""
    wants_page = prefers(request.headers.get("accept"), "text/html")
    try:
        connection, name = _connect(runtime, provider, dict(request.query_params))
    except EXPECTED as error:
        if not wants_page:
            raise
        problem = describe(error)
        return _page(problem.kind.title, problem.detail, status=problem.kind.status)
    active = runtime.registry.providers[provider]
    answer = ConnectionAnswer.of(connection, active)
    if not wants_page:
        return JSONResponse(answer.model_dump(mode="json"))
    title = active.info.title
    return _page(
        f"{title} is connected",
        f"{title} now sends activities to the athlete {name}. The newest weeks come first. "
        f"{answer.withheld or ''} You may close this window.",
    )


def _connect(runtime: Runtime, provider: str, query: dict[str, str]) -> tuple[StoredConnection, str]:
    """Return the connection, and the name of the athlete who has it."""
    source = connectable(runtime, provider)
    with runtime.database.transaction() as tx:
        taken = connecting.take_state(tx, query, now=runtime.now())
    begun = connecting.checked(taken, provider)
    grant = connecting.exchange(source, begun, query)
    now, horizon = runtime.now(), runtime.horizon_of(source.name)

    def store(tx: Transaction) -> tuple[StoredConnection, str]:
        connecting.confirm(tx, begun)
        connection_id, events = connecting.complete(
            tx, source, begun.athlete_id, grant, runtime.keys, horizon=horizon, now=now
        )
        pipeline.record(tx, events, now=now)
        profile = athletes.profile(tx, begun.athlete_id)
        return own_connection(tx, connection_id), profile.name if profile else ""

    def hand_on(tx: Transaction) -> bool:
        events = connecting.hand_on(tx, source, grant, runtime.keys, horizon=horizon, now=now)
        pipeline.record(tx, events or (), now=now)
        return events is not None

    try:
        return runtime.database.insist(begun.athlete_id, store)
    except Exception:
        try:
            if not runtime.database.insist(None, hand_on):
                connecting.end(source, grant)
        except Exception:  # what the athlete reads is why their account is not connected
            LOGGER.exception("a grant of %s was neither handed on nor ended", source.name)
        raise


def _page(title: str, text: str, *, status: int = 200) -> Response:
    return HTMLResponse(PAGE.format(title=html.escape(title), text=html.escape(text)), status_code=status)
