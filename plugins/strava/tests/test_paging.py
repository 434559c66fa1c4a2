"""Paging by time: nothing slips through, whatever is deleted or inserted between two pages."""

from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training_analyzer_strava.paging import Place

UNTIL_S = 1000


@dataclass
class Service:
    """A list of starts, newest first, in pages of `size`; `hidden` rows take room and are not shown."""

    starts_s: list[int]
    size: int
    hidden: set[int] = field(default_factory=set)

    def page(self, place: Place) -> list[int]:
        inside = sorted((s for s in self.starts_s if s < place.before_s), reverse=True)
        rows = inside[(place.number - 1) * self.size : place.number * self.size]
        return [row for row in rows if row not in self.hidden]


def walk(service: Service, deletions: list[int]) -> tuple[set[int], int]:
    """List everything; delete one of the starts after each page, while there are some to delete."""
    place: Place | None = Place(UNTIL_S)
    seen: set[int] = set()
    requests = 0
    while place is not None:
        page = service.page(place)
        seen |= set(page)
        place = place.behind(page, len(page))
        requests += 1
        if deletions and service.starts_s:
            service.starts_s.pop(deletions.pop() % len(service.starts_s))
        assert requests < 1000
    return seen, requests


@given(
    st.lists(st.integers(0, UNTIL_S - 1), unique=True, max_size=60),
    st.integers(2, 20),
    st.lists(st.integers(0, 1000), max_size=10),
)
def test_what_was_there_all_the_time_is_listed(starts_s: list[int], size: int, deletions: list[int]) -> None:
    service = Service(list(starts_s), size)
    seen, _ = walk(service, list(deletions))
    assert set(service.starts_s) <= seen <= set(starts_s)


@given(st.lists(st.integers(0, 9), max_size=60), st.integers(1, 20))
def test_many_that_began_in_one_second_are_all_listed(starts_s: list[int], size: int) -> None:
    """Activities are told apart by their place in the list: each has to be on some page."""
    service = Service(list(starts_s), size)
    place: Place | None = Place(UNTIL_S)
    inside = sorted(starts_s, reverse=True)
    shown: set[int] = set()
    while place is not None:
        page = service.page(place)
        first = sum(1 for start in inside if start >= place.before_s) + (place.number - 1) * size
        shown |= set(range(first, first + len(page)))
        place = place.behind(page, len(page))
    assert shown == set(range(len(inside)))


@given(st.lists(st.integers(0, UNTIL_S - 1), unique=True, max_size=60), st.integers(2, 20))
def test_a_walk_costs_little_more_than_its_pages(starts_s: list[int], size: int) -> None:
    """Each page but the first repeats a row; the last is short or empty."""
    _, requests = walk(Service(list(starts_s), size), [])
    assert requests <= len(starts_s) / (size - 1) + 3


def test_one_page_and_a_short_one_are_two_requests() -> None:
    assert walk(Service(list(range(0, 180, 2)), 200), [])[1] == 2
    assert walk(Service([], 200), [])[1] == 1


def test_a_page_that_hides_rows_is_not_the_last() -> None:
    service = Service(list(range(100)), 10, hidden=set(range(60, 68)) | set(range(70, 75)))
    assert walk(service, [])[0] == set(range(100)) - service.hidden


def test_where_the_order_is_another_pages_are_counted() -> None:
    assert Place(UNTIL_S).behind([1, 2, 3], 3) == Place(UNTIL_S, 2, 3)


@pytest.mark.parametrize("place", [Place(5), Place(7, 3, 200)])
def test_a_cursor_comes_back(place: Place) -> None:
    assert Place.read(place.written(), until_s=9) == place
