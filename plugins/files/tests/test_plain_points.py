"""Points that are read from where they lie: the same as the decoder makes of them."""

import struct
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plugins.files.tests.made_files import file_id, fit, stamp
from training_analyzer.sdk import Column
from training_analyzer_files.fit.plain_points import columns_of
from training_analyzer_files.fit.structure import RECORD, structure_of
from training_analyzer_files.settings import FilesSettings

EXPANDED = {"speed": "enhanced_speed", "altitude": "enhanced_altitude"}
LAYOUT = {
    253: ("I", 0x86),
    0: ("i", 0x85),
    1: ("i", 0x85),
    2: ("H", 0x84),
    3: ("B", 0x02),
    4: ("B", 0x02),
    5: ("I", 0x86),
    6: ("H", 0x84),
    7: ("H", 0x84),
    13: ("b", 0x01),
    53: ("B", 0x02),
    99: ("H", 0x84),  # of no meaning to us
}


def plain(content: bytes) -> Mapping[str, Column] | None:
    structure = structure_of(content, FilesSettings())
    return columns_of(structure.messages[RECORD], structure.points)


def assert_alike(content: bytes) -> None:
    import fitfast

    ours = plain(content)
    theirs = fitfast.records(structure_of(content, FilesSettings()).whole)
    assert ours is not None
    for name, column in ours.items():
        # It names a reading by the profile's newer field, too; scaled there and back, a mm/s is lost at times.
        decoded = theirs.get(name, theirs.get(EXPANDED.get(name, "")))
        if decoded is None:
            assert np.isnan(column).all()
        elif "speed" in name:
            assert column == pytest.approx(decoded, abs=0.001_01, nan_ok=True)
            assert np.array_equal(np.rint(column * 1000) / 1000, column, equal_nan=True)
        else:
            assert np.array_equal(column, decoded, equal_nan=True), name


def table(order: str, numbers: Sequence[int], rows: Sequence[Sequence[int]]) -> bytes:
    """A definition of points and a point for each row, in one byte order."""
    head = bytes((0x40, 0, order == ">")) + struct.pack(f"{order}HB", RECORD, len(numbers))
    layout = [LAYOUT[number] for number in numbers]
    fields = b"".join(
        bytes((number, struct.calcsize(code), base))
        for number, (code, base) in zip(numbers, layout, strict=True)
    )
    codes = order + "".join(code for code, _ in layout)
    return head + fields + b"".join(b"\0" + struct.pack(codes, *row) for row in rows)


def values(number: int) -> st.SearchStrategy[int]:
    code, _ = LAYOUT[number]
    size = 8 * struct.calcsize(code)
    if number == 253:
        return st.just(stamp(0))
    return (
        st.integers(-(2 ** (size - 1)), 2 ** (size - 1) - 1)
        if code.islower()
        else st.integers(0, 2**size - 1)
    )


@settings(max_examples=60, deadline=None)
@given(st.data(), st.sampled_from("<>"), st.lists(st.sampled_from(sorted(LAYOUT)[:-2]), unique=True))
def test_whatever_a_device_writes_is_read_as_the_decoder_reads_it(
    data: st.DataObject, order: str, numbers: list[int]
) -> None:
    numbers = [253, *numbers]
    rows = data.draw(st.lists(st.tuples(*map(values, numbers)), min_size=16, max_size=20))
    assert_alike(fit(file_id(), table(order, numbers, rows), table(order, numbers[:1], [(stamp(9),)] * 16)))


def test_the_real_recordings_of_usual_shape_are_read_alike(recordings: Path) -> None:
    read = 0
    for path in sorted(recordings.rglob("*.fit")):
        content = path.read_bytes()
        if structure_of(content, FilesSettings()).messages.get(RECORD) and plain(content) is not None:
            assert_alike(content)
            read += 1
    assert read >= 6


@pytest.mark.parametrize(
    "points",
    [
        table("<", (253, 2), [(stamp(n), 2500) for n in range(15)]),  # so few are no table
        table("<", (3, 7), [(140, 200)] * 20),  # without a time
        table("<", (253,), [(12_345,)] * 20),  # since the device was switched on
        table("<", (253, 3), [(stamp(n), 140) for n in range(20)]).replace(b"\x03\x01\x02", b"\x03\x01\x0a"),
    ],
)
def test_what_is_not_of_usual_shape_is_left_to_the_decoder(points: bytes) -> None:
    assert plain(fit(file_id(), points)) is None
