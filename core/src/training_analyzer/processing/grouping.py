"""
Sorting recordings into activities: each session one activity, whoever recorded it.

What is stored is what `matching` says of all recordings that can have to do with one another, so the
order in which they come makes no difference. An activity keeps its id when recordings join it.
"""

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from training_analyzer.domain.errors import Missing, NotPossible
from training_analyzer.domain.outline import Outline
from training_analyzer.processing.matching import Candidate, leading, pair, sessions
from training_analyzer.sdk import DataProvider
from training_analyzer.storage import outlines
from training_analyzer.storage.database import Transaction
from training_analyzer.storage.outlines import Outlined, Ruling


@dataclass(frozen=True, slots=True)
class Group:
    """One session. `activity_id` None: its activity has to be made."""

    activity_id: UUID | None
    leading_id: int
    members: tuple[int, ...]
    private: bool
    begins: datetime
    """When the leading recording does."""


def group(
    tx: Transaction,
    around: Mapping[int, Outlined],
    providers: Mapping[str, DataProvider],
) -> list[Group]:
    """
    Sort these recordings into activities, and store which belongs to which and which leads.

    `around` is what `outlines.around` found, so that nothing outside has to do with it. Activities that
    no recording is left of are removed.
    """
    rulings = outlines.rulings(tx, list(around))
    candidates = [
        Candidate(
            recording.id,
            (recording.provider, recording.external_id),
            recording.outline,
            _restrictions(providers.get(recording.provider)),
            recording.chosen_at,
            readable=recording.provider in providers and not recording.parked,
        )
        for recording in around.values()
    ]
    found = sessions(
        candidates,
        apart=[(ruling.one_id, ruling.other_id) for ruling in rulings if not ruling.together],
        together=[(ruling.one_id, ruling.other_id) for ruling in rulings if ruling.together],
    )
    groups = _with_activities(found, around)
    outlines.assign(tx, {member: one.activity_id for one in groups for member in one.members})
    outlines.lead(
        tx,
        {one.activity_id: (one.leading_id, one.private) for one in groups if one.activity_id is not None},
    )
    before = {recording.activity_id for recording in around.values() if recording.activity_id is not None}
    outlines.remove_empty(tx, before - {one.activity_id for one in groups})
    return groups


def _with_activities(found: Sequence[tuple[Candidate, ...]], around: Mapping[int, Outlined]) -> list[Group]:
    """Let each session keep an activity that it had: that of its leader first, then of the earliest."""
    taken: set[UUID] = set()
    groups = []
    for session in found:
        leader = leading(session)
        before = [around[leader.id], *sorted((around[each.id] for each in session), key=lambda one: one.id)]
        kept = next((one.activity_id for one in before if one.activity_id not in {None, *taken}), None)
        if kept is not None:
            taken.add(kept)
        groups.append(
            Group(
                kept,
                leader.id,
                tuple(each.id for each in session),
                any(each.outline.private for each in session),
                outlines.moment(leader.outline.begins_s),
            )
        )
    return groups


def _restrictions(provider: DataProvider | None) -> int:
    if provider is None:
        return 3
    rights = provider.info.rights
    return sum(not permitted for permitted in (rights.ai, rights.share, rights.combine))


def split(
    tx: Transaction,
    athlete_id: UUID,
    activity_id: UUID,
    recording_ids: Sequence[int],
    providers: Mapping[str, DataProvider],
    *,
    now: datetime,
) -> None:
    """
    Take recordings out of an activity: they become one of their own, and stay so.

    Raises Missing where one is not of the activity, NotPossible where all or none are named.
    """
    around = _around(tx, athlete_id, [activity_id])
    members = {one.id for one in around.values() if one.activity_id == activity_id}
    taken = set(recording_ids)
    if not taken <= members:
        raise Missing("That activity has no such recording. `GET /activities/{id}` lists its recordings.")
    if not taken or taken == members:
        raise NotPossible("Name some of the activity's recordings, and not all: the rest stays where it is.")
    decided = [Ruling(*pair(one, other), together=False) for one in taken for other in members - taken]
    decided += [Ruling(*both, together=True) for both in _chain(taken)]
    outlines.rule(tx, athlete_id, decided, now=now)
    group(tx, around, providers)


def join(
    tx: Transaction,
    athlete_id: UUID,
    activity_id: UUID,
    other_id: UUID,
    providers: Mapping[str, DataProvider],
    *,
    now: datetime,
) -> UUID:
    """
    Make one activity of two, and return its id.

    Raises Missing, and NotPossible for an activity and itself.
    """
    if activity_id == other_id:
        raise NotPossible("An activity cannot be joined with itself. Name another one.")
    around = _around(tx, athlete_id, [activity_id, other_id])
    members = {one.id for one in around.values() if one.activity_id == activity_id}
    others = {one.id for one in around.values() if one.activity_id == other_id}
    if not members or not others:
        raise Missing("You have no such activity.")
    every = sorted(members | others)
    decided = [
        Ruling(one, other, together=True) for place, one in enumerate(every) for other in every[place + 1 :]
    ]
    outlines.rule(tx, athlete_id, decided, now=now)
    joined = group(tx, around, providers)
    return next(
        one.activity_id for one in joined if one.activity_id is not None and members & set(one.members)
    )


def lead(
    tx: Transaction,
    athlete_id: UUID,
    activity_id: UUID,
    recording_id: int,
    providers: Mapping[str, DataProvider],
    *,
    now: datetime,
) -> None:
    """Let a recording lead its activity, whichever is richer. Raises Missing."""
    around = _around(tx, athlete_id, [activity_id])
    if recording_id not in around or around[recording_id].activity_id != activity_id:
        raise Missing("That activity has no such recording. `GET /activities/{id}` lists its recordings.")
    outlines.choose(tx, recording_id, now=now)
    group(tx, outlines.around(tx, athlete_id, [recording_id]), providers)


def _around(tx: Transaction, athlete_id: UUID, activity_ids: Sequence[UUID]) -> dict[int, Outlined]:
    outlines.lock_athlete(tx, athlete_id)
    members = outlines.of_activities(tx, activity_ids)
    if not members:
        raise Missing("You have no such activity.")
    return outlines.around(tx, athlete_id, members)


def _chain(ids: Iterable[int]) -> list[tuple[int, int]]:
    ordered = sorted(ids)
    return list(itertools.pairwise(ordered))


def regroup(
    tx: Transaction,
    athlete_id: UUID,
    new: Mapping[int, tuple[Outline, str]],
    around: Mapping[int, Outlined],
    providers: Mapping[str, DataProvider],
) -> list[Group]:
    """Store outlines that are new, and sort what they have to do with. `around`: as stored, without these."""
    outlines.write(tx, new)
    known = [outline for outline, _ in new.values()] + [one.outline for one in around.values()]
    fresh = outlines.around(tx, athlete_id, [*new, *around], known)
    return group(tx, fresh, providers)
