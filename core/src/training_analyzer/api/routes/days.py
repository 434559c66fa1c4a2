"""Daily series: load, fitness, fatigue, form and whatever else plugins compute."""

import difflib
import json
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Annotated, Any, Final

import numpy as np
from fastapi import APIRouter, Query, Response

from training_analyzer.api.answers.answer import nullable
from training_analyzer.api.answers.metrics import DaysAnswer, ProjectedSeriesAnswer, ProjectionAnswer
from training_analyzer.api.dependencies import MayRead
from training_analyzer.api.openapi import problems
from training_analyzer.api.parameters import check_order
from training_analyzer.api.problems import Kind, Problem, invalid
from training_analyzer.domain.metric import DailySeries
from training_analyzer.processing import days as processing
from training_analyzer.processing.days import today
from training_analyzer.registry.registry import Registry
from training_analyzer.storage import days, retention

USUAL_DAYS: Final = 42
MOST_DAYS: Final = 3660
"""Ten years."""
MOST_METRICS: Final = 50
MOST_DAYS_TO_COME: Final = 365

router = APIRouter(prefix="/days", tags=["metrics"], responses=problems(Kind.UNAUTHENTICATED))


@router.get("", response_model=DaysAnswer, responses=problems(Kind.UNKNOWN_METRIC))
def read_days(
    session: MayRead,
    metrics: Annotated[
        str, Query(max_length=10_000, description="Keys of daily metrics, separated by commas.")
    ],
    first: Annotated[date | None, Query(alias="from", description="Default: six weeks up to `to`.")] = None,
    last: Annotated[date | None, Query(alias="to", description="Default: today.")] = None,
) -> Response:
    """Return daily series as columns: one entry for each day in [`from`, `to`]."""
    runtime = session.runtime
    keys = _known(metrics.split(","), runtime.registry)
    made_now = [key for key in keys if key in processing.unstored(runtime.plan)]
    windows_days = _windows_days(runtime.registry)
    stored = {key: windows_days[key] for key in keys if key not in made_now}
    with session.transaction() as tx:
        this_day, _ = today(tx, session.athlete_id, runtime.now())
        last = last or this_day
        first = first or last - min(timedelta(days=USUAL_DAYS - 1), last - date.min)
        _check_span(first, last)
        body = days.body(tx, session.athlete_id, stored, first=first, last=last, today=this_day)
        if not made_now:
            return Response(body, media_type="application/json")
        kept = runtime.days_kept(retention.providers_of(tx, session.athlete_id))
        made = processing.read(tx, session.athlete_id, runtime.plan, made_now, until=this_day, kept_days=kept)
    answer = json.loads(body)
    versions = processing.versions(runtime.plan)
    for key in made_now:
        answer["series"][key] = _columns(
            made.get(key), versions[key], windows_days[key], first=first, last=last, this_day=this_day
        )
    return Response(json.dumps(answer, default=date.isoformat), media_type="application/json")


@router.get("/projection", responses=problems(Kind.UNKNOWN_METRIC))
def read_projection(
    session: MayRead,
    metrics: Annotated[
        str, Query(max_length=10_000, description="Keys of daily metrics, separated by commas.")
    ],
    days_to_come: Annotated[
        int, Query(alias="days", ge=1, le=MOST_DAYS_TO_COME, description="How many days to come.")
    ] = USUAL_DAYS,
) -> ProjectionAnswer:
    """
    Return what becomes of daily series from today on if the athlete trains no more.

    The calculators that made the series make this too, from days without training.
    """
    runtime = session.runtime
    keys = _known(metrics.split(","), runtime.registry)
    with session.transaction() as tx:
        this_day, _ = today(tx, session.athlete_id, runtime.now())
        kept = runtime.days_kept(retention.providers_of(tx, session.athlete_id))
        made = processing.project(
            tx,
            session.athlete_id,
            runtime.plan,
            keys,
            today=this_day,
            days_to_come=days_to_come,
            kept_days=kept,
        )
    versions = processing.versions(runtime.plan)
    windows_days = _windows_days(runtime.registry)
    last = this_day + timedelta(days=days_to_come)
    return ProjectionAnswer(
        days=[this_day + timedelta(days=number) for number in range(days_to_come + 1)],
        series={
            key: ProjectedSeriesAnswer(
                **_columns(
                    made.get(key),
                    versions[key],
                    windows_days[key],
                    first=this_day,
                    last=last,
                    this_day=this_day,
                ),
                positive_from=_positive_from(made.get(key), this_day),
            )
            for key in keys
        },
    )


def _columns(
    one: DailySeries | None, version: int, window_days: int | None, *, first: date, last: date, this_day: date
) -> dict[str, Any]:
    """Return the part of a series that was asked for; null on days that it does not cover."""
    size = (last - first).days + 1
    values, estimated = np.full((2, size), np.nan)
    days_to_come = max(0, min(size, (last - this_day).days))
    why = [days.BEFORE_ALL] * (size - days_to_come) + [days.NOT_YET] * days_to_come
    if one is not None:
        offset = (one.first_day - first).days
        begin, end = max(0, offset), min(size, offset + one.values.size)
        if begin < end:
            values[begin:end] = one.values[begin - offset : end - offset]
            shares = np.zeros(one.values.size) if one.estimated is None else np.nan_to_num(one.estimated)
            estimated[begin:end] = shares[begin - offset : end - offset]
            why[begin:end] = [one.absent] * (end - begin)
    is_absent = np.isnan(values)
    estimated[is_absent] = np.nan
    warmed_up_on = None
    if one is not None and window_days is not None and not np.isnan(one.values).all():
        warmed_up_on = one.first_day + timedelta(days=window_days - 1)
    return {
        "values": nullable(values),
        "estimated": nullable(np.round(estimated, 4)),
        "absent": [reason if absent else None for reason, absent in zip(why, is_absent, strict=True)],
        "method": "" if one is None else one.method,
        "version": version,
        "warmed_up_on": warmed_up_on,
    }


def _positive_from(one: DailySeries | None, today: date) -> date | None:
    """Return the first day to come that is above zero, where today is not; None where there is none."""
    to_come = np.empty(0) if one is None else one.values[(today - one.first_day).days :]
    if not to_come.size or not to_come[0] <= 0:
        return None
    above = np.flatnonzero(to_come > 0)
    return today + timedelta(days=int(above[0])) if above.size else None


def _windows_days(registry: Registry) -> dict[str, int | None]:
    """Return for each daily metric how many days a value looks back on; None where it does not."""
    return {metric.key: metric.window_days for one in registry.daily_metrics for metric in one.metrics}


def _known(wanted: Iterable[str], registry: Registry) -> list[str]:
    """Return the keys without repetitions. Raises Problem that names what is close to a wrong one."""
    daily = {metric.key for calculator in registry.daily_metrics for metric in calculator.metrics}
    keys = list(dict.fromkeys(filter(None, (key.strip() for key in wanted))))
    if not 1 <= len(keys) <= MOST_METRICS:
        raise invalid("query", "metrics", f"Name one to {MOST_METRICS} metrics, separated by commas.")
    for key in keys:
        if key in daily:
            continue
        if key in registry.metrics:
            raise Problem(
                Kind.UNKNOWN_METRIC,
                f"{key} is a metric of activities, not of days: `GET /api/v1/activities` has it.",
            )
        close = difflib.get_close_matches(key, daily, n=1)
        hint = f"Did you mean {close[0]}?" if close else "`GET /api/v1/metrics` lists what there is."
        raise Problem(Kind.UNKNOWN_METRIC, f"There is no daily metric {key!r}. {hint}")
    return keys


def _check_span(first: date, last: date) -> None:
    check_order(first, last)
    if (last - first).days >= MOST_DAYS:
        raise invalid("query", "from", f"Ask for {MOST_DAYS} days at most.")
