"""Daily series: load, fitness, fatigue, form and whatever else plugins compute."""

import difflib
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Annotated, Final

from fastapi import APIRouter, Query, Response

from training_analyzer.api.answers.metrics import DaysAnswer
from training_analyzer.api.dependencies import LoggedIn
from training_analyzer.api.openapi import problems
from training_analyzer.api.problems import Kind, Problem, invalid
from training_analyzer.processing.days import today
from training_analyzer.registry.registry import Registry
from training_analyzer.storage import days

USUAL_DAYS: Final = 42
MOST_DAYS: Final = 3660
"""Ten years."""
MOST_METRICS: Final = 50

router = APIRouter(prefix="/days", tags=["metrics"], responses=problems(Kind.UNAUTHENTICATED))


@router.get("", response_model=DaysAnswer, responses=problems(Kind.UNKNOWN_METRIC))
def read_days(
    session: LoggedIn,
    metrics: Annotated[
        str, Query(max_length=10_000, description="Keys of daily metrics, separated by commas.")
    ],
    first: Annotated[date | None, Query(alias="from", description="Default: six weeks up to `to`.")] = None,
    last: Annotated[date | None, Query(alias="to", description="Default: today.")] = None,
) -> Response:
    """Return daily series as columns: one entry for each day in [`from`, `to`]."""
    keys = _known(metrics.split(","), session.runtime.registry)
    with session.transaction() as tx:
        last = last or today(tx, session.athlete_id, session.runtime.now())[0]
        first = first or last - min(timedelta(days=USUAL_DAYS - 1), last - date.min)
        _check_span(first, last)
        body = days.body(tx, session.athlete_id, keys, first=first, last=last)
    return Response(body, media_type="application/json")


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
    if first > last:
        raise invalid("query", "from", f"{first} is later than {last}, where the series is to end.")
    if (last - first).days >= MOST_DAYS:
        raise invalid("query", "from", f"Ask for {MOST_DAYS} days at most.")
