"""Everything that is held of an athlete, page by page: every table that has rows of theirs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import zstandard
from sqlalchemy import Column, LargeBinary, MetaData, text

from training_analyzer.storage.database import Transaction

PAGE: Final = 500

SECRET: Final = frozenset({"password_hash", "grant_key"})
"""With what we tell that somebody is who they say. Columns of bytes are left out too: digests of tokens,
sealed grants; and documents, which are exported as the files that they are."""


def tables() -> list[str]:
    """Return the tables that hold rows of athletes."""
    return [
        "athletes",
        *(name for name, table in sorted(_described().tables.items()) if "athlete_id" in table.columns),
    ]


def rows(
    tx: Transaction, athlete_id: UUID, table: str, *, behind: Sequence[Any] | None
) -> tuple[list[str], Sequence[Any] | None]:
    """Return the next rows of a table, each as the text of a JSON object, and the key of the last."""
    columns = _described().tables[table]
    names = [column.name for column in columns.primary_key]
    key = ", ".join(f"t.{name}" for name in names)
    last = ", ".join(f":behind_{number}" for number in range(len(names)))
    found = tx.execute(
        text(f"""
            SELECT (to_jsonb(t) - CAST(:hidden AS text[]))::text AS body, {key}
            FROM {table} t WHERE t.{"id" if table == "athletes" else "athlete_id"} = :athlete_id
            {f"AND ({key}) > ({last})" if behind else ""}
            ORDER BY {key} LIMIT :page
        """),  # noqa: S608 - names of our own tables and columns
        {
            "athlete_id": athlete_id,
            "hidden": [column.name for column in columns.columns if _is_hidden(column)],
            "page": PAGE,
            **{f"behind_{number}": value for number, value in enumerate(behind or ())},
        },
    ).all()
    return [row.body for row in found], tuple(found[-1][1:]) if found else None


@dataclass(frozen=True, slots=True)
class HeldFile:
    """Something that was received, without its bytes. `replaced_at`: None for the current one."""

    table: str
    id: int
    provider: str
    external_id: str
    kind: str
    media_type: str
    received_at: datetime
    replaced_at: datetime | None


_HELD: Final[Mapping[str, str]] = {
    "documents": """
        SELECT d.id, r.provider, r.external_id, d.kind, d.media_type, d.received_at, d.replaced_at
        FROM documents d JOIN recordings r ON r.id = d.recording_id
        WHERE d.athlete_id = :athlete_id AND d.id > :behind ORDER BY d.id LIMIT :page
    """,
    "rejections": """
        SELECT j.id, COALESCE(c.provider, ''), '', 'rejected', j.media_type, j.received_at, NULL::timestamptz
        FROM rejections j LEFT JOIN connections c ON c.id = j.connection_id
        WHERE j.athlete_id = :athlete_id AND j.id > :behind ORDER BY j.id LIMIT :page
    """,
    # A handful for each connection: no page but the first.
    "profile_documents": """
        SELECT 1::bigint, c.provider, c.id::text, p.kind, p.media_type, p.received_at, NULL::timestamptz
        FROM profile_documents p JOIN connections c ON c.id = p.connection_id
        WHERE p.athlete_id = :athlete_id AND :behind = 0 ORDER BY c.id, p.kind LIMIT :page
    """,
}
_BODY: Final[Mapping[str, str]] = {
    "documents": "SELECT body FROM documents WHERE id = :id",
    "rejections": "SELECT body FROM rejections WHERE id = :id",
    "profile_documents": """
        SELECT body FROM profile_documents
        WHERE connection_id = CAST(:external_id AS uuid) AND kind = :kind
    """,
}
FILES: Final = tuple(_HELD)
"""The tables that hold what was received, byte for byte."""


def files(tx: Transaction, athlete_id: UUID, table: str, *, behind: int) -> list[HeldFile]:
    """Return the next of what was received and lies in this table."""
    found = tx.execute(text(_HELD[table]), {"athlete_id": athlete_id, "behind": behind, "page": PAGE})
    return [HeldFile(table, *row) for row in found]


def content(tx: Transaction, held: HeldFile) -> bytes | None:
    """Return the very bytes that were received; None where they have gone meanwhile."""
    query = text(_BODY[held.table])
    named = {"id": held.id, "external_id": held.external_id, "kind": held.kind}
    wanted = {name: value for name, value in named.items() if f":{name}" in query.text}
    body: bytes | None = tx.execute(query, wanted).scalar()
    return None if body is None else zstandard.decompress(body)


def _is_hidden(column: Column[Any]) -> bool:
    return column.name in SECRET or isinstance(column.type, LargeBinary)


def _described() -> MetaData:
    """Return the description of all tables. Its models take half a second to make, which few starts need."""
    from training_analyzer.storage.tables import METADATA

    return METADATA
