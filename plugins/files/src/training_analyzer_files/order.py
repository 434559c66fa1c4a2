"""Which points of a recording stand in the order of time, when a clock was wrong for a few of them."""

from bisect import bisect_left
from typing import Final

import numpy as np
from numpy.typing import NDArray

from training_analyzer.sdk import BadData, Column

MOST_MISPLACED: Final = 0.1
"""Of the points, as a share: with more out of order, nobody knows which clock was right."""
APART_S: Final = 12 * 3600.0
"""A longer gap than a night's rest on a tour, nearly always."""
_SHORTLY_S: Final = 300.0
"""What a logger writes before its first fix lasts less; a day of a tour lasts longer."""


def in_order(times: Column) -> NDArray[np.intp]:
    """
    Return which points to keep so that time never decreases. Several may have the same time.

    These are the most that there can be, so that one point astray costs no other. Raises `BadData` if
    too few are left.
    """
    timed = np.flatnonzero(np.isfinite(times))
    kept = timed[_longest_run(times[timed])]
    misplaced = timed.size - kept.size
    if misplaced > MOST_MISPLACED * timed.size:
        raise BadData(f"The clock jumped: {misplaced:,} of {timed.size:,} points are out of order.")
    return kept


def in_order_and_near(times: Column) -> NDArray[np.intp]:
    """
    Return which points to keep where nothing but the points tells when the recording began and ended.

    As `in_order`; and a few at the beginning or the end that lie half a day or more from all others go:
    the clock was set between them. Raises `BadData` if too few are left.
    """
    kept = in_order(times)
    most = int(MOST_MISPLACED * kept.size)
    begin = _astray(times[kept], most)
    end = kept.size - _astray(-times[kept][::-1], most - begin)
    return kept[begin:end]


def _astray(times: Column, most: int) -> int:
    """Return how many points at the beginning lie far from all others, and last but shortly."""
    begin = 0
    for end in np.flatnonzero(np.diff(times) >= APART_S) + 1:
        if end > most or times[end - 1] - times[begin] > _SHORTLY_S:
            break
        begin = int(end)
    return begin


def _longest_run(times: Column) -> NDArray[np.intp]:
    """Return the places of the longest subsequence that increases, and of what shares its times."""
    if (times[1:] >= times[:-1]).all():
        return np.arange(times.size)
    lowest: list[float] = []  # with which a run of each length can end, so far
    ends: list[int] = []  # where it does, at the latest
    before: list[int] = []
    for place, time in enumerate(times.tolist()):
        length = bisect_left(lowest, time)
        before.append(ends[length - 1] if length else -1)
        if length == len(ends):
            lowest.append(time)
            ends.append(place)
        else:
            lowest[length], ends[length] = time, place
    run = np.empty(len(ends), dtype=np.intp)
    place = ends[-1]
    for length in reversed(range(run.size)):
        run[length], place = place, before[place]
    following = run[np.searchsorted(run, np.arange(run[-1] + 1))]
    return np.flatnonzero(times[: following.size] == times[following])
