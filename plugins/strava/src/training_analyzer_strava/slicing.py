"""A page of activities, cut into its records: each exactly as received, never parsed and written again."""

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

from training_analyzer.sdk import BadData

SPACE = " \t\r\n"
NOT_JSON = "Strava's list of activities is not JSON, or is cut off."


class Slice(NamedTuple):
    """One member of a JSON array: its bytes, and what they say."""

    body: bytes
    value: Any


def array_slices(text: str) -> Iterator[Slice]:
    """
    Yield the members of the JSON array that `text` is. Raises `BadData` where it is none.

    `text` was decoded as strict UTF-8, which only one sequence of bytes decodes to: encoding a part
    of it gives back the very bytes that came in, and offsets in characters are safe.
    """
    decoder = json.JSONDecoder()
    position = _after_space(text, 0)
    if not text.startswith("[", position):
        raise BadData("Strava's list of activities is no list.")
    position = _after_space(text, position + 1)
    closed = text.startswith("]", position)
    while not closed:
        try:
            value, end = decoder.raw_decode(text, position)
        except (ValueError, RecursionError) as error:
            raise BadData(NOT_JSON) from error
        yield Slice(text[position:end].encode(), value)
        position = _after_space(text, end)
        closed = text.startswith("]", position)
        if not closed:
            if not text.startswith(",", position):
                raise BadData(NOT_JSON)
            position = _after_space(text, position + 1)
    if _after_space(text, position + 1) != len(text):
        raise BadData(NOT_JSON)


def _after_space(text: str, position: int) -> int:
    while position < len(text) and text[position] in SPACE:
        position += 1
    return position
