"""What part of others numbers are, and what they come to together: shares, totals, and what was missed."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations, product
from typing import Final

from training_analyzer.analysis.grounding.sayable import Reading

_CAPACITIES: Final = frozenset({"threshold_power", "max_heart_rate"})
_TWO: Final = 2
_EXTENTS: Final = (frozenset({"time"}), frozenset({"distance"}))
_INTENSITIES: Final = frozenset({"easy", "moderate", "hard"})
_PLANNED: Final = frozenset({"planned"})


def sums(now: Sequence[Reading], sports: frozenset[str]) -> Iterator[Reading]:
    """Return all of them, of facts that say of the sports how it is now."""
    yield from _others_share(now, sports)
    yield from _of_capacity(now)
    yield from _of_total(now)
    yield from _of_the_whole(now)
    yield from _missed(now)
    yield from _all_sports(now)
    yield from _all_kinds(now)


def _others_share(now: Sequence[Reading], sports: frozenset[str]) -> Iterator[Reading]:
    """
    Return the share of the one of two sports whose share no fact is.

    Who walks on a run has walked some of the time, and has gone on no walk.
    """
    for one in now:
        if (
            "share" in one.concepts
            and one.dimension == "percent"
            and len(sports) == _TWO
            and len(one.sports) == 1
            and any(r.sports == sports - one.sports and "share" not in r.concepts for r in now)
        ):
            rest = (100 - one.values[0],)
            yield replace(one, sports=sports - one.sports, values=rest, own=rest)


def _of_capacity(now: Sequence[Reading]) -> Iterator[Reading]:
    """Return what each number is of what the athlete can do: power of the threshold, pulse of its maximum."""
    for one, capacity in product(now, now):
        if not capacity.concepts & _CAPACITIES or one is capacity or one.dimension != capacity.dimension:
            continue
        part = one.values[0] / capacity.values[0] if capacity.values[0] > 0 else 0.0
        shared = replace(
            one,
            ids=(*one.ids, *capacity.ids),
            concepts=one.concepts | capacity.concepts,
            role="part",
            statistic=None if one.statistic == "average" else one.statistic,
            own=(),
        )
        yield replace(shared, dimension="percent", values=(100 * part,))
        yield replace(shared, dimension="times", values=(part,), own=(part,), slack=0.005)


def _of_total(now: Sequence[Reading]) -> Iterator[Reading]:
    """Return what part of all the longest is: "close to half of your 43 km"."""
    for one, total in product(now, now):
        if (
            "longest" in one.concepts
            and "longest" not in total.concepts
            and one.dimension == total.dimension
            and one.dimension in ("time", "length")
            and one.sports == total.sports
            and one.values[0] < total.values[0]
        ):
            yield replace(
                one,
                ids=(*one.ids, *total.ids),
                concepts=one.concepts | total.concepts | {"share"},
                role="part",
                dimension="percent",
                values=(100 * one.values[0] / total.values[0],),
                own=(),
            )


def _of_the_whole(now: Sequence[Reading]) -> Iterator[Reading]:
    """Return what part of one activity was of a kind: "two thirds of the time in zone 2", "at goal pace"."""
    for one, whole in product(now, now):
        told = one.zones or one.things - _PLANNED or one.concepts & _INTENSITIES
        plain = not (whole.zones or whole.things or whole.derived) and whole.concepts in _EXTENTS
        if (
            told
            and plain
            and not (one.derived or one.things & _PLANNED or "longest" in one.concepts)
            and one.dimension == whole.dimension
            and whole.concepts <= one.concepts
            and (one.sports, one.days) == (whole.sports, whole.days)
            and 0 < one.values[0] < whole.values[0]
        ):
            yield replace(
                one,
                ids=(*one.ids, *whole.ids),
                concepts=one.concepts | {"share"},
                role="part",
                dimension="percent",
                values=(100 * one.values[0] / whole.values[0],),
                own=(),
            )


def _all_sports(now: Sequence[Reading]) -> Iterator[Reading]:
    """Return how many sessions there were, where facts count them by sport alone."""
    counts = [r for r in now if "session" in r.concepts and r.dimension == "number" and not r.derived]
    sports = [sport for count in counts for sport in count.sports]
    periods = {count.days for count in counts}
    if len(counts) > 1 and len(periods) == 1 and len(sports) == len(counts) == len(set(sports)):
        total = (sum(count.values[0] for count in counts),)
        yield replace(
            counts[0],
            ids=tuple(fact_id for count in counts for fact_id in count.ids),
            concepts=frozenset({"session"}),
            sports=frozenset(sports),
            values=total,
            own=total,
        )


def _missed(now: Sequence[Reading]) -> Iterator[Reading]:
    """Return how many of the planned sessions were missed."""
    counts = [r for r in now if "session" in r.concepts and r.dimension == "number" and not r.derived]
    for plan, done in product(counts, counts):
        rest = plan.values[0] - done.values[0]
        same = plan.things == done.things | _PLANNED and plan.days == done.days and alike(plan, done)
        if same and not done.things & _PLANNED and rest > 0:
            yield replace(
                plan, ids=(*plan.ids, *done.ids), things=done.things | {"missed"}, values=(rest,), own=(rest,)
            )


def _all_kinds(now: Sequence[Reading]) -> Iterator[Reading]:
    """Return how many sessions of a sport there were, where facts count them by their kind alone."""
    counts = [r for r in now if r.concepts == {"session"} and r.dimension == "number" and not r.derived]
    for one, other in combinations(counts, 2):
        together = one.sports == other.sports and one.days == other.days
        if together and {*one.things, *other.things} == {"indoor", "outdoor"}:
            total = (one.values[0] + other.values[0],)
            yield replace(one, ids=(*one.ids, *other.ids), values=total, own=total, things=frozenset[str]())


def alike(one: Reading, other: Reading) -> bool:
    """Return whether two facts are of the same: one metric, of one sport, in one kind of unit."""
    return one.dimension == other.dimension and one.sports == other.sports and one.concepts == other.concepts
