"""
Measuring what is stale: translate its documents, sort it into activities, ask the calculators, store it.

What an activity's numbers were made from (documents, thresholds, calculators) is kept with it as a
hash. Where the wanted hash differs, the activity is stale: a new calculator, an edited threshold, a
changed or late recording are one and the same thing. The numbers are those of one recording, the
leading one (`matching`); so are the rights.

A batch is chosen and marked in one transaction and measured in another. So an activity that ends
its process is known by the marks it leaves, is tried alone, and is parked after a few attempts,
while the rest goes on.
"""

import hashlib
import logging
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID, uuid4

from training_analyzer.domain.activity import Activity
from training_analyzer.domain.outline import Outline
from training_analyzer.processing import grouping
from training_analyzer.processing.grouping import Group
from training_analyzer.processing.plan import Plan, measure
from training_analyzer.processing.translating import translate
from training_analyzer.sdk import BadData, DataProvider
from training_analyzer.storage import (
    activities,
    documents,
    measurements,
    measuring_states,
    outlines,
    thresholds,
)
from training_analyzer.storage.activities import Made
from training_analyzer.storage.database import Transaction, storable
from training_analyzer.storage.measuring_states import RecordingState
from training_analyzer.storage.thresholds import Body

LOGGER = logging.getLogger(__name__)

BATCH: Final = 50
"""Activities in one unit of work: a second or two, so that no athlete waits for another's history."""
MAX_ATTEMPTS: Final = 3
ENOUGH_S: Final = 20.0
"""A batch that has taken so long ends, long before its unit would be interrupted."""
ENOUGH_BYTES: Final = 48 * 2**20
"""A batch whose columns are so large ends: some days on end, or a hundred rides. Workers stay small."""


@dataclass(frozen=True, slots=True)
class Batch:
    """What one unit of work takes on. `more`: it is not all."""

    recordings: tuple[int, ...]
    more: bool


@dataclass(frozen=True, slots=True)
class Translated:
    """A recording as an activity, and the digest of the documents that it was made of."""

    provider: str
    digest: str
    activity: Activity


def choose(tx: Transaction, athlete_id: UUID, plan: Plan, providers: Mapping[str, DataProvider]) -> Batch:
    """Choose what is stale, newest first, and mark it as begun."""
    body = thresholds.body(tx, athlete_id)
    stale = [
        state
        for state in measuring_states.states(tx, athlete_id)
        if state.provider in providers and not state.parked and _is_stale(state, plan, body)
    ]
    exhausted = [state.id for state in stale if state.attempts >= MAX_ATTEMPTS]
    if exhausted:
        # The unit ends well with this: what it had to bear from one activity is not held against the next.
        measuring_states.hold(tx, exhausted)
        why = f"measuring it ended the worker, or failed, {MAX_ATTEMPTS} times in a row"
        for recording_id in exhausted:
            measuring_states.set_problem(tx, recording_id, why)
        return Batch((), more=True)
    suspects = [state for state in stale if state.attempts]
    chosen = [state.id for state in suspects[:1] or stale[:BATCH]]
    measuring_states.hold(tx, chosen)
    measuring_states.attempt(tx, chosen)
    return Batch(tuple(chosen), more=len(chosen) < len(stale))


def count_stale(tx: Transaction, athlete_id: UUID, plan: Plan, providers: Mapping[str, DataProvider]) -> int:
    """Return how many recordings would be translated and measured now."""
    body = thresholds.body(tx, athlete_id)
    return sum(
        state.provider in providers and not state.parked and _is_stale(state, plan, body)
        for state in measuring_states.states(tx, athlete_id)
    )


def _is_stale(state: RecordingState, plan: Plan, body: Body) -> bool:
    if state.outlined_from != state.digest or state.activity_id is None:
        return True
    return state.leads and state.measured_from != _wanted(state, plan, body)


def measure_batch(
    tx: Transaction, athlete_id: UUID, batch: Batch, plan: Plan, providers: Mapping[str, DataProvider]
) -> bool:
    """
    Translate and measure the batch, and return whether nothing is left to measure.

    A recording that makes no sense is parked. What slow calculators leave no time for is left.
    """
    begun = time.monotonic()
    translated: dict[int, Translated] = {}
    problems: dict[int, tuple[str, str]] = {}
    left = batch.more
    # Nothing is held meanwhile: who changes a recording need not wait, and what changed is left.
    held = 0
    states = measuring_states.of(tx, batch.recordings)
    documents_of_each = documents.current_of_each(tx, [state.id for state in states])
    for state in states:
        if time.monotonic() - begun > ENOUGH_S or held > ENOUGH_BYTES:
            left = True
            break
        received = next(documents_of_each)
        if not received:
            continue  # the athlete disconnected meanwhile: it is gone
        try:
            activity = translate(providers[state.provider], received)
            translated[state.id] = Translated(state.provider, state.digest, activity)
            held += 0 if activity.samples is None else activity.samples.nbytes
        except BadData as error:
            LOGGER.warning("recording %s is parked: %s", state.id, error)
            problems[state.id] = (state.digest, str(error))
    complete = measure_translated(
        tx, athlete_id, translated, plan, providers, problems=problems, until=begun + ENOUGH_S
    )
    measuring_states.attempted(tx, batch.recordings)
    return complete and not left


def measure_translated(
    tx: Transaction,
    athlete_id: UUID,
    translated: Mapping[int, Translated],
    plan: Plan,
    providers: Mapping[str, DataProvider],
    *,
    problems: Mapping[int, tuple[str, str]] | None = None,
    until: float | None = None,
) -> bool:
    """
    Sort translated recordings into activities, measure these, and store all of it at once.

    `problems`: of recordings that could not be translated, each with the digest of their documents.
    Return whether that is all: an activity whose leading recording is not among these is left, and so is
    what is not begun at the monotonic time `until`.
    """
    outlined = {
        recording_id: (Outline.of(one.activity), one.digest) for recording_id, one in translated.items()
    }
    outlines.lock_athlete(tx, athlete_id)
    around = outlines.around(tx, athlete_id, list(outlined), [outline for outline, _ in outlined.values()])
    held = measuring_states.hold(tx, {*outlined, *around, *(problems or {})})
    for recording_id, (digest, problem) in (problems or {}).items():
        if recording_id in held and held[recording_id].digest == digest:
            measuring_states.set_problem(tx, recording_id, problem)
    current = {
        recording_id: one
        for recording_id, one in translated.items()
        if recording_id in held and held[recording_id].digest == one.digest
    }
    complete = len(current) == len(translated)
    groups = grouping.regroup(
        tx,
        athlete_id,
        {recording_id: outlined[recording_id] for recording_id in current},
        {recording_id: one for recording_id, one in around.items() if recording_id in held},
        providers,
    )
    body = thresholds.body(tx, athlete_id)
    in_hand = [one for one in groups if one.leading_id in current]
    stored = _store(tx, in_hand, current, plan, body, until=until)
    return stored and complete and len(in_hand) == len(groups)


Ready = tuple[Made, measurements.Measured | None]
"""An activity, and its measurements where they are other ones than before."""


def _store(
    tx: Transaction,
    groups: Sequence[Group],
    translated: Mapping[int, Translated],
    plan: Plan,
    body: Body,
    *,
    until: float | None,
) -> bool:
    """Measure the activities and write them: all at once or, where a value cannot be stored, one by one."""
    former = activities.fingerprints(tx, [one.activity_id for one in groups if one.activity_id is not None])
    ready: dict[int, Ready] = {}
    for one in groups:
        if until is not None and time.monotonic() > until and ready:
            break
        ready[one.leading_id] = _measured(one, translated[one.leading_id], former, plan, body)
    members = {one.leading_id: one.members for one in groups}
    try:
        with storable(tx):
            _write(tx, body.profile.id, ready, members)
    except BadData:
        for leading_id, made in ready.items():
            try:
                with storable(tx):
                    _write(tx, body.profile.id, {leading_id: made}, members)
            except BadData as error:
                LOGGER.warning("recording %s is parked: %s", leading_id, error)
                measuring_states.set_problem(tx, leading_id, str(error))
    return len(ready) == len(groups)


def _measured(one: Group, leading: Translated, former: Mapping[UUID, str], plan: Plan, body: Body) -> Ready:
    activity = leading.activity
    day, sport = activity.local_date, activity.sport
    made_with = plan.digest, body.written_as_of(day, sport)
    fingerprint = _hash(activity.fingerprint(), *made_with)
    made = Made(
        id=one.activity_id or uuid4(),
        leading_id=one.leading_id,
        provider=leading.provider,
        activity=activity,
        private=one.private,
        fingerprint=fingerprint,
        measured_from=_hash(f"{one.leading_id}:{leading.digest}", *made_with),
    )
    if one.activity_id is not None and former.get(one.activity_id) == fingerprint:
        return made, None  # other bytes, the same activity: a new kudos changes no number
    measured = measure(plan, activity, body.as_of(day, sport))
    if measured.failures:
        LOGGER.warning("activity %s: %s", made.id, "; ".join(measured.failures))
    return made, measured.measurements


def _write(
    tx: Transaction, athlete_id: UUID, ready: Mapping[int, Ready], members: Mapping[int, Iterable[int]]
) -> None:
    activities.save(tx, athlete_id, [made for made, _ in ready.values()])
    outlines.assign(
        tx,
        {member: made.id for leading_id, (made, _) in ready.items() for member in members[leading_id]},
    )
    measuring_states.are_well(tx, list(ready))
    measurements.replace(
        tx, athlete_id, {made.id: measured for made, measured in ready.values() if measured is not None}
    )


def _wanted(state: RecordingState, plan: Plan, body: Body) -> str:
    assert state.local_date is not None
    assert state.sport is not None
    return _hash(f"{state.id}:{state.digest}", plan.digest, body.written_as_of(state.local_date, state.sport))


def _hash(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
