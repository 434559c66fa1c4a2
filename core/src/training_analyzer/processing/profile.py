"""What an athlete says of their body: each change by the same rules, whatever door it comes in by."""

import difflib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import Final
from uuid import UUID

from pydantic import ValidationError

from training_analyzer.domain.athlete import Thresholds, ThresholdSuggestion
from training_analyzer.domain.errors import Implausible, Missing, NotPossible
from training_analyzer.domain.events import ThresholdsChanged
from training_analyzer.domain.plausible import out_of_range
from training_analyzer.processing import days
from training_analyzer.storage import suggestions, thresholds
from training_analyzer.storage.database import Transaction
from training_analyzer.storage.suggestions import ACCEPTED, DISMISSED, OPEN, StoredSuggestion
from training_analyzer.storage.thresholds import DatedThreshold

NO_SUCH_VALUE: Final = "You have no such value. The list of your thresholds has the ids."


def unknown(name: str) -> str | None:
    """Say that there is no quantity of this name, and which is meant; None where there is one."""
    if name in Thresholds.model_fields:
        return None
    close = difflib.get_close_matches(name, Thresholds.model_fields, n=1)
    hint = f"did you mean {close[0]}?" if close else f"use {', '.join(Thresholds.model_fields)}"
    return f"there is no such quantity; {hint}"


def wrong(name: str, value: float | Sequence[float]) -> str | None:
    """Say what is wrong with a value for its name; None where nothing is."""
    try:
        Thresholds.model_validate({name: value})
    except ValidationError as error:
        return f"{name}: {error.errors()[0]['msg'].removeprefix('Value error, ')}"
    return out_of_range(name, value if isinstance(value, int | float) else list(value))


def store(tx: Transaction, athlete_id: UUID, values: Sequence[DatedThreshold]) -> ThresholdsChanged:
    """Store each from its day on, in place of one of the same day. Raises Implausible."""
    with _consistent(tx, athlete_id):
        thresholds.store(tx, athlete_id, values)
    return ThresholdsChanged(athlete_id=athlete_id, first_day=min(one.valid_from for one in values))


def add(tx: Transaction, athlete_id: UUID, value: DatedThreshold) -> tuple[UUID, ThresholdsChanged]:
    """Store a new value, and return its id too. Raises Implausible, AlreadyExists."""
    with _consistent(tx, athlete_id):
        added = thresholds.add(tx, athlete_id, value)
    return added, ThresholdsChanged(athlete_id=athlete_id, first_day=value.valid_from)


def change(
    tx: Transaction,
    athlete_id: UUID,
    before: DatedThreshold,
    *,
    value: float | Sequence[float] | None = None,
    day: date,
) -> ThresholdsChanged:
    """Give a value another number, then the athlete's own, or day. Raises Implausible, AlreadyExists."""
    with _consistent(tx, athlete_id):
        thresholds.change(tx, before, value=value, valid_from=day)
    return ThresholdsChanged(athlete_id=athlete_id, first_day=min(day, before.valid_from))


def remove(tx: Transaction, athlete_id: UUID, threshold_id: UUID) -> ThresholdsChanged:
    """Forget a value. Raises Missing."""
    removed = thresholds.remove(tx, threshold_id)
    if removed is None:
        raise Missing(NO_SUCH_VALUE)
    return ThresholdsChanged(athlete_id=athlete_id, first_day=removed.valid_from)


def accept(
    tx: Transaction, athlete_id: UUID, suggestion_id: UUID, *, valid_from: date | None = None, now: datetime
) -> ThresholdsChanged:
    """
    Take over a suggestion's values, from a day on. Raises Missing, NotPossible.

    `valid_from` None: from the suggestion's day on; where a newer value holds today, in place of that one.
    """
    stored = _undecided(tx, suggestion_id)
    made = stored.suggestion
    day = valid_from or _first_day(tx, athlete_id, made, now=now)
    values = [
        DatedThreshold(name, value, day, made.sport, stored.source, made.method, stored.providers)
        for name, value in made.values.items()
    ]
    changed = store(tx, athlete_id, values)
    suggestions.decide(tx, stored.id, ACCEPTED, now=now)
    return changed


def dismiss(tx: Transaction, suggestion_id: UUID, *, now: datetime) -> None:
    """Leave everything as it is. Raises Missing, NotPossible."""
    suggestions.decide(tx, _undecided(tx, suggestion_id).id, DISMISSED, now=now)


def _first_day(tx: Transaction, athlete_id: UUID, made: ThresholdSuggestion, *, now: datetime) -> date:
    """Return the first day on which nothing newer keeps the values from holding today."""
    today, _ = days.today(tx, athlete_id, now)
    holding = thresholds.body(tx, athlete_id).holding(today, made.sport)
    # A value for all sports outlasts nothing: the sport's own counts before it.
    of_today = (holding[name] for name in made.values if name in holding)
    newer = (one.valid_from for one in of_today if one.sport == made.sport and one.valid_from <= today)
    return max((made.valid_from, *newer))


def _undecided(tx: Transaction, suggestion_id: UUID) -> StoredSuggestion:
    stored = suggestions.find(tx, suggestion_id, lock=True)
    if stored is None:
        raise Missing("You have no such suggestion. The list of them has the ids.")
    if stored.status != OPEN:
        raise NotPossible(
            f"You have {stored.status} this suggestion already. What holds now is among your thresholds, "
            "and can be changed there."
        )
    return stored


@contextmanager
def _consistent(tx: Transaction, athlete_id: UUID) -> Iterator[None]:
    """Refuse a change that makes two values contradict each other on a day on which they did not."""
    before = thresholds.body(tx, athlete_id).contradictions()
    yield
    new = thresholds.body(tx, athlete_id).contradictions() - before
    if new:
        raise Implausible(f"{min(new)}. Where both are wrong, set both at once.")
