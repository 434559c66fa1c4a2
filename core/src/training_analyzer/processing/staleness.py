"""
What is stale: activities whose numbers were made from other documents, thresholds, calculators or clocks.

What an activity's numbers were made from is kept with it as a hash. Where the wanted hash differs, the
activity is stale: a new calculator, an edited threshold, a changed or late recording are one and the
same thing.
"""

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from training_analyzer.domain.sport import Sport
from training_analyzer.processing.local_time import Clocks, LocalTime
from training_analyzer.processing.plan import Plan
from training_analyzer.sdk import DataProvider
from training_analyzer.storage import clocks, measuring_states, thresholds
from training_analyzer.storage.database import Transaction
from training_analyzer.storage.measuring_states import RecordingState
from training_analyzer.storage.thresholds import Body


def stale(
    tx: Transaction, athlete_id: UUID, plan: Plan, providers: Mapping[str, DataProvider]
) -> list[RecordingState]:
    """Return the recordings that would be translated and measured now, newest first."""
    body = thresholds.body(tx, athlete_id)
    states = measuring_states.states(tx, athlete_id)
    local_times = _local_times(tx, athlete_id, states)
    return [
        state
        for state in states
        if state.provider in providers
        and not state.parked
        and _is_stale(state, plan, body, local_times.get(state.id))
    ]


def made_from(
    recording_id: int,
    digest: str,
    plan: Plan,
    body: Body,
    *,
    day: date,
    sport: Sport,
    local_time: LocalTime | None,
) -> str:
    """Return what an activity's numbers are made from. `local_time`: where its leader does not say it."""
    clock = () if local_time is None else (f"{local_time.utc_offset_s} {local_time.is_guessed}",)
    return digest_of(f"{recording_id}:{digest}", plan.digest, body.written_as_of(day, sport), *clock)


def digest_of(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _is_stale(state: RecordingState, plan: Plan, body: Body, local_time: LocalTime | None) -> bool:
    if state.outlined_from != state.digest or state.activity_id is None:
        return True
    if not state.leads:
        return False
    assert state.local_date is not None
    assert state.sport is not None
    wanted = made_from(
        state.id, state.digest, plan, body, day=state.local_date, sport=state.sport, local_time=local_time
    )
    return state.measured_from != wanted


def _local_times(
    tx: Transaction, athlete_id: UUID, states: Sequence[RecordingState]
) -> dict[int, LocalTime | None]:
    """Return the local time of each leading recording that does not say it."""
    silent = [state for state in states if state.leads and state.utc_offset_s is None and state.begins]
    if not silent:
        return {}
    known = clocks.between(tx, athlete_id)
    of_activity = defaultdict[UUID | None, list[int]](list)
    for clock in known:
        of_activity[clock.activity_id].append(clock.recording_id)
    every = Clocks(known)
    return {
        state.id: every.beside(state.begins, of_activity[state.activity_id])
        for state in silent
        if state.begins is not None
    }
