"""Cleaning: which seconds count, and which readings are believed."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from training_analyzer.sdk import Channel, Samples, Sport
from training_analyzer_metrics_default.believing import Dropped, Fault
from training_analyzer_metrics_default.cleaning import clean
from training_analyzer_metrics_default.resampling import SPARSE_READINGS


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


@pytest.mark.parametrize("hertz", [2, 4, 10])
def test_of_several_readings_in_a_second_the_mean_counts(hertz: int) -> None:
    readings = np.tile([100.0, 300.0], 60 * hertz // 2)
    seconds = np.arange(60 * hertz) / hertz
    seconds[30 * hertz :] += 600
    readings[hertz : hertz + hertz // 2] = np.nan
    grid = clean(Samples(seconds, {Channel.POWER_W: readings}))
    assert grid.power_w is not None
    assert grid.recorded_s == 60
    assert grid.power_w[2:] == pytest.approx(200)
    assert grid.power_w.min() > 0


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
        (Channel.HEART_RATE_BPM, 230, True),
        (Channel.HEART_RATE_BPM, 0, False),
        (Channel.HEART_RATE_BPM, 24, False),
        (Channel.HEART_RATE_BPM, 231, False),
    ],
)
def test_what_no_body_can_do_is_missing(channel: Channel, reading: float, kept: bool) -> None:
    grid = clean(Samples(np.arange(31.0), {channel: np.array([*[100] * 30, reading])}))
    column = grid.power_w if channel is Channel.POWER_W else grid.heart_rate_bpm
    assert column is not None
    assert np.isfinite(column).tolist() == [*[True] * 30, kept]
    assert sum(one.readings for one in grid.dropped) == (0 if kept else 1)


def test_what_was_dropped_is_counted_by_channel_and_fault() -> None:
    heart_rate, watts = np.full(600, 140.0), np.full(600, 200.0)
    heart_rate[:4], heart_rate[10], heart_rate[20] = 0, 12, 240
    watts[[30, 31]], watts[40] = 21_733, -5
    seconds = np.arange(600.0)
    seconds[300:] += 68_342_403
    distance = np.arange(600.0) * 5
    distance[500:] += 4000
    grid = clean(
        Samples(
            seconds,
            {Channel.HEART_RATE_BPM: heart_rate, Channel.POWER_W: watts, Channel.DISTANCE_M: distance},
        ),
        Sport.RUN,
    )
    assert set(grid.dropped) == {
        Dropped(Channel.HEART_RATE_BPM, Fault.ZERO, 4),
        Dropped(Channel.HEART_RATE_BPM, Fault.TOO_LOW, 1),
        Dropped(Channel.HEART_RATE_BPM, Fault.TOO_HIGH, 1),
        Dropped(Channel.POWER_W, Fault.TOO_HIGH, 2),
        Dropped(Channel.POWER_W, Fault.TOO_LOW, 1),
        Dropped(Channel.DISTANCE_M, Fault.POSITION_JUMP, 1),
        Dropped(None, Fault.CLOCK_JUMP, 1),
    }
    assert grid.elapsed_s == 600


def test_a_sensor_that_mostly_raves_is_not_believed_at_all() -> None:
    heart_rate = np.tile([150.0, 150, 150, 234], 100)
    grid = clean(Samples(np.arange(400.0), {Channel.HEART_RATE_BPM: heart_rate}))
    assert grid.heart_rate_bpm is None
    assert grid.disbelieves(Channel.HEART_RATE_BPM)
    assert not grid.disbelieves(Channel.POWER_W)


def test_a_strap_that_is_put_on_late_is_believed() -> None:
    heart_rate = np.concatenate((np.zeros(300), np.full(100, 150.0)))
    grid = clean(Samples(np.arange(400.0), {Channel.HEART_RATE_BPM: heart_rate}))
    assert grid.heart_rate_bpm is not None
    assert np.isfinite(grid.heart_rate_bpm).sum() == 100


def test_a_channel_without_one_sound_reading_is_absent() -> None:
    grid = clean(Samples(np.arange(3.0), {Channel.HEART_RATE_BPM: np.zeros(3)}))
    assert grid.heart_rate_bpm is None
    assert grid.power_w is None
    assert grid.recorded_s == 3


@pytest.mark.parametrize(("missing", "holds"), [(1, True), (4, True), (5, False), (60, False)])
def test_the_last_reading_holds_over_missing_readings_as_over_missing_samples(
    missing: int, holds: bool
) -> None:
    nulls = [np.nan] * missing
    by_null = clean(power(list(range(missing + 2)), [100, *nulls, 300]))
    by_sample = clean(power([0, missing + 1], [100, 300]))
    assert by_null.power_w is not None
    assert by_null.power_w.tolist() == pytest.approx(
        [100, *([100] if holds else [np.nan]) * missing, 300], nan_ok=True
    )
    assert (by_sample.recorded_s == missing + 2) is holds


def test_nothing_holds_before_the_first_reading_or_after_the_last() -> None:
    grid = clean(power([0, 1, 2, 3], [np.nan, 100, 200, np.nan]))
    assert grid.power_w is not None
    assert np.isnan(grid.power_w).tolist() == [True, False, False, True]


def test_no_reading_holds_over_a_pause() -> None:
    grid = clean(power([0, 1, 100, 101], [100, np.nan, np.nan, 200]))
    assert grid.power_w is not None
    assert np.isnan(grid.power_w).tolist() == [False, True, True, False]


@pytest.mark.parametrize(
    ("step_s", "paused_s", "recorded_s"),
    [(1, 6, 201), (2, 8, 407), (2, 9, 400), (8, 29, 1622), (8, 31, 1594), (40, 300, 201)],
)
def test_a_device_that_records_sparsely_may_take_longer_steps(
    step_s: int, paused_s: int, recorded_s: int
) -> None:
    seconds = np.arange(201.0) * step_s
    seconds[100:] += paused_s - step_s
    assert clean(Samples(seconds)).recorded_s == recorded_s


@pytest.mark.parametrize(("readings", "recorded_s"), [(90, 891), (21, 201), (20, 20)])
def test_a_short_ride_may_be_recorded_sparsely_too(readings: int, recorded_s: int) -> None:
    assert clean(Samples(np.arange(float(readings)) * 10)).recorded_s == recorded_s


def test_altitude_lies_on_a_line_between_readings_and_is_unknown_in_a_dropout() -> None:
    altitude = np.array([100, 102, 104, *[np.nan] * 8, 200.0])
    seconds = np.array([0, 2, 4, *range(5, 13), 13.0])
    found = clean(Samples(seconds, {Channel.ALTITUDE_M: altitude})).altitude_m
    assert found is not None
    assert found.tolist() == pytest.approx([100, 101, 102, 103, 104, *[np.nan] * 8, 200], nan_ok=True)


def test_speed_follows_from_distance_where_no_sensor_measured_it() -> None:
    seconds = np.array([0.0, 1, 2, 4, 5, 100, 101])
    distance = np.array([0.0, 3, 6, 12, 15, 15, 19])
    found = clean(Samples(seconds, {Channel.DISTANCE_M: distance}), Sport.RUN).speed_mps
    assert found is not None
    assert found.tolist() == [3, 3, 3, 3, 3, 3, 4, 4]


def test_where_the_speed_is_missing_it_follows_from_the_distance() -> None:
    seconds = np.arange(3600.0)
    speed = np.where(seconds % 60 == 0, 4.0, np.nan)
    grid = clean(Samples(seconds, {Channel.SPEED_MPS: speed, Channel.DISTANCE_M: seconds * 3}), Sport.RUN)
    assert grid.speed_mps is not None
    assert np.count_nonzero(grid.speed_mps == 4) == 60
    assert np.count_nonzero(grid.speed_mps == 3) == 3540
    assert grid.moving is not None
    assert grid.moving.all()


def test_where_the_position_jumped_the_speed_is_unknown_and_the_distance_does_not_grow() -> None:
    distance = np.array([0.0, 3, 6, 4006, 4009, 9, 12])
    grid = clean(Samples(np.arange(7.0), {Channel.DISTANCE_M: distance}), Sport.RUN)
    assert grid.speed_mps is not None
    assert grid.distance_m is not None
    assert np.isnan(grid.speed_mps).tolist() == [False, False, True, False, True, False, False]
    assert grid.distance_m.tolist() == [0, 3, 6, 6, 9, 9, 12]


def test_a_swimmers_length_of_the_pool_is_no_jump() -> None:
    distance = np.repeat(np.arange(10.0) * 50, 40)
    grid = clean(Samples(np.arange(400.0), {Channel.DISTANCE_M: distance}), Sport.SWIM)
    assert grid.dropped == ()


def test_moving_is_what_the_service_says_and_else_what_the_speed_says() -> None:
    speed = np.array([0.0, 0.8, 0.9, 5])
    by_speed = clean(Samples(np.arange(4.0), {Channel.SPEED_MPS: speed}), Sport.RIDE).moving
    assert by_speed is not None
    assert by_speed.tolist() == [False, False, True, True]
    told = {Channel.SPEED_MPS: speed, Channel.MOVING: np.array([1.0, 1, 0, 0])}
    by_service = clean(Samples(np.arange(4.0), told), Sport.RIDE).moving
    assert by_service is not None
    assert by_service.tolist() == [True, True, False, False]
    assert clean(Samples(np.arange(4.0), {Channel.SPEED_MPS: np.zeros(4)})).moving is None


def test_a_grid_cannot_be_changed_by_one_calculator_for_the_next() -> None:
    grid = clean(power([0, 1], [100, 200]))
    assert grid.power_w is not None
    with pytest.raises(ValueError, match="read-only"):
        grid.power_w[0] = 0


@given(st.lists(st.integers(1, 12), min_size=1, max_size=SPARSE_READINGS - 1), st.data())
def test_the_grid_agrees_with_a_slow_reading_of_the_rule(steps: list[int], data: st.DataObject) -> None:
    seconds = np.concatenate(([0], np.cumsum(steps))).astype(float)
    readings = np.array(
        data.draw(st.lists(st.integers(0, 900), min_size=len(seconds), max_size=len(seconds))), dtype=float
    )
    assume(readings.any())  # a meter that reads zero throughout tells nothing
    expected: list[float] = []
    for step, reading in zip([*steps, 1], readings, strict=True):
        expected += [float(reading)] * (step if step <= 5 else 1)
    grid = clean(Samples(seconds, {Channel.POWER_W: readings}))
    assert grid.power_w is not None
    assert grid.power_w.tolist() == expected
    assert int(grid.stretch[-1]) == sum(step > 5 for step in steps)
