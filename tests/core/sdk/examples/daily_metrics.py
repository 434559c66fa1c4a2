"""Daily metrics, one good and many bad. `fails` names the test that has to find the fault."""

from collections.abc import Iterable
from datetime import timedelta
from itertools import count
from typing import ClassVar

import numpy as np
import pytest

from training_analyzer.sdk import DailyInput, DailyMetrics, DailySeries, Metric, MetricKey
from training_analyzer.sdk.testing import DailyMetricsContract

NEED = "other.load"
SUM = Metric(
    key="example.sum",
    title="Sum",
    unit="",
    explanation="What has come together since the beginning.",
    formula="cumsum(load)",
    source="ours",
)
ticks = count()


class Sum(DailyMetrics):
    metrics: ClassVar[tuple[Metric, ...]] = (SUM,)
    needs: ClassVar[frozenset[MetricKey]] = frozenset({NEED})

    def measure(self, given: DailyInput) -> Iterable[DailySeries]:
        yield DailySeries(key=SUM.key, first_day=given.first_day, values=np.cumsum(given.totals[NEED]))


class Contract(DailyMetricsContract):
    """Tests the class that `Calculator` names."""

    Calculator: ClassVar[type[DailyMetrics]] = Sum
    fails: ClassVar[str | None] = None

    @pytest.fixture
    def calculator(self) -> DailyMetrics:
        return self.Calculator()


class TestGood(Contract):
    pass


class TestGoodForMany(Contract):
    class Calculator(Sum):
        batched = True

        def measure(self, given: DailyInput) -> Iterable[DailySeries]:
            sums = np.cumsum(given.totals[NEED], axis=-1)
            yield DailySeries(key=SUM.key, first_day=given.first_day, values=sums)


class TestMixesAthletesUp(Contract):
    fails = "test_many_athletes_at_once_are_as_each_alone"

    class Calculator(Sum):
        batched = True


class TestCrashesOnOneDay(Contract):
    fails = "test_copes_with_every_range"

    class Calculator(Sum):
        def measure(self, given: DailyInput) -> Iterable[DailySeries]:
            given.activities[1]
            return super().measure(given)


class TestWritesToColumns(Contract):
    fails = "test_copes_with_every_range"

    class Calculator(Sum):
        def measure(self, given: DailyInput) -> Iterable[DailySeries]:
            given.activities[:] = 0
            return super().measure(given)


class TestForcesItsWayIntoColumns(Contract):
    fails = "test_leaves_its_input_alone"

    class Calculator(Sum):
        def measure(self, given: DailyInput) -> Iterable[DailySeries]:
            given.activities.flags.writeable = True
            given.activities[:] = 0
            return super().measure(given)


class TestUndeclared(Contract):
    fails = "test_yields_what_it_declares_once"

    class Calculator(Sum):
        def measure(self, given: DailyInput) -> Iterable[DailySeries]:
            yield DailySeries(key="example.other", first_day=given.first_day, values=given.activities)


class TestTwice(Contract):
    fails = "test_yields_what_it_declares_once"

    class Calculator(Sum):
        def measure(self, given: DailyInput) -> Iterable[DailySeries]:
            return [*super().measure(given), *super().measure(given)]


class TestTooShort(Contract):
    fails = "test_series_span_the_range"

    class Calculator(Sum):
        def measure(self, given: DailyInput) -> Iterable[DailySeries]:
            yield DailySeries(key=SUM.key, first_day=given.first_day, values=given.activities[1:])


class TestAnotherFirstDay(Contract):
    fails = "test_series_span_the_range"

    class Calculator(Sum):
        def measure(self, given: DailyInput) -> Iterable[DailySeries]:
            tomorrow = given.first_day + timedelta(days=1)
            yield DailySeries(key=SUM.key, first_day=tomorrow, values=given.activities)


class TestMoreThanAllIsEstimated(Contract):
    fails = "test_shares_of_estimates_are_shares"

    class Calculator(Sum):
        def measure(self, given: DailyInput) -> Iterable[DailySeries]:
            yield DailySeries(
                key=SUM.key,
                first_day=given.first_day,
                values=given.activities,
                estimated=given.estimated[NEED],
            )


class TestNeverAValue(Contract):
    fails = "test_each_metric_has_a_value_somewhere"

    class Calculator(Sum):
        def measure(self, given: DailyInput) -> Iterable[DailySeries]:
            yield DailySeries(key=SUM.key, first_day=given.first_day, values=np.full(given.days, np.nan))


class TestAnotherResultEachTime(Contract):
    fails = "test_is_repeatable"

    class Calculator(Sum):
        def measure(self, given: DailyInput) -> Iterable[DailySeries]:
            values = np.full(given.days, float(next(ticks)))
            yield DailySeries(key=SUM.key, first_day=given.first_day, values=values)


class TestNoFormula(Contract):
    fails = "test_explains_itself"

    class Calculator(Sum):
        metrics = (SUM.model_copy(update={"formula": ""}),)


class TestNothing(Contract):
    fails = "test_declares_its_metrics"

    class Calculator(Sum):
        metrics = ()


class TestNeedsItself(Contract):
    fails = "test_needs_what_others_make"

    class Calculator(Sum):
        needs = frozenset({NEED, SUM.key})


class TestVersionZero(Contract):
    fails = "test_has_a_version"

    class Calculator(Sum):
        version = 0
