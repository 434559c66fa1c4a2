"""
The checksum of FIT files: CRC-16/ARC, of thousands of bytes at once.

The remainder of a long division of polynomials over two elements, in which bits are coefficients and the
first bit has the highest power. The divisor x¹⁶+x¹⁵+x²+1 is the product of x+1 and x¹⁵+x+1. Divided by
the second, x¹⁵ leaves x+1. Squaring keeps that true: for every s that is a power of two, x¹⁵ˢ leaves
xˢ+1, so that a beginning of 14s bits may be added to what follows it, and once more s bits further on, and
be left out. That halves the data time and again. What is left divided by x+1 is the parity of all bits.
"""

from functools import cache

import numpy as np

_REFLECTED_POLYNOMIAL = 0xA001
_REFLECTED_FACTOR = 0xC001
"""x¹⁵+x+1. Added where the parity is wrong, it puts that right, and leaves nothing divided by itself."""
_LEFT_OUT, _REACHED = 14, 29
"""In units of s: how much is left out at once, and how much has to be there."""


def checksum(data: bytes, start: int = 0) -> int:
    """Return the CRC of the data, continuing from `start`. Byte by byte, a long ride would take seconds."""
    if len(data) < _REACHED:
        return _one_by_one(data, start)
    rest = np.frombuffer(bytearray(data), np.uint8)
    rest[0] ^= start & 0xFF
    rest[1] ^= start >> 8
    parity = _parity(bytes([np.bitwise_xor.reduce(rest)]))
    size = 1 << ((rest.size // _REACHED).bit_length() - 1)
    while size:
        while rest.size >= _REACHED * size:
            beginning, rest = rest[: _LEFT_OUT * size], rest[_LEFT_OUT * size :]
            rest[: beginning.size] ^= beginning
            rest[size : size + beginning.size] ^= beginning
        size >>= 1
    last = rest.tobytes()
    remainder = _one_by_one(last, 0)
    return remainder if _parity(last) == parity else remainder ^ _REFLECTED_FACTOR


def _parity(data: bytes) -> int:
    return int.from_bytes(data, "little").bit_count() & 1


def _one_by_one(data: bytes, start: int) -> int:
    table, remainder = _table(), start
    for byte in data:
        remainder = remainder >> 8 ^ table[(remainder ^ byte) & 0xFF]
    return remainder


@cache
def _table() -> list[int]:
    remainders = list(range(256))
    for _ in range(8):
        remainders = [one >> 1 ^ (_REFLECTED_POLYNOMIAL if one & 1 else 0) for one in remainders]
    return remainders
