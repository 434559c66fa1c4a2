"""Finding out what is true of an activity or a connection, after something was said of it or not seen."""

from collections.abc import Iterable
from uuid import UUID

from training_analyzer.domain.errors import Missing
from training_analyzer.domain.events import Event
from training_analyzer.ingestion import disconnecting, looking_up
from training_analyzer.runtime import Runtime
from training_analyzer.sdk import Account, DataProvider, MissingScope, RawActivity, SupportsLookup
from training_analyzer.storage import connections, work
from training_analyzer.storage.database import Transaction
from training_analyzer.storage.work import Claim
from training_analyzer.worker.asking import AccessLost, ask, usable
from training_analyzer.worker.results import Store


def look_up(runtime: Runtime, claim: Claim) -> Store:
    """Ask for one activity of which something was said, or which a list did not show."""
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
        asked_at=asked_at,
        now=now,
    )


def check_access(runtime: Runtime, claim: Claim) -> Store:
    """
    Ask whether the athlete still lets us in, because it was said that they do not.

    Also where that is known already: only whoever has left has what came from there erased.
    """
    now = runtime.now()
    with runtime.database.transaction(claim.athlete_id) as tx:
        connection = connections.find(tx, UUID(claim.subject))
    if connection is None:
        raise Missing("the connection is gone")
    try:
        ask(
            runtime,
            connection,
            claim,
            "check_access",
            lambda provider, account: disconnecting.try_access(provider, account, now=now),
        )
    except AccessLost as lost:
        if isinstance(lost.refusal, MissingScope):
            raise  # they let us in, to less than we need: that is no farewell
        refusal = lost
        return lambda tx: disconnecting.left(
            tx, connection, str(refusal), runtime.rights[connection.provider], now=now
        )
    return lambda _: ()


def erase(runtime: Runtime, claim: Claim) -> Store:
    """Erase what came from a connection that its athlete has not made again in time."""
    now = runtime.now()

    def store(tx: Transaction) -> Iterable[Event]:
        return disconnecting.not_back(tx, UUID(claim.subject), now=now)

    return store
