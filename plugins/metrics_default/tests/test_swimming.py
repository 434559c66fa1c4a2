"""Swimming in a pool: SWOLF, of the lengths whose strokes were counted."""

from collections.abc import Callable

import pytest

from training_analyzer.sdk import Activity, Measurement, PoolLength, Sport, SwimStroke

Measure = Callable[..., dict[str, Measurement]]


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
