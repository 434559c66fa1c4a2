"""Streams that are read from their bytes: the same as one value at a time, or not at all."""

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from training_analyzer.sdk import BadData, Channel, RawDocument
from training_analyzer_strava.plain_streams import plain_streams
from training_analyzer_strava.streams import KEYS, _column, _read_with_care, samples_from

NUMBERS = st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False, allow_infinity=False)
PLACES = st.tuples(NUMBERS, NUMBERS)
READINGS = {
    "latlng": st.lists(PLACES, max_size=3) | st.lists(PLACES | st.none() | st.just(()), max_size=3),
    "moving": st.lists(st.booleans(), max_size=3),
}
STREAMS = st.sets(st.sampled_from(KEYS), max_size=4).flatmap(
    lambda keys: st.fixed_dictionaries(
        {
            key: st.fixed_dictionaries(
                {
                    "data": READINGS.get(
                        key, st.lists(NUMBERS, max_size=3) | st.lists(NUMBERS | st.none(), max_size=3)
                    )
                }
            )
            for key in keys
        }
    )
)


@given(STREAMS)
def test_plain_streams_are_the_same_as_when_read_with_care(streams: dict[str, Any]) -> None:
    body = json.dumps(streams).encode()
    plain = plain_streams(body)
    careful = _read_with_care(RawDocument(kind="streams", media_type="application/json", body=body))
    assert plain is not None
    assert plain.keys() == careful.keys()
    for key, readings in plain.items():
        np.testing.assert_array_equal(_column(key, readings), _column(key, careful[key]), strict=True)


NESTED = st.recursive(st.integers(0, 9), lambda inner: st.lists(inner, max_size=3), max_leaves=6)


@given(st.lists(NESTED, max_size=4), st.sampled_from([(", ", ": "), (",", ":"), (" , ", " : ")]))
@example([[1, 2, 3], [4]], (", ", ": "))
@example([1, [2], [[3, 4], 5, 6]], (", ", ": "))
@example([[1], 2, [3, 4, [5, 6]]], (", ", ": "))
def test_what_is_no_place_is_none_however_it_is_read(places: list[Any], separators: tuple[str, str]) -> None:
    text = json.dumps({"latlng": {"data": places, "resolution": "high"}}, separators=separators)
    careful, plain = json.loads(text)["latlng"]["data"], plain_streams(text.encode())
    if plain is not None:
        np.testing.assert_equal(_places_of(plain["latlng"]), _places_of(careful))


def _places_of(readings: Any) -> Any:
    try:
        return _column("latlng", readings)
    except BadData as error:
        return str(error)


def test_what_is_all_numbers_is_a_column_that_may_be_written_to() -> None:
    streams = plain_streams(
        b'{"time": {"data": [0, 1]}, "watts": {"data": [1, null]}, "latlng": {"data": [[1, 2], [3, 4]]}}'
    )
    assert streams is not None
    assert streams["watts"] == [1, None]
    for key, readings in (("time", [0, 1]), ("latlng", [[1, 2], [3, 4]])):
        column = streams[key]
        assert isinstance(column, np.ndarray)
        assert column.flags.writeable
        assert column.tolist() == readings


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[1]",
        b"1",
        b"\xff",
        b'{"watts": null}',
        b'{"watts": 1}',
        b'{"watts": "data"}',
        b'{"watts": {"data": 1}}',
        b'{"watts": {"original_size": 1}}',
        b'{"watts": {"data": [1, 1e999]}}',
        b'{"watts": {"data": [1, 100000000000000000000]}}',
        b'{"watts": {"data": [[1, 2]]}}',
        b'{"watts": {"data": [1, [2, 3], []]}}',
        b'{"latlng": {"data": [1, 2]}}',
        b'""',
        b'\xef\xbb\xbf{"watts": {"data": [1]}}',
        b'{"time": {"data": [0, 1]}, "time": {"data": [2, 3]}}',
        b'{"watts": {"data": [[1, 2]]}, "latlng": {"data": [[1, 2], 0]}}',
        b'{"latlng": {"data": [[1, [2]], [[], 3]]}}',
    ],
)
def test_what_is_not_plain_is_left_to_be_read_with_care(body: bytes) -> None:
    assert plain_streams(body) is None


def test_without_simdjson_all_is_read_with_care(monkeypatch: pytest.MonkeyPatch) -> None:
    body = b'{"time": {"data": [0, 1]}, "watts": {"data": [5, 6]}}'
    assert plain_streams(body) is not None
    monkeypatch.setattr("training_analyzer_strava.plain_streams.simdjson", None)
    assert plain_streams(body) is None
    document = RawDocument(kind="streams", media_type="application/json", body=body)
    samples = samples_from(document, power_is_measured=True)
    assert samples is not None
    assert samples.channels[Channel.POWER_W].tolist() == [5, 6]


@pytest.mark.parametrize(
    "unused",
    ['"grade_smooth": {"data": ["steep", {}]}', '"watts": {"data": ["many", "few"]}'],
)
def test_a_stream_that_is_not_used_spoils_nothing(unused: str) -> None:
    body = f'{{"time": {{"data": [0, 1]}}, {unused}}}'.encode()
    document = RawDocument(kind="streams", media_type="application/json", body=body)
    samples = samples_from(document, power_is_measured=False)
    assert samples is not None
    assert samples.seconds.tolist() == [0, 1]
