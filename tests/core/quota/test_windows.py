from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training_analyzer.quota.windows import CLOCK_SKEW, QuotaWindow, window_at, windows_around

MOMENTS = st.datetimes(datetime(1960, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - bounds are naive by contract
LENGTHS_S = st.sampled_from([1, 10, 60, 900, 3600, 86_400])


@given(moment=MOMENTS, window_s=LENGTHS_S)
def test_every_moment_lies_in_one_window_aligned_to_midnight_utc(moment: datetime, window_s: int) -> None:
    window = window_at(moment, window_s)
    assert window.starts_at <= moment < window.ends_at
    assert window.ends_at - window.starts_at == timedelta(seconds=window_s)
    midnight = window.starts_at.replace(hour=0, minute=0, second=0)
    assert (window.starts_at - midnight) % timedelta(seconds=window_s) == timedelta()
    assert window.starts_at.microsecond == 0


@given(moment=MOMENTS, window_s=LENGTHS_S)
def test_windows_follow_each_other_without_a_gap(moment: datetime, window_s: int) -> None:
    window = window_at(moment, window_s)
    assert window_at(window.ends_at, window_s).starts_at == window.ends_at
    assert window_at(window.ends_at - timedelta(microseconds=1), window_s) == window


@given(moment=MOMENTS, window_s=st.sampled_from([10, 900, 86_400]), skew_s=st.floats(-2, 2))
def test_the_window_of_a_clock_that_is_a_little_off_is_among_those_around(
    moment: datetime, window_s: int, skew_s: float
) -> None:
    around = windows_around(moment, window_s)
    assert window_at(moment + timedelta(seconds=skew_s), window_s) in around
    assert len(around) <= 2


def test_a_moment_in_another_time_zone_is_the_same_moment() -> None:
    moment = datetime.fromisoformat("2026-05-04T01:10:00+02:00")
    assert window_at(moment, 86_400).starts_at == datetime(2026, 5, 3, tzinfo=UTC)


def test_away_from_boundaries_there_is_one_window_around() -> None:
    window = QuotaWindow(datetime(2026, 5, 4, 12, 0, tzinfo=UTC), datetime(2026, 5, 4, 12, 15, tzinfo=UTC))
    assert windows_around(window.starts_at + CLOCK_SKEW, 900) == (window,)
    assert len(windows_around(window.ends_at - CLOCK_SKEW, 900)) == 2


@pytest.mark.parametrize(("minute", "left"), [(-5, 1.0), (0, 1.0), (5, 2 / 3), (15, 0.0), (20, 0.0)])
def test_the_fraction_that_is_left_falls_from_one_to_zero(minute: int, left: float) -> None:
    noon = datetime(2026, 5, 4, 12, tzinfo=UTC)
    moment = noon + timedelta(minutes=minute)
    assert window_at(noon, 900).fraction_left(moment) == pytest.approx(left)
