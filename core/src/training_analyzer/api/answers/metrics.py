"""Daily series, and what every number means."""

from datetime import date
from typing import Literal

from training_analyzer.api.answers.answer import Answer
from training_analyzer.domain.metric import Metric


class SeriesAnswer(Answer):
    """One entry for each day."""

    values: list[float | None]
    """None where there is no value."""
    estimated: list[float | None]
    """The share of the value, between 0 and 1, that rests on estimates."""


class DaysAnswer(Answer):
    """Daily series, in columns."""

    days: list[date]
    series: dict[str, SeriesAnswer]


class MetricAnswer(Metric):
    """What a number means."""

    of: Literal["activity", "day"]
    """`activity`: in the measurements of activities; `day`: in `GET /days`."""


class MetricList(Answer):
    items: list[MetricAnswer]
