"""The kind of work `detect`: look for thresholds in an athlete's training."""

from collections.abc import Callable, Iterable
from uuid import UUID

from training_analyzer.domain.events import Event, ThresholdsSuggested
from training_analyzer.processing import days, detecting
from training_analyzer.runtime import Runtime
from training_analyzer.storage.database import Transaction
from training_analyzer.storage.work import Claim


def detect(runtime: Runtime, claim: Claim) -> Callable[[Transaction], Iterable[Event]]:
    """Ask every detector, and suggest to the athlete what is news."""
    athlete_id = UUID(claim.subject)
    now = runtime.now()
    with runtime.database.transaction(athlete_id) as tx:
        today, _ = days.today(tx, athlete_id, now)
        found = detecting.detect(tx, athlete_id, runtime.registry.detectors, today=today)

    def store(tx: Transaction) -> Iterable[Event]:
        new = detecting.suggest(tx, athlete_id, found, today=today, now=now)
        return [ThresholdsSuggested(athlete_id=athlete_id, suggestions=new)] if new else []

    return store
