"""Swimming: speed where a pool is told by whole lengths, and SWOLF of lengths whose strokes were counted."""

from collections.abc import Callable
from typing import Final

import numpy as np
import pytest

from training_analyzer.sdk import (
    Activity,
    Athlete,
    Column,
    Curve,
    Distribution,
    Measurement,
    PoolLength,
    Sport,
    SwimStroke,
    Thresholds,
)

Measure = Callable[..., dict[str, Measurement]]
POOL_M: Final = 25.0
LENGTH_S: Final = 30


def by_lengths(seconds: int) -> Column:
    """Return a distance that grows by a whole length when it ends."""
    return np.floor(np.arange(float(seconds)) / LENGTH_S) * POOL_M


def test_a_length_told_at_its_end_was_swum_all_along(measure: Measure) -> None:
    swimmer = Athlete(thresholds=Thresholds(threshold_speed_mps=0.9))
    made = measure(distance=by_lengths(3601), distance_m=3000, sport=Sport.SWIM, athlete=swimmer)
    speed = POOL_M / LENGTH_S
    assert made["moving_time"].value == pytest.approx(3600, abs=1)
    curve = made["speed_curve"]
    assert isinstance(curve.value, Curve)
    assert max(curve.value.values) == pytest.approx(speed)
    assert not curve.doubtful
    zones = made["time_in_pace_zones"].value
    assert isinstance(zones, Distribution)
    assert max(zones.seconds) == pytest.approx(3600, abs=1)
    assert made["high_intensity_time"].value == 0


@pytest.mark.parametrize(("told_late", "fastest_mps"), [(0, POOL_M / 29), (2, POOL_M / 28)])
def test_a_length_behind_a_pause_was_not_swum_in_it(
    measure: Measure, told_late: int, fastest_mps: float
) -> None:
    distance, seconds = by_lengths(601), np.arange(601.0)
    seconds[301:] += 90
    distance[300 : 300 + told_late] -= POOL_M  # the length before the pause is told behind it
    curve = measure(distance=distance, seconds=seconds, sport=Sport.SWIM)["speed_curve"].value
    assert isinstance(curve, Curve)
    assert max(curve.values) == pytest.approx(fastest_mps)


def test_a_swim_faster_than_anybody_is_no_speed(measure: Measure) -> None:
    distance = np.arange(600.0)
    distance[300:] += 20  # the position was lost, and found again
    curve = measure(distance=distance, sport=Sport.SWIM)["speed_curve"].value
    assert isinstance(curve, Curve)
    assert max(curve.values) == pytest.approx(1)


def swim(make: Callable[..., Activity], *lengths: PoolLength) -> Activity:
    activity: Activity = make(sport=Sport.SWIM, moving_s=600, distance_m=500)
    return activity.model_copy(update={"lengths": lengths, "pool_length_m": 25.0})


def test_seconds_and_strokes_are_added_and_averaged(make: Callable[..., Activity], measure: Measure) -> None:
    made = measure(
        swim(
            make,
            PoolLength(start_s=0, elapsed_s=20, strokes=10),
            PoolLength(start_s=20, elapsed_s=30, swum=False),
            PoolLength(start_s=50, elapsed_s=24, strokes=12),
            PoolLength(start_s=74, elapsed_s=60, strokes=5, stroke=SwimStroke.DRILL),
            PoolLength(start_s=134, elapsed_s=21),
        )
    )
    assert made["swolf"].value == pytest.approx((30 + 36) / 2)
    assert made["swolf"].method == "lengths"


def test_without_strokes_there_is_none(make: Callable[..., Activity], measure: Measure) -> None:
    assert measure(swim(make, PoolLength(start_s=0, elapsed_s=20)))["swolf"].reason == "no_strokes"
    assert "swolf" not in measure(moving_s=600)
