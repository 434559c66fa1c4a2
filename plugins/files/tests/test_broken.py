"""Whatever is done to a file, it is read, or it is said why not: no other error, no long wait."""

import gzip
import io
import struct
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from plugins.files.tests.made_files import gpx, ride, tcx, zipped
from training_analyzer.sdk import Activity, BadData, RawActivity
from training_analyzer_files.fit.checksum import checksum
from training_analyzer_files.provider import FilesProvider
from training_analyzer_files.settings import FilesSettings

PROVIDER = FilesProvider(
    FilesSettings(max_fit_megabytes=1, max_xml_megabytes=4, max_points=20_000, max_unpacked_megabytes=8)
)
LONGEST_S = 20.0
"""Of this process's own time: how much of it others leave, nobody knows."""
Edits = list[tuple[float, int]]
EDITS = st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), min_size=1, max_size=12)
BOUNDED = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
SEEDS = [ride(), tcx(), gpx(), gzip.compress(ride()), zipped({"a.fit": ride(), "b.gpx": gpx()})]
REAL = [
    "elevate/fit/pool-swim.fit",
    "sweatpy/6471559601_ACTIVITY.fit",
    "sweatpy/2020-06-01-16-52-40.fit",
    "sweatpy/6449921903_ACTIVITY.fit",
]


def outcomes(content: bytes) -> list[Activity | str]:
    """Read and translate; whatever is not an activity or a reason escapes as the error that it is."""
    begun = time.process_time()
    found: list[Activity | str] = []
    for each in PROVIDER.read_upload("mutated", io.BytesIO(content)):
        if not isinstance(each, RawActivity):
            assert each.reason
            found.append(each.reason)
            continue
        try:
            found.append(PROVIDER.translate(each.documents))
        except BadData as error:
            found.append(str(error))
    assert time.process_time() - begun < LONGEST_S
    return found


def edited(content: bytes, edits: Edits, cut: float) -> bytes:
    changed = bytearray(content)
    for where, value in edits:
        changed[int(where * len(changed))] = value
    return bytes(changed[: int(cut * len(changed)) + 1])


def with_checksum(content: bytes) -> bytes:
    """Make a damaged FIT file look sound, so that the damage reaches the decoder."""
    data = content[14:-2]
    header = struct.pack("<BBHI4s", 14, 0x20, 2132, len(data), b".FIT")
    header += struct.pack("<H", checksum(header))
    return header + data + struct.pack("<H", checksum(data))


@BOUNDED
@given(seed=st.sampled_from(SEEDS), edits=EDITS, cut=st.one_of(st.just(1.0), st.floats(0, 1)))
def test_a_mutated_file_is_read_or_refused(seed: bytes, edits: Edits, cut: float) -> None:
    assert outcomes(edited(seed, edits, min(cut, 0.999999)))


@BOUNDED
@given(edits=EDITS, cut=st.one_of(st.just(1.0), st.floats(0.05, 1)))
def test_a_fit_file_damaged_beneath_its_checksum_is_read_or_refused(edits: Edits, cut: float) -> None:
    assert outcomes(with_checksum(edited(ride(20), edits, min(cut, 0.999999))))


@BOUNDED
@given(st.binary(max_size=400))
def test_any_messages_are_read_or_refused(data: bytes) -> None:
    assert outcomes(with_checksum(bytes(14) + data + bytes(2)))


@pytest.mark.parametrize("name", REAL)
def test_a_damaged_recording_is_read_or_refused(recordings: Path, name: str) -> None:
    content = (recordings / name).read_bytes()

    @settings(max_examples=60, deadline=None)
    @given(edits=EDITS, cut=st.one_of(st.just(1.0), st.floats(0.05, 1)))
    def damaged(edits: Edits, cut: float) -> None:
        assert outcomes(with_checksum(edited(content, edits, min(cut, 0.999999))))

    damaged()


def test_a_million_messages_of_one_byte_meet_a_limit() -> None:
    definition = b"\x40\0\0\x14\0\0"  # a point without a single field
    (reason,) = outcomes(with_checksum(bytes(14) + definition + bytes(900_000) + bytes(2)))
    assert "more than a recording can" in str(reason)
