"""A page is cut into the very bytes that came in."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from training_analyzer.sdk import BadData
from training_analyzer_strava.slicing import array_slices

LEAVES = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
)
SPACE = st.text(alphabet=" \t\r\n", max_size=3)


def objects(values: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.dictionaries(st.text(), values, max_size=4)


VALUES = st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=3) | objects(inner), max_leaves=8)


# A busy machine is no reason to fail.
patiently = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def written(draw: st.DrawFn) -> tuple[bytes, list[bytes], list[Any]]:
    """A JSON array as bytes, the bytes of each member, and the members."""
    members = draw(st.lists(objects(VALUES), max_size=5))
    parts = []
    for member in members:
        escaped = draw(st.booleans())
        indent = draw(st.sampled_from([None, 1]))
        text = json.dumps(member, ensure_ascii=escaped, indent=indent)
        # Lone surrogates can be written as escapes only.
        parts.append(text if not escaped and _is_unicode(text) else json.dumps(member, indent=indent))
    spaced = ",".join(draw(SPACE) + part + draw(SPACE) for part in parts)
    page = f"{draw(SPACE)}[{spaced or draw(SPACE)}]{draw(SPACE)}"
    return page.encode(), [part.encode() for part in parts], members


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


@patiently
@given(written())
def test_every_slice_is_the_bytes_that_came_in(page: tuple[bytes, list[bytes], list[Any]]) -> None:
    body, parts, members = page
    slices = list(array_slices(body.decode()))
    assert [part.body for part in slices] == parts
    assert [part.value for part in slices] == members
    assert all(part.body in body for part in slices)


@patiently
@given(written(), st.data())
def test_a_page_that_is_cut_off_is_refused(
    page: tuple[bytes, list[bytes], list[Any]], data: st.DataObject
) -> None:
    whole = page[0].decode().rstrip(" \t\r\n")
    cut = whole[: data.draw(st.integers(0, len(whole) - 1))]
    with pytest.raises(BadData):
        list(array_slices(cut))


@pytest.mark.parametrize(
    "text", ["", "{}", '{"message": "x"}', "[1 2]", "[1,]", "[,1]", "[1]]", "[1] x", "[nope]", "[" * 100_000]
)
def test_what_is_no_list_is_refused(text: str) -> None:
    with pytest.raises(BadData, match="Strava's list"):
        list(array_slices(text))
