"""
Points of the usual shape, read from where they lie: a table in the file becomes columns, without a parser.

It is what nearly all devices write, and a tenth of what decoding it takes otherwise. For anything else
(developer fields, compressed times, fields of another type than the profile says) it has no answer, and
the decoder is asked. What both read is the same to the last bit, but for speeds: fitfast scales them there
and back, and loses a millimetre a second at times; ours are what the file says. A test holds it to that.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from training_analyzer.sdk import Column
from training_analyzer_files.fit.structure import Run

_COMPRESSED, _DEVELOPER = 0x80, 0x20
_EPOCH_S: Final = 631_065_600.0
"""Of FIT: the end of 1989, in Unix seconds."""
_RELATIVE: Final = 0x10000000
"""Times below count since the device was switched on."""


@dataclass(frozen=True, slots=True)
class _Field:
    """A field of the profile: its name, its type, what stands for no reading, and how it is scaled."""

    name: str
    base: int
    kind: str
    missing: int
    scale: float = 1.0
    offset: float = 0.0


_S1, _U1, _U2, _S4, _U4 = (
    (0x01, "i1", 0x7F),
    (0x02, "u1", 0xFF),
    (0x84, "u2", 0xFFFF),
    (0x85, "i4", 0x7FFFFFFF),
    (0x86, "u4", 0xFFFFFFFF),
)
_FIELDS: Final[Mapping[int, _Field]] = {
    253: _Field("timestamp", *_U4, offset=-_EPOCH_S),
    0: _Field("position_lat", *_S4, scale=2**31 / 180),
    1: _Field("position_long", *_S4, scale=2**31 / 180),
    2: _Field("altitude", *_U2, scale=5, offset=500),
    3: _Field("heart_rate", *_U1),
    4: _Field("cadence", *_U1),
    5: _Field("distance", *_U4, scale=100),
    6: _Field("speed", *_U2, scale=1000),
    7: _Field("power", *_U2),
    13: _Field("temperature", *_S1),
    53: _Field("fractional_cadence", *_U1, scale=128),
    73: _Field("enhanced_speed", *_U4, scale=1000),
    78: _Field("enhanced_altitude", *_U4, scale=5, offset=500),
}
_SPEED_AND_DISTANCE: Final = 8
_TWICE: Final = ({"2", "78"}, {"6", "73"})
"""Where a device writes a reading twice, the decoder has rules of its own."""
_FEWEST_ALIKE: Final = 16
"""Points one behind another: below that, a parser is faster."""


def columns_of(points: int, runs: Sequence[Run]) -> dict[str, Column] | None:
    """Return the columns that samples are made of, NaN where a value is missing; None: ask the decoder."""
    size = sum(run.count for run in runs)
    if size != points or size < _FEWEST_ALIKE * len(runs):
        return None
    columns: dict[str, Column] = {}
    begin = 0
    for run in runs:
        shape = _shape(run)
        if shape is None:
            return None
        table: NDArray[np.void] = np.ndarray(run.count, shape, run.data, run.begin)
        for number in shape.names or ():
            field, raw = _FIELDS[int(number)], table[number]
            if field.name == "timestamp" and (raw < _RELATIVE).any():
                return None
            column = columns.setdefault(field.name, np.full(size, np.nan))
            column[begin : begin + run.count] = _scaled(raw, field)
        begin += run.count
    return columns


def _scaled(raw: NDArray[np.integer], field: _Field) -> Column:
    values = raw.astype(np.float64)
    if field.scale != 1:
        values /= field.scale
    if field.offset:
        values -= field.offset
    values[raw == field.missing] = np.nan
    return values


def _shape(run: Run) -> "np.dtype[np.void] | None":
    """Return where the fields that we know lie in each point; None where one is not as it should be."""
    if run.header & (_COMPRESSED | _DEVELOPER):
        return None
    order = ">" if run.definition[0] == 1 else "<"
    fields = run.definition[4 : 4 + 3 * run.definition[3]]
    if len(run.definition) != 4 + len(fields):  # developer fields follow
        return None
    names, kinds, places = [], [], []
    place = 1  # behind the header
    for number, size, base in zip(fields[::3], fields[1::3], fields[2::3], strict=True):
        field = _FIELDS.get(number)
        if number == _SPEED_AND_DISTANCE or str(number) in names:
            return None
        if field is not None:
            if base != field.base or size != np.dtype(field.kind).itemsize:
                return None
            names.append(str(number))
            kinds.append(order + field.kind)
            places.append(place)
        place += size
    if "253" not in names or any(both <= set(names) for both in _TWICE):
        return None
    return np.dtype({"names": names, "formats": kinds, "offsets": places, "itemsize": run.stride})
