"""What was given up, and giving it another try: units of work, and recordings that were not understood."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from uuid import UUID

from training_analyzer.storage import athletes, recordings, work
from training_analyzer.storage.database import Transaction, act_as
from training_analyzer.storage.work import Owed

AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Retried:
    """How much is tried again."""

    units: int
    recordings: int

    @property
    def total(self) -> int:
        return self.units + self.recordings


def retry(tx: Transaction, athlete_id: UUID) -> Retried:
    """Owe again what was given up of an athlete. The transaction acts as them."""
    mended = recordings.forget_problems(tx, athlete_id)
    units = work.retry_parked(tx, athlete_id=athlete_id)
    if mended:
        work.owe(tx, [Owed("measure", str(athlete_id), athlete_id, "high")])
    return Retried(units, mended)


def retry_everything(open_: Callable[[], AbstractContextManager[Transaction]]) -> Retried:
    """The same for all athletes: a transaction for each few, so that nobody's work waits for everybody's."""
    units = mended = 0
    behind = None
    while True:
        with open_() as tx:
            page = athletes.every_id(tx, behind=behind, at_most=AT_ONCE)
            for athlete_id in page:
                act_as(tx, athlete_id)
                retried = retry(tx, athlete_id)
                units, mended = units + retried.units, mended + retried.recordings
        if len(page) < AT_ONCE:
            return Retried(units, mended)
        behind = page[-1]
