"""
Measuring what is stale: translate its documents, sort it into activities, ask the calculators, store it.

The numbers are those of one recording, the leading one (`matching`); so are the rights. Only what it
does not know of local time is taken from others (`local_time`).

A batch is chosen and marked in one transaction and measured in another. So an activity that ends
its process is known by the marks it leaves, is tried alone, and is parked after a few attempts,
while the rest goes on.
"""

import logging
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID, uuid4

from training_analyzer.domain.activity import Activity
from training_analyzer.domain.outline import Outline
from training_analyzer.processing import grouping
from training_analyzer.processing.grouping import Group
from training_analyzer.processing.local_time import NEAR, Clocks, LocalTime
from training_analyzer.processing.plan import Plan, measure
from training_analyzer.processing.staleness import digest_of, made_from, stale
from training_analyzer.processing.translating import translate
from training_analyzer.sdk import BadData, DataProvider
from training_analyzer.storage import (
    activities,
    clocks,
    documents,
    measurements,
    measuring_states,
    outlines,
    thresholds,
)
from training_analyzer.storage.activities import Made
from training_analyzer.storage.database import Transaction, storable
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
    local_time: LocalTime | None = None
    """Of another recording, where this one does not say it: what `activity` has been given."""


def choose(tx: Transaction, athlete_id: UUID, plan: Plan, providers: Mapping[str, DataProvider]) -> Batch:
    """Choose what is stale, newest first, and mark it as begun."""
    found = stale(tx, athlete_id, plan, providers)
    exhausted = [state.id for state in found if state.attempts >= MAX_ATTEMPTS]
    if exhausted:
        # The unit ends well with this: what it had to bear from one activity is not held against the next.
        measuring_states.hold(tx, exhausted)
        why = f"measuring it ended the worker, or failed, {MAX_ATTEMPTS} times in a row"
        for recording_id in exhausted:
            measuring_states.set_problem(tx, recording_id, why)
        return Batch((), more=True)
    suspects = [state for state in found if state.attempts]
    chosen = [state.id for state in suspects[:1] or found[:BATCH]]
    measuring_states.hold(tx, chosen)
    measuring_states.attempt(tx, chosen)
    return Batch(tuple(chosen), more=len(chosen) < len(found))


def count_stale(tx: Transaction, athlete_id: UUID, plan: Plan, providers: Mapping[str, DataProvider]) -> int:
    """Return how many recordings would be translated and measured now."""
    return len(stale(tx, athlete_id, plan, providers))


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
    what is not begun at the monotonic time `until`, and what may lie on another day now.
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
    clocks_before = clocks.of(tx, list(current))
    groups = grouping.regroup(
        tx,
        athlete_id,
        {recording_id: outlined[recording_id] for recording_id in current},
        {recording_id: one for recording_id, one in around.items() if recording_id in held},
        providers,
    )
    body = thresholds.body(tx, athlete_id)
    in_hand = [one for one in groups if one.leading_id in current]
    settled = clocks.of(tx, list(current)) == clocks_before or not clocks.are_missing(tx, athlete_id)
    timed = _with_local_times(tx, athlete_id, in_hand, current)
    stored = _store(tx, in_hand, timed, plan, body, until=until)
    return stored and complete and settled and len(in_hand) == len(groups)


def _with_local_times(
    tx: Transaction, athlete_id: UUID, groups: Sequence[Group], translated: Mapping[int, Translated]
) -> dict[int, Translated]:
    """Give the leading recordings that do not say their local time that of others."""
    timed = {one.leading_id: translated[one.leading_id] for one in groups}
    silent = [one for one in groups if timed[one.leading_id].activity.utc_offset_is_guessed]
    if not silent:
        return timed
    begins = [one.begins for one in silent]
    members = [recording_id for one in silent for recording_id in one.members]
    known = Clocks(clocks.between(tx, athlete_id, min(begins) - NEAR, max(begins) + NEAR, besides=members))
    for one in silent:
        local_time = known.beside(one.begins, one.members)
        if local_time is not None:
            leading = timed[one.leading_id]
            told = {
                "utc_offset_s": local_time.utc_offset_s,
                "utc_offset_is_guessed": local_time.is_guessed,
            }
            timed[one.leading_id] = replace(
                leading, activity=leading.activity.model_copy(update=told), local_time=local_time
            )
    return timed


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
    fingerprint = digest_of(activity.fingerprint(), plan.digest, body.written_as_of(day, sport))
    made = Made(
        id=one.activity_id or uuid4(),
        leading_id=one.leading_id,
        provider=leading.provider,
        activity=activity,
        private=one.private,
        fingerprint=fingerprint,
        measured_from=made_from(
            one.leading_id, leading.digest, plan, body, day=day, sport=sport, local_time=leading.local_time
        ),
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
