"""Retention, where a deployer has set it: who is due, and what goes."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from uuid import UUID

from training_analyzer.domain.events import Event, Expired
from training_analyzer.runtime import Runtime
from training_analyzer.storage import retention, work
from training_analyzer.storage.database import Transaction
from training_analyzer.storage.work import Claim, Owed


def owe_purges(runtime: Runtime) -> int:
    """Owe a purge for everybody of whom something is kept too long; return for how many."""
    due: set[UUID] = set()
    with runtime.database.transaction() as tx:
        for provider, limit in runtime.retention.items():
            before = runtime.now() - timedelta(days=limit.days)
            due.update(retention.athletes_due(tx, provider, before=before))
        work.owe(tx, [Owed("purge", str(athlete_id), athlete_id, "low") for athlete_id in due])
    return len(due)


def purge(runtime: Runtime, claim: Claim) -> Callable[[Transaction], Iterable[Event]]:
    """Erase what of one athlete may be kept no longer."""
    athlete_id = UUID(claim.subject)

    def store(tx: Transaction) -> Iterable[Event]:
        passes = [
            retention.expire(
                tx,
                athlete_id,
                provider,
                before=runtime.now() - timedelta(days=limit.days),
                keep_derived=limit.keeps_derived,
            )
            for provider, limit in sorted(runtime.retention.items())
        ]
        return [Expired(athlete_id=athlete_id, more=any(one.more for one in passes))]

    return store
