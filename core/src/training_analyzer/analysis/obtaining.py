"""
An insight that costs nothing where it can: the exact cache, the single flight, and only then writing.

Facts that were written about before are not written about again. Of many who want the same at once,
one writes; the others come back. What an AI was kept from writing by something that passes does not
take the place of what it wrote of the same days: that is marked as stale. But where the day has come to
ask for less, the athlete reads so at once.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID, uuid4

from training_analyzer.analysis.gates import Gate
from training_analyzer.analysis.spending import Purse, Terms
from training_analyzer.analysis.writing import RULES, RULES_WROTE
from training_analyzer.domain.insight import Insight, Usage
from training_analyzer.storage import flights, insights
from training_analyzer.storage.database import Database, Transaction

LEASE_BEYOND_DEADLINE_S: Final = 15.0
"""For what comes around the requests: importing an SDK, checking, storing."""


class InFlight(Exception):
    """Somebody else is writing about the same facts."""

    def __init__(self, wait_s: float) -> None:
        super().__init__("somebody else is writing about the same facts")
        self.wait_s = wait_s


@dataclass(frozen=True, slots=True)
class Obtained:
    """An insight, and what `keep` needs to store it."""

    insight: Insight
    is_cached: bool = False
    holder: UUID | None = None
    """Of the lease on its facts; None where none was needed."""


def obtain(
    database: Database,
    athlete_id: UUID,
    cache_key: str,
    compose: Callable[[Gate], Insight],
    *,
    terms: Terms,
    now: Callable[[], datetime],
) -> Obtained:
    """
    Return what was written about these facts, or write it. Hand the result to `keep`.

    Raises InFlight where somebody else is writing. `compose` may take as long as backends do.
    """
    holder = uuid4()
    with database.transaction(athlete_id) as tx:
        wait_s = flights.take(
            tx, athlete_id, cache_key, holder, lease_s=terms.deadline_s + LEASE_BEYOND_DEADLINE_S
        )
        if wait_s is not None:
            raise InFlight(wait_s)
        # Only now: whoever held the lease before has stored what they wrote together with giving it up.
        written = insights.written_about(tx, athlete_id, cache_key)
        if written is not None:
            flights.release(tx, athlete_id, cache_key, holder)
            return Obtained(written, is_cached=True)
    with _given_up_on_failure(database, athlete_id, cache_key, holder):
        insight = compose(Purse(database, athlete_id, cache_key, terms, now))
    return Obtained(insight, holder=holder)


def keep(tx: Transaction, athlete_id: UUID, obtained: Obtained, *, now: datetime) -> UUID | None:
    """Store the insight and give up the lease; None where there was nothing to store."""
    insight = obtained.insight
    if obtained.holder is not None:
        flights.release(tx, athlete_id, insight.cache_key, obtained.holder)
    newest = insights.newest(tx, athlete_id, insight.kind, subject=insight.subject)
    if newest is not None and newest.last_day != insight.last_day:
        newest = None  # it is about other days: this one joins it, or takes its place
    if newest is not None and _stands(newest, insight):
        if newest.better_after != insight.better_after:
            insights.put_off(tx, athlete_id, newest, until=insight.better_after)
        return None
    if obtained.is_cached:
        # Those facts are back: it speaks for them again, and costs nothing.
        return insights.save(tx, athlete_id, insight.model_copy(update={**_AS_NEW, "written_at": now}))
    was_kept_from_writing = insight.better_after is not None
    if newest is None or newest.backend == RULES or not was_kept_from_writing:
        return insights.save(tx, athlete_id, insight)
    if _warns_anew(newest, insight):
        return insights.save(tx, athlete_id, insight)
    reason = insight.notes[-1].removesuffix(RULES_WROTE) if insight.notes else ""
    insights.mark_stale(tx, athlete_id, newest, since=now, reason=reason)
    return None


_AS_NEW: Final[Mapping[str, object]] = {
    "usage": Usage(),
    "cost_usd": 0.0,
    "attempts": (),
    "stale_since": None,
    "stale_because": "",
}


def _warns_anew(newest: Insight, insight: Insight) -> bool:
    """Whether an insight advises to do less, for a reason that the newest did not know."""
    return insight.eases_off and not (newest.eases_off and newest.advised_by == insight.advised_by)


def _stands(newest: Insight, insight: Insight) -> bool:
    """Whether what is newest says as much of the same facts, or more, and is not marked as stale."""
    if newest.cache_key != insight.cache_key or newest.stale_since is not None:
        return False
    if insight.backend == RULES:
        return True  # also what held in part
    has_become_whole = newest.better_after is not None and insight.better_after is None
    return newest.backend == insight.backend and not has_become_whole


@contextmanager
def _given_up_on_failure(
    database: Database, athlete_id: UUID, cache_key: str, holder: UUID
) -> Iterator[None]:
    try:
        yield
    except Exception:
        with database.transaction(athlete_id) as tx:
            flights.release(tx, athlete_id, cache_key, holder)
        raise
