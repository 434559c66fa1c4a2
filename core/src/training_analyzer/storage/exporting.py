"""Everything that is held of an athlete, page by page: every table that has rows of theirs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import zstandard
from sqlalchemy import Column, LargeBinary, text

from training_analyzer.storage.database import Transaction
from training_analyzer.storage.tables import METADATA

PAGE: Final = 500

SECRET: Final = frozenset({"password_hash", "grant_key"})
"""With what we tell that somebody is who they say. Columns of bytes are left out too: digests of tokens,
sealed grants; and documents, which are exported as the files that they are."""

FILES: Final = frozenset({"documents", "rejections"})
"""The tables that hold what was received, byte for byte."""


def tables() -> list[str]:
    """Return the tables that hold rows of athletes."""
    return [
        "athletes",
        *(name for name, table in sorted(METADATA.tables.items()) if "athlete_id" in table.columns),
    ]


def rows(
    tx: Transaction, athlete_id: UUID, table: str, *, behind: Sequence[Any] | None
) -> tuple[list[str], Sequence[Any] | None]:
    """Return the next rows of a table, each as the text of a JSON object, and the key of the last."""
    columns = METADATA.tables[table]
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
    """One document or rejected answer, without its bytes. `replaced_at`: None for the current one."""

    table: str
    id: int
    provider: str
    external_id: str
    kind: str
    media_type: str
    received_at: datetime
    replaced_at: datetime | None


_DOCUMENTS: Final = text("""
    SELECT 'documents', d.id, r.provider, r.external_id, d.kind, d.media_type, d.received_at, d.replaced_at
    FROM documents d JOIN recordings r ON r.id = d.recording_id
    WHERE d.athlete_id = :athlete_id AND d.id > :behind ORDER BY d.id LIMIT :page
""")
_REJECTIONS: Final = text("""
    SELECT 'rejections', j.id, COALESCE(c.provider, ''), '', 'rejected', j.media_type,
           j.received_at, NULL::timestamptz
    FROM rejections j LEFT JOIN connections c ON c.id = j.connection_id
    WHERE j.athlete_id = :athlete_id AND j.id > :behind ORDER BY j.id LIMIT :page
""")


def files(tx: Transaction, athlete_id: UUID, table: str, *, behind: int) -> list[HeldFile]:
    """Return the next files of `documents` or `rejections`."""
    query = _DOCUMENTS if table == "documents" else _REJECTIONS
    found = tx.execute(query, {"athlete_id": athlete_id, "behind": behind, "page": PAGE})
    return [HeldFile(*row) for row in found]


def content(tx: Transaction, held: HeldFile) -> bytes | None:
    """Return the very bytes that were received; None where they have gone meanwhile."""
    body: bytes | None = tx.execute(
        text(f"SELECT body FROM {held.table} WHERE id = :id"),  # noqa: S608 - one of two names of ours
        {"id": held.id},
    ).scalar()
    return None if body is None else zstandard.decompress(body)


def _is_hidden(column: Column[Any]) -> bool:
    return column.name in SECRET or isinstance(column.type, LargeBinary)
