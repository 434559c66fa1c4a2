"""Numbers computed from activities: what they mean, and how each was made."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from operator import le
from typing import Annotated, Self

import numpy as np
from pydantic import ConfigDict, Field, FiniteFloat, StringConstraints, model_validator

from training_analyzer.domain.activity import Column
from training_analyzer.domain.values import Value

MetricKey = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$")]
"""`plugin.metric`, so that two plugins can never mean different things by one key."""

ReasonCode = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]


class Shape(StrEnum):
    """What a metric's value looks like."""

    NUMBER = "number"
    CURVE = "curve"
    DISTRIBUTION = "distribution"


class Combination(StrEnum):
    """What the values of several activities make together: of a day, a week, a season."""

    SUM = "sum"
    """They add up: time, distance, work; the seconds of each zone."""
    MEAN = "mean"
    """Their mean, weighted by moving time: heart rate, pace."""
    HIGHEST = "highest"
    """The highest counts; of curves, the highest at each duration."""
    SHORTEST = "shortest"
    """For curves whose values are distances: the shortest time for each distance counts."""


class Metric(Value):
    """What a number means: shown to athletes, told to AI backends, printed in the reference."""

    key: MetricKey
    """Names it everywhere: the plugin, a dot, the metric."""
    title: str
    """As athletes call it."""
    unit: str
    """As the field writes it: W, bpm, kJ, s, %; empty for a bare number."""
    explanation: str
    """One sentence for an athlete."""
    formula: str
    """How it is computed."""
    source: str
    """Author, year, page or DOI; or who defined it."""
    decimals: int = 0
    """How many are worth showing."""
    shape: Shape = Shape.NUMBER
    """What its values are."""
    window_days: int | None = None
    """Of a daily series: how many days each value rests on, its own included. None: its own day alone, or
    all there are. Where fewer may be kept, the series is absent with the reason `retention`."""
    combination: Combination | None = None
    """How the values of several activities become one. None: they do not."""
    edge_cases: tuple[str, ...] = ()
    """When it is absent, what stands in, what does not count. A sentence each, for the reference."""
    elsewhere: Mapping[str, str] = {}
    """What others show under this name: a tool, and how its number is made or differs."""


class Curve(Value):
    """The best value for each duration: seconds ascending, and one value each."""

    seconds: tuple[FiniteFloat, ...]
    """The durations, ascending."""
    values: tuple[FiniteFloat, ...]
    """One for each duration."""
    starts_s: tuple[FiniteFloat, ...] | None = None
    """Where each best began, in seconds since the start of the activity. None: not told."""

    @model_validator(mode="after")
    def _columns_agree(self) -> Self:
        if len(self.seconds) != len(self.values) or any(map(le, self.seconds[1:], self.seconds)):
            raise ValueError("a curve has one value for each of its ascending durations")
        if self.starts_s is not None and len(self.starts_s) != len(self.values):
            raise ValueError("a curve that tells where its bests began tells it of each")
        return self


class Distribution(Value):
    """Seconds spent between bounds: one more entry in `seconds` than in `bounds`."""

    bounds: tuple[FiniteFloat, ...]
    """Where each zone above the first begins, ascending."""
    seconds: tuple[FiniteFloat, ...]
    """In each zone, from the lowest on."""

    @model_validator(mode="after")
    def _columns_agree(self) -> Self:
        if len(self.seconds) != len(self.bounds) + 1:
            raise ValueError("n bounds part n + 1 zones")
        return self


class Measurement(Value):
    """
    One metric of one activity, and how it was made.

    Either `value` or `reason` is set: what cannot be computed is absent with a reason code
    (`no_power`, `no_threshold`, `too_short`…), never zero and never guessed.
    """

    key: MetricKey
    value: FiniteFloat | Curve | Distribution | None = None
    reason: ReasonCode | None = None
    method: str = ""
    """What it was made from: `power`, `heart_rate`, `summary`, `duration`…"""
    estimated: bool = False
    """True where better input would give a better number, such as a summary instead of samples."""
    thresholds: Mapping[str, float] = Field(default_factory=dict)  # a default that is `{}` is copied deeply
    """The athlete's thresholds that went into it, as of the day of the activity."""
    doubtful: bool = False
    """True where the recording holds readings that cannot be true: the value stands, but is no record."""

    @model_validator(mode="after")
    def _value_or_reason(self) -> Self:
        if (self.value is None) == (self.reason is None):
            raise ValueError("a measurement has a value, or the reason why there is none")
        return self


class DailySeries(Value):
    """
    One metric for every day of a range.

    `values`: shape (days,); NaN where there is none, for the reason `absent`.
    `estimated`: shape (days,), the share between 0 and 1 of the value that rests on estimates.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    key: MetricKey
    first_day: date
    values: Column
    estimated: Column | None = None
    absent: ReasonCode = "not_enough_history"
    method: str = ""
    """How it was made, where there is more than one way: `exponential`…"""

    @model_validator(mode="after")
    def _columns_agree(self) -> Self:
        if self.estimated is not None and self.estimated.shape != self.values.shape:
            raise ValueError("`estimated` has an entry for each value")
        if np.count_nonzero(np.isinf(self.values)):
            raise ValueError("values are finite, or NaN where there is none")
        return self
