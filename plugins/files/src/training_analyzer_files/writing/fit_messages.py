"""
The frame of a FIT file: definitions, messages and checksums.

Messages of one kind that follow each other are packed at once from columns. The library that writes
FIT (fit-tool 0.9.16) takes seconds of computing for a ride of three hours, this takes milliseconds.
Layout: "Flexible & Interoperable Data Transfer (FIT) Protocol", header, record format, CRC.
"""

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from training_analyzer_files.fit.checksum import checksum

PROTOCOL_VERSION: Final = 0x20
PROFILE_VERSION: Final = 2132
_LITTLE_ENDIAN: Final = 0
_DEFINITION: Final = 0x40


@dataclass(frozen=True, slots=True)
class BaseType:
    """A type of the protocol: its number, how numpy calls it, and the value that says there is none."""

    number: int
    numpy: str
    invalid: int


ENUM: Final = BaseType(0x00, "u1", 0xFF)
SINT8: Final = BaseType(0x01, "i1", 0x7F)
UINT8: Final = BaseType(0x02, "u1", 0xFF)
UINT16: Final = BaseType(0x84, "<u2", 0xFFFF)
SINT32: Final = BaseType(0x85, "<i4", 0x7FFFFFFF)
UINT32: Final = BaseType(0x86, "<u4", 0xFFFFFFFF)
STRING: Final = 0x07

Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a message: stored as `(value + offset) * scale`, rounded."""

    number: int
    base: BaseType
    scale: float = 1
    offset: float = 0

    def packed(self, values: Values) -> NDArray[np.generic]:
        """Return the column as it is stored. What is missing or does not fit is said to be missing."""
        kind = np.dtype(self.base.numpy)
        stored = np.round((values + self.offset) * self.scale)
        lowest, highest = np.iinfo(kind).min, np.iinfo(kind).max
        fits = np.isfinite(stored) & (stored >= lowest) & (stored <= highest) & (stored != self.base.invalid)
        column: NDArray[np.generic] = np.where(fits, stored, self.base.invalid).astype(np.int64).astype(kind)
        return column


def messages(
    number: int,
    columns: Sequence[tuple[Field, Sequence[float] | Values]],
    texts: Sequence[tuple[int, str]] = (),
) -> bytes:
    """Encode a definition and its messages: as many as the columns are long. NaN is missing."""
    arrays = [(field, np.asarray(values, dtype=np.float64)) for field, values in columns]
    encoded = [(field, text.encode()[:60] + b"\0") for field, text in texts]
    definition = struct.pack("<BBBHB", _DEFINITION, 0, _LITTLE_ENDIAN, number, len(arrays) + len(encoded))
    layout: list[tuple[str, str]] = [("header", "u1")]
    for field, _ in arrays:
        kind = np.dtype(field.base.numpy)
        definition += bytes((field.number, kind.itemsize, field.base.number))
        layout.append((f"field_{field.number}", field.base.numpy))
    for text_number, text in encoded:
        definition += bytes((text_number, len(text), STRING))
        layout.append((f"text_{text_number}", f"S{len(text)}"))
    table = np.zeros(arrays[0][1].size, dtype=layout)
    for field, values in arrays:
        table[f"field_{field.number}"] = field.packed(values)
    for text_number, text in encoded:
        table[f"text_{text_number}"] = text
    return definition + table.tobytes()


def message(
    number: int, values: Sequence[tuple[Field, float | None]], texts: Sequence[tuple[int, str]] = ()
) -> bytes:
    """Encode one message; what is None is left out."""
    columns = [(field, [float(value)]) for field, value in values if value is not None]
    return messages(number, columns, texts)


def fit_file(*parts: bytes) -> bytes:
    """Put header and checksums around the messages."""
    data = b"".join(parts)
    header = struct.pack("<BBHI4s", 14, PROTOCOL_VERSION, PROFILE_VERSION, len(data), b".FIT")
    header += struct.pack("<H", checksum(header))
    return header + data + struct.pack("<H", checksum(header + data))
