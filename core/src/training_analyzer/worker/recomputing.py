"""Measuring again, at a deployer's word: the same units of work, done here or by whoever is quicker."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from training_analyzer import pipeline
from training_analyzer.domain.events import ThresholdsChanged
from training_analyzer.processing import measuring
from training_analyzer.runtime import Runtime
from training_analyzer.storage import activities, athletes, work
from training_analyzer.worker.run import work_on

LOOK_AGAIN_S: Final = 0.2
"""While another worker has the unit."""


@dataclass(frozen=True, slots=True)
class Recomputed:
    """What became of one athlete. `left`: what could not be measured now; the log says why."""

    athlete_id: UUID
    measured: int
    left: int


def stale(runtime: Runtime, athlete_id: UUID) -> int:
    with runtime.database.transaction(athlete_id) as tx:
        if athletes.profile(tx, athlete_id) is None:
            return 0  # erased meanwhile
        return measuring.count_stale(tx, athlete_id, runtime.plan, runtime.registry.providers)


def recompute(
    runtime: Runtime,
    athlete_id: UUID,
    *,
    everything: bool = False,
    tell: Callable[[int], None] = lambda _: None,
) -> Recomputed:
    """
    Measure what is stale of an athlete, and their days; `everything`: also what is not.

    `tell` is called with how many recordings are left. May be interrupted: what is left stays owed.
    """
    with runtime.database.transaction(athlete_id) as tx:
        if athletes.profile(tx, athlete_id) is None:
            return Recomputed(athlete_id, 0, 0)
        if everything:
            activities.forget_fingerprints(tx, athlete_id)
        event = ThresholdsChanged(athlete_id=athlete_id, first_day=date.min)
        pipeline.record(tx, [event], now=runtime.now())
    before = left = stale(runtime, athlete_id)
    tell(left)
    while True:
        with runtime.database.transaction() as tx:
            unit = work.find_due(tx, "measure", str(athlete_id), now=runtime.now())
        if unit is None:
            break
        work_on(runtime, unit)
        now_left = stale(runtime, athlete_id)
        if now_left == left:
            time.sleep(LOOK_AGAIN_S)
        left = now_left
        tell(left)
    return Recomputed(athlete_id, before - left, left)
