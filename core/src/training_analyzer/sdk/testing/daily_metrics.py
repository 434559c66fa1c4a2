"""The contract that daily metrics keep."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest

from training_analyzer.sdk import Column, DailyInput, DailyMetrics, DailySeries
from training_analyzer.sdk.testing import samples
from training_analyzer.sdk.testing.declaration import DeclarationContract


class DailyMetricsContract(DeclarationContract):
    """The contract of `DailyMetrics`. Give the fixture `calculator`."""

    @pytest.fixture
    def calculator(self) -> DailyMetrics:
        raise NotImplementedError("give a fixture `calculator` that returns your DailyMetrics")

    @pytest.fixture
    def ranges(self, calculator: DailyMetrics) -> Mapping[str, DailyInput]:
        return samples.day_ranges(calculator.needs)

    def test_declares_its_metrics(self, calculator: DailyMetrics) -> None:
        self.check_declaration(calculator)

    def test_explains_itself(self, calculator: DailyMetrics) -> None:
        self.check_explanation(calculator)

    def test_needs_what_others_make(self, calculator: DailyMetrics) -> None:
        self.check_needs(calculator)

    def test_has_a_version(self, calculator: DailyMetrics) -> None:
        self.check_version(calculator)

    def test_copes_with_every_range(self, calculator: DailyMetrics, ranges: Mapping[str, DailyInput]) -> None:
        for name, given in ranges.items():
            try:
                made = list(calculator.measure(given))
            except Exception as error:
                raise AssertionError(f"{name}: {type(error).__name__}: {error}") from error
            assert all(isinstance(series, DailySeries) for series in made), (
                f"{name}: yield DailySeries objects"
            )

    def test_yields_what_it_declares_once(
        self, calculator: DailyMetrics, ranges: Mapping[str, DailyInput]
    ) -> None:
        declared = {metric.key for metric in calculator.metrics}
        for name, given in ranges.items():
            keys = [series.key for series in calculator.measure(given)]
            assert set(keys) <= declared, f"{name}: not declared in `metrics`: {sorted(set(keys) - declared)}"
            assert len(keys) == len(set(keys)), f"{name}: a series is yielded twice: {keys}"

    def test_series_span_the_range(self, calculator: DailyMetrics, ranges: Mapping[str, DailyInput]) -> None:
        for name, given in ranges.items():
            for series in calculator.measure(given):
                assert series.values.shape == (given.days,), f"{name}: {series.key} has {series.values.shape}"
                assert series.first_day == given.first_day, f"{name}: {series.key} begins on another day"

    def test_shares_of_estimates_are_shares(
        self, calculator: DailyMetrics, ranges: Mapping[str, DailyInput]
    ) -> None:
        for name, given in ranges.items():
            for series in calculator.measure(given):
                share = np.zeros(1) if series.estimated is None else series.estimated
                within = np.isnan(share) | ((share >= 0) & (share <= 1))
                assert within.all(), f"{name}: `estimated` of {series.key} is a share between 0 and 1"
                assert not np.isinf(series.values).any(), f"{name}: {series.key} is infinite; use NaN"

    def test_each_metric_has_a_value_somewhere(
        self, calculator: DailyMetrics, ranges: Mapping[str, DailyInput]
    ) -> None:
        made = [series for given in ranges.values() for series in calculator.measure(given)]
        valued = {series.key for series in made if not np.isnan(series.values).all()}
        never = {metric.key for metric in calculator.metrics} - valued
        assert not never, f"without a value in every range: {sorted(never)}; add one to the fixture `ranges`"

    def test_is_repeatable(self, calculator: DailyMetrics, ranges: Mapping[str, DailyInput]) -> None:
        first = {name: _columns(calculator, given) for name, given in ranges.items()}
        for name in reversed(list(ranges)):
            again = _columns(calculator, ranges[name])
            assert again == first[name], f"{name}: another result the second time"

    def test_many_athletes_at_once_are_as_each_alone(
        self, calculator: DailyMetrics, ranges: Mapping[str, DailyInput]
    ) -> None:
        for name, given in ranges.items() if calculator.batched else ():
            together = {series.key: series for series in calculator.measure(_for_three(given))}
            for alone in calculator.measure(given):
                made = together[alone.key]
                assert made.values.shape == (3, given.days), f"{name}: {alone.key} has {made.values.shape}"
                for row in range(3):
                    np.testing.assert_allclose(made.values[row], alone.values, rtol=1e-9, err_msg=alone.key)
                    if alone.estimated is not None:
                        assert made.estimated is not None, f"{name}: {alone.key} lost its estimates"
                        np.testing.assert_allclose(made.estimated[row], alone.estimated, atol=1e-9)

    def test_leaves_its_input_alone(self, calculator: DailyMetrics, ranges: Mapping[str, DailyInput]) -> None:
        for name, given in ranges.items():
            columns = _inputs(given)
            before = [column.tobytes() for column in columns]
            list(calculator.measure(given))
            assert [column.tobytes() for column in columns] == before, f"{name}: a column was changed"
            assert not any(column.flags.writeable for column in columns), (
                f"{name}: a column was made writeable"
            )


def _columns(calculator: DailyMetrics, given: DailyInput) -> list[tuple[str, bytes, bytes]]:
    return [
        (made.key, made.values.tobytes(), b"" if made.estimated is None else made.estimated.tobytes())
        for made in calculator.measure(given)
    ]


def _for_three(given: DailyInput) -> DailyInput:
    """Return the days of three athletes who trained alike."""

    def thrice(column: Column) -> Column:
        return np.stack((column, column, column))

    return replace(
        given,
        totals={key: thrice(column) for key, column in given.totals.items()},
        estimated={key: thrice(column) for key, column in given.estimated.items()},
        series={key: thrice(column) for key, column in given.series.items()},
        activities=thrice(given.activities),
        moving_s=thrice(given.moving_s),
        distance_m=thrice(given.distance_m),
        ascent_m=None if given.ascent_m is None else thrice(given.ascent_m),
        highest={key: thrice(column) for key, column in given.highest.items()},
    )


def _inputs(given: DailyInput) -> list[Column]:
    mapped = (given.totals, given.estimated, given.series)
    return [
        *(column for columns in mapped for column in columns.values()),
        given.activities,
        given.moving_s,
        given.distance_m,
    ]
