"""Athletes' accounts at providers."""

from datetime import timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response, status
from pydantic import BaseModel, ConfigDict

from training_analyzer import pipeline
from training_analyzer.api.answers.connections import (
    ConnectionAnswer,
    ConnectionList,
    ConsentAnswer,
    SyncAnswer,
)
from training_analyzer.api.answers.erasures import ErasureAnswer
from training_analyzer.api.dependencies import LoggedIn, MayRead, MayWrite
from training_analyzer.api.openapi import OF_A_BODY, problems
from training_analyzer.api.paths import ConnectionId
from training_analyzer.api.problems import Kind, Problem
from training_analyzer.api.requests import Text
from training_analyzer.domain.docstrings import describe_fields
from training_analyzer.ingestion import connecting, disconnecting, planning, revoking
from training_analyzer.ingestion.source import Source
from training_analyzer.runtime import Runtime
from training_analyzer.sdk import SupportsOAuth
from training_analyzer.storage import connections
from training_analyzer.storage.connections import StoredConnection
from training_analyzer.storage.database import Transaction
from training_analyzer.storage.erasing import Erasure

router = APIRouter(prefix="/connections", tags=["connections"], responses=problems(Kind.UNAUTHENTICATED))


class ConnectionRequest(BaseModel):
    """Which provider to connect."""

    model_config = ConfigDict(extra="forbid", json_schema_extra=describe_fields)

    provider: Text
    """The name of one that is `connectable` in `GET /providers`."""


@router.post("", responses=problems(*OF_A_BODY, Kind.UNKNOWN_PROVIDER))
def begin_connection(session: LoggedIn, wanted: ConnectionRequest, request: Request) -> ConsentAnswer:
    """Return where to send the athlete's browser. The link is good for ten minutes, once."""
    runtime = session.runtime
    source = connectable(runtime, wanted.provider)
    public_url = runtime.settings.public_url or str(request.base_url)
    redirect_uri = f"{public_url.rstrip('/')}/api/v1/connections/{source.name}/callback"
    now = runtime.now()
    with session.opening() as tx:
        url = connecting.begin(tx, source, session.athlete_id, redirect_uri=redirect_uri, now=now)
    return ConsentAnswer(
        provider=source.name, authorization_url=url, expires_at=now + connecting.STATE_LIFETIME
    )


@router.get("")
def list_connections(session: MayRead) -> ConnectionList:
    """List the athlete's connections."""
    with session.transaction() as tx:
        found = connections.of_athlete(tx, session.athlete_id)
    return ConnectionList(items=[_answer(session.runtime, connection) for connection in found])


@router.get("/{connection_id}", responses=problems(Kind.NOT_FOUND))
def read_connection(session: MayRead, connection_id: ConnectionId) -> ConnectionAnswer:
    """Return one connection."""
    with session.transaction() as tx:
        return _answer(session.runtime, own_connection(tx, connection_id))


@router.post(
    "/{connection_id}/sync",
    status_code=status.HTTP_202_ACCEPTED,
    responses=problems(Kind.NOT_FOUND, Kind.RECONNECT_NEEDED),
)
def sync(
    *,
    session: MayWrite,
    connection_id: ConnectionId,
    response: Response,
    everything: Annotated[
        bool, Query(description="List the whole history again, not the newest alone.")
    ] = False,
) -> SyncAnswer:
    """
    Ask the provider for the newest activities now. It is done in the background.

    With `everything`, the whole history is listed again: for old activities that were uploaded, edited
    or deleted, and of which nobody told us. That happens by itself once a day. Streams that were not there
    before are asked for, too.

    Where such a list ended within the last minute, or of everything within a quarter of an hour, the next one
    waits until `not_before`.
    """
    runtime = session.runtime
    now = runtime.now()
    with session.transaction() as tx:
        connection = own_connection(tx, connection_id)
        if connection.status != connections.ACTIVE:
            raise Problem(
                Kind.RECONNECT_NEEDED,
                f"{connection.problem or 'The provider no longer lets us in.'} "
                "Connect the account again with `POST /api/v1/connections`.",
            )
        horizon = runtime.horizon_of(connection.provider)
        listed, fetches = planning.sync(tx, connection, horizon, everything=everything, now=now)
        pipeline.record(tx, [listed, *fetches], now=now)
    progress = f"/api/v1/connections/{connection_id}/progress"
    response.headers["Location"] = progress
    return SyncAnswer(
        connection_id=connection_id,
        progress=progress,
        not_before=now + timedelta(seconds=listed.delay_s) if listed.delay_s else None,
    )


@router.delete("/{connection_id}", responses=problems(Kind.NOT_FOUND))
def disconnect(session: LoggedIn, connection_id: ConnectionId) -> ErasureAnswer:
    """
    Disconnect: the provider is told, and everything that came from it is erased. There is no way back.

    Also where the provider does not answer: then it is `not_told`, and told later, for a week at most. To be
    sure, remove this server in your settings there.
    """
    runtime = session.runtime
    with session.transaction() as tx:
        connection = own_connection(tx, connection_id)
    now = runtime.now()
    told = disconnecting.revoke(
        runtime.database, runtime.known_source(connection.provider), connection, runtime.keys, now=now
    )

    def erase(tx: Transaction) -> Erasure:
        leaving = own_connection(tx, connection_id)
        later = [] if told else [revoking.owe(tx, leaving, now=now)]
        erasure, event = disconnecting.erase(tx, leaving, asked_by="athlete", told=told, now=now)
        pipeline.record(tx, [event, *later], now=now)
        return erasure

    return ErasureAnswer.of(runtime.database.insist(session.athlete_id, erase))


def _answer(runtime: Runtime, connection: StoredConnection) -> ConnectionAnswer:
    return ConnectionAnswer.of(connection, runtime.registry.providers.get(connection.provider))


def connectable(runtime: Runtime, provider: str) -> Source:
    """Return a provider that athletes connect in a browser. Raises Problem that lists them."""
    source = runtime.known_source(provider)
    if source is None or source.oauth is None:
        names = [name for name, one in runtime.registry.providers.items() if isinstance(one, SupportsOAuth)]
        there = f"There are: {', '.join(names)}." if names else "None of the enabled plugins can be."
        known = "is not connected in a browser" if source else "is not enabled here"
        raise Problem(Kind.UNKNOWN_PROVIDER, f"The provider {provider!r} {known}. {there}")
    return source


def own_connection(tx: Transaction, connection_id: UUID) -> StoredConnection:
    connection = connections.find(tx, connection_id)
    if connection is None:
        raise Problem(Kind.NOT_FOUND, "You have no such connection. `GET /api/v1/connections` lists yours.")
    return connection
