"""Load ratios, monotony, strain and rolling totals: closed forms, and what is not defined."""

import statistics
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from training_analyzer.sdk import DailySeries

Days = Callable[..., dict[str, DailySeries]]
RATIOS = ("load_ratio", "load_ratio_uncoupled", "load_ratio_exponential")


def test_a_constant_load_has_a_ratio_of_one(days: Days) -> None:
    made = days([80.0] * 60)
    for name in RATIOS:
        assert np.isnan(made[name].values[:27]).all()
        assert made[name].values[27:] == pytest.approx(1)
        assert made[name].absent == "no_chronic_load"


def test_a_doubled_week_coupled_and_uncoupled(days: Days) -> None:
    made = days([50.0] * 21 + [100.0] * 7)
    assert made["load_ratio"].values[-1] == pytest.approx(100 / 62.5)
    assert made["load_ratio_uncoupled"].values[-1] == pytest.approx(2)


def test_the_exponential_ratio_has_the_published_recurrence(days: Days) -> None:
    loads = np.random.default_rng(6).uniform(0, 200, 90)
    acute = chronic = loads[0]
    for load in loads[1:]:
        acute += (load - acute) * 2 / 8
        chronic += (load - chronic) * 2 / 29
    assert days(loads)["load_ratio_exponential"].values[-1] == pytest.approx(acute / chronic)


def test_after_a_month_of_rest_there_is_nothing_to_compare_with(days: Days) -> None:
    made = days([100.0] * 30 + [0.0] * 28)
    assert np.isnan(made["load_ratio"].values[-1])
    assert np.isnan(made["load_ratio_uncoupled"].values[-1])


def test_monotony_and_strain_of_a_week(days: Days) -> None:
    week = [0, 60, 85, 45, 0, 70, 130]
    monotony = np.mean(week) / np.std(week, ddof=1)
    made = days(week)
    assert made["monotony"].values[-1] == pytest.approx(monotony)
    assert made["strain"].values[-1] == pytest.approx(sum(week) * monotony)
    assert np.isnan(made["monotony"].values[:6]).all()


@given(st.lists(st.floats(0.1, 500) | st.just(0.0), min_size=7, max_size=30))
def test_monotony_agrees_with_the_deviation_of_each_week(days: Days, loads: list[float]) -> None:
    found = days(loads)["monotony"].values
    for last in range(6, len(loads)):
        week = loads[last - 6 : last + 1]
        mean, deviation = statistics.fmean(week), statistics.stdev(week)
        if deviation > 1.01e-5 * mean:
            ratio = mean / deviation
            # The more alike the days, the more of the digits cancel out.
            assert found[last] == pytest.approx(ratio, rel=1e-12 + 1e-14 * ratio**2)
        if deviation < 0.99e-5 * mean or mean == 0:
            assert np.isnan(found[last])


@pytest.mark.parametrize(("difference", "is_known"), [(0.01, True), (0.001, False)])
def test_days_that_hardly_differ_count_as_alike(days: Days, difference: float, is_known: bool) -> None:
    week = [50.0] * 6 + [50 + difference]
    found = days(week)["monotony"].values[-1]
    assert found == pytest.approx(50 / np.std(week, ddof=1), rel=1e-3) if is_known else np.isnan(found)


@pytest.mark.parametrize("load", [0.0, 0.1, 33.3, 100.0])
def test_days_that_are_all_alike_have_no_monotony(days: Days, load: float) -> None:
    made = days([load] * 30)
    for name in ("monotony", "strain"):
        assert np.isnan(made[name].values).all()
        assert made[name].absent == "no_variation"


@given(st.lists(st.floats(0, 500), min_size=1, max_size=220))
def test_totals_agree_with_sums(days: Days, loads: list[float]) -> None:
    made = days(loads, moving_s=np.array(loads) * 3600, distance_m=np.array(loads) * 1000)
    for window in (7, 28, 42, 90):
        for name in ("load", "time", "distance"):
            found = made[f"{name}_{window}d"].values
            change = made[f"{name}_change_{window}d"].values
            for day in range(len(loads)):
                if day < window - 1:
                    assert np.isnan(found[day])
                else:
                    assert found[day] == pytest.approx(sum(loads[day - window + 1 : day + 1]), abs=1e-5)
                if day >= 2 * window - 1:
                    assert change[day] == pytest.approx(found[day] - found[day - window])
                else:
                    assert np.isnan(change[day])


def test_after_a_long_rest_the_total_is_nothing_at_all(days: Days) -> None:
    loads = np.concatenate((np.random.default_rng(8).uniform(0, 100, 500), np.zeros(90)))
    assert days(loads)["load_90d"].values[-1] == 0


def test_only_loads_can_rest_on_estimates(days: Days) -> None:
    made = days([100.0] * 60, estimated=[50.0] * 60)
    share = made["load_28d"].estimated
    assert share is not None
    assert share[40] == pytest.approx(0.5)
    assert made["time_28d"].estimated is None
