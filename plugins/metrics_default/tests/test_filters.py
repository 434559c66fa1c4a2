"""The exponential average: its recurrence, its limits, and its start. Sums of windows, one by one."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from training_analyzer_metrics_default.filters import (
    exponential_average,
    fading_sum,
    rolling_sums,
    two_averages,
)

VALUES = st.lists(st.floats(0, 500), min_size=1, max_size=120)


@given(VALUES, st.floats(0.001, 0.5), st.floats(0, 300))
def test_it_agrees_with_its_recurrence(values: list[float], weight: float, start: float) -> None:
    expected, average = [], start
    for value in values:
        average += (value - average) * weight
        expected.append(average)
    assert exponential_average(np.array(values), weight, start=start) == pytest.approx(expected, abs=1e-9)


@given(
    st.lists(st.floats(0, 500), min_size=1, max_size=60),
    st.floats(0.001, 0.5),
    st.floats(0.001, 0.5),
    st.floats(0, 300),
    st.integers(1, 3),
)
def test_two_at_once_are_each_by_itself(
    values: list[float], one: float, other: float, start: float, athletes: int
) -> None:
    # Beyond a chunk too.
    rows = np.array([np.resize(np.roll(values, shift), 1010) for shift in range(athletes)])
    doubled = 2 * rows
    for given_rows, weight, found in zip(
        (rows, doubled),
        (one, other),
        two_averages((rows, doubled), (one, other), start=start),
        strict=True,
    ):
        expected = exponential_average(given_rows, weight, start=start)
        np.testing.assert_allclose(
            found, expected, rtol=1e-12, atol=1e-12
        )  # `approx` takes ten times as long


@pytest.mark.parametrize("weight", [1 / 43, 1 / 26, 1 / 7, 0.25, 0.5])
def test_thirty_years_do_not_overflow(weight: float) -> None:
    averages = exponential_average(np.full((2, 30 * 365), 80.0), weight)
    assert averages[:, 800:] == pytest.approx(80)


def test_what_was_long_ago_has_faded() -> None:
    falling = exponential_average(np.concatenate(([1000.0], np.zeros(2500))), -math.expm1(-1 / 7))
    assert falling[2000] == pytest.approx(1000 * -math.expm1(-1 / 7) * math.exp(-2000 / 7), rel=1e-9)


def test_of_nothing_there_is_nothing() -> None:
    assert exponential_average(np.empty(0), 0.1).size == 0


@given(st.lists(st.tuples(st.floats(0, 2000), st.floats(0, 1)), min_size=1, max_size=200))
def test_a_fading_sum_agrees_with_its_recurrence(steps: list[tuple[float, float]]) -> None:
    gains, kept = np.array(steps).T
    expected, value = [], 0.0
    for gain, share in steps:
        value = value * share + gain
        expected.append(value)
    assert fading_sum(gains, kept) == pytest.approx(expected, rel=1e-9, abs=1e-9)


def test_what_is_never_kept_neither_overflows_nor_vanishes() -> None:
    gains = np.full(1000, 800.0)
    assert (fading_sum(gains, np.zeros(1000)) == 800).all()
    assert fading_sum(gains, np.ones(1000)) == pytest.approx(np.arange(1, 1001) * 800.0)


def test_a_night_forgets_what_was_before_it_and_nothing_behind_it() -> None:
    gains, kept = np.full(5000, 3.0), np.full(5000, 0.998)
    kept[3210] = 1e-300
    behind = fading_sum(gains[3210:], kept[3210:])
    assert fading_sum(gains, kept)[3210:] == pytest.approx(behind, rel=1e-12)


@given(
    st.lists(st.floats(0, 500), min_size=1, max_size=60),
    st.lists(st.integers(1, 100), min_size=1, max_size=4),
    st.integers(1, 3),
)
def test_sums_of_windows_agree_with_adding_each_up(
    values: list[float], windows: list[int], athletes: int
) -> None:
    rows = np.array([np.roll(values, shift) for shift in range(athletes)])
    for days, sums in zip(windows, rolling_sums(rows, windows), strict=True):
        for row, of_row in zip(rows, sums, strict=True):
            expected = [
                row[last - days + 1 : last + 1].sum() if last >= days - 1 else np.nan
                for last in range(row.size)
            ]
            assert of_row == pytest.approx(expected, abs=1e-9, nan_ok=True)


def test_windows_of_nothing_are_exactly_nothing() -> None:
    loads = np.concatenate((np.full(30, 0.1), np.zeros(30)))
    (sums,) = rolling_sums(loads, (7,))
    assert (sums[-20:] == 0).all()


def test_the_order_of_the_numbers_in_memory_is_no_matter() -> None:
    rows = np.arange(60.0).reshape(3, 20)
    for ours, theirs in zip(
        rolling_sums(rows, (2, 7, 13)), rolling_sums(np.asfortranarray(rows), (2, 7, 13)), strict=True
    ):
        assert np.array_equal(ours, theirs, equal_nan=True)
