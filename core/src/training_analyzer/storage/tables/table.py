"""What our tables share: a registry of their own, and the columns that recur."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, DateTime, Double, ForeignKey, Identity, LargeBinary, Text, func, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.dialects.postgresql import UUID as POSTGRES_UUID
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel


class Table(SQLModel, registry=registry()):
    """Base of our tables: plugins and other libraries may use SQLModel beside us."""


def uuid_key() -> Any:
    return Field(
        default=None,
        primary_key=True,
        sa_type=POSTGRES_UUID,
        sa_column_kwargs={"server_default": text("gen_random_uuid()")},
    )


def unique_id() -> Any:
    """A name for a row whose key is made of its contents."""
    return Field(
        default=None,
        unique=True,
        sa_type=POSTGRES_UUID,
        sa_column_kwargs={"server_default": text("gen_random_uuid()")},
    )


def number_key() -> Any:
    return Field(default=None, primary_key=True, sa_type=BigInteger, sa_column_args=[Identity(always=True)])


def athlete_key(*, primary_key: bool = False) -> Any:
    """The column by which row-level security tells whose row it is."""
    return Field(
        primary_key=primary_key,
        index=not primary_key,
        sa_type=POSTGRES_UUID,
        sa_column_args=[ForeignKey("athletes.id", ondelete="CASCADE")],
    )


def reference(
    target: str, *, nullable: bool = False, primary_key: bool = False, on_delete: str = "CASCADE"
) -> Any:
    return Field(
        default=None,
        index=not primary_key,
        nullable=nullable,
        primary_key=primary_key,
        sa_type=BigInteger if target in {"recordings.id", "listings.id"} else POSTGRES_UUID,
        sa_column_args=[ForeignKey(target, ondelete=on_delete)],
    )


def moment(*, now: bool = False, nullable: bool = False) -> Any:
    """A point in time. `now`: set by the database when the row is made."""
    return Field(
        default=None,
        nullable=nullable,
        sa_type=DateTime(timezone=True),
        sa_column_kwargs={"server_default": func.now()} if now else {},
    )


def words(default: str | None = None, *, nullable: bool = False, primary_key: bool = False) -> Any:
    return Field(
        default=default,
        nullable=nullable,
        primary_key=primary_key,
        sa_type=Text,
        sa_column_kwargs={} if default is None else {"server_default": default},
    )


def flag(*, default: bool = False) -> Any:
    return Field(default=default, sa_column_kwargs={"server_default": text(str(default).lower())})


def count() -> Any:
    return Field(default=0, sa_type=BigInteger, sa_column_kwargs={"server_default": "0"})


def list_of_words() -> Any:
    return Field(default_factory=list, sa_type=ARRAY(Text), sa_column_kwargs={"server_default": "{}"})


def document(default: str | None = "{}") -> Any:
    """A JSON document; without a default it may be NULL."""
    return Field(
        default=None,
        nullable=default is None,
        sa_type=JSONB,
        sa_column_kwargs={} if default is None else {"server_default": default},
    )


def list_of_numbers(*, nullable: bool = False) -> Any:
    """A column of a curve. PostgreSQL sends it to numpy as it is, and writes it as JSON."""
    return Field(default=None, nullable=nullable, sa_type=ARRAY(Double))


def raw_bytes(*, primary_key: bool = False, nullable: bool = False) -> Any:
    return Field(default=None, primary_key=primary_key, nullable=nullable, sa_type=LargeBinary)


Moment = datetime
Identifier = UUID
