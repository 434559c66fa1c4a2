"""Points with a wrong time: they go, and cost no other."""

import itertools
from collections.abc import Callable, Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.files.tests.made_files import (
    RECORD,
    START,
    UINT16,
    UINT32,
    file_id,
    fit,
    gpx,
    message,
    moment,
    ride_points,
    session,
    tcx,
    track,
)
from training_analyzer.sdk import Activity, BadData
from training_analyzer_files.order import in_order

Translated = Callable[[bytes], Activity]
DAY_S = 86_400
RIDE = range(600)


def most_in_order(times: Sequence[int]) -> int:
    """How many different times can be kept, by trying all."""
    return max(
        size
        for size in range(len(times) + 1)
        if any(
            all(earlier < later for earlier, later in itertools.pairwise(kept))
            for kept in itertools.combinations(times, size)
        )
    )


@given(st.lists(st.integers(0, 8), max_size=9))
def test_as_many_stay_as_can(times: list[int]) -> None:
    column = np.array([*[-9.0] * 100, *times])  # so many in order that whatever follows may go
    kept = column[in_order(column)]
    assert (np.diff(kept) >= 0).all()
    assert len(np.unique(kept)) == 1 + most_in_order(times)


def test_points_of_one_second_all_stay() -> None:
    assert in_order(np.array([0.0, 0, 1, 1, 1, 2, 3, 3])).tolist() == list(range(8))
    times = np.array([*range(20), 19, 5, 19, 20, 20], dtype=np.float64)
    assert in_order(times).tolist() == [*range(20), 20, 22, 23, 24]


ASTRAY = {
    "first ahead": [900, *RIDE],
    "quarter of an hour ahead": [*range(300), 1200, *range(300, 600)],
    "weeks ahead": [*range(300), 20 * DAY_S, *range(300, 600)],
    "last weeks ahead": [*RIDE, 20 * DAY_S],
    "first stale": [-20 * DAY_S, *RIDE],
    "half a minute stale": [*range(-20 * DAY_S, -20 * DAY_S + 30), *RIDE],
    "both ends": [-60 * DAY_S, 1 - 20 * DAY_S, 2 - 20 * DAY_S, *RIDE, 13 * 3600],
}
NO_CLOCK = {"of 1996": [-30 * 365 * DAY_S, *RIDE], "of 2116": [90 * 365 * DAY_S, *RIDE]}


@pytest.mark.parametrize("seconds", (ASTRAY | NO_CLOCK).values(), ids=ASTRAY | NO_CLOCK)
def test_a_few_points_astray_cost_no_other(translated: Translated, seconds: list[int]) -> None:
    assert_all_of_ride(translated(gpx(track(seconds=seconds))))


@pytest.mark.parametrize("seconds", ASTRAY.values(), ids=ASTRAY)
def test_nor_in_fit(translated: Translated, seconds: list[int]) -> None:
    assert_all_of_ride(translated(fit(file_id(), ride_points(seconds))))
    assert_all_of_ride(translated(fit(file_id(), ride_points(seconds), session(0, 599))))


def test_points_from_before_the_clock_was_set_go(translated: Translated) -> None:
    without = message(RECORD, (253, UINT32, 12_345), (7, UINT16, 200))
    assert_all_of_ride(translated(fit(file_id(), without, ride_points(RIDE))))


def assert_all_of_ride(activity: Activity) -> None:
    assert (activity.started_at, activity.elapsed_s, activity.moving_s) == (START, 599, 599)
    assert activity.samples is not None
    assert activity.samples.seconds.tolist() == list(RIDE)


def test_what_was_left_out_is_counted(translated: Translated) -> None:
    samples = translated(gpx(track(seconds=[-20 * DAY_S, *range(300), 1200, *range(300, 600), 599]))).samples
    assert samples is not None
    assert samples.left_out == 2


def test_a_lap_that_begins_weeks_early_moves_nothing(translated: Translated) -> None:
    content = tcx().replace(
        f'StartTime="{moment(0)}"'.encode(), f'StartTime="{moment(-20 * DAY_S)}"'.encode()
    )
    activity = translated(content)
    assert (activity.started_at, activity.elapsed_s, activity.moving_s) == (START, 9, 9)


def test_a_day_of_a_tour_stays_however_short(translated: Translated) -> None:
    days = [[*range(0, 400, 4)], [*range(DAY_S, DAY_S + 9000, 4)], [*range(2 * DAY_S, 2 * DAY_S + 400, 4)]]
    activity = translated(gpx(track(seconds=itertools.chain(*days))))
    assert activity.elapsed_s == 2 * DAY_S + 396
    assert activity.moving_s == pytest.approx(396 + 8996 + 396)


def test_so_do_points_that_are_many(translated: Translated) -> None:
    activity = translated(gpx(track(seconds=[*range(-DAY_S, 100 - DAY_S), *RIDE])))
    assert activity.elapsed_s == DAY_S + 599


def test_with_more_astray_nobody_knows_which_clock_was_right(translated: Translated) -> None:
    with pytest.raises(BadData, match=r"clock jumped: 100 of 700 points are out of order"):
        translated(gpx(track(seconds=[*range(300), *range(5000, 5100), *range(300, 600)])))
