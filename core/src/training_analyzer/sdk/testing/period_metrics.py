"""The contract that metrics of periods keep."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from types import MappingProxyType

import pytest

from training_analyzer.sdk import Measurement, MetricKey, PeriodInput, PeriodMetrics, Sport
from training_analyzer.sdk.testing.declaration import SHAPES, Asked, DeclarationContract


class PeriodMetricsContract(DeclarationContract):
    """
    The contract of `PeriodMetrics`. Give the fixture `calculator`.

    Override `known` where 100.0 is no sensible value for what you need.
    """

    @pytest.fixture
    def calculator(self) -> PeriodMetrics:
        raise NotImplementedError("give a fixture `calculator` that returns your PeriodMetrics")

    @pytest.fixture
    def known(self, calculator: PeriodMetrics) -> Mapping[MetricKey, Measurement]:
        return {need: Measurement(key=need, value=100.0, method="sample") for need in calculator.needs}

    @pytest.fixture
    def periods(self, known: Mapping[MetricKey, Measurement]) -> Mapping[str, PeriodInput]:
        """A week of all sports, of one, of which little is known, of zeros, and of nothing."""
        week = PeriodInput(
            first_day=date(2026, 3, 2),
            last_day=date(2026, 3, 8),
            sport=None,
            activities=4,
            moving_s=18_000.0,
            distance_m=90_000.0,
            ascent_m=600.0,
            known=MappingProxyType(dict(known)),
        )
        nothing = replace(week, activities=0, moving_s=0.0, distance_m=0.0, ascent_m=0.0, known={})
        zeros = {key: Measurement(key=key, value=0.0, method="sample") for key in known}
        given = {
            "a week": week,
            "a week of runs": replace(week, sport=Sport.RUN),
            "a week without distances": replace(week, distance_m=None, ascent_m=None),
            "an idle week": nothing,
        }
        for need in known:
            rest = {key: value for key, value in known.items() if key != need}
            given[f"a week without {need}"] = replace(week, known=MappingProxyType(rest))
        if all(isinstance(one.value, float) for one in known.values()):
            given["a week of zeros"] = replace(week, known=MappingProxyType(zeros))
        return given

    def test_declares_its_metrics(self, calculator: PeriodMetrics) -> None:
        self.check_declaration(calculator)

    def test_explains_itself(self, calculator: PeriodMetrics) -> None:
        self.check_explanation(calculator)

    def test_needs_what_others_make(self, calculator: PeriodMetrics) -> None:
        self.check_needs(calculator)

    def test_has_a_version(self, calculator: PeriodMetrics) -> None:
        self.check_version(calculator)

    def test_copes_with_every_period(
        self, calculator: PeriodMetrics, periods: Mapping[str, PeriodInput]
    ) -> None:
        for name, given in periods.items():
            try:
                measured = list(calculator.measure(given))
            except Exception as error:
                raise AssertionError(f"{name}: {type(error).__name__}: {error}") from error
            assert all(isinstance(one, Measurement) for one in measured), f"{name}: yield Measurement objects"

    def test_yields_what_it_declares_once(
        self, calculator: PeriodMetrics, periods: Mapping[str, PeriodInput]
    ) -> None:
        declared = {metric.key for metric in calculator.metrics}
        for name, given in periods.items():
            keys = [measured.key for measured in calculator.measure(given)]
            assert set(keys) <= declared, f"{name}: not declared in `metrics`: {sorted(set(keys) - declared)}"
            assert len(keys) == len(set(keys)), f"{name}: a metric is yielded twice: {keys}"

    def test_values_have_the_declared_shape(
        self, calculator: PeriodMetrics, periods: Mapping[str, PeriodInput]
    ) -> None:
        shapes = {metric.key: metric.shape for metric in calculator.metrics}
        for name, given in periods.items():
            for measured in calculator.measure(given):
                fits = measured.value is None or isinstance(measured.value, SHAPES[shapes[measured.key]])
                assert fits, f"{name}: {measured.key} is declared as a {shapes[measured.key]}"

    def test_each_metric_has_a_value_somewhere(
        self, calculator: PeriodMetrics, periods: Mapping[str, PeriodInput]
    ) -> None:
        made = [one for given in periods.values() for one in calculator.measure(given)]
        never = {metric.key for metric in calculator.metrics} - {one.key for one in made if not one.reason}
        assert not never, f"without a value in every period: {sorted(never)}; give a fixture `known`"

    def test_is_repeatable(self, calculator: PeriodMetrics, periods: Mapping[str, PeriodInput]) -> None:
        first = {name: list(calculator.measure(given)) for name, given in periods.items()}
        for name in reversed(list(periods)):
            again = list(calculator.measure(periods[name]))
            assert again == first[name], f"{name}: another result the second time"

    def test_asks_only_for_what_it_needs(
        self, calculator: PeriodMetrics, periods: Mapping[str, PeriodInput]
    ) -> None:
        for name, given in periods.items():
            known = Asked(given.known)
            list(calculator.measure(replace(given, known=known)))
            undeclared = known.keys_asked_for - calculator.needs
            assert not undeclared, f"{name}: looked up, but not declared in `needs`: {sorted(undeclared)}"
