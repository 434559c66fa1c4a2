"""Finding out what is true of an activity or a connection, after something was said of it or not seen."""

from uuid import UUID

from training_analyzer.domain.errors import Missing
from training_analyzer.domain.events import Event
from training_analyzer.ingestion import connecting, disconnecting, looking_up
from training_analyzer.runtime import Runtime
from training_analyzer.sdk import (
    Account,
    DataProvider,
    Forbidden,
    MissingScope,
    NotFound,
    RawActivity,
    SupportsLookup,
)
from training_analyzer.storage import connections, work
from training_analyzer.storage.connections import StoredConnection
from training_analyzer.storage.database import Transaction
from training_analyzer.storage.work import Claim
from training_analyzer.worker.requesting import AccessLost, ask, usable
from training_analyzer.worker.results import NotYet, Store


def look_up(runtime: Runtime, claim: Claim) -> Store:
    """
    Ask for one activity of which something was said, or which a list did not show.

    As `look_again`, it is asked for once more: the provider has said some time ago that it is gone.
    """
    now = runtime.now()
    connection_id, _, external_id = claim.subject.partition("/")
    with runtime.database.transaction(claim.athlete_id) as tx:
        connection = usable(tx, UUID(connection_id))
        asked_at = work.moment(tx)

    def ask_for_it(provider: DataProvider, account: Account) -> RawActivity | None:
        if not isinstance(provider, SupportsLookup):
            raise Missing(f"{provider.info.title} cannot be asked for one activity")
        return looking_up.look_up(provider, account, external_id)

    found = ask(runtime, connection, claim, "look_up", ask_for_it)
    return lambda tx: looking_up.store(
        tx,
        connection,
        external_id,
        found,
        runtime.horizon_of(connection.provider),
        priority=claim.priority,
        is_second=claim.kind == "look_again",
        asked_at=asked_at,
        now=now,
    )


def check_access(runtime: Runtime, claim: Claim) -> Store:
    """
    Ask whether the athlete still lets us in, because it was said that they do not.

    Also where that is known already: only whoever has left has what came from there erased. Whoever lets
    us in after all is listed again.
    """
    now = runtime.now()
    with runtime.database.transaction(claim.athlete_id) as tx:
        connection = connections.find(tx, UUID(claim.subject))
    if connection is None:
        raise Missing("the connection is gone")
    try:
        _try_access(runtime, connection, claim)
    except AccessLost as lost:
        if not disconnecting.is_farewell(lost.refusal):
            raise
        refusal = lost
        return lambda tx: disconnecting.left(
            tx, connection, str(refusal), runtime.rights[connection.provider], now=now
        )

    return lambda tx: _use_again(runtime, tx, connection)


def let_in(runtime: Runtime, claim: Claim) -> Store:
    """Ask whether a refusal was an error of the provider's own: then the connection is used again."""
    now = runtime.now()
    connection_id, _, _ = claim.subject.partition("/")
    with runtime.database.transaction(claim.athlete_id) as tx:
        connection = connections.find(tx, UUID(connection_id))
    if connection is None or connection.status == connections.ACTIVE:
        raise Missing("the connection is gone, or in use again")
    try:
        _try_access(runtime, connection, claim)
    except AccessLost as lost:
        if isinstance(lost.refusal, MissingScope):
            raise
        if isinstance(lost.refusal, Forbidden):
            raise NotYet(now + disconnecting.UNCLEAR, refusal=lost.refusal) from lost
        return lambda tx: disconnecting.still_refused(
            tx, connection, runtime.rights[connection.provider], now=now
        )
    except NotFound as error:
        raise NotYet(now + disconnecting.UNCLEAR, refusal=error) from error
    return lambda tx: _use_again(runtime, tx, connection)


def erase(runtime: Runtime, claim: Claim) -> Store:
    """
    Erase what came from a connection that its athlete has not made again in time.

    The provider is asked once more: what it said weeks ago may have been an error of its own. Where it
    does not answer clearly, everything stays until it does.
    """
    now = runtime.now()
    with runtime.database.transaction(claim.athlete_id) as tx:
        connection = connections.find(tx, UUID(claim.subject))
    if connection is None or connection.status == connections.ACTIVE:
        raise Missing("the connection is gone, or in use again")
    try:
        _try_access(runtime, connection, claim)
    except AccessLost as lost:
        refusal = lost.refusal
        if isinstance(refusal, Forbidden):
            raise NotYet(now + disconnecting.UNCLEAR, refusal=refusal) from lost
        if isinstance(refusal, MissingScope):
            return lambda tx: disconnecting.lacks_permission(tx, connection, str(refusal))
        return lambda tx: disconnecting.not_back(tx, connection.id, now=now)
    except NotFound as error:
        raise NotYet(now + disconnecting.UNCLEAR, refusal=error) from error
    return lambda tx: _let_in(runtime, tx, connection)


def _try_access(runtime: Runtime, connection: StoredConnection, claim: Claim) -> None:
    now = runtime.now()
    ask(
        runtime,
        connection,
        claim,
        "check_access",
        lambda provider, account: disconnecting.try_access(provider, account, now=now),
    )


def _use_again(runtime: Runtime, tx: Transaction, connection: StoredConnection) -> list[Event]:
    events = _let_in(runtime, tx, connection)
    if events:
        disconnecting.erases_no_more(tx, connection.id)
    return events


def _let_in(runtime: Runtime, tx: Transaction, connection: StoredConnection) -> list[Event]:
    return connecting.let_in_again(
        tx,
        runtime.source(connection.provider),
        connection,
        horizon=runtime.horizon_of(connection.provider),
        now=runtime.now(),
    )
