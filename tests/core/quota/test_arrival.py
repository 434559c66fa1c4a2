"""When owed requests will have been sent, against the windows played by hand."""

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from training_analyzer.quota.arrival import arrival
from training_analyzer.quota.reserve import Reserve
from training_analyzer.sdk import Quota

NOW = datetime(2026, 6, 15, 12, 5, tzinfo=UTC)
QUARTER = Quota(name="quarter", limit=100, window_s=900)
DAY = Quota(name="day", limit=1000, window_s=86_400)
NOTHING_HELD = Reserve()


def when(
    high: int, low: int = 0, *, quarter: int = 0, day: int = 0, reserve: Reserve = NOTHING_HELD
) -> datetime | None:
    return arrival([(QUARTER, quarter), (DAY, day)], reserve, high=high, low=low, now=NOW)


def test_what_fits_now_takes_half_a_second_each() -> None:
    assert when(60) == NOW + timedelta(seconds=30)
    assert arrival([], NOTHING_HELD, high=1, low=3, now=NOW) == NOW + timedelta(seconds=2)


def test_what_does_not_fit_waits_for_the_next_windows() -> None:
    assert when(150, quarter=80) == datetime(2026, 6, 15, 12, 30, tzinfo=UTC) + timedelta(seconds=15)
    assert when(1, quarter=100) == datetime(2026, 6, 15, 12, 15, 0, 500_000, tzinfo=UTC)


def test_what_the_day_does_not_hold_waits_for_midnight() -> None:
    at_midnight = datetime(2026, 6, 16, tzinfo=UTC)
    assert when(1, day=1000) == at_midnight + timedelta(seconds=0.5)
    assert when(150, day=990) == at_midnight + timedelta(minutes=15, seconds=20)


def test_low_waits_for_its_reserve_to_melt_and_for_what_is_urgent() -> None:
    held = Reserve(short=0.4, day=1.0)
    # By a quarter past noon, 51.04 % of the day have passed: 510 of 1,000 may be used by LOW.
    assert when(0, 10, day=500, reserve=held) == NOW + timedelta(seconds=5)
    assert when(0, 20, day=500, reserve=held) == datetime(2026, 6, 15, 12, 15, 5, tzinfo=UTC)
    first = when(100, 100)
    assert first
    assert first > datetime(2026, 6, 15, 12, 15, tzinfo=UTC)


def test_high_waits_for_what_is_held_back_for_newcomers() -> None:
    held = Reserve(first_short=0.1, first_day=0.05)
    assert when(10, day=940, reserve=held) == NOW + timedelta(seconds=5)
    assert when(11, day=940, reserve=held) == datetime(2026, 6, 15, 22, 15, 0, 500_000, tzinfo=UTC)
    assert when(11, day=940) == NOW + timedelta(seconds=5.5)


@settings(deadline=None)
@given(st.integers(0, 3000), st.integers(0, 3000), st.integers(0, 100), st.integers(0, 1000))
def test_more_is_never_sooner(high: int, low: int, quarter: int, day: int) -> None:
    one = when(high, low, quarter=quarter, day=day)
    more = when(high + 1, low, quarter=quarter, day=day)
    assert one
    assert more
    assert NOW <= one <= more
    days = (high + low + day) // 1000 + 1
    assert one <= NOW + timedelta(days=days)


def test_what_is_too_far_is_not_told() -> None:
    assert when(10**6) is None
