"""
Where services call us, outside `/api/v1`: an address with a secret in it.

The service is waiting, and gives up after seconds: an event is stored and answered, nothing else. What
makes no sense is answered with 200 as well, because it would make no more sense the next time.
"""

import hmac
import logging
from http import HTTPStatus
from typing import Final

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from starlette.concurrency import run_in_threadpool

from training_analyzer import pipeline
from training_analyzer.api.dependencies import Running
from training_analyzer.api.problems import Kind, Problem
from training_analyzer.ingestion import webhooks
from training_analyzer.ingestion.source import Source
from training_analyzer.runtime import Runtime
from training_analyzer.sdk import BadData, NotAuthorized, SupportsWebhooks, WebhookRequest
from training_analyzer.storage import receipts

LOGGER = logging.getLogger(__name__)

router = APIRouter(tags=["webhooks"])

ADDRESS: Final = "/webhooks/{provider}/{secret}"


@router.get(ADDRESS, include_in_schema=False)
def answer_challenge(runtime: Running, provider: str, secret: str, request: Request) -> Response:
    """Answer a service that asks whether this address is ours."""
    source, reader = _listening(runtime, provider, secret)
    try:
        answer = reader.answer_challenge(_of(request))
    except (NotAuthorized, BadData) as error:
        LOGGER.warning("a challenge of %s was refused: %s", source.name, error)
        raise Problem(Kind.NOT_FOUND, "There is nothing here.") from error
    return JSONResponse(dict(answer))


@router.post(ADDRESS, include_in_schema=False)
async def receive_event(runtime: Running, provider: str, secret: str, request: Request) -> Response:
    """Store what a service says, then answer."""
    source, reader = _listening(runtime, provider, secret)
    read = _of(request, await request.body())
    await run_in_threadpool(_receive, runtime, source, reader, read)
    return Response(status_code=HTTPStatus.OK)


def _receive(runtime: Runtime, source: Source, reader: SupportsWebhooks, request: WebhookRequest) -> None:
    now = runtime.now()
    try:
        events = reader.read_events(request)
    except NotAuthorized as error:
        raise Problem(Kind.NOT_FOUND, "There is nothing here.") from error
    except BadData as error:
        LOGGER.warning("%s sent a webhook that makes no sense: %s", source.name, error)
        with runtime.database.transaction() as tx:
            receipts.ignore(tx, source.name, webhooks.UNREADABLE, now=now)
        return
    if not events:
        with runtime.database.transaction() as tx:
            receipts.ignore(tx, source.name, webhooks.ABOUT_NOTHING, now=now)
    for event in events:
        with runtime.database.transaction() as tx:
            pipeline.record(tx, webhooks.receive(tx, source, event, now=now), now=now)


def _listening(runtime: Runtime, provider: str, secret: str) -> tuple[Source, SupportsWebhooks]:
    """Return the provider whose address this is. Raises the same Problem for every other one."""
    ours = runtime.settings.webhook_secret
    source = runtime.known_source(provider)
    known = ours is not None and hmac.compare_digest(secret.encode(), ours.get_secret_value().encode())
    if not known or source is None or not isinstance(source.provider, SupportsWebhooks):
        raise Problem(Kind.NOT_FOUND, "There is nothing here.")
    return source, source.provider


def _of(request: Request, body: bytes = b"") -> WebhookRequest:
    return WebhookRequest(
        method="POST" if request.method == "POST" else "GET",
        headers={name.lower(): value for name, value in request.headers.items()},
        query=dict(request.query_params),
        body=body,
    )
