"""Cleaning: which seconds count, and which readings are believed."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from training_analyzer.sdk import Channel, Samples
from training_analyzer_metrics_default.cleaning import clean


def power(seconds: list[float], readings: list[float]) -> Samples:
    return Samples(np.array(seconds), {Channel.POWER_W: np.array(readings)})


def test_a_reading_holds_until_the_next_one() -> None:
    grid = clean(power([0, 1, 4, 5], [100, 200, 300, 400]))
    assert grid.power_w is not None
    assert grid.power_w.tolist() == [100, 200, 200, 200, 300, 400]
    assert grid.stretch.tolist() == [0] * 6


@pytest.mark.parametrize(("step_s", "recorded_s", "stretches"), [(5, 6, 1), (6, 2, 2), (3600, 2, 2)])
def test_a_step_of_more_than_five_seconds_is_a_pause(step_s: int, recorded_s: int, stretches: int) -> None:
    grid = clean(power([0, step_s], [100, 100]))
    assert grid.recorded_s == recorded_s
    assert len(set(grid.stretch.tolist())) == stretches


def test_readings_between_whole_seconds_land_on_the_second_after() -> None:
    grid = clean(power([0.0, 1.02, 1.98, 3.01, 4.0], [1, 2, 3, 4, 5]))
    assert grid.power_w is not None
    assert grid.power_w.tolist() == [1, 1, 3, 3, 5]


def test_the_grid_of_each_stretch_begins_with_its_own_first_reading() -> None:
    grid = clean(power([0, 1, 100.5, 101.5, 102.5], [1, 2, 3, 4, 5]))
    assert grid.power_w is not None
    assert grid.power_w.tolist() == [1, 2, 3, 4, 5]
    assert grid.stretch.tolist() == [0, 0, 1, 1, 1]


@pytest.mark.parametrize(
    ("channel", "reading", "kept"),
    [
        (Channel.POWER_W, 0, True),
        (Channel.POWER_W, 2500, True),
        (Channel.POWER_W, 2501, False),
        (Channel.POWER_W, 21_733, False),
        (Channel.POWER_W, -1, False),
        (Channel.HEART_RATE_BPM, 25, True),
        (Channel.HEART_RATE_BPM, 250, True),
        (Channel.HEART_RATE_BPM, 0, False),
        (Channel.HEART_RATE_BPM, 24, False),
        (Channel.HEART_RATE_BPM, 251, False),
    ],
)
def test_what_no_body_can_do_is_missing(channel: Channel, reading: float, kept: bool) -> None:
    grid = clean(Samples(np.arange(2.0), {channel: np.array([100, reading])}))
    column = grid.power_w if channel is Channel.POWER_W else grid.heart_rate_bpm
    assert column is not None
    assert np.isfinite(column).tolist() == [True, kept]


def test_a_channel_without_one_sound_reading_is_absent() -> None:
    grid = clean(Samples(np.arange(3.0), {Channel.HEART_RATE_BPM: np.zeros(3)}))
    assert grid.heart_rate_bpm is None
    assert grid.power_w is None
    assert grid.recorded_s == 3


def test_a_missing_reading_is_neither_filled_nor_zero() -> None:
    grid = clean(power([0, 1, 2], [100, np.nan, 300]))
    assert grid.power_w is not None
    assert np.isnan(grid.power_w).tolist() == [False, True, False]


def test_a_grid_cannot_be_changed_by_one_calculator_for_the_next() -> None:
    grid = clean(power([0, 1], [100, 200]))
    assert grid.power_w is not None
    with pytest.raises(ValueError, match="read-only"):
        grid.power_w[0] = 0


@given(st.lists(st.integers(1, 12), min_size=1, max_size=60), st.data())
def test_the_grid_agrees_with_a_slow_reading_of_the_rule(steps: list[int], data: st.DataObject) -> None:
    seconds = np.concatenate(([0], np.cumsum(steps))).astype(float)
    readings = np.array(
        data.draw(st.lists(st.integers(0, 900), min_size=len(seconds), max_size=len(seconds))), dtype=float
    )
    expected: list[float] = []
    for step, reading in zip([*steps, 1], readings, strict=True):
        expected += [float(reading)] * (step if step <= 5 else 1)
    grid = clean(Samples(seconds, {Channel.POWER_W: readings}))
    assert grid.power_w is not None
    assert grid.power_w.tolist() == expected
    assert int(grid.stretch[-1]) == sum(step > 5 for step in steps)
