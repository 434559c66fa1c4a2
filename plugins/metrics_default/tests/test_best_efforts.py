"""Best efforts: the shortest time for a distance, to the fraction of a second, and what breaks it."""

from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from training_analyzer.sdk import Curve, Measurement, Sport
from training_analyzer_metrics_default.best_efforts import Piece

Measure = Callable[..., dict[str, Measurement]]


def efforts(measure: Measure, distance: object, **parts: object) -> dict[float, tuple[float, float]]:
    """Return time and beginning by distance."""
    curve = measure(distance=distance, sport=Sport.RUN, **parts)["best_efforts"].value
    assert isinstance(curve, Curve)
    assert curve.starts_s is not None
    return {
        metres: (seconds, start)
        for seconds, metres, start in zip(curve.seconds, curve.values, curve.starts_s, strict=True)
    }


def test_an_even_run_takes_each_distance_in_its_share_of_the_time(measure: Measure) -> None:
    found = efforts(measure, np.arange(4000) * 3.0)
    for metres, (seconds, _) in found.items():
        assert seconds == pytest.approx(metres / 3, rel=1e-9)
    assert list(found) == [400, 804.672, 1000, 1609.344, 3218.688, 5000, 10_000]


def test_both_ends_lie_between_readings(measure: Measure) -> None:
    # 5 m/s from second 100 to 207: 535 m, of which the best 400 m take 80 s wherever they lie.
    speed = np.full(400, 3.0)
    speed[100:170] = 5.0
    distance = np.concatenate(([0.0], np.cumsum(speed)))
    seconds, start = efforts(measure, distance)[400]
    assert seconds == pytest.approx(70 + 50 / 3)
    assert 100 - 50 / 3 - 1e-6 <= start <= 100


def test_pauses_count_as_they_do_in_a_race(measure: Measure) -> None:
    seconds = np.arange(1000.0)
    seconds[500:] += 60
    found = efforts(measure, np.arange(1000) * 3.0, seconds=seconds)
    assert found[400][0] == pytest.approx(400 / 3)
    assert found[1609.344][0] == pytest.approx(1609.344 / 3 + 60)


def test_standing_at_either_end_does_not_count(measure: Measure) -> None:
    distance = np.concatenate((np.zeros(60), np.arange(201) * 2.0, np.full(60, 400.0)))
    seconds, start = efforts(measure, distance)[400]
    assert seconds == pytest.approx(200)
    assert start == pytest.approx(60)


def test_no_effort_spans_a_jump_of_the_position(measure: Measure) -> None:
    distance = np.arange(600) * 2.0
    distance[300:] += 5000
    found = efforts(measure, distance)
    assert set(found) == {400}
    assert found[400][0] == pytest.approx(200)


def test_faster_than_any_record_was_no_run(measure: Measure) -> None:
    made = measure(distance=np.arange(1000) * 10.0, sport=Sport.RUN)
    assert made["best_efforts"].reason == "unsound_distance"


@pytest.mark.parametrize(
    ("parts", "reason"),
    [
        ({"distance": np.arange(100) * 3.0}, "too_short_for_efforts"),
        ({"heart_rate": np.full(60, 150.0)}, "no_distance"),
        ({"moving_s": 600, "distance_m": 2000}, "no_samples"),
    ],
)
def test_why_there_are_none(measure: Measure, parts: dict[str, object], reason: str) -> None:
    assert measure(**parts, sport=Sport.RUN)["best_efforts"].reason == reason


def test_only_runs_have_them(measure: Measure) -> None:
    assert "best_efforts" not in measure(distance=np.arange(1000) * 3.0, sport=Sport.RIDE)


@given(
    st.lists(st.tuples(st.integers(1, 9), st.integers(0, 20)), min_size=2, max_size=40), st.integers(1, 60)
)
def test_they_agree_with_trying_every_beginning(steps: list[tuple[int, int]], wanted_m: int) -> None:
    moment_s = np.concatenate(([0.0], np.cumsum([seconds for seconds, _ in steps])))
    distance_m = np.concatenate(([0.0], np.cumsum([metres for _, metres in steps])))
    found = Piece(moment_s, distance_m).best(wanted_m)
    if distance_m[-1] < wanted_m:
        assert found is None
        return
    assert found is not None
    # Slowly: a line through every pair of neighbours, and every whole metre as a beginning and an end.
    crossings: dict[float, list[float]] = {}
    for (t0, t1), (d0, d1) in zip(pairwise(moment_s), pairwise(distance_m), strict=True):
        for metre in np.arange(d0, d1 + 1):
            moments = [t0, t1] if d1 == d0 else [t0 + (metre - d0) / (d1 - d0) * (t1 - t0)]
            crossings.setdefault(float(metre), []).extend(float(moment) for moment in moments)
    expected = min(
        min(crossings[metre + wanted_m]) - max(crossings[metre])
        for metre in crossings
        if metre + wanted_m in crossings
    )
    assert found[0] == pytest.approx(expected)


def test_a_best_may_end_where_no_reading_is_near() -> None:
    found = Piece(np.array([0.0, 1, 11, 12, 112]), np.array([0.0, 100, 200, 300, 600])).best(400)
    assert found is not None
    assert found == pytest.approx((12 + 100 / 3, 0))
