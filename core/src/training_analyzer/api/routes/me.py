"""The athlete who is logged in: who they are, and what is known of their body from which day on."""

import difflib
from datetime import date
from typing import Annotated, Self

from fastapi import APIRouter, Body
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from training_analyzer import pipeline
from training_analyzer.api.answers.athletes import ProfileAnswer, ThresholdAnswer
from training_analyzer.api.dependencies import LoggedIn
from training_analyzer.api.openapi import OF_A_BODY, problems
from training_analyzer.api.problems import Kind
from training_analyzer.api.requests import BirthYear, Name
from training_analyzer.domain.activity import Sport
from training_analyzer.domain.athlete import Sex, Thresholds
from training_analyzer.domain.events import ThresholdsChanged
from training_analyzer.storage import athletes
from training_analyzer.storage.athletes import DatedThreshold, Profile
from training_analyzer.storage.database import Transaction

router = APIRouter(prefix="/me", tags=["athletes"], responses=problems(Kind.UNAUTHENTICATED))


class ProfileChange(BaseModel):
    """What is to change. What is left out stays; null says that it is not known."""

    model_config = ConfigDict(extra="forbid")

    name: Name = ""  # required where it is given: a name may change, not go
    sex: Sex | None = None
    birth_year: BirthYear | None = None


# Far beyond every human being, and still numbers that calculations can divide by and square.
Quantity = Annotated[float, Field(ge=0.01, le=1_000_000, allow_inf_nan=False)]


class ThresholdChange(BaseModel):
    """One quantity, from a day on, in one sport or in all (null)."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, Field(json_schema_extra={"enum": list(Thresholds.model_fields)})]
    """A field of `Thresholds`: `functional_threshold_power_w`, `max_heart_rate_bpm`…"""
    value: Quantity | Annotated[list[Quantity], Field(min_length=1, max_length=20)]
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
        try:
            Thresholds.model_validate({self.name: self.value})
        except ValidationError as error:
            raise ValueError(f"{self.name}: {error.errors()[0]['msg']}") from error
        if isinstance(self.value, list) and self.value != sorted(set(self.value)):
            raise ValueError(f"{self.name}: zones are given by where they begin, ascending")
        return self

    @property
    def dated(self) -> DatedThreshold:
        return DatedThreshold(self.name, self.value, self.valid_from, self.sport)


@router.get("")
def read_profile(session: LoggedIn) -> ProfileAnswer:
    """Return the athlete's profile."""
    with session.transaction() as tx:
        return ProfileAnswer.of(_profile(tx, session))


@router.patch("", responses=problems(*OF_A_BODY))
def change_profile(session: LoggedIn, change: ProfileChange) -> ProfileAnswer:
    """Change what is given. Metrics that depend on it are computed again."""
    wanted = change.model_dump(exclude_unset=True)
    with session.transaction() as tx:
        before = _profile(tx, session)
        athletes.update_profile(
            tx,
            session.athlete_id,
            name=wanted.get("name", before.name),
            sex=wanted.get("sex", before.sex),
            birth_year=wanted.get("birth_year", before.birth_year),
        )
        after = _profile(tx, session)
        if (before.sex, before.birth_year) != (after.sex, after.birth_year):
            _measure_again(tx, session, date.min)
    return ProfileAnswer.of(after)


@router.get("/thresholds")
def read_thresholds(session: LoggedIn) -> list[ThresholdAnswer]:
    """Return every dated value, oldest first."""
    with session.transaction() as tx:
        return _thresholds(tx, session)


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
        athletes.set_thresholds(tx, session.athlete_id, [change.dated for change in changes])
        _measure_again(tx, session, min(change.valid_from for change in changes))
        return _thresholds(tx, session)


def _profile(tx: Transaction, session: LoggedIn) -> Profile:
    found = athletes.profile(tx, session.athlete_id)
    assert found is not None
    return found


def _thresholds(tx: Transaction, session: LoggedIn) -> list[ThresholdAnswer]:
    return [ThresholdAnswer.model_validate(one) for one in athletes.thresholds(tx, session.athlete_id)]


def _measure_again(tx: Transaction, session: LoggedIn, first_day: date) -> None:
    changed = ThresholdsChanged(athlete_id=session.athlete_id, first_day=first_day)
    pipeline.record(tx, [changed], now=session.runtime.now())
