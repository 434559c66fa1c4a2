"""What is known of the athlete's body from which day on: to be read, added, changed and removed."""

from datetime import date
from typing import Annotated, Self
from uuid import UUID

from fastapi import APIRouter, Body, Query, Response, status
from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from training_analyzer import pipeline
from training_analyzer.api.answers.athletes import BodyAnswer, ThresholdAnswer, ThresholdList
from training_analyzer.api.dependencies import LoggedIn, MayRead, MayWrite, Session
from training_analyzer.api.openapi import OF_A_BODY, problems
from training_analyzer.api.paths import ThresholdId
from training_analyzer.api.problems import Kind
from training_analyzer.domain.athlete import Thresholds
from training_analyzer.domain.docstrings import describe_fields
from training_analyzer.domain.errors import Implausible, Missing
from training_analyzer.domain.events import ThresholdsChanged
from training_analyzer.domain.sport import Sport
from training_analyzer.processing import profile
from training_analyzer.processing.days import today
from training_analyzer.storage import thresholds
from training_analyzer.storage.database import Transaction
from training_analyzer.storage.thresholds import DatedThreshold

router = APIRouter(prefix="/me", tags=["athletes"], responses=problems(Kind.UNAUTHENTICATED))

# What a body can have is told by name, in `domain/plausible.py`; this keeps out what is no number.
Quantity = Annotated[float, Field(gt=0, le=1_000_000, allow_inf_nan=False)]
Value = Quantity | Annotated[list[Quantity], Field(min_length=1, max_length=20)]


class ThresholdChange(BaseModel):
    """One quantity, from a day on, in one sport or in all (null)."""

    model_config = ConfigDict(extra="forbid", json_schema_extra=describe_fields)

    name: Annotated[str, Field(json_schema_extra={"enum": list(Thresholds.model_fields)})]
    """A field of `Thresholds`: `functional_threshold_power_w`, `max_heart_rate_bpm`…"""
    value: Value
    """In the unit that the name ends in; of zones, where each above the first begins."""
    valid_from: date
    """The day from which it holds. The first value of a quantity counts before that, too."""
    sport: Sport | None = None
    """Null: in every sport that has no value of its own."""

    @field_validator("name")
    @classmethod
    def _is_known(cls, name: str) -> str:
        why = profile.unknown(name)
        if why:
            raise ValueError(why)
        return name

    @model_validator(mode="after")
    def _suits_its_name(self) -> Self:
        wrong = profile.wrong(self.name, self.value)
        if wrong:
            raise ValueError(wrong)
        return self

    @property
    def dated(self) -> DatedThreshold:
        return DatedThreshold(self.name, self.value, self.valid_from, self.sport)


class ThresholdEdit(BaseModel):
    """Another number, another day, or both. What is left out stays."""

    model_config = ConfigDict(extra="forbid", json_schema_extra=describe_fields)

    value: Value | None = None
    """Another number. It is the athlete's own from now on."""
    valid_from: date | None = None
    """Another day from which it holds."""


@router.get("/thresholds")
def read_thresholds(session: MayRead) -> ThresholdList:
    """Return every dated value, oldest first."""
    with session.transaction() as tx:
        return _all(tx, session)


@router.get("/body")
def read_body(
    session: MayRead,
    sport: Annotated[Sport | None, Query(description="Default: what holds in every other sport.")] = None,
    day: Annotated[date | None, Query(description="Default: today.")] = None,
) -> BodyAnswer:
    """Return what the calculations know of the athlete on a day, in a sport."""
    with session.transaction() as tx:
        day = day or today(tx, session.athlete_id, session.runtime.now())[0]
        body = thresholds.body(tx, session.athlete_id)
    known = body.as_of(day, sport)
    return BodyAnswer(
        day=day,
        sport=sport,
        sex=known.sex,
        birth_year=known.birth_year,
        thresholds=known.thresholds,
        valid_from={name: one.valid_from for name, one in body.holding(day, sport).items()},
    )


@router.put("/thresholds", responses=problems(*OF_A_BODY))
def set_thresholds(
    session: MayWrite, changes: Annotated[list[ThresholdChange], Body(min_length=1, max_length=200)]
) -> ThresholdList:
    """
    Store each value from its day on, and return all of them.

    The first value of a quantity counts for the days before it, too: nothing better is known of them.
    A value of the same quantity, sport and day is replaced; others stay. Metrics that depend on
    them are computed again.
    """
    with session.transaction() as tx:
        record(tx, session, profile.store(tx, session.athlete_id, [change.dated for change in changes]))
        return _all(tx, session)


@router.post(
    "/thresholds",
    status_code=status.HTTP_201_CREATED,
    responses=problems(*OF_A_BODY, Kind.ALREADY_EXISTS),
)
def add_threshold(session: MayWrite, change: ThresholdChange) -> ThresholdAnswer:
    """Add one value. Metrics that depend on it are computed again."""
    with session.transaction() as tx:
        added, changed = profile.add(tx, session.athlete_id, change.dated)
        record(tx, session, changed)
        return _one(tx, added)


@router.patch(
    "/thresholds/{threshold_id}", responses=problems(*OF_A_BODY, Kind.NOT_FOUND, Kind.ALREADY_EXISTS)
)
def change_threshold(session: MayWrite, threshold_id: ThresholdId, edit: ThresholdEdit) -> ThresholdAnswer:
    """
    Change the number or the day of a value.

    A number that is sent is the athlete's own from then on, also the one that stood there. Another day
    alone leaves it whose it is.
    """
    with session.transaction() as tx:
        before = thresholds.find(tx, threshold_id, lock=True)
        if before is None:
            raise Missing(profile.NO_SUCH_VALUE)
        valid_from = edit.valid_from or before.valid_from
        wrong = profile.wrong(before.name, before.value if edit.value is None else edit.value)
        if wrong:
            raise Implausible(f"{wrong}.")
        is_said = edit.value is not None and (edit.value, thresholds.OF_ATHLETE) != (
            before.value,
            before.source,
        )
        if is_said or valid_from != before.valid_from:
            record(
                tx, session, profile.change(tx, session.athlete_id, before, value=edit.value, day=valid_from)
            )
        return _one(tx, threshold_id)


@router.delete(
    "/thresholds/{threshold_id}",
    status_code=status.HTTP_204_NO_CONTENT,
    response_class=Response,
    responses=problems(Kind.NOT_FOUND),
)
def remove_threshold(session: LoggedIn, threshold_id: ThresholdId) -> None:
    """
    Forget a value. Metrics that depend on it are computed again.

    What held before it holds on; where it was the first, the next one counts for the time before, too.
    """
    with session.transaction() as tx:
        record(tx, session, profile.remove(tx, session.athlete_id, threshold_id))


def record(tx: Transaction, session: Session, changed: ThresholdsChanged) -> None:
    """Owe what follows from a change of the body: metrics that rest on it are computed again."""
    pipeline.record(tx, [changed], now=session.runtime.now())


def _one(tx: Transaction, threshold_id: UUID) -> ThresholdAnswer:
    return ThresholdAnswer.model_validate(thresholds.find(tx, threshold_id))


def _all(tx: Transaction, session: Session) -> ThresholdList:
    found = thresholds.of_athlete(tx, session.athlete_id)
    return ThresholdList(items=[ThresholdAnswer.model_validate(one) for one in found])
