"""Daily series, and what every number means."""

from datetime import date
from typing import Literal

from training_analyzer.api.answers.answer import Answer
from training_analyzer.domain.metric import Metric


class SeriesAnswer(Answer):
    """One entry for each day."""

    values: list[float | None]
    """Null where there is no value."""
    estimated: list[float | None]
    """The share of the value, between 0 and 1, that rests on estimates. Null where there is no value."""
    absent: list[str | None]
    """Why there is no value: `not_enough_history`, `day_to_come`… Null where there is one."""
    method: str
    """How it was made, where there is more than one way."""
    version: int | None
    """Of the calculator that made it; null where nothing is made yet."""
    warmed_up_on: date | None
    """
    The first day of which all days are known that it looks back on: before, it is still warming up.

    Null where no value is known, and where it looks back on no other day.
    """


class DaysAnswer(Answer):
    """Daily series, in columns."""

    days: list[date]
    """Every day of the period, in order."""
    series: dict[str, SeriesAnswer]
    """By the key of the metric, each with one entry for each of `days`."""


class ProjectedSeriesAnswer(SeriesAnswer):
    """A series from today on, if the athlete trains no more."""

    positive_from: date | None
    """The first day to come on which it is above zero, where today it is not: for form, when it turns."""


class ProjectionAnswer(Answer):
    """Daily series from today on, in columns. The first entry is today."""

    days: list[date]
    """Today and the days to come, in order."""
    series: dict[str, ProjectedSeriesAnswer]
    """By the key of the metric, each with one entry for each of `days`."""


class MetricAnswer(Metric):
    """What a number means."""

    of: Literal["activity", "day", "period"]
    """`activity`: in the measurements of activities; `day`: in `GET /days`; `period`: in `GET /periods`."""


class MetricList(Answer):
    """What every number means."""

    items: list[MetricAnswer]
    """Of every calculator that is active."""
