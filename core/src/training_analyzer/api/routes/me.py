"""The athlete who is logged in."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from training_analyzer import pipeline
from training_analyzer.api.answers.athletes import ProfileAnswer
from training_analyzer.api.dependencies import MayRead, MayWrite, Session
from training_analyzer.api.openapi import OF_A_BODY, problems
from training_analyzer.api.problems import Kind
from training_analyzer.api.requests import BirthYear, Name, check_birth_year
from training_analyzer.api.routes.thresholds import record
from training_analyzer.domain.athlete import Sex
from training_analyzer.domain.docstrings import describe_fields
from training_analyzer.domain.events import StyleChanged, ThresholdsChanged
from training_analyzer.domain.style import Language, NumberFormat, Style, Tone, Units
from training_analyzer.storage import athletes
from training_analyzer.storage.athletes import Profile
from training_analyzer.storage.database import Transaction

router = APIRouter(prefix="/me", tags=["athletes"], responses=problems(Kind.UNAUTHENTICATED))


class StyleChange(BaseModel):
    """How the athlete wants to read from now on. What is left out stays."""

    model_config = ConfigDict(extra="forbid", json_schema_extra=describe_fields)

    language: Language | None = None
    """Of headlines, observations and advice."""
    units: Units | None = None
    """Of distances, heights and paces."""
    numbers: NumberFormat | None = None
    """Which marks stand in numbers."""
    tone: Tone | None = None
    """How a model is to speak."""


class ProfileChange(BaseModel):
    """What is to change. What is left out stays; null says that it is not known."""

    model_config = ConfigDict(extra="forbid", json_schema_extra=describe_fields)

    name: Annotated[Name, Field(default_factory=str)]
    """May change, not go."""
    sex: Sex | None = None
    """Chooses constants of some metrics."""
    birth_year: BirthYear | None = None
    """Some metrics count with the age."""
    style: StyleChange | None = None
    """How the athlete wants to read."""


@router.get("")
def read_profile(session: MayRead) -> ProfileAnswer:
    """Return the athlete's profile."""
    with session.transaction() as tx:
        return ProfileAnswer.of(_profile(tx, session))


@router.patch("", responses=problems(*OF_A_BODY))
def change_profile(session: MayWrite, change: ProfileChange) -> ProfileAnswer:
    """Change what is given. Metrics that depend on it are computed again."""
    check_birth_year(change.birth_year, now=session.runtime.now())
    wanted = change.model_dump(exclude_unset=True)
    with session.transaction() as tx:
        before = _profile(tx, session, lock=True)
        athletes.update_profile(
            tx,
            session.athlete_id,
            name=wanted.get("name", before.name),
            sex=wanted.get("sex", before.sex),
            birth_year=wanted.get("birth_year", before.birth_year),
        )
        if change.style is not None:
            _change_style(tx, session, before.style, change.style)
        after = _profile(tx, session)
        if (before.sex, before.birth_year) != (after.sex, after.birth_year):
            record(tx, session, ThresholdsChanged(athlete_id=session.athlete_id, first_day=date.min))
    return ProfileAnswer.of(after)


def _profile(tx: Transaction, session: Session, *, lock: bool = False) -> Profile:
    found = athletes.profile(tx, session.athlete_id, lock=lock)
    assert found is not None
    return found


def _change_style(tx: Transaction, session: Session, before: Style, change: StyleChange) -> None:
    after = before.model_copy(update=change.model_dump(exclude_none=True))
    if after != before:
        athletes.set_style(tx, session.athlete_id, after)
        pipeline.record(tx, [StyleChanged(athlete_id=session.athlete_id)], now=session.runtime.now())
