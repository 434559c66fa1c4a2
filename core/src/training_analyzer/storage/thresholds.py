"""What is known of an athlete's body, each value from a day on; and what that makes of any day."""

import json
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from training_analyzer.domain.athlete import Athlete, Thresholds
from training_analyzer.domain.errors import AlreadyExists
from training_analyzer.domain.plausible import contradictions
from training_analyzer.domain.sport import Sport
from training_analyzer.storage import athletes
from training_analyzer.storage.athletes import Profile
from training_analyzer.storage.database import Transaction

OF_ATHLETE: Final = "athlete"
"""The source of what the athlete said themselves."""


@dataclass(frozen=True, slots=True)
class DatedThreshold:
    """One quantity of `Thresholds`, for one sport or for all (None), from a day on."""

    name: str
    value: Any
    valid_from: date
    sport: Sport | None = None
    source: str = OF_ATHLETE
    method: str = ""
    providers: tuple[str, ...] = ()
    """Whose data it rests on; none where the athlete said it."""
    id: UUID | None = None
    """None: not stored yet."""


_COLUMNS: Final = "id, name, value, valid_from, sport, source, method, providers"


def store(tx: Transaction, athlete_id: UUID, thresholds: Iterable[DatedThreshold]) -> None:
    """Store each from its day on; a value of the same quantity, sport and day is replaced."""
    for threshold in thresholds:
        _insert(
            tx,
            athlete_id,
            threshold,
            "ON CONFLICT (athlete_id, sport, name, valid_from) DO UPDATE SET "
            "value = excluded.value, source = excluded.source, method = excluded.method, "
            "providers = excluded.providers",
        )


def add(tx: Transaction, athlete_id: UUID, threshold: DatedThreshold) -> UUID:
    """Store a new value and return its id. Raises AlreadyExists."""
    try:
        with tx.begin_nested():
            return _insert(tx, athlete_id, threshold, "")
    except IntegrityError as error:
        raise _taken(threshold.name, threshold.valid_from) from error


def change(tx: Transaction, threshold: DatedThreshold, *, value: Any = None, valid_from: date) -> None:
    """
    Give a stored value another number or day. Raises AlreadyExists.

    A number that is said is the athlete's own from now on. `value` None: it stays, and so does whose it is.
    """
    said = {} if value is None else {"value": json.dumps(value), "source": OF_ATHLETE}
    own = ", value = CAST(:value AS jsonb), source = :source, method = '', providers = '{}'" if said else ""
    try:
        with tx.begin_nested():
            tx.execute(
                text(f"UPDATE thresholds SET valid_from = :valid_from{own} WHERE id = :id"),  # noqa: S608 - constants
                {"id": threshold.id, "valid_from": valid_from, **said},
            )
    except IntegrityError as error:
        raise _taken(threshold.name, valid_from) from error


def remove(tx: Transaction, threshold_id: UUID) -> DatedThreshold | None:
    """Forget a value, and return it; None where there is none."""
    rows = tx.execute(
        text(f"DELETE FROM thresholds WHERE id = :id RETURNING {_COLUMNS}"),  # noqa: S608 - a constant
        {"id": threshold_id},
    )
    return next(iter(_read(rows)), None)


def find(tx: Transaction, threshold_id: UUID, *, lock: bool = False) -> DatedThreshold | None:
    """Return one of them. `lock`: nobody else changes it until the transaction ends."""
    locked = "FOR UPDATE" if lock else ""
    rows = tx.execute(
        text(f"SELECT {_COLUMNS} FROM thresholds WHERE id = :id {locked}"),  # noqa: S608 - constants
        {"id": threshold_id},
    )
    return next(iter(_read(rows)), None)


def of_athlete(tx: Transaction, athlete_id: UUID) -> list[DatedThreshold]:
    """Return all of them, oldest first."""
    rows = tx.execute(
        text(f"""
            SELECT {_COLUMNS} FROM thresholds
            WHERE athlete_id = :athlete_id ORDER BY valid_from, sport, name
        """),  # noqa: S608 - a constant
        {"athlete_id": athlete_id},
    )
    return list(_read(rows))


class Body:
    """
    An athlete over all of time: who they were on any day, in any sport.

    The newest value up to the day counts: the sport's own before the one for all sports. Where there is
    none up to the day, the oldest known counts, in the same order: a first measurement says more about
    the weeks before it than nothing does.
    """

    def __init__(self, profile: Profile, dated: Sequence[DatedThreshold]) -> None:
        self.profile = profile
        self._dated = sorted(dated, key=lambda threshold: threshold.valid_from)
        self._days = [threshold.valid_from for threshold in self._dated]
        self._known: dict[tuple[Sport | None, int], tuple[Athlete, str]] = {}
        self._holding: dict[tuple[Sport | None, int], dict[str, DatedThreshold]] = {}

    def as_of(self, day: date, sport: Sport | None) -> Athlete:
        """`sport` None: what holds in sports that have no value of their own."""
        return self._as_of(day, sport)[0]

    def written_as_of(self, day: date, sport: Sport | None) -> str:
        """Return the same as JSON: what differs where anything does."""
        return self._as_of(day, sport)[1]

    def holding(self, day: date, sport: Sport | None) -> Mapping[str, DatedThreshold]:
        """Return which value of each quantity counts on a day, by name."""
        return self._chosen_at(sport, bisect_right(self._days, day))

    def _as_of(self, day: date, sport: Sport | None) -> tuple[Athlete, str]:
        # Between two days on which something changes, one answer serves all activities.
        place = sport, bisect_right(self._days, day)
        if place not in self._known:
            athlete = self._athlete(*place)
            self._known[place] = athlete, athlete.model_dump_json()
        return self._known[place]

    def contradictions(self) -> set[str]:
        """Say what cannot be true together, of any day and sport for which something is set."""
        sports = dict.fromkeys((None, *(one.sport for one in self._dated)))
        return {
            f"From {day} on{f', {sport}' if sport else ''}: {text}"
            for day in dict.fromkeys(self._days)
            for sport in sports
            for text in contradictions(self._set(sport, self._dated[: bisect_right(self._days, day)]))
        }

    def _athlete(self, sport: Sport | None, begun: int) -> Athlete:
        holding = self._chosen_at(sport, begun)
        return Athlete(
            sex=self.profile.sex,
            birth_year=self.profile.birth_year,
            thresholds=Thresholds(**{name: one.value for name, one in holding.items()}),
        )

    def _chosen_at(self, sport: Sport | None, begun: int) -> dict[str, DatedThreshold]:
        place = sport, begun
        if place not in self._holding:
            later = self._chosen(sport, self._dated[begun:][::-1])
            self._holding[place] = later | self._chosen(sport, self._dated[:begun])
        return self._holding[place]

    def _set(self, sport: Sport | None, dated: Sequence[DatedThreshold]) -> Thresholds:
        return Thresholds(**{name: one.value for name, one in self._chosen(sport, dated).items()})

    @staticmethod
    def _chosen(sport: Sport | None, dated: Sequence[DatedThreshold]) -> dict[str, DatedThreshold]:
        """Take one value of each quantity: the last, and the sport's own where there is one."""
        return {
            one.name: one for wanted in dict.fromkeys((None, sport)) for one in dated if one.sport == wanted
        }


def body(tx: Transaction, athlete_id: UUID) -> Body:
    profile = athletes.profile(tx, athlete_id)
    assert profile is not None
    return Body(profile, of_athlete(tx, athlete_id))


def _insert(tx: Transaction, athlete_id: UUID, threshold: DatedThreshold, on_conflict: str) -> UUID:
    found: UUID = tx.execute(
        text(f"""
            INSERT INTO thresholds (athlete_id, sport, name, valid_from, value, source, method, providers)
            VALUES (:athlete_id, :sport, :name, :valid_from, CAST(:value AS jsonb), :source, :method,
                    :providers)
            {on_conflict} RETURNING id
        """),  # noqa: S608 - a constant of this module
        {
            "athlete_id": athlete_id,
            "sport": threshold.sport or "",
            "name": threshold.name,
            "valid_from": threshold.valid_from,
            "value": json.dumps(threshold.value),
            "source": threshold.source,
            "method": threshold.method,
            "providers": list(threshold.providers),
        },
    ).scalar_one()
    return found


def _read(rows: Iterable[Any]) -> Iterable[DatedThreshold]:
    for row in rows:
        yield DatedThreshold(
            name=row.name,
            value=row.value,
            valid_from=row.valid_from,
            sport=Sport(row.sport) if row.sport else None,
            source=row.source,
            method=row.method,
            providers=tuple(row.providers),
            id=row.id,
        )


def _taken(name: str, valid_from: date) -> AlreadyExists:
    return AlreadyExists(
        f"there is a value of {name} from {valid_from} on in this sport already: change that one"
    )
