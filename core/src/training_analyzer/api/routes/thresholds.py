"""What is known of the athlete's body from which day on: to be read, added, changed and removed."""

import difflib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Annotated, Self
from uuid import UUID

from fastapi import APIRouter, Body, Query, status
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from training_analyzer import pipeline
from training_analyzer.api.answers.athletes import BodyAnswer, ThresholdAnswer
from training_analyzer.api.dependencies import LoggedIn, Session
from training_analyzer.api.openapi import OF_A_BODY, problems
from training_analyzer.api.problems import Kind, Problem, invalid
from training_analyzer.domain.activity import Sport
from training_analyzer.domain.athlete import Thresholds
from training_analyzer.domain.events import ThresholdsChanged
from training_analyzer.domain.plausible import out_of_range
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

    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, Field(json_schema_extra={"enum": list(Thresholds.model_fields)})]
    """A field of `Thresholds`: `functional_threshold_power_w`, `max_heart_rate_bpm`…"""
    value: Value
    valid_from: date
    sport: Sport | None = None

    @field_validator("name")
    @classmethod
    def _is_known(cls, name: str) -> str:
        if name not in Thresholds.model_fields:
            close = difflib.get_close_matches(name, Thresholds.model_fields, n=1)
            hint = f"did you mean {close[0]}?" if close else f"use {', '.join(Thresholds.model_fields)}"
            raise ValueError(f"there is no such quantity; {hint}")
        return name

    @model_validator(mode="after")
    def _suits_its_name(self) -> Self:
        wrong = _wrong(self.name, self.value)
        if wrong:
            raise ValueError(wrong)
        return self

    @property
    def dated(self) -> DatedThreshold:
        return DatedThreshold(self.name, self.value, self.valid_from, self.sport)


class ThresholdEdit(BaseModel):
    """Another number, another day, or both. What is left out stays."""

    model_config = ConfigDict(extra="forbid")

    value: Value | None = None
    valid_from: date | None = None


@router.get("/thresholds")
def read_thresholds(session: LoggedIn) -> list[ThresholdAnswer]:
    """Return every dated value, oldest first."""
    with session.transaction() as tx:
        return _all(tx, session)


@router.get("/body")
def read_body(
    session: LoggedIn,
    sport: Annotated[Sport | None, Query(description="Default: what holds in every other sport.")] = None,
    day: Annotated[date | None, Query(description="Default: today.")] = None,
) -> BodyAnswer:
    """Return what the calculations know of the athlete on a day, in a sport."""
    with session.transaction() as tx:
        day = day or today(tx, session.athlete_id, session.runtime.now())[0]
        known = thresholds.body(tx, session.athlete_id).as_of(day, sport)
    return BodyAnswer(
        day=day, sport=sport, sex=known.sex, birth_year=known.birth_year, thresholds=known.thresholds
    )


@router.put("/thresholds", responses=problems(*OF_A_BODY))
def set_thresholds(
    session: LoggedIn, changes: Annotated[list[ThresholdChange], Body(min_length=1, max_length=200)]
) -> list[ThresholdAnswer]:
    """
    Store each value from its day on, and return all of them.

    A value of the same quantity, sport and day is replaced; others stay. Metrics that depend on
    them are computed again.
    """
    with session.transaction() as tx:
        with consistent(tx, session):
            thresholds.store(tx, session.athlete_id, [change.dated for change in changes])
        measure_again(tx, session, min(change.valid_from for change in changes))
        return _all(tx, session)


@router.post(
    "/thresholds",
    status_code=status.HTTP_201_CREATED,
    responses=problems(*OF_A_BODY, Kind.ALREADY_EXISTS),
)
def add_threshold(session: LoggedIn, change: ThresholdChange) -> ThresholdAnswer:
    """Add one value. Metrics that depend on it are computed again."""
    with session.transaction() as tx:
        with consistent(tx, session):
            added = thresholds.add(tx, session.athlete_id, change.dated)
        measure_again(tx, session, change.valid_from)
        return _one(tx, added)


@router.patch(
    "/thresholds/{threshold_id}", responses=problems(*OF_A_BODY, Kind.NOT_FOUND, Kind.ALREADY_EXISTS)
)
def change_threshold(session: LoggedIn, threshold_id: UUID, edit: ThresholdEdit) -> ThresholdAnswer:
    """Change the number or the day of a value. It is then the athlete's own, wherever it came from."""
    with session.transaction() as tx:
        before = thresholds.find(tx, threshold_id)
        if before is None:
            raise _unknown()
        value = before.value if edit.value is None else edit.value
        valid_from = edit.valid_from or before.valid_from
        wrong = _wrong(before.name, value)
        if wrong:
            raise invalid("body", "value", f"{wrong}.")
        if (value, valid_from) != (before.value, before.valid_from):
            with consistent(tx, session):
                thresholds.change(tx, before, value=value, valid_from=valid_from)
            measure_again(tx, session, min(valid_from, before.valid_from))
        return _one(tx, threshold_id)


@router.delete(
    "/thresholds/{threshold_id}",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problems(Kind.NOT_FOUND),
)
def remove_threshold(session: LoggedIn, threshold_id: UUID) -> None:
    """Forget a value. What held before it holds on; metrics that depend on it are computed again."""
    with session.transaction() as tx:
        removed = thresholds.remove(tx, threshold_id)
        if removed is None:
            raise _unknown()
        measure_again(tx, session, removed.valid_from)


def measure_again(tx: Transaction, session: Session, first_day: date) -> None:
    changed = ThresholdsChanged(athlete_id=session.athlete_id, first_day=first_day)
    pipeline.record(tx, [changed], now=session.runtime.now())


@contextmanager
def consistent(tx: Transaction, session: Session) -> Iterator[None]:
    """Refuse a change that makes two values contradict each other on a day on which they did not."""
    before = thresholds.body(tx, session.athlete_id).contradictions()
    yield
    after = thresholds.body(tx, session.athlete_id).contradictions()
    for contradiction in sorted(after - before):
        raise invalid(
            "body", "value", f"{contradiction}. To change both at once, use `PUT /api/v1/me/thresholds`."
        )


def _wrong(name: str, value: float | list[float]) -> str | None:
    """Say what is wrong with a value for its name; None where nothing is."""
    try:
        Thresholds.model_validate({name: value})
    except ValidationError as error:
        return f"{name}: {error.errors()[0]['msg'].removeprefix('Value error, ')}"
    return out_of_range(name, value)


def _unknown() -> Problem:
    return Problem(Kind.NOT_FOUND, "You have no such value. `GET /api/v1/me/thresholds` lists yours.")


def _one(tx: Transaction, threshold_id: UUID) -> ThresholdAnswer:
    return ThresholdAnswer.model_validate(thresholds.find(tx, threshold_id))


def _all(tx: Transaction, session: Session) -> list[ThresholdAnswer]:
    return [ThresholdAnswer.model_validate(one) for one in thresholds.of_athlete(tx, session.athlete_id)]
