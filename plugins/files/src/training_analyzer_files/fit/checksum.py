"""The checksum of FIT files: CRC-16/ARC, many bytes at once."""

from functools import cache

import numpy as np
from numpy.typing import NDArray

_REFLECTED_POLYNOMIAL = 0xA001
_FEWEST_IN_LANES = 256

Remainders = NDArray[np.uint16]


def checksum(data: bytes, start: int = 0) -> int:
    """
    Return the CRC of the data, continuing from `start`.

    A byte at a time takes Python seconds for a long ride. The data are cut into lanes of equal length,
    whose remainders are computed side by side, two bytes at once, and then joined: the CRC of A and B
    together is that of A, moved on by as many zeros as B has bytes, combined with that of B.
    """
    if len(data) < _FEWEST_IN_LANES:
        return _one_by_one(data, start)
    steps = 1 << (int(len(data) ** 0.5) // 4).bit_length()  # few lengths, so that few tables are made
    lanes = -(-len(data) // steps)
    padded = np.zeros(lanes * steps, np.uint8)
    begin = padded.size - len(data)  # zeros in front leave a remainder of zero
    padded[begin:] = np.frombuffer(data, np.uint8)
    padded[begin] ^= start & 0xFF
    padded[begin + 1] ^= start >> 8
    remainders = np.zeros(lanes, np.uint16)
    for pair in np.ascontiguousarray(padded.view("<u2").reshape(lanes, steps // 2).T):
        remainders = _by_pairs()[remainders ^ pair]
    low, high = _moved_on(steps)
    total = 0
    for remainder in remainders.tolist():
        total = low[total & 0xFF] ^ high[total >> 8] ^ remainder
    return total


def _one_by_one(data: bytes, start: int) -> int:
    table, remainder = _table(), start
    for byte in data:
        remainder = remainder >> 8 ^ int(table[(remainder ^ byte) & 0xFF])
    return remainder


def _step(remainders: Remainders, column: NDArray[np.uint8] | int) -> Remainders:
    moved: Remainders = (remainders >> 8) ^ _table()[(remainders ^ column) & 0xFF]
    return moved


@cache
def _by_pairs() -> Remainders:
    """Return what two more bytes make of every remainder that they were combined with."""
    return _step(_step(np.arange(1 << 16, dtype=np.uint16), 0), 0)


@cache
def _moved_on(steps: int) -> tuple[list[int], list[int]]:
    """Return what becomes of every low and every high byte of a remainder after so many zeros."""
    moved = np.concatenate([np.arange(256), np.arange(256) << 8]).astype(np.uint16)
    for _ in range(steps):
        moved = _step(moved, 0)
    return moved[:256].tolist(), moved[256:].tolist()


@cache
def _table() -> Remainders:
    remainders = np.arange(256, dtype=np.uint16)
    for _ in range(8):
        remainders = np.where(remainders & 1, remainders >> 1 ^ _REFLECTED_POLYNOMIAL, remainders >> 1)
    return remainders.astype(np.uint16)
