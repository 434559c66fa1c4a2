"""Asking a connection's provider on behalf of a unit of work, and what its refusals and bad answers carry."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from training_analyzer.domain.errors import Missing
from training_analyzer.ingestion import grants
from training_analyzer.ingestion.grants import Answer
from training_analyzer.runtime import Runtime
from training_analyzer.sdk import Account, BadData, BrokenRecord, DataProvider, Misconfigured, NotAuthorized
from training_analyzer.storage import connections, rejections
from training_analyzer.storage.connections import StoredConnection
from training_analyzer.storage.database import Transaction
from training_analyzer.storage.work import Claim


class BadAnswer(BadData):
    """The provider's answer makes no sense: `error` says why, and has what was received."""

    def __init__(self, error: BadData, connection: StoredConnection, recording_id: int | None) -> None:
        super().__init__(str(error), document=error.document)
        self.error = error
        self.connection = connection
        self.recording_id = recording_id


def keep_answer(tx: Transaction, error: Exception, *, now: datetime) -> None:
    """Keep what made no sense, with its bytes, where it is parked."""
    if isinstance(error, BadAnswer) and error.document is not None:
        rejections.reject(
            tx,
            error.connection.athlete_id,
            error.connection.id,
            BrokenRecord(reason=str(error), document=error.document),
            now=now,
            recording_id=error.recording_id,
        )


class AccessLost(NotAuthorized):
    """The provider refused this connection."""

    def __init__(self, connection: StoredConnection, refusal: NotAuthorized) -> None:
        super().__init__(str(refusal))
        self.connection = connection
        self.refusal = refusal


def ask(
    runtime: Runtime,
    connection: StoredConnection,
    claim: Claim,
    purpose: str,
    call: Callable[[DataProvider, Account], Answer],
) -> Answer:
    """Ask the connection's provider. Raises AccessLost where it refuses the athlete, also a second time."""
    try:
        source = runtime.source(connection.provider)
    except Missing as error:
        # The work waits until the deployer has the plugin back: it is not forgotten.
        raise Misconfigured(str(error)) from error
    try:
        return grants.ask(
            runtime.database,
            source,
            connection,
            runtime.keys,
            lambda account: call(source.provider, account),
            purpose=purpose,
            priority=claim.priority,
            now=runtime.now(),
        )
    except NotAuthorized as error:
        raise AccessLost(connection, error) from error
    except BadData as error:
        recording_id = int(claim.subject) if claim.kind == "fetch" else None
        raise BadAnswer(error, connection, recording_id) from error


def usable(tx: Transaction, connection_id: UUID) -> StoredConnection:
    """Return the connection. One that waits for its athlete owes nothing: reconnecting owes it again."""
    connection = connections.find(tx, connection_id)
    if connection is None or connection.status != connections.ACTIVE:
        raise Missing("the connection is gone, or waits for its athlete to reconnect")
    return connection
