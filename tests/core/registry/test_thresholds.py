"""Which thresholds stand behind a metric: what its calculator reads, and what those that it needs read."""

from collections.abc import Iterable

import pytest

from training_analyzer.registry.thresholds import thresholds_behind
from training_analyzer.sdk import ActivityInput, ActivityMetrics, Measurement, Metric, Thresholds

ALL = frozenset(Thresholds.model_fields)
POWER, HEART_RATE = frozenset({"functional_threshold_power_w"}), frozenset({"max_heart_rate_bpm"})


def a_calculator(key: str, reads: frozenset[str] | None, *wants: str) -> ActivityMetrics:
    class Calculator(ActivityMetrics):
        metrics = (Metric(key=key, title="T", unit="", explanation="E.", formula="f", source="s"),)
        needs = frozenset(wants)
        thresholds = reads

        def measure(self, given: ActivityInput) -> Iterable[Measurement]:
            return ()

    return Calculator()


@pytest.mark.parametrize(
    ("key", "behind"),
    [
        ("a.power", POWER),
        ("a.load", POWER | HEART_RATE),
        ("a.minutes", frozenset()),
        ("a.undeclared", ALL),
        ("a.rests_on_undeclared", ALL),
        ("a.of_nobody", ALL),
    ],
)
def test_what_a_metric_rests_on(key: str, behind: frozenset[str]) -> None:
    calculators = [
        a_calculator("a.power", POWER),
        a_calculator("a.load", HEART_RATE, "a.power", "a.minutes"),
        a_calculator("a.minutes", frozenset()),
        a_calculator("a.undeclared", None),
        a_calculator("a.rests_on_undeclared", POWER, "a.undeclared"),
    ]
    assert thresholds_behind([key], calculators) == behind
