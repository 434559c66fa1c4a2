"""Columns of readings: points of one second become one, and no reading is lost with them."""

from collections.abc import Callable

import numpy as np
import pytest

from plugins.files.tests.made_files import SINT32, UINT8, UINT16, file_id, fit, gpx, record, session, track
from training_analyzer.sdk import Activity, Channel, Column
from training_analyzer_files.columns import samples_from
from training_analyzer_files.order import in_order

Translated = Callable[[bytes], Activity]
GONE = np.nan


def channel_of(times: list[float], channel: Channel, readings: list[float]) -> Column:
    column = np.array(times)
    samples = samples_from(column, in_order(column), 0, {channel: np.array(readings)})
    assert samples is not None
    assert samples.left_out == 0
    return samples.channels[channel]


def test_a_sensor_with_points_of_its_own_loses_nothing(translated: Translated) -> None:
    content = fit(
        file_id(),
        *(
            record(second, field)
            for second in range(5)
            for field in ((3, UINT8, 140 + second), (7, UINT16, 200 + second), (13, UINT8, 20))
        ),
        session(0, 5),
    )
    samples = translated(content).samples
    assert samples is not None
    assert samples.seconds.tolist() == list(range(5))
    assert samples.channels[Channel.HEART_RATE_BPM].tolist() == [140, 141, 142, 143, 144]
    assert samples.channels[Channel.POWER_W].tolist() == [200, 201, 202, 203, 204]


def test_of_readings_at_one_time_the_last_stays_that_is_one() -> None:
    heart_rates = [140.0, GONE, 150, 0, GONE, GONE, 151, 152]
    times = [0.0, 0, 1, 1, 2, 2, 3, 3]  # a heart rate of zero is none
    found = channel_of(times, Channel.HEART_RATE_BPM, heart_rates)
    np.testing.assert_array_equal(found, [140, 150, GONE, 152])
    assert channel_of([0, 0, 1], Channel.POWER_W, [200, 0, 100]).tolist() == [0, 100], "zero watts are data"


def test_a_place_is_of_one_point(translated: Translated) -> None:
    half = 2**31 // 180
    content = fit(
        file_id(),
        record(0, (0, SINT32, 47 * half), (1, SINT32, 8 * half)),
        record(0, (0, SINT32, 48 * half), (1, SINT32, 2**31 - 1)),
        record(1, (0, SINT32, 47 * half), (1, SINT32, 8 * half)),
        session(0, 2),
    )
    samples = translated(content).samples
    assert samples is not None
    assert samples.channels[Channel.LATITUDE_DEG] == pytest.approx([47, 47], abs=1e-5)


def test_the_way_leads_through_no_place_that_is_none(translated: Translated) -> None:
    without = track().replace('lat="47.0003" lon="8.5"', 'lat="0" lon="0"')
    assert translated(gpx(without)).distance_m == pytest.approx(9 * 11.1195, rel=1e-4)
    twice = track(seconds=[*range(10), 9])
    assert translated(gpx(twice)).distance_m == pytest.approx(9 * 11.1195, rel=1e-4)
