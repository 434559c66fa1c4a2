"""Columns of numbers as PostgreSQL has them: a tenth of what the driver takes for a list of them."""

import struct
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Final

import numpy as np
from psycopg.adapt import Dumper
from psycopg.pq import Format
from pydantic_core import to_json

from training_analyzer.domain.activity import Column


def as_array(numbers: Sequence[float | None]) -> str:
    """Return the text of an array; None is NULL. The statement casts it: `CAST(:numbers AS float8[])`."""
    return "{" + to_json(numbers).decode()[1:-1] + "}"


def column_as_array(column: Column) -> str:
    """Return the text of an array of a column; NaN is NULL."""
    missing = np.flatnonzero(np.isnan(column)).tolist()
    if not missing:
        return as_array(column.tolist())
    numbers: list[float | None] = column.tolist()
    for index in missing:
        numbers[index] = None
    return as_array(numbers)


_HEADER: Final = struct.Struct(">5i")
_FLOAT8: Final = 701
_FLOAT8_ARRAY: Final = 1022
_ELEMENT: Final = np.dtype([("size", ">i4"), ("number", ">f8")])
"""How PostgreSQL sends an array of one dimension: a header, then each number behind its size."""


def numbers_of(sent: bytes) -> Column:
    """Read what `array_send` of a float8[] without NULLs returns: a tenth of what a list of numbers takes."""
    if len(sent) <= _HEADER.size:
        return np.zeros(0)
    numbers: Column = np.frombuffer(sent, _ELEMENT, offset=_HEADER.size)["number"].astype(np.float64)
    return numbers


class ColumnDumper(Dumper):
    """Sends a column as a float8[], as PostgreSQL itself would. NaN stays NaN."""

    format = Format.BINARY
    oid = _FLOAT8_ARRAY

    def dump(self, obj: Column) -> bytes:
        elements = np.empty(obj.size, _ELEMENT)
        elements["size"] = _ELEMENT["number"].itemsize
        elements["number"] = obj
        return _HEADER.pack(1, 0, _FLOAT8, obj.size, 1) + elements.tobytes()


def end_to_end(columns: Iterable[Sequence[float]]) -> Column:
    """Return one column of all of these: a statement cuts it, `(CAST(:numbers AS float8[]))[first:last]`."""
    return np.fromiter(chain.from_iterable(columns), np.float64)
