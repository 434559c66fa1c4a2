"""Who the athletes are, how they log in, and what is known of their bodies."""

from datetime import date
from typing import Any

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field

from training_analyzer.storage.tables.table import (
    Identifier,
    Moment,
    Table,
    athlete_key,
    document,
    list_of_words,
    moment,
    raw_bytes,
    reference,
    unique_id,
    uuid_key,
    words,
)


class AthleteRow(Table, table=True):
    __tablename__ = "athletes"
    __table_args__ = (Index("athletes_email", text("lower(email)"), unique=True),)

    id: Identifier = uuid_key()
    email: str = words()
    password_hash: str = words()
    name: str = words("")
    sex: str | None = words(nullable=True)
    birth_year: int | None = None
    created_at: Moment = moment(now=True)
    style: Any = document()
    """How they want to read: language, units, numbers, tone."""


class SessionRow(Table, table=True):
    """A login. Only the digest of its token is kept."""

    __tablename__ = "sessions"

    token_digest: bytes = raw_bytes(primary_key=True)
    athlete_id: Identifier = athlete_key()
    created_at: Moment = moment(now=True)
    expires_at: Moment = moment()


class ApiKeyRow(Table, table=True):
    """A key for a program of the athlete. Only its digest is kept."""

    __tablename__ = "api_keys"

    digest: bytes = raw_bytes(primary_key=True)
    id: Identifier = unique_id()
    athlete_id: Identifier = athlete_key()
    name: str = words()
    prefix: str = words()
    """What it begins with, so that its athlete knows it again."""
    scopes: list[str] = list_of_words()
    created_at: Moment = moment()
    last_used_at: Moment | None = moment(nullable=True)
    """To within a minute."""
    expires_at: Moment | None = moment(nullable=True)


class OAuthStateRow(Table, table=True):
    """A connection that an athlete has begun: used once, and soon."""

    __tablename__ = "oauth_states"

    digest: bytes = raw_bytes(primary_key=True)
    athlete_id: Identifier = athlete_key()
    provider: str = words()
    redirect_uri: str = words()
    expires_at: Moment = moment()


class ThresholdRow(Table, table=True):
    """One quantity that holds from a day on, for one sport or (`''`) for all."""

    __tablename__ = "thresholds"

    athlete_id: Identifier = athlete_key(primary_key=True)
    sport: str = words("", primary_key=True)
    name: str = words(primary_key=True)
    valid_from: date = Field(primary_key=True)
    value: Any = document("null")
    source: str = words("athlete")
    method: str = words("")
    id: Identifier = unique_id()
    providers: list[str] = list_of_words()
    """Whose data it rests on; empty where the athlete said it."""


class SuggestionRow(Table, table=True):
    """Thresholds that could hold, until the athlete accepts or dismisses them."""

    __tablename__ = "suggestions"
    __table_args__ = (CheckConstraint("decision IN ('accepted', 'dismissed')", name="suggestions_decision"),)

    id: Identifier = uuid_key()
    athlete_id: Identifier = athlete_key()
    source: str = words()
    """The name of the plugin."""
    origin: str = words()
    """`training` or `provider`: a plugin may speak of both."""
    body: Any = document()
    suggested_at: Moment = moment()
    decision: str | None = words(nullable=True)
    """NULL while the athlete has not decided."""
    decided_at: Moment | None = moment(nullable=True)
    providers: list[str] = list_of_words()
    """Whose data it rests on."""


class ProfileDocumentRow(Table, table=True):
    """What a provider says of the athlete, in bytes as received. It is asked seldom."""

    __tablename__ = "profile_documents"

    connection_id: Identifier = reference("connections.id", primary_key=True)
    kind: str = words(primary_key=True)
    athlete_id: Identifier = athlete_key()
    media_type: str = words()
    body: bytes = raw_bytes()
    """Compressed with zstd."""
    received_at: Moment = moment()
