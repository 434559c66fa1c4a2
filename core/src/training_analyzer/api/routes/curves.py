"""Bests over a period, of one activity at every second, and personal records."""

from datetime import date, timedelta
from typing import Annotated, Final

from fastapi import APIRouter, Path, Query

from training_analyzer.api.answers.curves import (
    ActivityCurveAnswer,
    BestsAnswer,
    PeriodCurveAnswer,
    RecordAnswer,
    RecordList,
)
from training_analyzer.api.curve_names import SPORT_OF, curve_named
from training_analyzer.api.dependencies import MayRead, Session
from training_analyzer.api.openapi import problems
from training_analyzer.api.parameters import check_order
from training_analyzer.api.paths import ActivityId
from training_analyzer.api.problems import Kind, Problem, invalid
from training_analyzer.domain.metric import Combination, Curve, Metric
from training_analyzer.domain.sport import Sport
from training_analyzer.processing.days import today
from training_analyzer.processing.full_curves import full_curve
from training_analyzer.processing.records import records
from training_analyzer.storage import curves
from training_analyzer.storage.curves import Bests
from training_analyzer.storage.database import Transaction

USUAL_DAYS: Final = 90

router = APIRouter(tags=["metrics"], responses=problems(Kind.UNAUTHENTICATED))

CurveName = Annotated[
    str, Path(max_length=200, description="`power`, `heart_rate`, `pace`, or the key of a curve.")
]


@router.get("/curves/{name}", responses=problems(Kind.NOT_FOUND))
def read_period_curve(
    *,
    session: MayRead,
    name: CurveName,
    first: Annotated[date | None, Query(alias="from", description="Default: 90 days up to `to`.")] = None,
    last: Annotated[date | None, Query(alias="to", description="Default: today.")] = None,
    sport: Annotated[
        Sport | None,
        Query(description="Default: `ride` for power, `run` for pace, all sports for everything else."),
    ] = None,
    against_first: Annotated[
        date | None, Query(alias="against_from", description="Compare with a period from here on.")
    ] = None,
    against_last: Annotated[
        date | None, Query(alias="against_to", description="Default: the day before `from`.")
    ] = None,
) -> PeriodCurveAnswer:
    """Return the best of each duration over a period, with the activity and the place of each."""
    if against_first is None and against_last is not None:
        raise invalid("query", "against_from", "Say with `against_from` where the other period begins.")
    metric = curve_named(session.runtime, name)
    sport = sport or SPORT_OF.get(name)
    with session.transaction() as tx:
        last = last or today(tx, session.athlete_id, session.runtime.now())[0]
        first = first or last - min(timedelta(days=USUAL_DAYS - 1), last - date.min)
        check_order(first, last)
        found = _bests(tx, session, metric, sport, first=first, last=last)
        answer = PeriodCurveAnswer(
            key=metric.key,
            unit=metric.unit,
            sport=sport,
            curve=BestsAnswer.of(found, first, last, as_pace=name == "pace"),
        )
        if against_first is None:
            return answer
        against_last = against_last or (first - timedelta(days=1) if first > date.min else first)
        check_order(against_first, against_last, name="against_from")
        other = _bests(tx, session, metric, sport, first=against_first, last=against_last)
    then = dict(zip(other.seconds.tolist(), other.values.tolist(), strict=True))
    answer.against = BestsAnswer.of(other, against_first, against_last, as_pace=name == "pace")
    answer.changes = [
        value - then[second] if second in then else None
        for second, value in zip(found.seconds.tolist(), found.values.tolist(), strict=True)
    ]
    return answer


@router.get(
    "/activities/{activity_id}/curves/{name}",
    tags=["activities"],
    responses=problems(Kind.NOT_FOUND, Kind.NOT_POSSIBLE),
)
def read_activity_curve(
    *,
    session: MayRead,
    activity_id: ActivityId,
    name: CurveName,
    full: Annotated[bool, Query(description="At every second, made from the recording.")] = False,
) -> ActivityCurveAnswer:
    """Return a curve of one activity: as it is stored, or at every second."""
    metric = curve_named(session.runtime, name)
    runtime = session.runtime
    with session.transaction() as tx:
        stored = curves.of_activity(tx, activity_id, metric.key)
        if stored is None:
            raise Problem(
                Kind.NOT_FOUND,
                f"This activity has no {metric.title.lower()}. `GET /api/v1/activities/{activity_id}` "
                "says why, if it is yours.",
            )
        make = None
        if full:
            make = full_curve(
                tx,
                session.athlete_id,
                activity_id,
                metric.key,
                plan=runtime.plan,
                providers=runtime.registry.providers,
            )
    whole = make().value if make is not None else None
    made = whole if isinstance(whole, Curve) else None
    return ActivityCurveAnswer(
        key=metric.key, unit=metric.unit, full=made is not None, curve=stored if made is None else made
    )


@router.get("/records")
def read_records(
    session: MayRead, sport: Annotated[Sport, Query(description="Records are of one sport.")]
) -> RecordList:
    """
    Return the athlete's records in a sport: all-time, of the last 365 days, and of the last 90.

    They are found anew whenever they are asked for: what is gone holds no record. A recording with
    readings that cannot be true holds none either.
    """
    with session.transaction() as tx:
        day, _ = today(tx, session.athlete_id, session.runtime.now())
        found = records(tx, session.athlete_id, session.runtime.registry.metrics.values(), sport, today=day)
        return RecordList(sport=sport, items=[RecordAnswer.of(record) for record in found])


def _bests(
    tx: Transaction, session: Session, metric: Metric, sport: Sport | None, *, first: date, last: date
) -> Bests:
    points = curves.points(tx, session.athlete_id, metric.key, sport=sport, first=first, last=last)
    return curves.bests(tx, metric.key, points, Combination.HIGHEST)
