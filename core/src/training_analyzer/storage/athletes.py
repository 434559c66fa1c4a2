"""Athletes, their sessions, and what is known of their bodies from which day on."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from training_analyzer.domain.activity import Sport
from training_analyzer.domain.athlete import Athlete, Sex, Thresholds
from training_analyzer.domain.errors import AlreadyExists
from training_analyzer.storage.database import Transaction, act_as


@dataclass(frozen=True, slots=True)
class Profile:
    """What an athlete told us about themselves."""

    id: UUID
    email: str
    name: str
    sex: Sex | None
    birth_year: int | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class DatedThreshold:
    """One quantity of `Thresholds`, for one sport or for all (None), from a day on."""

    name: str
    value: Any
    valid_from: date
    sport: Sport | None = None
    source: str = "athlete"


def digest(token: str) -> bytes:
    """Return what is stored of a token. Tokens are random and long: no salt, no stretching."""
    return hashlib.sha256(token.encode()).digest()


def register(
    tx: Transaction, *, email: str, password_hash: str, name: str, sex: Sex | None, birth_year: int | None
) -> UUID:
    """Store a new athlete, and act as them from here on. Raises AlreadyExists."""
    athlete_id = uuid4()
    act_as(tx, athlete_id)
    try:
        tx.execute(
            text("""
                INSERT INTO athletes (id, email, password_hash, name, sex, birth_year)
                VALUES (:id, :email, :password_hash, :name, :sex, :birth_year)
            """),
            {
                "id": athlete_id,
                "email": email,
                "password_hash": password_hash,
                "name": name,
                "sex": sex,
                "birth_year": birth_year,
            },
        )
    except IntegrityError as error:
        raise AlreadyExists("an athlete with this e-mail address is registered already") from error
    return athlete_id


def registered(tx: Transaction, *, lock: bool = False) -> int:
    """Return how many athletes there are. `lock`: nobody else counts so until the transaction ends."""
    if lock:
        tx.execute(text("SELECT pg_advisory_xact_lock(7263540120)"))
    return int(tx.execute(text("SELECT athletes FROM athletes_registered()")).scalar_one())


def every_id(tx: Transaction, *, behind: UUID | None, at_most: int) -> list[UUID]:
    """Return ids of athletes behind this one, in their order: for whoever runs this."""
    return list(
        tx.execute(
            text("SELECT id FROM athletes_after(CAST(:behind AS uuid), :at_most)"),
            {"behind": behind, "at_most": at_most},
        ).scalars()
    )


def login(tx: Transaction, email: str) -> tuple[UUID, str] | None:
    """Return whose e-mail address this is, and the hash of their password."""
    row = tx.execute(
        text("SELECT id, password_hash FROM athlete_by_email(:email)"), {"email": email}
    ).one_or_none()
    return None if row is None else (row.id, row.password_hash)


def open_session(tx: Transaction, athlete_id: UUID, token: str, *, expires_at: datetime) -> None:
    tx.execute(
        text(
            "INSERT INTO sessions (token_digest, athlete_id, expires_at) "
            "VALUES (:digest, :athlete_id, :expires_at)"
        ),
        {"digest": digest(token), "athlete_id": athlete_id, "expires_at": expires_at},
    )


def session_athlete(tx: Transaction, token: str, *, now: datetime) -> UUID | None:
    """Return whose session this is; None where there is none, or no longer."""
    row = tx.execute(
        text("SELECT athlete_id, expires_at FROM athlete_by_session(:digest)"), {"digest": digest(token)}
    ).one_or_none()
    return None if row is None or row.expires_at <= now else row.athlete_id


def close_session(tx: Transaction, token: str) -> None:
    tx.execute(text("DELETE FROM sessions WHERE token_digest = :digest"), {"digest": digest(token)})


def profile(tx: Transaction, athlete_id: UUID) -> Profile | None:
    row = tx.execute(
        text("SELECT id, email, name, sex, birth_year, created_at FROM athletes WHERE id = :id"),
        {"id": athlete_id},
    ).one_or_none()
    if row is None:
        return None
    return Profile(
        row.id, row.email, row.name, Sex(row.sex) if row.sex else None, row.birth_year, row.created_at
    )


def update_profile(
    tx: Transaction, athlete_id: UUID, *, name: str, sex: Sex | None, birth_year: int | None
) -> None:
    tx.execute(
        text("UPDATE athletes SET name = :name, sex = :sex, birth_year = :birth_year WHERE id = :id"),
        {"id": athlete_id, "name": name, "sex": sex, "birth_year": birth_year},
    )


def set_thresholds(tx: Transaction, athlete_id: UUID, thresholds: Sequence[DatedThreshold]) -> None:
    """Store each from its day on; a value of the same day is replaced."""
    for threshold in thresholds:
        tx.execute(
            text("""
                INSERT INTO thresholds (athlete_id, sport, name, valid_from, value, source)
                VALUES (:athlete_id, :sport, :name, :valid_from, CAST(:value AS jsonb), :source)
                ON CONFLICT (athlete_id, sport, name, valid_from)
                DO UPDATE SET value = excluded.value, source = excluded.source
            """),
            {
                "athlete_id": athlete_id,
                "sport": threshold.sport or "",
                "name": threshold.name,
                "valid_from": threshold.valid_from,
                "value": json.dumps(threshold.value),
                "source": threshold.source,
            },
        )


def thresholds(tx: Transaction, athlete_id: UUID) -> list[DatedThreshold]:
    """Return all of them, oldest first."""
    rows = tx.execute(
        text("""
            SELECT name, value, valid_from, sport, source FROM thresholds
            WHERE athlete_id = :athlete_id ORDER BY valid_from, sport, name
        """),
        {"athlete_id": athlete_id},
    )
    return [
        DatedThreshold(
            row.name, row.value, row.valid_from, Sport(row.sport) if row.sport else None, row.source
        )
        for row in rows
    ]


def as_of(profile: Profile, dated: Sequence[DatedThreshold], day: date, sport: Sport) -> Athlete:
    """
    Return the athlete as they were on a day, in a sport.

    The newest value up to the day counts; where there is none, the oldest one known: a first
    measurement says more about the weeks before it than nothing does. What was set for the sport
    goes before what was set for all.
    """
    values: dict[str, Any] = {}
    for wanted in (None, sport):
        of_sport = [threshold for threshold in dated if threshold.sport == wanted]
        later = {threshold.name: threshold.value for threshold in reversed(of_sport)}
        until_day = {threshold.name: threshold.value for threshold in of_sport if threshold.valid_from <= day}
        values |= later | until_day
    return Athlete(sex=profile.sex, birth_year=profile.birth_year, thresholds=Thresholds(**values))
