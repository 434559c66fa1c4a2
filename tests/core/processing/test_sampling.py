"""Fewer points of a recording: means of what was read, and nothing where nothing was."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from training_analyzer.domain.activity import Channel, Samples
from training_analyzer.processing.sampling import chosen, points, recorded, thinned

NAN = math.nan
READINGS = st.lists(st.one_of(st.just(NAN), st.floats(-1e6, 1e6)), min_size=1, max_size=60)


def of(seconds: list[float], **channels: list[float]) -> Samples:
    return Samples(
        np.array(seconds), {Channel(name): np.array(readings) for name, readings in channels.items()}
    )


def test_a_point_has_the_mean_of_what_was_read() -> None:
    made = thinned(of([0, 1, 2, 3], power_w=[100, NAN, 0, 200]), 2)
    assert made.seconds.tolist() == [0, 2]
    assert made.channels[Channel.POWER_W].tolist() == [100, 100]


def test_what_is_missing_stays_missing() -> None:
    made = thinned(of([0, 1, 2, 3], heart_rate_bpm=[NAN, NAN, 120, NAN]), 2)
    assert np.isnan(made.channels[Channel.HEART_RATE_BPM]).tolist() == [True, False]


def test_a_pause_has_no_points() -> None:
    made = thinned(of([0, 9.5, 60, 61], power_w=[1, 2, 3, 4]), 10)
    assert made.seconds.tolist() == [0, 60]
    assert made.channels[Channel.POWER_W].tolist() == [1.5, 3.5]


def test_points_stand_where_their_seconds_begin_however_late_the_first_sample() -> None:
    assert thinned(of([7, 12, 31], power_w=[1, 2, 3]), 10).seconds.tolist() == [0, 10, 30]


def test_the_mean_across_the_date_line_is_there_too() -> None:
    made = thinned(of([0, 1, 2, 3], longitude_deg=[179.5, -179.5, -179.0, NAN]), 2)
    assert made.channels[Channel.LONGITUDE_DEG].tolist() == pytest.approx([180.0, -179.0])


def test_channels_without_a_reading_are_not_there() -> None:
    samples = of([0, 1], power_w=[NAN, NAN], cadence_rpm=[NAN, 80], longitude_deg=[NAN, NAN])
    assert recorded(samples) == [Channel.CADENCE_RPM]
    assert list(chosen(samples, [Channel.CADENCE_RPM]).channels) == [Channel.CADENCE_RPM]
    assert np.isnan(thinned(samples, 5).channels[Channel.LONGITUDE_DEG]).all()


def test_no_samples_are_no_points() -> None:
    assert len(thinned(of([], power_w=[]), 10)) == 0


@given(READINGS, st.integers(1, 7), st.data())
def test_every_reading_counts_once(readings: list[float], resolution_s: int, data: st.DataObject) -> None:
    steps = data.draw(st.lists(st.integers(1, 9), min_size=len(readings), max_size=len(readings)))
    samples = of(np.cumsum(steps).tolist(), power_w=readings)
    made = thinned(samples, resolution_s)
    assert len(made) == points(samples, resolution_s) <= len(samples)
    for second, mean in zip(made.seconds, made.channels[Channel.POWER_W], strict=True):
        inside = (samples.seconds >= second) & (samples.seconds < second + resolution_s)
        read = samples.channels[Channel.POWER_W][inside]
        assert inside.any()
        if np.isnan(read).all():
            assert math.isnan(mean)
        else:
            assert mean == pytest.approx(np.nanmean(read), rel=1e-9, abs=1e-6)
