"""Metrics of periods, one good and many bad. `fails` names the test that has to find the fault."""

from collections.abc import Iterable
from itertools import count
from typing import ClassVar

import pytest

from training_analyzer.sdk import Distribution, Measurement, Metric, MetricKey, PeriodInput, PeriodMetrics
from training_analyzer.sdk.testing import PeriodMetricsContract

WORK = "other.work"
CLIMBED = "other.climbed"
DENSITY = Metric(
    key="example.density",
    title="Density",
    unit="kJ/h",
    explanation="How much work each hour of the period held.",
    formula="work / hours",
    source="ours",
)
ticks = count()


def density(value: float) -> Measurement:
    return Measurement(key=DENSITY.key, value=value)


class Density(PeriodMetrics):
    metrics: ClassVar[tuple[Metric, ...]] = (DENSITY,)
    needs: ClassVar[frozenset[MetricKey]] = frozenset({WORK})

    def measure(self, given: PeriodInput) -> Iterable[Measurement]:
        work = given.known.get(WORK)
        if work is None or not isinstance(work.value, float) or not given.moving_s:
            yield Measurement(key=DENSITY.key, reason="no_work")
        else:
            yield density(work.value / (given.moving_s / 3600))


class Contract(PeriodMetricsContract):
    """Tests the class that `Calculator` names."""

    Calculator: ClassVar[type[PeriodMetrics]] = Density
    fails: ClassVar[str | None] = None

    @pytest.fixture
    def calculator(self) -> PeriodMetrics:
        return self.Calculator()


class TestGood(Contract):
    pass


class TestDividesByNothing(Contract):
    fails = "test_copes_with_every_period"

    class Calculator(Density):
        def measure(self, given: PeriodInput) -> Iterable[Measurement]:
            yield density(100 / given.moving_s)


class TestUndeclared(Contract):
    fails = "test_yields_what_it_declares_once"

    class Calculator(Density):
        def measure(self, given: PeriodInput) -> Iterable[Measurement]:
            yield Measurement(key="example.other", value=1.0)


class TestTwice(Contract):
    fails = "test_yields_what_it_declares_once"

    class Calculator(Density):
        def measure(self, given: PeriodInput) -> Iterable[Measurement]:
            return [*super().measure(given), *super().measure(given)]


class TestAnotherShape(Contract):
    fails = "test_values_have_the_declared_shape"

    class Calculator(Density):
        def measure(self, given: PeriodInput) -> Iterable[Measurement]:
            yield Measurement(key=DENSITY.key, value=Distribution(bounds=(), seconds=(given.moving_s,)))


class TestNeverAValue(Contract):
    fails = "test_each_metric_has_a_value_somewhere"

    class Calculator(Density):
        def measure(self, given: PeriodInput) -> Iterable[Measurement]:
            yield Measurement(key=DENSITY.key, reason="no_work")


class TestAnotherResultEachTime(Contract):
    fails = "test_is_repeatable"

    class Calculator(Density):
        def measure(self, given: PeriodInput) -> Iterable[Measurement]:
            yield density(float(next(ticks)))


class TestAsksForMore(Contract):
    fails = "test_asks_only_for_what_it_needs"

    class Calculator(Density):
        def measure(self, given: PeriodInput) -> Iterable[Measurement]:
            given.known.get(CLIMBED)
            return list(super().measure(given))


class TestNoFormula(Contract):
    fails = "test_explains_itself"

    class Calculator(Density):
        metrics = (DENSITY.model_copy(update={"formula": ""}),)


class TestNothing(Contract):
    fails = "test_declares_its_metrics"

    class Calculator(Density):
        metrics = ()


class TestNeedsItself(Contract):
    fails = "test_needs_what_others_make"

    class Calculator(Density):
        needs = frozenset({WORK, DENSITY.key})


class TestVersionZero(Contract):
    fails = "test_has_a_version"

    class Calculator(Density):
        version = 0
