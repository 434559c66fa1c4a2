"""Athletes and their sessions."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from training_analyzer.domain.athlete import Sex
from training_analyzer.domain.errors import AlreadyExists
from training_analyzer.domain.style import Style
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
    style: Style = field(default_factory=Style)
    """How they want to read."""


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


def lowered(tx: Transaction, email: str) -> str:
    """Return the address as athletes are told apart by it, which PostgreSQL does otherwise than Python."""
    return str(tx.execute(text("SELECT lower(:email)"), {"email": email}).scalar_one())


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


def close_sessions(tx: Transaction, athlete_id: UUID, *, but: str | None = None) -> int:
    """End every session of an athlete, but for that of this token; return how many."""
    kept = b"" if but is None else digest(but)
    ended = tx.execute(
        text("DELETE FROM sessions WHERE athlete_id = :athlete_id AND token_digest <> :kept"),
        {"athlete_id": athlete_id, "kept": kept},
    )
    return ended.rowcount


def has_password(tx: Transaction, athlete_id: UUID, password_hash: str) -> bool:
    """Return whether this is still the hash of their password; it stays so until the transaction ends."""
    found = tx.execute(
        text("SELECT FROM athletes WHERE id = :id AND password_hash = :password_hash FOR NO KEY UPDATE"),
        {"id": athlete_id, "password_hash": password_hash},
    )
    return found.first() is not None


def has_session(tx: Transaction, athlete_id: UUID, token: str) -> bool:
    """Return whether this session has not been ended; no password is set until the transaction ends."""
    # Looked for once whoever sets a password has ended, or the look would see what was there before.
    tx.execute(text("SELECT FROM athletes WHERE id = :id FOR NO KEY UPDATE"), {"id": athlete_id})
    found = tx.execute(
        text("SELECT FROM sessions WHERE token_digest = :digest"),
        {"digest": digest(token)},
    )
    return found.first() is not None


def set_password(tx: Transaction, athlete_id: UUID, password_hash: str) -> None:
    tx.execute(
        text("UPDATE athletes SET password_hash = :password_hash WHERE id = :id"),
        {"id": athlete_id, "password_hash": password_hash},
    )


def profile(tx: Transaction, athlete_id: UUID, *, lock: bool = False) -> Profile | None:
    """Return what the athlete told us. `lock`: nobody else changes it until the transaction ends."""
    row = tx.execute(
        text(f"""
            SELECT id, email, name, sex, birth_year, created_at, style FROM athletes
            WHERE id = :id {"FOR NO KEY UPDATE" if lock else ""}
        """),  # noqa: S608 - constants
        {"id": athlete_id},
    ).one_or_none()
    if row is None:
        return None
    return Profile(
        row.id,
        row.email,
        row.name,
        Sex(row.sex) if row.sex else None,
        row.birth_year,
        row.created_at,
        Style.model_validate(row.style),
    )


def update_profile(
    tx: Transaction, athlete_id: UUID, *, name: str, sex: Sex | None, birth_year: int | None
) -> None:
    tx.execute(
        text("UPDATE athletes SET name = :name, sex = :sex, birth_year = :birth_year WHERE id = :id"),
        {"id": athlete_id, "name": name, "sex": sex, "birth_year": birth_year},
    )


def set_style(tx: Transaction, athlete_id: UUID, style: Style) -> None:
    """Remember how the athlete wants to read."""
    tx.execute(
        text("UPDATE athletes SET style = CAST(:style AS jsonb) WHERE id = :id"),
        {"id": athlete_id, "style": style.model_dump_json()},
    )
