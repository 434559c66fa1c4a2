"""What was given up, and giving it another try: units of work, and recordings that were not understood."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text

from training_analyzer.storage import athletes, work
from training_analyzer.storage.database import Transaction, act_as
from training_analyzer.storage.work import Owed

AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class ParkedRecording:
    """A recording that could not be understood, or measured, and why. Its documents are there."""

    id: int
    provider: str
    external_id: str
    started_at: datetime
    problem: str


def recordings(tx: Transaction, athlete_id: UUID) -> list[ParkedRecording]:
    """Return the athlete's recordings that were given up, newest first."""
    rows = tx.execute(
        text("""
            SELECT id, provider, external_id, started_at, problem FROM recordings
            WHERE athlete_id = :id AND problem IS NOT NULL ORDER BY started_at DESC, id
        """),
        {"id": athlete_id},
    )
    return [ParkedRecording(*row) for row in rows]


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
    mended = _forget_problems(tx, athlete_id)
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


def _forget_problems(tx: Transaction, athlete_id: UUID) -> int:
    """Let what was given up be measured again; return how many recordings."""
    return tx.execute(
        text("""
            UPDATE recordings SET problem = NULL, problem_digest = NULL, attempts = 0
            WHERE athlete_id = :id AND problem IS NOT NULL
        """),
        {"id": athlete_id},
    ).rowcount
