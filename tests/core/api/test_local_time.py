"""The local time of sessions: a recording that says it counts before one whose plugin guesses."""

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.files import FakeFiles, line
from tests.fakes.provider import FakeProvider, FakeService
from tests.fakes.registry import registry_of
from training_analyzer.processing.local_time import NEAR, Clocks, LocalTime
from training_analyzer.processing.measuring import count_stale
from training_analyzer.registry.registry import Registry
from training_analyzer.runtime import Runtime
from training_analyzer.storage.clocks import Clock

EVENING: Final = datetime(2026, 6, 10, 16, 52, tzinfo=UTC)
ISLANDS_S: Final = 11 * 3600
"""Where a virtual world lies."""
HOME_S: Final = 3600


@pytest.fixture
def registry(service: FakeService) -> Registry:
    return registry_of(FakeProvider(service), FakeFiles())


@pytest.fixture
def hand_over(ann: httpx.Client, work_off: Callable[[], int]) -> Callable[..., None]:
    def handed(*lines: bytes) -> None:
        ann.post("/uploads", files={"file": ("a.txt", b"".join(lines))}).raise_for_status()
        work_off()

    return handed


def guessing(name: str, began: datetime = EVENING) -> bytes:
    """Write the longer recording: it leads."""
    return line(name, began, minutes=60, utc_offset_s=ISLANDS_S, guessed=True)


def saying(name: str, began: datetime = EVENING, offset_s: int = HOME_S) -> bytes:
    return line(name, began, minutes=59, utc_offset_s=offset_s)


def told(ann: httpx.Client) -> list[tuple[Any, ...]]:
    items = ann.get("/activities").json()["items"]
    return [(one["local_date"], one["utc_offset_s"], one["utc_offset_is_guessed"]) for one in items]


def days(ann: httpx.Client) -> dict[str, float]:
    answer = ann.get("/days", params={"metrics": "fake.daily_load", "from": "2026-06-09"}).json()
    values = answer["series"]["fake.daily_load"]["values"]
    return {day: value for day, value in zip(answer["days"], values, strict=True) if value}


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
@pytest.mark.parametrize("at_once", [True, False])
def test_who_says_the_offset_counts_before_who_leads(
    ann: httpx.Client, hand_over: Callable[..., None], order: tuple[int, int], *, at_once: bool
) -> None:
    copies = guessing("a"), saying("b")
    ordered = [copies[place] for place in order]
    if at_once:
        hand_over(*ordered)
    else:
        for one in ordered:
            hand_over(one)
    (activity,) = ann.get("/activities").json()["items"]
    assert [one["external_id"] for one in activity["recordings"] if one["leads"]] == ["a"]
    assert told(ann) == [("2026-06-10", HOME_S, False)]
    assert days(ann) == {"2026-06-10": 60.0}


def test_what_nobody_says_is_what_was_said_around_it(
    ann: httpx.Client, hand_over: Callable[..., None]
) -> None:
    hand_over(guessing("a"))
    assert told(ann) == [("2026-06-11", ISLANDS_S, True)]
    hand_over(saying("b", EVENING - timedelta(days=2)))
    assert told(ann)[0] == ("2026-06-10", HOME_S, True), "still guessed, but a better guess"
    hand_over(saying("c", EVENING + timedelta(days=1), -5 * 3600))
    assert told(ann)[1] == ("2026-06-10", -5 * 3600, True), "the nearest"


def test_what_was_said_long_ago_says_less_than_the_place(
    ann: httpx.Client, hand_over: Callable[..., None]
) -> None:
    hand_over(guessing("a"), saying("b", EVENING - NEAR - timedelta(minutes=1)))
    assert told(ann)[0] == ("2026-06-11", ISLANDS_S, True)


def test_what_a_joined_recording_says_counts_however_far_away_it_began(
    ann: httpx.Client, runtime: Runtime, hand_over: Callable[..., None], work_off: Callable[[], int]
) -> None:
    """A device with a wrong year, say, joined by hand: and then nothing is left to be done again."""
    hand_over(guessing("a"), saying("b", EVENING - timedelta(days=30)))
    later, earlier = ann.get("/activities").json()["items"]
    guessed = later["recordings"][0]["id"]
    ann.post(f"/activities/{later['id']}/join", json={"activity_id": earlier["id"]}).raise_for_status()
    work_off()
    (joined,) = ann.get("/activities").json()["items"]
    ann.put(f"/activities/{joined['id']}/leading", json={"recording_id": guessed}).raise_for_status()
    work_off()
    assert told(ann) == [("2026-06-10", HOME_S, False)]
    athlete_id = UUID(ann.get("/me").json()["id"])
    with runtime.database.transaction(athlete_id) as tx:
        assert count_stale(tx, athlete_id, runtime.plan, runtime.registry.providers) == 0


def test_with_whoever_said_it_goes_what_it_said(
    ann: httpx.Client, hand_over: Callable[..., None], work_off: Callable[[], int]
) -> None:
    hand_over(guessing("a"), saying("b"))
    (activity,) = ann.get("/activities").json()["items"]
    other = next(one["id"] for one in activity["recordings"] if not one["leads"])
    ann.delete(f"/activities/{activity['id']}/recordings/{other}").raise_for_status()
    work_off()
    assert told(ann) == [("2026-06-11", ISLANDS_S, True)]
    assert days(ann) == {"2026-06-11": 60.0}


@given(
    st.lists(st.tuples(st.integers(-240, 240), st.sampled_from([-18_000, 0, 3600])), max_size=8),
    st.sets(st.integers(0, 7)),
    st.randoms(use_true_random=False),
)
def test_neither_order_nor_ids_make_a_difference(
    said: list[tuple[int, int]], members: set[int], chance: random.Random
) -> None:
    def asked(ids: list[int]) -> LocalTime | None:
        clocks = [
            Clock(ids[place], EVENING + timedelta(hours=hours), offset_s)
            for place, (hours, offset_s) in enumerate(said)
        ]
        chance.shuffle(clocks)
        ordered = sorted(clocks, key=lambda clock: (clock.begins, clock.utc_offset_s, clock.recording_id))
        return Clocks(ordered).beside(EVENING, {ids[place] for place in members if place < len(ids)})

    ids = list(range(len(said)))
    first = asked(ids)
    assert first == asked(ids[::-1])
    near = [hours for hours, _ in said if timedelta(hours=abs(hours)) <= NEAR]
    of_session = any(place < len(said) for place in members)
    assert (first is None) == (not near and not of_session)
    assert first is None or first.is_guessed == (not of_session)
