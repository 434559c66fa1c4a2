"""Weeks, months and years: what they come to, by sport, against the period before."""

import difflib
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Annotated, Final, Literal

from fastapi import APIRouter, Query

from training_analyzer.api.answers.periods import PeriodAnswer, PeriodList
from training_analyzer.api.dependencies import MayRead
from training_analyzer.api.openapi import problems
from training_analyzer.api.parameters import check_order
from training_analyzer.api.problems import Kind, Problem, invalid
from training_analyzer.domain.metric import Metric, MetricKey, Shape
from training_analyzer.domain.sport import Sport
from training_analyzer.processing.days import today
from training_analyzer.processing.periods import By, Wanted, summarize
from training_analyzer.runtime import Runtime
from training_analyzer.storage import periods
from training_analyzer.storage.periods import Span

USUAL: Final = {By.WEEK: 6, By.MONTH: 6, By.YEAR: 2}
"""How many periods are told where nobody says from when on."""
MOST_PERIODS: Final = 160
"""Three years of weeks, thirteen of months."""
MOST_METRICS: Final = 50
USUAL_METRICS: Final = ("load", "work", "calories", "ascent", "trimp", "time_in_heart_rate_zones",
                        "time_in_power_zones", "time_in_pace_zones")  # fmt: skip
"""Of the plugin whose numbers insights speak of, as far as it has them."""

router = APIRouter(prefix="/periods", tags=["metrics"], responses=problems(Kind.UNAUTHENTICATED))


@router.get("", responses=problems(Kind.UNKNOWN_METRIC))
def read_periods(
    *,
    session: MayRead,
    by: Annotated[
        Literal["week", "month", "year", "all"],
        Query(description="`all`: one period from `from` to `to`, against as many days before it."),
    ] = "week",
    first: Annotated[date | None, Query(alias="from", description="Default: the last few.")] = None,
    last: Annotated[date | None, Query(alias="to", description="Default: today.")] = None,
    sport: Annotated[Sport | None, Query(description="Default: all of them, each by itself.")] = None,
    metrics: Annotated[
        str | None,
        Query(
            max_length=10_000,
            description="Keys of activity metrics that have a `combination`, separated by commas. "
            "Default: load, work, calories, ascent and time in zones.",
        ),
    ] = None,
) -> PeriodList:
    """Return what each period comes to: time, distance, ascent, and metrics of any plugin."""
    runtime = session.runtime
    wanted = _wanted(runtime, metrics)
    with session.transaction() as tx:
        this_day, _ = today(tx, session.athlete_id, runtime.now())
        spans = _spans(by, first, last or this_day)
        found = summarize(tx, session.athlete_id, spans, wanted, today=this_day)
        items = [
            PeriodAnswer.of(period)
            for of_span in found
            for period in of_span
            if sport is None or period.totals.sport is sport
        ]
        load = f"{runtime.settings.insight_metrics}.load"
        history = periods.history(tx, session.athlete_id, load, today=this_day)
    return PeriodList(items=items, history_days=history.days, estimated_share=history.estimated_share)


def _spans(by: str, first: date | None, last: date) -> Sequence[Span]:
    if by == "all":
        first = first or last - min(timedelta(days=27), last - date.min)
        check_order(first, last)
        if (first - date.min) <= (last - first):
            raise invalid("query", "from", "There are not as many days before it to compare with.")
        return [Span(first, last)]
    division = By(by)
    if last.year <= date.min.year + 1 or last.year >= date.max.year:
        raise invalid("query", "to", "Nobody trained then.")
    if first is None:
        first = last
        for _ in range(USUAL[division] - 1):
            first = division.around(first).first - timedelta(days=1)
    check_order(first, last)
    if first.year <= date.min.year + 1 or (last - first).days > MOST_PERIODS * 366:
        raise invalid("query", "from", f"Ask for {MOST_PERIODS} periods at most.")
    spans = division.divide(first, last)
    if len(spans) > MOST_PERIODS:
        raise invalid("query", "from", f"Ask for {MOST_PERIODS} periods at most.")
    return spans


def _wanted(runtime: Runtime, named: str | None) -> Wanted:
    registry = runtime.registry
    combined = {
        metric.key: metric
        for calculator in registry.activity_metrics
        for metric in calculator.metrics
        if metric.combination is not None and metric.shape is not Shape.CURVE
    }
    if named is None:
        usual = [f"{runtime.settings.insight_metrics}.{name}" for name in USUAL_METRICS]
        chosen = [combined[key] for key in usual if key in combined]
    else:
        chosen = _named(named, combined, registry.metrics)
    return Wanted(
        metrics=chosen,
        calculators=[(registry.plugin_of(one), one) for one in registry.period_metrics],
        needed=[
            combined[need]
            for calculator in registry.period_metrics
            for need in calculator.needs
            if need in combined
        ],
    )


def _named(named: str, combined: dict[MetricKey, Metric], every: Mapping[MetricKey, Metric]) -> list[Metric]:
    keys = list(dict.fromkeys(filter(None, (key.strip() for key in named.split(",")))))
    if not 1 <= len(keys) <= MOST_METRICS:
        raise invalid("query", "metrics", f"Name one to {MOST_METRICS} metrics, separated by commas.")
    for key in keys:
        if key in combined:
            continue
        if key in every:
            raise Problem(
                Kind.UNKNOWN_METRIC,
                f"The values of {key} in several activities become no number: it has no `combination` for "
                "periods. `GET /api/v1/metrics` says which have.",
            )
        close = difflib.get_close_matches(key, combined, n=1)
        hint = f"Did you mean {close[0]}?" if close else "`GET /api/v1/metrics` lists what there is."
        raise Problem(Kind.UNKNOWN_METRIC, f"There is no metric {key!r}. {hint}")
    return [combined[key] for key in keys]
