"""The contract that activity metrics keep."""

import dataclasses
import math
from collections.abc import Mapping
from types import MappingProxyType

import pytest

from training_analyzer.sdk import (
    Activity,
    ActivityInput,
    ActivityMetrics,
    Athlete,
    Curve,
    Distribution,
    Measurement,
    MetricKey,
    Thresholds,
)
from training_analyzer.sdk.testing import samples
from training_analyzer.sdk.testing.declaration import SHAPES, Asked, DeclarationContract, Watched


class ActivityMetricsContract(DeclarationContract):
    """
    The contract of `ActivityMetrics`. Give the fixture `calculator`.

    Override `activities` to add samples in which your metrics have a value, and `known` where 100.0
    is no sensible value for what you need.
    """

    @pytest.fixture
    def calculator(self) -> ActivityMetrics:
        raise NotImplementedError("give a fixture `calculator` that returns your ActivityMetrics")

    @pytest.fixture
    def activities(self) -> Mapping[str, Activity]:
        return samples.activities()

    @pytest.fixture
    def athletes(self) -> Mapping[str, Athlete]:
        return samples.athletes()

    @pytest.fixture
    def known(self, calculator: ActivityMetrics) -> Mapping[MetricKey, Measurement]:
        return {need: Measurement(key=need, value=100.0, method="sample") for need in calculator.needs}

    @pytest.fixture
    def inputs(
        self,
        activities: Mapping[str, Activity],
        athletes: Mapping[str, Athlete],
        known: Mapping[MetricKey, Measurement],
    ) -> Mapping[str, ActivityInput]:
        """Every activity with every athlete, and without what the calculator needs."""
        absent = {need: Measurement(key=need, reason="not_computed") for need in known}
        given = {
            f"{activity_name}, {athlete_name}": ActivityInput(
                activity, athlete, MappingProxyType(dict(known))
            )
            for activity_name, activity in activities.items()
            for athlete_name, athlete in athletes.items()
        }
        if known:
            athlete = list(athletes.values())[-1]
            for name, activity in activities.items():
                given[f"{name}, needs absent"] = ActivityInput(activity, athlete, MappingProxyType(absent))
                given[f"{name}, needs unknown"] = ActivityInput(activity, athlete)
        return given

    def test_declares_its_metrics(self, calculator: ActivityMetrics) -> None:
        self.check_declaration(calculator)

    def test_explains_itself(self, calculator: ActivityMetrics) -> None:
        self.check_explanation(calculator)

    def test_needs_what_others_make(self, calculator: ActivityMetrics) -> None:
        self.check_needs(calculator)

    def test_has_a_version(self, calculator: ActivityMetrics) -> None:
        self.check_version(calculator)

    def test_copes_with_every_activity(
        self, calculator: ActivityMetrics, inputs: Mapping[str, ActivityInput]
    ) -> None:
        for name, given in inputs.items():
            try:
                measured = list(calculator.measure(given))
            except Exception as error:
                raise AssertionError(f"{name}: {type(error).__name__}: {error}") from error
            assert all(isinstance(one, Measurement) for one in measured), f"{name}: yield Measurement objects"

    def test_yields_only_what_it_declares(
        self, calculator: ActivityMetrics, inputs: Mapping[str, ActivityInput]
    ) -> None:
        declared = {metric.key for metric in calculator.metrics}
        for name, given in inputs.items():
            others = {measured.key for measured in calculator.measure(given)} - declared
            assert not others, f"{name}: not declared in `metrics`: {sorted(others)}"

    def test_yields_each_metric_once(
        self, calculator: ActivityMetrics, inputs: Mapping[str, ActivityInput]
    ) -> None:
        for name, given in inputs.items():
            keys = [measured.key for measured in calculator.measure(given)]
            assert len(keys) == len(set(keys)), f"{name}: a metric is yielded twice: {keys}"

    def test_values_are_finite(
        self, calculator: ActivityMetrics, inputs: Mapping[str, ActivityInput]
    ) -> None:
        for name, given in inputs.items():
            for measured in calculator.measure(given):
                numbers = _numbers(measured)
                assert all(map(math.isfinite, numbers)), (
                    f"{name}: {measured.key} is not finite; give a reason"
                )

    def test_values_have_the_declared_shape(
        self, calculator: ActivityMetrics, inputs: Mapping[str, ActivityInput]
    ) -> None:
        shapes = {metric.key: metric.shape for metric in calculator.metrics}
        for name, given in inputs.items():
            for measured in calculator.measure(given):
                fits = measured.value is None or isinstance(measured.value, SHAPES[shapes[measured.key]])
                assert fits, f"{name}: {measured.key} is declared as a {shapes[measured.key]}"

    def test_each_metric_has_a_value_somewhere(
        self, calculator: ActivityMetrics, inputs: Mapping[str, ActivityInput]
    ) -> None:
        valued = {
            one.key for given in inputs.values() for one in calculator.measure(given) if one.reason is None
        }
        never = {metric.key for metric in calculator.metrics} - valued
        assert not never, (
            f"without a value in every sample: {sorted(never)}; add one to the fixture `activities`"
        )

    def test_values_say_how_they_were_made(
        self, calculator: ActivityMetrics, inputs: Mapping[str, ActivityInput]
    ) -> None:
        for name, given in inputs.items():
            for measured in calculator.measure(given):
                said = measured.method or measured.reason
                assert said, (
                    f"{name}: the value of {measured.key} has no method, such as `power` or `summary`"
                )

    def test_is_repeatable(self, calculator: ActivityMetrics, inputs: Mapping[str, ActivityInput]) -> None:
        first = {name: list(calculator.measure(given)) for name, given in inputs.items()}
        # Backwards, so that anything remembered from the previous activity shows.
        for name in reversed(list(inputs)):
            assert list(calculator.measure(inputs[name])) == first[name], (
                f"{name}: another result the second time"
            )

    def test_leaves_its_input_alone(
        self, calculator: ActivityMetrics, inputs: Mapping[str, ActivityInput]
    ) -> None:
        for name, given in inputs.items():
            before = given.activity.fingerprint()
            list(calculator.measure(given))
            assert given.activity.fingerprint() == before, f"{name}: the activity was changed"
            columns = (given.samples.seconds, *given.samples.channels.values()) if given.samples else ()
            assert not any(column.flags.writeable for column in columns), (
                f"{name}: a column was made writeable"
            )

    def test_reads_only_the_thresholds_that_it_declares(
        self, calculator: ActivityMetrics, inputs: Mapping[str, ActivityInput]
    ) -> None:
        if calculator.thresholds is None:
            return
        strange = calculator.thresholds - Thresholds.model_fields.keys()
        assert not strange, f"`thresholds` holds names of fields of Thresholds, not {sorted(strange)}"
        for name, given in inputs.items():
            watched = Watched.model_construct(**dict(given.athlete.thresholds))
            athlete = given.athlete.model_copy(update={"thresholds": watched})
            list(calculator.measure(dataclasses.replace(given, athlete=athlete)))
            undeclared = watched.names_read - calculator.thresholds
            assert not undeclared, f"{name}: read, but not declared in `thresholds`: {sorted(undeclared)}"

    def test_asks_only_for_what_it_needs(
        self, calculator: ActivityMetrics, inputs: Mapping[str, ActivityInput]
    ) -> None:
        for name, given in inputs.items():
            known = Asked(given.known)
            list(calculator.measure(ActivityInput(given.activity, given.athlete, known)))
            undeclared = known.keys_asked_for - calculator.needs
            assert not undeclared, f"{name}: looked up, but not declared in `needs`: {sorted(undeclared)}"


def _numbers(measured: Measurement) -> tuple[float, ...]:
    value = measured.value
    if isinstance(value, Curve):
        return (*value.seconds, *value.values)
    if isinstance(value, Distribution):
        return (*value.bounds, *value.seconds)
    return () if value is None else (value,)
