"""
Weeks, months and years: what each comes to, and how it stands against the one before.

A period that is not over is held against as many days of the one before: Wednesday's half week against
the last one's first three days, not against all of it.
"""

import calendar
import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from training_analyzer.domain.metric import (
    Combination,
    Distribution,
    Measurement,
    Metric,
    MetricKey,
    Shape,
)
from training_analyzer.sdk import PeriodInput, PeriodMetrics
from training_analyzer.storage import periods
from training_analyzer.storage.database import Transaction
from training_analyzer.storage.periods import Span, Totals, Zones

LOGGER = logging.getLogger(__name__)

WEEK: Final = timedelta(days=7)
DAY: Final = timedelta(days=1)
DECEMBER: Final = 12


class By(StrEnum):
    """How time is divided. Weeks begin on Monday."""

    WEEK = "week"
    MONTH = "month"
    YEAR = "year"

    def around(self, day: date) -> Span:
        """Return the period that a day lies in."""
        match self:
            case By.WEEK:
                first = day - timedelta(days=day.weekday())
                return Span(first, first + WEEK - DAY)
            case By.MONTH:
                _, size = calendar.monthrange(day.year, day.month)
                return Span(day.replace(day=1), day.replace(day=size))
            case By.YEAR:
                return Span(date(day.year, 1, 1), date(day.year, DECEMBER, 31))

    def divide(self, first: date, last: date) -> list[Span]:
        """Return the whole periods that these days lie in, oldest first."""
        spans = [self.around(first)]
        while spans[-1].last < last:
            spans.append(self.around(spans[-1].last + DAY))
        return spans


@dataclass(frozen=True, slots=True)
class Value:
    """One metric over a period. `estimated_share`: how much of a sum rests on estimates."""

    value: float | Zones
    activities: int
    estimated_share: float | None = None


@dataclass(frozen=True, slots=True)
class Period:
    """What one sport, or all of them (None), come to in a period, and in the one before."""

    span: Span
    is_over: bool
    totals: Totals
    values: Mapping[MetricKey, Value]
    derived: tuple[Measurement, ...]
    before: Totals
    values_before: Mapping[MetricKey, Value]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be told of each period."""

    metrics: Sequence[Metric]
    """Of activities, with a `combination`."""
    calculators: Sequence[tuple[str, PeriodMetrics]] = ()
    """For what follows from the sums, each with its plugin."""
    needed: Sequence[Metric] = ()
    """What the calculators need; it is not shown unless it is among `metrics`."""

    @property
    def every(self) -> Mapping[MetricKey, Metric]:
        return {metric.key: metric for metric in (*self.metrics, *self.needed)}


def summarize(
    tx: Transaction, athlete_id: UUID, spans: Sequence[Span], wanted: Wanted, *, today: date
) -> Iterator[list[Period]]:
    """Yield for each span what it comes to: of all sports first, then of each that was done in it."""
    before = [_before(span, today) for span in spans]
    found = periods.totals(
        tx,
        athlete_id,
        [*spans, *before],
        numbers=[key for key, metric in wanted.every.items() if metric.shape is Shape.NUMBER],
        zones=[key for key, metric in wanted.every.items() if metric.shape is Shape.DISTRIBUTION],
    )
    for number, span in enumerate(spans):
        now, then = found[number], found[len(spans) + number]
        yield [
            _period(totals, then.get(sport, Totals(before[number], sport)), wanted, is_over=span.last < today)
            for sport, totals in now.items()
        ]


def divided_before(span: Span) -> Span:
    """Return as many days, right before these."""
    return Span(span.first - (span.last - span.first) - DAY, span.first - DAY)


def _before(span: Span, today: date) -> Span:
    """Return the period before: as much of it as has passed of this one."""
    length = span.last - span.first + DAY
    by = next((by for by in By if by.around(span.first) == span), None)
    whole = divided_before(span) if by is None else by.around(span.first - DAY)
    if today >= span.last or today < span.first:
        return whole
    passed = min(today - span.first, length - DAY)
    return Span(whole.first, min(whole.first + passed, whole.last))


def _period(totals: Totals, before: Totals, wanted: Wanted, *, is_over: bool) -> Period:
    values, values_before = _values(totals, wanted.every), _values(before, wanted.every)
    shown = [metric.key for metric in wanted.metrics]
    return Period(
        span=totals.span,
        is_over=is_over,
        totals=totals,
        values={key: values[key] for key in shown if key in values},
        derived=tuple(_derived(totals, values, wanted.calculators)),
        before=before,
        values_before={key: values_before[key] for key in shown if key in values_before},
    )


def _values(totals: Totals, metrics: Mapping[MetricKey, Metric]) -> dict[MetricKey, Value]:
    values: dict[MetricKey, Value] = {}
    for key, combined in totals.numbers.items():
        match metrics[key].combination:
            case Combination.SUM:
                share = combined.estimated / combined.total if combined.total > 0 else None
                values[key] = Value(combined.total, combined.activities, share)
            case Combination.MEAN if combined.mean is not None:
                values[key] = Value(combined.mean, combined.activities)
            case Combination.HIGHEST if combined.highest is not None:
                values[key] = Value(combined.highest, combined.activities)
            case _:
                continue
    for key, zones in totals.zones.items():
        values[key] = Value(zones, zones.activities)
    return values


def _derived(
    totals: Totals, values: Mapping[MetricKey, Value], calculators: Sequence[tuple[str, PeriodMetrics]]
) -> Iterator[Measurement]:
    """Ask each calculator. One that fails is logged with its plugin's name, and the others go on."""
    for plugin, calculator in calculators:
        known = {
            key: measured
            for key in calculator.needs
            if key in values and (measured := _measurement(key, values[key])) is not None
        }
        given = PeriodInput(
            first_day=totals.span.first,
            last_day=totals.span.last,
            sport=totals.sport,
            activities=totals.activities,
            moving_s=totals.moving_s,
            distance_m=totals.distance_m,
            ascent_m=totals.ascent_m,
            known=known,
        )
        declared = {metric.key for metric in calculator.metrics}
        try:
            made = [one for one in calculator.measure(given) if one.key in declared]
        except Exception:
            LOGGER.exception("the plugin %s failed to summarize a period", plugin)
            continue
        yield from made


def _measurement(key: MetricKey, value: Value) -> Measurement | None:
    estimated = bool(value.estimated_share)
    if not isinstance(value.value, Zones):
        return Measurement(key=key, value=value.value, estimated=estimated)
    if value.value.bounds is None:
        return None
    distribution = Distribution(bounds=value.value.bounds, seconds=value.value.seconds)
    return Measurement(key=key, value=distribution, estimated=estimated)
