"""The checksum, against one computed bit by bit."""

from hypothesis import given
from hypothesis import strategies as st

from training_analyzer_files.fit.checksum import checksum


def bit_by_bit(data: bytes) -> int:
    remainder = 0
    for byte in data:
        remainder ^= byte
        for _ in range(8):
            remainder = remainder >> 1 ^ (0xA001 if remainder & 1 else 0)
    return remainder


def test_has_the_check_value_of_crc_16_arc() -> None:
    assert checksum(b"123456789") == 0xBB3D


@given(st.binary(max_size=3000), st.integers(0, 3000))
def test_folding_changes_nothing_and_it_goes_on_from_anywhere(data: bytes, cut: int) -> None:
    assert checksum(data) == bit_by_bit(data)
    assert checksum(data[cut:], checksum(data[:cut])) == checksum(data)
