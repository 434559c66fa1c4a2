"""Calculators whose results can be told by heart."""

from collections.abc import Iterable

import numpy as np

from training_analyzer.sdk import (
    ActivityInput,
    ActivityMetrics,
    DailyInput,
    DailyMetrics,
    DailySeries,
    Measurement,
    Metric,
)


def metric(key: str) -> Metric:
    return Metric(key=key, title=key, unit="", explanation="A number.", formula="x", source="tests")


class Minutes(ActivityMetrics):
    """One point of load for each minute; an estimate until samples are there."""

    metrics = (metric("fake.load"),)

    def measure(self, given: ActivityInput) -> Iterable[Measurement]:
        yield Measurement(
            key="fake.load",
            value=given.activity.moving_s / 60,
            method="samples" if given.samples is not None else "duration",
            estimated=given.samples is None,
        )


class RunningTotal(DailyMetrics):
    """The load of each day, and of all days so far."""

    metrics = (
        metric("fake.daily_load"),
        metric("fake.fitness").model_copy(update={"window_days": 42}),
    )
    needs = frozenset({"fake.load"})

    def measure(self, given: DailyInput) -> Iterable[DailySeries]:
        loads = given.totals["fake.load"]
        yield DailySeries(key="fake.daily_load", first_day=given.first_day, values=loads)
        yield DailySeries(key="fake.fitness", first_day=given.first_day, values=np.cumsum(loads))


class Counting(ActivityMetrics):
    """Counts how often it is asked."""

    metrics = (metric("counting.number"),)

    def __init__(self) -> None:
        self.asked = 0

    def measure(self, given: ActivityInput) -> Iterable[Measurement]:
        self.asked += 1
        yield Measurement(key="counting.number", value=1)


class Failing(ActivityMetrics):
    """Fails at every activity."""

    metrics = (metric("failing.number"),)

    def measure(self, given: ActivityInput) -> Iterable[Measurement]:
        raise ZeroDivisionError("by design")
