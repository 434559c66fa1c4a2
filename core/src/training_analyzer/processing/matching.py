"""
Which recordings are of one session, and which of them leads: pure, and the same in whatever order they come.

An athlete does one thing at a time. So two recordings that claim the same time are of one session:
where the sports agree, half of the shorter one is enough, because one may be cropped or have begun
late; where they do not, nearly all of both. Recordings of places far apart are not of one session,
whatever their clocks say. What an athlete decided about two recordings counts before all of this.
ADR 31 has the reasons.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from training_analyzer.domain.activity import Channel
from training_analyzer.domain.outline import Box, Outline
from training_analyzer.domain.sport import Sport

SAME_SPORT_SHARE: Final = 0.5
"""Of the shorter recording's time."""
OTHER_SPORT_SHARE: Final = 0.8
"""Of the longer recording's time."""
FAR_APART_DEG: Final = 0.05
"""Between the boxes of two recordings: five kilometres or so, more than a lost signal explains."""
DAY_S: Final = 86_400.0
SHARE_OF_DAYS: Final = 0.1
"""A recording that claims more than a day has a wrong clock or end more often than not: it does not
swallow what is shorter than this share of it."""
WHOLE_SHARE: Final = 0.75
"""A recording of less than this share of the longest one's time does not lead: the rest would not count."""

_FAMILIES: Final = (
    frozenset({Sport.RIDE}),
    frozenset({Sport.RUN, Sport.WALK, Sport.HIKE}),
    frozenset({Sport.SWIM}),
    frozenset({Sport.ROW}),
    frozenset({Sport.NORDIC_SKI, Sport.ALPINE_SKI}),
    frozenset({Sport.STRENGTH}),
)
"""Sports that devices and athletes mistake for one another."""

_WORTH: Final[Mapping[Channel, int]] = {
    Channel.POWER_W: 16,
    Channel.HEART_RATE_BPM: 8,
    Channel.LATITUDE_DEG: 4,
    Channel.DISTANCE_M: 2,
    Channel.SPEED_MPS: 2,
    Channel.ALTITUDE_M: 1,
    Channel.CADENCE_RPM: 1,
}
"""How much more can be computed with a channel: each outweighs those after it together."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A recording that may be of the same session as others."""

    id: int
    name: tuple[str, str]
    """Provider and external id: what orders equals, so that the order of arrival does not."""
    outline: Outline
    restrictions: int = 0
    """How much its provider's terms forbid: of two equally rich recordings, the freer one leads."""
    chosen_at: datetime | None = None
    """When the athlete decided that it leads."""
    readable: bool = True
    """Its documents make sense, and the plugin that understands them is there."""


Pair = tuple[int, int]
"""Two recordings, the smaller id first."""


def pair(one: int, other: int) -> Pair:
    return (one, other) if one < other else (other, one)


def likeness(one: Outline, other: Outline) -> float:
    """Return how much of their time two recordings share, in (0, 1]; 0 where they are not of one session."""
    if one.begins_s >= other.ends_s or other.begins_s >= one.ends_s or _far_apart(one.box, other.box):
        return 0.0
    shared = _shared_s(one.stretches, other.stretches)
    shorter, longer = sorted((one.recorded_s, other.recorded_s))
    if longer > DAY_S and shorter < SHARE_OF_DAYS * longer:
        return 0.0
    if _are_one_sport(one.sport, other.sport):
        share = shared / shorter
        return share if share >= SAME_SPORT_SHARE else 0.0
    share = shared / longer
    return share if share >= OTHER_SPORT_SHARE else 0.0


def sessions(
    candidates: Sequence[Candidate], *, apart: Iterable[Pair] = (), together: Iterable[Pair] = ()
) -> list[tuple[Candidate, ...]]:
    """
    Return the candidates by session, each session in the order of names.

    What shares a session with one recording shares it with all of that session, unless the athlete
    has decided otherwise.
    """
    by_id = {candidate.id: candidate for candidate in candidates}
    kept_apart = set(apart)
    members = {candidate.id: {candidate.id} for candidate in candidates}
    decided = sorted(
        (both for both in together if both[0] in by_id and both[1] in by_id),
        key=lambda both: sorted((by_id[both[0]].name, by_id[both[1]].name)),
    )
    for one, other in [*decided, *_alike(candidates)]:
        first, second = members[one], members[other]
        if first is second or any(pair(a, b) in kept_apart for a in first for b in second):
            continue
        first |= second
        for joined in second:
            members[joined] = first
    unique = {id(group): group for group in members.values()}
    groups = [
        tuple(sorted((by_id[each] for each in group), key=lambda candidate: candidate.name))
        for group in unique.values()
    ]
    return sorted(groups, key=lambda group: group[0].name)


def leading(session: Sequence[Candidate]) -> Candidate:
    """Return the recording that the numbers are made from: the athlete's choice, or the richest."""
    session = [candidate for candidate in session if candidate.readable] or session
    chosen = [candidate for candidate in session if candidate.chosen_at is not None]
    if chosen:
        return max(chosen, key=lambda candidate: (candidate.chosen_at, candidate.name))
    longest_s = max(candidate.outline.active_s for candidate in session)
    whole = [candidate for candidate in session if candidate.outline.active_s >= WHOLE_SHARE * longest_s]
    return min(whole, key=_poverty)


def _poverty(candidate: Candidate) -> tuple[bool, bool, int, int, float, tuple[str, str]]:
    outline = candidate.outline
    return (
        outline.manual,
        not outline.readings,
        -sum(_WORTH.get(channel, 0) for channel in outline.channels),
        candidate.restrictions,
        -outline.readings / outline.active_s,
        candidate.name,
    )


def _alike(candidates: Sequence[Candidate]) -> list[Pair]:
    """Return the pairs of one session, the most alike first."""
    found: list[tuple[float, tuple[tuple[str, str], ...], Pair]] = []
    running: list[Candidate] = []
    for candidate in sorted(candidates, key=lambda each: each.outline.begins_s):
        running = [each for each in running if each.outline.ends_s > candidate.outline.begins_s]
        for each in running:
            share = likeness(each.outline, candidate.outline)
            if share:
                names = tuple(sorted((each.name, candidate.name)))
                found.append((-share, names, pair(each.id, candidate.id)))
        running.append(candidate)
    return [both for _, _, both in sorted(found)]


def _shared_s(one: Sequence[tuple[float, float]], other: Sequence[tuple[float, float]]) -> float:
    shared, i, j = 0.0, 0, 0
    while i < len(one) and j < len(other):
        shared += max(0.0, min(one[i][1], other[j][1]) - max(one[i][0], other[j][0]))
        if one[i][1] <= other[j][1]:
            i += 1
        else:
            j += 1
    return shared


def _are_one_sport(one: Sport, other: Sport) -> bool:
    if one is other or Sport.OTHER in {one, other}:
        return True
    return any(one in family and other in family for family in _FAMILIES)


def _far_apart(one: Box | None, other: Box | None) -> bool:
    if one is None or other is None:
        return False
    north_south = max(one.south_deg, other.south_deg) - min(one.north_deg, other.north_deg)
    east_west = max(one.west_deg, other.west_deg) - min(one.east_deg, other.east_deg)
    return max(north_south, east_west) > FAR_APART_DEG
