"""Days: the filters in closed form, and what is absent until enough is known."""

import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from training_analyzer.sdk import Column, DailySeries
from training_analyzer_metrics_default.days import FITNESS_DAYS, FORM
from training_analyzer_metrics_default.filters import exponential_average
from training_analyzer_metrics_default.settings import LoadAverage

Days = Callable[..., dict[str, DailySeries]]
WEEK = [0, 60, 85, 45, 0, 70, 130]


def step(time_constant_days: int) -> float:
    return 1 - math.exp(-1 / time_constant_days)


def shares(series: DailySeries) -> Column:
    assert series.estimated is not None
    return series.estimated


def test_fitness_and_fatigue_of_a_known_pattern(days: Days) -> None:
    made = days(WEEK * 6)
    assert made["fitness"].values[-1] == pytest.approx(35.9, abs=0.05)
    assert made["fatigue"].values[-1] == pytest.approx(62.5, abs=0.05)
    assert made["form"].values[-1] == pytest.approx(
        made["fitness"].values[-2] - made["fatigue"].values[-2], rel=1e-12
    )
    assert made["form"].values[-1] != pytest.approx(35.9 - 62.5, abs=1)  # not today's
    assert FORM.window_days == FITNESS_DAYS + 1  # so it looks back on a day more


@pytest.mark.parametrize(("name", "time_constant_days"), [("fitness", 42), ("fatigue", 7)])
def test_training_peaks_goes_one_nth_of_the_way(days: Days, name: str, time_constant_days: int) -> None:
    loads = np.random.default_rng(7).uniform(0, 150, 240)
    found = days(loads, load_average=LoadAverage.TRAININGPEAKS)[name].values
    expected = 0.0
    for load, value in zip(loads, found, strict=True):
        expected += (load - expected) / time_constant_days
        assert value == pytest.approx(expected)
    by_default = days(loads)[name].values
    assert days(loads)[name].method == "exponential"
    assert days(loads, load_average=LoadAverage.TRAININGPEAKS)[name].method == "trainingpeaks"
    assert 0 < np.abs(found - by_default).max() < 5


@pytest.mark.parametrize(("name", "time_constant_days"), [("fitness", 42), ("fatigue", 7)])
def test_a_constant_load_is_approached_from_zero(days: Days, name: str, time_constant_days: int) -> None:
    values = days([100.0] * 400)[name].values
    age = np.arange(1, 401)
    assert values == pytest.approx(100 * (1 - np.exp(-age / time_constant_days)), rel=1e-12)
    assert values[-1] == pytest.approx(100, abs=0.01)


def test_after_42_days_fitness_has_covered_63_percent(days: Days) -> None:
    assert days([100.0] * 42)["fitness"].values[-1] == pytest.approx(100 * (1 - 1 / math.e))


def test_rest_days_are_there_and_zero(days: Days) -> None:
    made = days([100, 0, 0])
    assert made["daily_load"].values.tolist() == [100, 0, 0]
    assert made["fitness"].values[2] < made["fitness"].values[1] < made["fitness"].values[0]


def test_every_series_is_as_long_as_the_range(days: Days) -> None:
    for length in (1, 6, 7, 8, 41, 42, 43):
        made = days([50.0] * length)
        assert {series.values.shape for series in made.values()} == {(length,)}
        assert {series.estimated.shape for series in made.values() if series.estimated is not None} == {
            (length,)
        }


@pytest.mark.parametrize(
    ("name", "absent_days"),
    [("daily_load", 0), ("fitness", 0), ("fatigue", 0), ("form", 1), ("ramp_rate", 7), ("load_7d", 6),
     ("load_42d", 41), ("history_days", 0)],
)  # fmt: skip
def test_what_is_not_known_yet_is_absent(days: Days, name: str, absent_days: int) -> None:
    for length in (3, 100):
        series = days([50.0] * length)[name]
        assert np.isnan(series.values).sum() == min(absent_days, length)
        assert not np.isnan(series.values[absent_days:]).any()
        assert series.absent == "not_enough_history"


def test_totals_and_ramp_add_up(days: Days) -> None:
    loads = np.random.default_rng(2).uniform(0, 200, 90)
    made = days(loads)
    assert made["load_7d"].values[50] == pytest.approx(loads[44:51].sum())
    assert made["load_42d"].values[50] == pytest.approx(loads[9:51].sum())
    assert made["ramp_rate"].values[50] == pytest.approx(
        made["fitness"].values[50] - made["fitness"].values[43]
    )
    assert made["history_days"].values[50] == 51


def test_the_estimated_share_fades_as_the_estimates_do(days: Days) -> None:
    loads = [100.0] * 100
    made = days(loads, estimated=[100.0] * 50 + [0.0] * 50)
    for name in ("daily_load", "fitness", "fatigue", "load_7d"):
        assert shares(made[name])[45] == pytest.approx(1)
    assert shares(made["daily_load"])[50:].tolist() == [0] * 50
    assert shares(made["load_7d"])[52] == pytest.approx(4 / 7)
    fitness, fatigue = shares(made["fitness"]), shares(made["fatigue"])
    assert (np.diff(fitness[50:]) < 0).all()
    assert fatigue[70] < fitness[70]
    assert fitness[70] == pytest.approx(
        exponential_average(np.repeat([100.0, 0.0], 50), step(42))[70] / made["fitness"].values[70]
    )


@given(st.lists(st.tuples(st.floats(0, 500), st.floats(0, 1)), min_size=1, max_size=60))
def test_shares_are_shares(days: Days, drawn: list[tuple[float, float]]) -> None:
    made = days([load for load, _ in drawn], estimated=[load * share for load, share in drawn])
    for series in made.values():
        if series.estimated is not None:
            assert ((series.estimated >= 0) & (series.estimated <= 1)).all()


def test_the_share_of_a_difference_is_that_of_its_two_parts_together(days: Days) -> None:
    loads, estimated = np.full(60, 80.0), np.repeat([80.0, 0.0], 30)
    made = days(loads, estimated=estimated)
    fitness = np.stack((exponential_average(loads, step(42)), exponential_average(estimated, step(42))))
    fatigue = np.stack((exponential_average(loads, step(7)), exponential_average(estimated, step(7))))
    both = fitness[:, 39] + fatigue[:, 39]
    assert shares(made["form"])[40] == pytest.approx(both[1] / both[0])
    weeks = fitness[:, 40] + fitness[:, 33]
    assert shares(made["ramp_rate"])[40] == pytest.approx(weeks[1] / weeks[0])
