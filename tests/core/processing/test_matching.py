"""Which recordings are of one session: whatever the copies, nothing counts twice, and in any order."""

from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import pairwise
from random import Random
from typing import Final

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from training_analyzer.domain.outline import Box, Outline
from training_analyzer.processing.matching import Candidate, leading, likeness, pair, sessions
from training_analyzer.sdk import Activity, Channel, Samples, Sport

NOON: Final = datetime(2026, 6, 15, 12, tzinfo=UTC)
CHANNELS: Final = (Channel.POWER_W, Channel.HEART_RATE_BPM, Channel.DISTANCE_M, Channel.LATITUDE_DEG)


def recorded(
    begin_s: float,
    length_s: int,
    *,
    sport: Sport = Sport.RIDE,
    pauses: Sequence[tuple[int, int]] = (),
    channels: Sequence[Channel] = (),
    latitude_deg: float | None = None,
) -> Outline:
    """Outline a recording of one reading a second, but in pauses."""
    seconds = np.arange(float(length_s))
    for first, last in pauses:
        seconds = seconds[(seconds < first) | (seconds > last)]
    readings = {channel: np.ones(seconds.size) for channel in channels}
    if latitude_deg is not None:
        readings |= {
            Channel.LATITUDE_DEG: np.full(seconds.size, latitude_deg),
            Channel.LONGITUDE_DEG: np.full(seconds.size, 8.0),
        }
    return Outline.of(
        Activity(
            sport=sport,
            started_at=datetime.fromtimestamp(NOON.timestamp() + begin_s, UTC),
            elapsed_s=length_s,
            moving_s=length_s,
            samples=Samples(seconds, readings),
        )
    )


def told(begin_s: float, elapsed_s: float, moving_s: float, sport: Sport = Sport.RIDE) -> Outline:
    """Outline a summary without readings."""
    return Outline.of(
        Activity(
            sport=sport,
            started_at=datetime.fromtimestamp(NOON.timestamp() + begin_s, UTC),
            elapsed_s=elapsed_s,
            moving_s=moving_s,
        )
    )


def candidates(*outlines: Outline) -> list[Candidate]:
    return [Candidate(n, ("files", f"{n:03}"), outline) for n, outline in enumerate(outlines)]


def grouped(*outlines: Outline) -> list[tuple[int, ...]]:
    return [tuple(each.id for each in session) for session in sessions(candidates(*outlines))]


def test_another_start_second_another_length_and_other_pauses_are_one_ride() -> None:
    whole = recorded(0, 7200)
    paused = recorded(14, 7200, pauses=[(1000, 1900), (4000, 4200)])
    assert grouped(whole, paused, told(-3, 7230, 5800)) == [(0, 1, 2)]


def test_a_ride_in_two_halves_and_the_whole_of_it_count_once_and_the_whole_leads() -> None:
    halves = [recorded(0, 3500, channels=CHANNELS), recorded(3600, 3600, channels=CHANNELS)]
    assert grouped(*halves) == [(0,), (1,)]
    whole = recorded(0, 7200, channels=[Channel.HEART_RATE_BPM])
    (session,) = sessions(candidates(*halves, whole))
    assert leading(session).id == 2


def test_back_to_back_is_not_the_same() -> None:
    parts = [
        recorded(0, 1800, sport=Sport.SWIM),
        recorded(1798, 200, sport=Sport.OTHER),
        recorded(1998, 3600),
        recorded(5598, 2400, sport=Sport.RUN),
    ]
    assert grouped(*parts) == [(0,), (1,), (2,), (3,)]


def test_what_lies_in_another_recordings_pause_is_another_session() -> None:
    commute = recorded(0, 36_000, pauses=[(1800, 34_200)])
    assert grouped(commute, recorded(10_000, 3600)) == [(0,), (1,)]


def test_another_sport_at_the_same_time_is_the_same_only_where_nearly_all_of_it_agrees() -> None:
    ride = recorded(0, 7200)
    assert grouped(ride, recorded(5, 7150, sport=Sport.RUN)) == [(0, 1)], "a sport that was corrected"
    assert grouped(ride, recorded(3000, 900, sport=Sport.STRENGTH)) == [(0,), (1,)]
    assert grouped(ride, recorded(3000, 900, sport=Sport.OTHER)) == [(0, 1)]


def test_places_far_apart_are_two_sessions() -> None:
    assert grouped(recorded(0, 3600, latitude_deg=47.0), recorded(0, 3600, latitude_deg=48.0)) == [(0,), (1,)]
    assert grouped(recorded(0, 3600, latitude_deg=47.0), recorded(0, 3600, latitude_deg=47.01)) == [(0, 1)]


def test_a_clock_gone_mad_swallows_nobodys_month() -> None:
    mad = told(0, 86_400 * 20, 86_400 * 20)
    rides = [recorded(day * 86_400, 3600) for day in range(5)]
    assert len(grouped(mad, *rides)) == 6
    assert told(0, 86_400 * 366, 86_400 * 366).ends_s < NOON.timestamp() + 86_400 * 61


def test_the_richer_one_leads_and_of_equals_the_freer_one() -> None:
    poor = recorded(0, 3600, channels=[Channel.HEART_RATE_BPM, Channel.DISTANCE_M, Channel.LATITUDE_DEG])
    rich = recorded(0, 3500, channels=[Channel.POWER_W])
    assert leading(candidates(poor, rich)).id == 1
    bound, free = Candidate(1, ("a", "1"), rich, 3), Candidate(2, ("b", "1"), rich, 0)
    assert leading([bound, free]).id == 2
    assert leading([Candidate(1, ("a", "1"), rich, 3, chosen_at=NOON), free]).id == 1
    assert leading(candidates(told(0, 3600, 3600), poor)).id == 1, "a summary never leads readings"


def test_what_the_athlete_decided_counts_first() -> None:
    same = candidates(recorded(0, 3600), recorded(0, 3600), recorded(2, 3600))
    assert [len(each) for each in sessions(same, apart=[(0, 1), (0, 2)])] == [1, 2]
    other_day = candidates(recorded(0, 3600), recorded(90_000, 3600))
    assert len(sessions(other_day, together=[(0, 1)])) == 1


# What follows makes one athlete's truth, several rides one after another, and any number of copies of each.

rides = st.lists(
    st.tuples(st.integers(0, 20_000), st.integers(900, 20_000), st.sampled_from([Sport.RIDE, Sport.RUN])),
    min_size=1,
    max_size=5,
)
copies = st.lists(
    st.tuples(
        st.integers(-120, 120),  # clocks differ
        st.floats(0, 0.35),  # cropped at the beginning
        st.floats(0, 0.35),  # and at the end
        st.booleans(),  # pauses are cut out, or recorded through
    ),
    min_size=1,
    max_size=4,
)


@given(rides, copies, st.randoms(use_true_random=False))
def test_no_copy_counts_twice_and_no_other_ride_is_swallowed(
    truth: list[tuple[int, int, Sport]],
    made: list[tuple[int, float, float, bool]],
    chance: Random,
) -> None:
    outlines, ride_of, begin = [], [], 0.0
    for ride, (rest_s, length_s, sport) in enumerate(truth):
        begin += 400 + rest_s
        for shift_s, cut_before, cut_after, with_pauses in [(0, 0.0, 0.0, False), *made]:
            first, length = int(length_s * cut_before), int(length_s * (1 - cut_before - cut_after))
            pauses = [(length // 3, length // 3 + min(600, length // 5))] if with_pauses else []
            outlines.append(
                recorded(begin + first + min(shift_s, length // 8), length, sport=sport, pauses=pauses)
            )
            ride_of.append(ride)
        begin += length_s
    given_ = candidates(*outlines)
    found = [{each.id for each in session} for session in sessions(given_)]
    assert sorted(map(sorted, found)) == sorted(
        [n for n, each in enumerate(ride_of) if each == ride] for ride in range(len(truth))
    )
    chance.shuffle(given_)
    assert [{each.id for each in session} for session in sessions(given_)] == found, "in any order the same"
    for session in sessions(given_):
        led = leading(session)
        assert led.outline.active_s >= 0.75 * max(each.outline.active_s for each in session)


@given(st.lists(st.tuples(st.integers(0, 9000), st.integers(60, 9000), st.booleans()), max_size=12))
def test_no_two_activities_claim_the_same_time(spans: list[tuple[int, int, bool]]) -> None:
    """Whatever comes: what the leaders of one sport claim does not overlap by half of either."""
    outlines = [
        recorded(begin, length) if whole else told(begin, length, length) for begin, length, whole in spans
    ]
    led = sorted(
        (leading(session).outline for session in sessions(candidates(*outlines))),
        key=lambda outline: outline.begins_s,
    )
    for one, other in pairwise(led):
        assert not likeness(one, other)


@given(
    st.lists(st.tuples(st.integers(0, 9000), st.integers(60, 9000)), min_size=2, max_size=8),
    st.sets(st.tuples(st.integers(0, 7), st.integers(0, 7)), max_size=6),
)
def test_what_is_kept_apart_stays_apart(spans: list[tuple[int, int]], wanted: set[tuple[int, int]]) -> None:
    apart = {pair(one, other) for one, other in wanted if one != other}
    found = sessions(candidates(*(recorded(*span) for span in spans)), apart=apart)
    for session in found:
        ids = {each.id for each in session}
        assert not any(one in ids and other in ids for one, other in apart)
    assert sorted(each.id for session in found for each in session) == list(range(len(spans)))


@pytest.mark.parametrize(
    "box", [Box(south_deg=0, west_deg=0, north_deg=1, east_deg=1), None], ids=["placed", "indoors"]
)
def test_an_outline_survives_being_stored(box: Box | None) -> None:
    outline = recorded(0, 100, pauses=[(20, 90)]).model_copy(update={"box": box})
    assert Outline.model_validate_json(outline.model_dump_json()) == outline
