"""Best swims: the shortest time for each distance, rests included, by the lengths of a pool."""

from collections.abc import Callable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training_analyzer.sdk import Activity, Curve, Measurement, PoolLength, Sport
from training_analyzer_metrics_default import limits
from training_analyzer_metrics_default.best_swims import DISTANCES_M, best_swims

Measure = Callable[..., dict[str, Measurement]]
Make = Callable[..., Activity]


def swim(make: Make, *parts: tuple[float, int], pool_m: float | None = 25.0) -> Activity:
    """Make a swim of `(seconds, lengths)`: so many lengths in so many seconds each; 0 is one rest."""
    lengths: list[PoolLength] = []
    moment_s = 0.0
    for seconds, times in parts:
        for _ in range(times or 1):
            lengths.append(PoolLength(start_s=moment_s, elapsed_s=seconds, swum=times > 0))
            moment_s += seconds
    activity: Activity = make(sport=Sport.SWIM, moving_s=moment_s)
    return activity.model_copy(update={"lengths": tuple(lengths), "pool_length_m": pool_m})


def bests(measurement: Measurement) -> dict[float, tuple[float, float]]:
    """Return for each distance its time and beginning."""
    curve = measurement.value
    assert isinstance(curve, Curve)
    assert curve.starts_s is not None
    return dict(zip(curve.values, zip(curve.seconds, curve.starts_s, strict=True), strict=True))


def test_rests_count_and_the_fastest_lengths_are_found(make: Make, measure: Measure) -> None:
    found = measure(swim(make, (30, 8), (60, 0), (25, 4), (40, 0), (30, 8)))["best_swims"]
    assert found.method == "lengths"
    assert bests(found) == {
        50: (50, 300),
        100: (100, 300),
        200: (240, 0),
        400: (560, 0),
    }


def test_a_distance_that_is_no_multiple_of_the_pool_s_length_ends_within_one(make: Make) -> None:
    (fifty,) = best_swims(swim(make, (30, 3), pool_m=33.0))
    assert fifty == pytest.approx((30 * 50 / 33, 50, 0))


def test_beginnings_in_whole_seconds_cost_no_time(make: Make) -> None:
    lengths = (PoolLength(start_s=0, elapsed_s=30.9), PoolLength(start_s=30, elapsed_s=30.5))
    activity = swim(make).model_copy(update={"lengths": lengths[::-1]})
    assert best_swims(activity) == [(60.5, 50, 0)]


@pytest.mark.parametrize(("pool_m", "presses"), [(50.0, 1), (25.0, 2)])
def test_a_lap_key_pressed_by_accident_costs_no_best_swim(
    make: Make, measure: Measure, pool_m: float, presses: int
) -> None:
    whole = swim(make, (60, 8), pool_m=pool_m)
    pressed = PoolLength(start_s=60, elapsed_s=0.4)
    accidental = whole.model_copy(update={"lengths": whole.lengths + (pressed,) * presses})
    assert measure(accidental)["best_swims"] == measure(whole)["best_swims"]


@pytest.mark.parametrize(
    ("parts", "pool_m", "reason"),
    [
        ([], 25.0, "no_lengths"),
        ([(30, 1)], 25.0, "no_lengths"),
        ([(30, 0)], 25.0, "no_lengths"),
        ([(30, 8)], None, "no_lengths"),
        ([(30, 8), (9, 2)], 25.0, "unsound_distance"),
        ([(5, 8)], 25.0, "unsound_distance"),
    ],
)
def test_without_lengths_or_with_those_of_no_swimmer_there_is_none(
    make: Make, measure: Measure, parts: Sequence[tuple[float, int]], pool_m: float | None, reason: str
) -> None:
    assert measure(swim(make, *parts, pool_m=pool_m))["best_swims"].reason == reason


def test_other_sports_have_none(measure: Measure) -> None:
    assert "best_swims" not in measure(moving_s=600, sport=Sport.RUN)


@given(st.lists(st.tuples(st.floats(10, 120), st.booleans()), min_size=1, max_size=60))
def test_no_window_of_lengths_is_faster(make: Make, lengths: list[tuple[float, bool]]) -> None:
    activity = swim(make, *((seconds, int(swum)) for seconds, swum in lengths))
    swum = [length for length in activity.lengths if length.swum]
    found = {metres: seconds for seconds, metres, _ in best_swims(activity)}
    for metres in DISTANCES_M:
        count = int(metres / 25)
        windows = [
            last.start_s + last.elapsed_s - first.start_s
            for first, last in zip(swum, swum[count - 1 :], strict=False)
        ]
        assert (metres in found) is bool(windows)
        if windows:
            assert found[metres] <= min(windows) + 1e-6


@given(
    st.lists(st.tuples(st.integers(0, 300), st.floats(0, 120)), max_size=60),
    st.sampled_from([25.0, 33.0, 50.0]),
)
def test_whenever_lengths_begin_nobody_swims_faster_than_is_possible(
    make: Make, told: list[tuple[int, float]], pool_m: float
) -> None:
    lengths = tuple(PoolLength(start_s=start_s, elapsed_s=spent_s) for start_s, spent_s in told)
    activity = swim(make, pool_m=pool_m).model_copy(update={"lengths": lengths})
    for seconds, metres, _ in best_swims(activity):
        assert metres / seconds <= limits.fastest_mps(Sport.SWIM) * (1 + 1e-9)
