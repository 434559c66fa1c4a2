"""Heart rates that a strap stored under water come to the points."""

import struct
from collections.abc import Callable, Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.files.tests.made_files import (
    ENUM,
    LENGTH,
    UINT8,
    UINT16,
    UINT32,
    file_id,
    fit,
    message,
    record,
    session,
    stamp,
)
from training_analyzer.sdk import Activity, Channel, Column
from training_analyzer_files.fit.decoding import messages_of
from training_analyzer_files.fit.strap import _readings
from training_analyzer_files.fit.structure import structure_of
from training_analyzer_files.settings import FilesSettings

Translated = Callable[[bytes], Activity]
TICKS = 1024
CLOCK = 5_000 * TICKS + 100
"""Of the strap, when the recording begins."""
GONE = 0xFF


def anchor(second: int, tick: int, rate: int) -> bytes:
    fields = (253, 4, 0x86, 0, 2, 0x84, 6, 1, 0x02, 9, 4, 0x86)
    definition = bytes((0x40, 0, 0)) + struct.pack("<HB", 132, 4) + bytes(fields)
    return definition + b"\0" + struct.pack("<IHBI", stamp(second), 0, rate, tick % 2**32)


def stored(ticks: Sequence[int], rates: Sequence[int]) -> bytes:
    """Eight readings, or another even number, with the last twelve bits of their times."""
    bits = sum((tick & 0xFFF) << 12 * place for place, tick in enumerate(ticks))
    size = len(ticks) * 3 // 2
    fields = (6, len(rates), 0x02, 10, size, 0x0D)
    definition = bytes((0x40, 0, 0)) + struct.pack("<HB", 132, 2) + bytes(fields)
    return definition + b"\0" + bytes(rates) + bits.to_bytes(size, "little")


def heart_rates(activity: Activity) -> Column:
    assert activity.samples is not None
    return activity.samples.channels[Channel.HEART_RATE_BPM]


def test_points_have_what_was_stored_since_the_one_before(translated: Translated) -> None:
    ticks = [CLOCK + 512 * step for step in range(1, 25)]  # two readings a second, up to the twelfth
    rates = [100 + step for step in range(1, 25)]
    content = fit(
        file_id(),
        *(record(second) for second in (0, 1, 2, 4, 8)),
        record(9, (3, UINT8, 150)),
        session(0, 10, sport=5),
        anchor(0, CLOCK, 100),
        *(stored(ticks[begin : begin + 8], rates[begin : begin + 8]) for begin in (0, 8, 16)),
    )
    # Up to second 1 there are 101 and 102, up to 2 then 103 and 104, up to 4 then 105 to 108.
    expected = [100, np.rint(101.5), np.rint(103.5), np.rint(106.5), np.rint(112.5), 150]
    assert heart_rates(translated(content)).tolist() == expected


def test_what_was_lost_or_stored_in_a_pause_is_no_reading(translated: Translated) -> None:
    content = fit(
        file_id(),
        *(record(second) for second in (0, 1, 600)),
        session(0, 600, sport=5),
        anchor(0, CLOCK, 100),
        stored([CLOCK + TICKS, CLOCK + 3 * TICKS], [GONE, 180]),
        anchor(590, CLOCK + 590 * TICKS, 120),
    )
    np.testing.assert_array_equal(heart_rates(translated(content)), [100, np.nan, 120])


def test_lengths_of_a_pool_have_them_too(translated: Translated) -> None:
    lengths = [
        message(
            LENGTH,
            (253, UINT32, stamp(end)),
            (2, UINT32, stamp(end - 30)),
            (3, UINT32, 30_000),
            (12, ENUM, 1),
        )
        for end in (30, 60)
    ]
    ticks = [CLOCK + 3 * TICKS * step for step in range(1, 21)]
    readings = [stored(ticks[begin : begin + 2], [110 + begin, 110 + begin]) for begin in range(0, 20, 2)]
    content = fit(
        file_id(),
        *lengths,
        session(0, 60, (44, UINT16, 2500), sport=5, sub_sport=17),
        anchor(0, CLOCK, 110),
        *readings,
    )
    assert heart_rates(translated(content)).tolist() == [114, 124]


@given(st.lists(st.integers(1, 4095), min_size=1, max_size=40), st.integers(0, 2**32 - 1), st.integers(1, 4))
def test_the_straps_clock_goes_on_from_its_last_bits(steps: list[int], begin: int, pairs: int) -> None:
    steps = steps * 2 * pairs
    ticks = [begin + sum(steps[: place + 1]) for place in range(len(steps))]
    size = 2 * pairs
    content = fit(
        file_id(),
        anchor(0, begin, 99),
        *(stored(ticks[place : place + size], [100] * size) for place in range(0, len(ticks), size)),
        session(0, 10),
    )
    times, rates = _readings(messages_of(structure_of(content, FilesSettings()))["hr"])
    assert times - times[0] == pytest.approx([0, *((tick - begin) / TICKS for tick in ticks)])
    assert rates.tolist() == [99, *[100] * len(ticks)]
