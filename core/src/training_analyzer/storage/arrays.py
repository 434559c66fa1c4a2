"""Columns of numbers as PostgreSQL writes arrays: a tenth of what the driver takes for a list of them."""

from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np
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


def as_arrays(columns: Iterable[Sequence[float | None] | None]) -> str:
    """
    Return the texts of arrays, a space between two; NULL for none.

    `string_to_array(:columns, ' ', 'NULL')` parts them. The driver looks for what to escape in each text of a
    list: of curves, that took as long as all their numbers.
    """
    return " ".join("NULL" if numbers is None else as_array(numbers) for numbers in columns)


_HEADER_BYTES: Final = 20
_ELEMENT: Final = np.dtype([("size", ">i4"), ("number", ">f8")])
"""How PostgreSQL sends an array of one dimension: a header, then each number behind its size."""


def numbers_of(sent: bytes) -> Column:
    """Read what `array_send` of a float8[] without NULLs returns: a tenth of what a list of numbers takes."""
    if len(sent) <= _HEADER_BYTES:
        return np.zeros(0)
    numbers: Column = np.frombuffer(sent, _ELEMENT, offset=_HEADER_BYTES)["number"].astype(np.float64)
    return numbers
