"""
Measuring what is stale: translate its documents, ask the calculators, store what they say.

What an activity's numbers were made from (documents, thresholds, calculators) is kept with it as a
hash. Where the wanted hash differs, the activity is stale: a new calculator, an edited threshold, a
changed or late recording are one and the same thing.

A batch is chosen and marked in one transaction and measured in another. So an activity that ends
its process is known by the marks it leaves, is tried alone, and is parked after a few attempts,
while the rest goes on.
"""

import hashlib
import logging
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from training_analyzer.domain.activity import Activity
from training_analyzer.domain.athlete import Athlete
from training_analyzer.processing.plan import Plan, measure
from training_analyzer.sdk import BadData, DataProvider, RawDocument
from training_analyzer.storage import activities, documents, measurements, thresholds
from training_analyzer.storage.activities import ActivityState, RecordingState
from training_analyzer.storage.database import Transaction, storable
from training_analyzer.storage.thresholds import Body

LOGGER = logging.getLogger(__name__)

BATCH: Final = 50
"""Activities in one unit of work: a second or two, so that no athlete waits for another's history."""
MAX_ATTEMPTS: Final = 3
ENOUGH_S: Final = 20.0
"""A batch that has taken so long ends, long before its unit would be interrupted."""


@dataclass(frozen=True, slots=True)
class Batch:
    """What one unit of work takes on. `more`: it is not all."""

    states: tuple[ActivityState, ...]
    more: bool


def choose(tx: Transaction, athlete_id: UUID, plan: Plan, providers: Mapping[str, DataProvider]) -> Batch:
    """Choose what is stale, newest first, and mark it as begun."""
    body = thresholds.body(tx, athlete_id)
    stale = [
        state
        for state in activities.states(tx, athlete_id)
        if _leading(state).provider in providers
        and not _leading(state).parked
        and (
            state.local_date is None
            or state.sport is None
            or state.measured_from != _wanted(state, plan, body)
        )
    ]
    exhausted = [state for state in stale if _leading(state).attempts >= MAX_ATTEMPTS]
    if exhausted:
        # The unit ends well with this: what it had to bear from one activity is not held against the next.
        activities.hold(tx, exhausted)
        for state in exhausted:
            activities.set_problem(
                tx,
                _leading(state).id,
                f"measuring it ended the worker, or failed, {MAX_ATTEMPTS} times in a row",
            )
        return Batch((), more=True)
    suspects = [state for state in stale if _leading(state).attempts]
    chosen = suspects[:1] or stale[:BATCH]
    activities.hold(tx, chosen)
    activities.attempt(tx, [_leading(state).id for state in chosen])
    return Batch(tuple(chosen), more=len(chosen) < len(stale))


def measure_batch(
    tx: Transaction, athlete_id: UUID, batch: Batch, plan: Plan, providers: Mapping[str, DataProvider]
) -> bool:
    """
    Translate and measure the batch, and return whether nothing is left to measure.

    An activity that makes no sense is parked. What slow calculators leave no time for is left.
    """
    body = thresholds.body(tx, athlete_id)
    begun = time.monotonic()
    left = batch.more
    activities.hold(tx, batch.states)
    for state in batch.states:
        if time.monotonic() - begun > ENOUGH_S:
            left = True
            break
        leading = _leading(state)
        received = documents.current(tx, leading.id)
        if not received:
            continue  # the athlete disconnected meanwhile: it is gone
        try:
            activity = _translate(providers[leading.provider], received)
            with storable(tx):
                _store(tx, state, activity, plan, body)
        except BadData as error:
            LOGGER.warning("recording %s is parked: %s", leading.id, error)
            activities.set_problem(tx, leading.id, str(error))
    activities.attempted(tx, [_leading(state).id for state in batch.states])
    return not left


def _translate(provider: DataProvider, received: Sequence[RawDocument]) -> Activity:
    """Ask the provider's plugin. Whatever it raises becomes BadData, with its name."""
    name = provider.info.name
    try:
        return provider.translate(received)
    except BadData as error:
        raise BadData(f"{name} sent what makes no sense: {error}") from error
    except Exception as error:
        LOGGER.exception("the plugin %s failed to translate", name)
        raise BadData(f"the plugin {name} failed: {type(error).__name__}: {error}") from error


def _store(tx: Transaction, state: ActivityState, activity: Activity, plan: Plan, body: Body) -> None:
    athlete_id = body.profile.id
    athlete = body.as_of(activity.local_date, activity.sport)
    fingerprint = _fingerprint(activity, plan, athlete)
    activity_id = activities.save(
        tx,
        athlete_id,
        state,
        activity,
        fingerprint=fingerprint,
        measured_from=_hash(_digests(state), plan.digest, athlete.model_dump_json()),
    )
    activities.set_problem(tx, _leading(state).id, None)
    if state.fingerprint == fingerprint:
        return  # other bytes, the same activity: a new kudos changes no number
    measured = measure(plan, activity, athlete)
    measurements.replace(tx, athlete_id, activity_id, measured.measurements)
    if measured.failures:
        LOGGER.warning("activity %s: %s", activity_id, "; ".join(measured.failures))


def _leading(state: ActivityState) -> RecordingState:
    """The richer recording leads; among equals, the first that came."""
    return max(state.recordings, key=lambda recording: (recording.complete, -recording.id))


def _wanted(state: ActivityState, plan: Plan, body: Body) -> str:
    assert state.local_date is not None
    assert state.sport is not None
    athlete = body.as_of(state.local_date, state.sport)
    return _hash(_digests(state), plan.digest, athlete.model_dump_json())


def _fingerprint(activity: Activity, plan: Plan, athlete: Athlete) -> str:
    return _hash(activity.fingerprint(), plan.digest, athlete.model_dump_json())


def _digests(state: ActivityState) -> str:
    return ",".join(f"{recording.id}:{recording.digest}" for recording in state.recordings)


def _hash(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
