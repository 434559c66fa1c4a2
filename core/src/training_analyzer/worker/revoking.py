"""Work that ends a grant at its provider, which did not hear of a disconnection."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Final
from uuid import UUID

from training_analyzer.domain.errors import Missing
from training_analyzer.domain.events import Event
from training_analyzer.ingestion import revoking
from training_analyzer.runtime import Runtime
from training_analyzer.sdk import Misconfigured, NotAuthorized
from training_analyzer.storage import revocations
from training_analyzer.storage.database import Transaction
from training_analyzer.storage.work import Claim
from training_analyzer.worker.results import NotYet, Store

AGAIN: Final = timedelta(days=1)
"""After a refusal that does not say that the grant has ended."""


def revoke(runtime: Runtime, claim: Claim) -> Store:
    """
    Tell the provider, for a week at most; then the grant goes, whether it knows or not.

    Not where the account is connected here again: the provider would end that with it.
    """
    connection_id = UUID(claim.subject)
    with runtime.database.transaction(claim.athlete_id) as tx:
        kept = revocations.find(tx, connection_id)
    if kept is None:
        raise Missing("the provider knows, or its time is up")
    if not kept.in_use and runtime.now() < kept.until:
        source = runtime.known_source(kept.provider)
        if source is None:
            raise Misconfigured(f"the plugin {kept.provider} is not active")
        try:
            revoking.tell(source, kept, runtime.keys)
        except NotAuthorized as refusal:  # it has not ended the grant, and will not in a moment
            raise NotYet(runtime.now() + AGAIN, refusal=refusal) from refusal

    def store(tx: Transaction) -> Iterable[Event]:
        revocations.forget(tx, connection_id)
        return ()

    return store
