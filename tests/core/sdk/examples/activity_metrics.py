"""Activity metrics, one good and many bad. `fails` names the test that has to find the fault."""

from collections.abc import Iterable, Mapping
from itertools import count
from typing import ClassVar

import numpy as np
import pytest

from training_analyzer.sdk import (
    Activity,
    ActivityInput,
    ActivityMetrics,
    Channel,
    Curve,
    Measurement,
    Metric,
    MetricKey,
    Shape,
)
from training_analyzer.sdk.testing import ActivityMetricsContract, samples

MEAN = Metric(
    key="example.mean_power",
    title="Mean power",
    unit="W",
    explanation="How hard you pushed, on average.",
    formula="mean(power)",
    source="ours",
)
NEED = "other.load"
ticks = count()


class MeanPower(ActivityMetrics):
    metrics: ClassVar[tuple[Metric, ...]] = (MEAN,)
    needs: ClassVar[frozenset[MetricKey]] = frozenset({NEED})

    def measure(self, given: ActivityInput) -> Iterable[Measurement]:
        power = given.samples.get(Channel.POWER_W) if given.samples else None
        if power is None or NEED not in given.known:
            return [Measurement(key=MEAN.key, reason="no_power")]
        return [Measurement(key=MEAN.key, value=float(np.nanmean(power)), method="power")]


class Contract(ActivityMetricsContract):
    """Tests the class that `Calculator` names."""

    Calculator: ClassVar[type[ActivityMetrics]] = MeanPower
    fails: ClassVar[str | None] = None

    @pytest.fixture
    def calculator(self) -> ActivityMetrics:
        return self.Calculator()

    @pytest.fixture
    def activities(self) -> Mapping[str, Activity]:
        """A few are enough to find these faults, and quicker."""
        return {
            "manual": samples.manual_activity(),
            "gaps": samples.gappy_activity(),
            "empty": samples.instant_activity(),
        }


class TestGood(Contract):
    @pytest.fixture
    def activities(self) -> Mapping[str, Activity]:
        return samples.activities()


class TestCrashesWithoutSamples(Contract):
    fails = "test_copes_with_every_activity"

    class Calculator(MeanPower):
        def measure(self, given: ActivityInput) -> Iterable[Measurement]:
            assert given.samples is not None
            return super().measure(given)


class TestCrashesWithoutReadings(Contract):
    fails = "test_copes_with_every_activity"

    class Calculator(MeanPower):
        def measure(self, given: ActivityInput) -> Iterable[Measurement]:
            if given.samples is not None:
                given.samples.seconds[0]
            return super().measure(given)


class TestCrashesWithoutItsNeeds(Contract):
    fails = "test_copes_with_every_activity"

    class Calculator(MeanPower):
        def measure(self, given: ActivityInput) -> Iterable[Measurement]:
            given.known[NEED]
            return super().measure(given)


class TestWritesToColumns(Contract):
    fails = "test_copes_with_every_activity"

    class Calculator(MeanPower):
        def measure(self, given: ActivityInput) -> Iterable[Measurement]:
            if given.samples is not None:
                given.samples.seconds[:] = 0
            return super().measure(given)


class TestForcesItsWayIntoColumns(Contract):
    fails = "test_leaves_its_input_alone"

    class Calculator(MeanPower):
        def measure(self, given: ActivityInput) -> Iterable[Measurement]:
            if given.samples is not None and Channel.POWER_W in given.samples.channels:
                power = given.samples.channels[Channel.POWER_W]
                power.flags.writeable = True
                power[np.isnan(power)] = 0
            return super().measure(given)


class TestUndeclared(Contract):
    fails = "test_yields_only_what_it_declares"

    class Calculator(MeanPower):
        def measure(self, given: ActivityInput) -> Iterable[Measurement]:
            return [Measurement(key="example.other", value=1, method="power")]


class TestTwice(Contract):
    fails = "test_yields_each_metric_once"

    class Calculator(MeanPower):
        def measure(self, given: ActivityInput) -> Iterable[Measurement]:
            return [*super().measure(given), *super().measure(given)]


class TestInfinite(Contract):
    fails = "test_values_are_finite"

    class Calculator(MeanPower):
        def measure(self, given: ActivityInput) -> Iterable[Measurement]:
            return [
                Measurement.model_construct(key=MEAN.key, value=float("inf"), reason=None, method="power")
            ]


class TestAnotherShape(Contract):
    fails = "test_values_have_the_declared_shape"

    class Calculator(MeanPower):
        metrics = (MEAN.model_copy(update={"shape": Shape.CURVE}),)


class TestACurveAsNumber(Contract):
    fails = "test_values_have_the_declared_shape"

    class Calculator(MeanPower):
        def measure(self, given: ActivityInput) -> Iterable[Measurement]:
            return [Measurement(key=MEAN.key, value=Curve(seconds=(1,), values=(1,)), method="power")]


class TestNeverAValue(Contract):
    fails = "test_each_metric_has_a_value_somewhere"

    class Calculator(MeanPower):
        def measure(self, given: ActivityInput) -> Iterable[Measurement]:
            return [Measurement(key=MEAN.key, reason="no_power")]


class TestNoMethod(Contract):
    fails = "test_values_say_how_they_were_made"

    class Calculator(MeanPower):
        def measure(self, given: ActivityInput) -> Iterable[Measurement]:
            return [Measurement(key=MEAN.key, value=1)]


class TestAnotherResultEachTime(Contract):
    fails = "test_is_repeatable"

    class Calculator(MeanPower):
        def measure(self, given: ActivityInput) -> Iterable[Measurement]:
            return [Measurement(key=MEAN.key, value=next(ticks), method="power")]


class TestRemembersThePreviousActivity(Contract):
    fails = "test_is_repeatable"

    class Calculator(MeanPower):
        previous_s = 0.0

        def measure(self, given: ActivityInput) -> Iterable[Measurement]:
            previous_s, self.previous_s = self.previous_s, given.activity.elapsed_s
            return [Measurement(key=MEAN.key, value=previous_s, method="power")]


class TestAsksForMore(Contract):
    fails = "test_asks_only_for_what_it_needs"

    class Calculator(MeanPower):
        def measure(self, given: ActivityInput) -> Iterable[Measurement]:
            given.known.get("other.undeclared")
            return super().measure(given)


class TestReadsMoreThresholds(Contract):
    fails = "test_reads_only_the_thresholds_that_it_declares"

    class Calculator(MeanPower):
        thresholds: ClassVar[frozenset[str] | None] = frozenset({"weight_kg"})

        def measure(self, given: ActivityInput) -> Iterable[Measurement]:
            _ = given.athlete.thresholds.critical_power_w
            return super().measure(given)


class TestNoSuchThreshold(Contract):
    fails = "test_reads_only_the_thresholds_that_it_declares"

    class Calculator(MeanPower):
        thresholds: ClassVar[frozenset[str] | None] = frozenset({"ftp"})


class TestNoFullStop(Contract):
    fails = "test_explains_itself"

    class Calculator(MeanPower):
        metrics = (MEAN.model_copy(update={"explanation": "Average power"}),)


class TestNoSource(Contract):
    fails = "test_explains_itself"

    class Calculator(MeanPower):
        metrics = (MEAN.model_copy(update={"source": ""}),)


class TestKeysOfTwoPlugins(Contract):
    fails = "test_declares_its_metrics"

    class Calculator(MeanPower):
        metrics = (MEAN, MEAN.model_copy(update={"key": "other.mean_power"}))


class TestAKeyTwice(Contract):
    fails = "test_declares_its_metrics"

    class Calculator(MeanPower):
        metrics = (MEAN, MEAN)


class TestNothing(Contract):
    fails = "test_declares_its_metrics"

    class Calculator(MeanPower):
        metrics = ()


class TestNeedsItself(Contract):
    fails = "test_needs_what_others_make"

    class Calculator(MeanPower):
        needs = frozenset({MEAN.key})


class TestVersionZero(Contract):
    fails = "test_has_a_version"

    class Calculator(MeanPower):
        version = 0
