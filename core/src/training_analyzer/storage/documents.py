"""Bytes as received: compressed, never changed; a new version is added only where they differ."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import accumulate
from typing import Any, Final
from uuid import UUID

import zstandard
from sqlalchemy import Row, text

from training_analyzer.sdk import RawDocument
from training_analyzer.storage.database import Transaction

TOGETHER_BYTES: Final = 8 * 2**20
"""So much of packed documents is read at a time: tens of recordings, or one that is larger."""


def store(
    tx: Transaction, athlete_id: UUID, recording_id: int, document: RawDocument, *, received_at: datetime
) -> bool:
    """Store the document if it differs from the current one of its kind; return whether it does."""
    sha256 = hashlib.sha256(document.body).hexdigest()
    identity = {"recording_id": recording_id, "kind": document.kind}
    current = tx.execute(
        text("""
            SELECT id, sha256 FROM documents
            WHERE recording_id = :recording_id AND kind = :kind AND replaced_at IS NULL FOR UPDATE
        """),
        identity,
    ).one_or_none()
    if current is not None:
        if current.sha256 == sha256:
            return False
        tx.execute(
            text("UPDATE documents SET replaced_at = :now WHERE id = :id"),
            {"id": current.id, "now": received_at},
        )
    tx.execute(
        text("""
            INSERT INTO documents
                (athlete_id, recording_id, kind, media_type, body, size, sha256, received_at)
            VALUES (:athlete_id, :recording_id, :kind, :media_type, :body, :size, :sha256, :received_at)
        """),
        {
            **identity,
            "athlete_id": athlete_id,
            "media_type": document.media_type,
            "body": zstandard.compress(document.body),
            "size": len(document.body),
            "sha256": sha256,
            "received_at": received_at,
        },
    )
    return True


def retire(tx: Transaction, recording_id: int, kind: str, *, now: datetime) -> bool:
    """End the current document of a kind: another took its place. Return whether there was one."""
    retired = tx.execute(
        text("""
            UPDATE documents SET replaced_at = :now
            WHERE recording_id = :recording_id AND kind = :kind AND replaced_at IS NULL
        """),
        {"recording_id": recording_id, "kind": kind, "now": now},
    )
    return retired.rowcount > 0


def current(tx: Transaction, recording_id: int) -> list[RawDocument]:
    """Return the current documents, with the very bytes that were received."""
    rows = tx.execute(
        text("""
            SELECT kind, media_type, body FROM documents
            WHERE recording_id = :recording_id AND replaced_at IS NULL ORDER BY kind
        """),
        {"recording_id": recording_id},
    )
    return [
        RawDocument(kind=row.kind, media_type=row.media_type, body=zstandard.decompress(row.body))
        for row in rows
    ]


def current_of_each(tx: Transaction, recording_ids: Sequence[int]) -> Iterator[list[RawDocument]]:
    """Yield the current documents of each recording in turn: some in one question, unpacked one by one."""
    for some in _readable_at_once(tx, recording_ids):
        rows = packed(tx, some)
        for recording_id in some:
            yield [
                RawDocument(kind=row.kind, media_type=row.media_type, body=zstandard.decompress(row.body))
                for row in rows.pop(recording_id, ())
            ]


def _readable_at_once(tx: Transaction, recording_ids: Sequence[int]) -> Iterator[list[int]]:
    rows = tx.execute(
        text("""
            SELECT recording_id, sum(octet_length(body)) AS size FROM documents
            WHERE recording_id = ANY(:ids) AND replaced_at IS NULL GROUP BY recording_id
        """),
        {"ids": list(recording_ids)},
    )
    sizes = {row.recording_id: int(row.size) for row in rows}
    some: list[int] = []
    held = 0
    for recording_id in recording_ids:
        size = sizes.get(recording_id, 0)
        if some and held + size > TOGETHER_BYTES:
            yield some
            some, held = [], 0
        some.append(recording_id)
        held += size
    if some:
        yield some


def packed(tx: Transaction, recording_ids: Sequence[int]) -> dict[int, list[Row[Any]]]:
    """Return the rows of the current documents of these recordings, their bodies as they lie there."""
    rows = tx.execute(
        text("""
            SELECT recording_id, kind, media_type, body FROM documents
            WHERE recording_id = ANY(:ids) AND replaced_at IS NULL ORDER BY kind
        """),
        {"ids": list(recording_ids)},
        execution_options={"binary": True},  # as text, bytes would be twice as many digits
    )
    of_each: dict[int, list[Row[Any]]] = {}
    for row in rows:
        of_each.setdefault(row.recording_id, []).append(row)
    return of_each


def find(tx: Transaction, document_id: int) -> RawDocument | None:
    """Return one document, current or replaced."""
    row = tx.execute(
        text("SELECT kind, media_type, body FROM documents WHERE id = :id"), {"id": document_id}
    ).one_or_none()
    if row is None:
        return None
    return RawDocument(kind=row.kind, media_type=row.media_type, body=zstandard.decompress(row.body))


def digest(tx: Transaction, recording_id: int) -> str:
    """Return a hash of the current documents together."""
    hashes = tx.execute(
        text("""
            SELECT kind || ':' || sha256 FROM documents
            WHERE recording_id = :recording_id AND replaced_at IS NULL ORDER BY kind
        """),
        {"recording_id": recording_id},
    ).scalars()
    return hashlib.sha256("\n".join(hashes).encode()).hexdigest()


def digests(tx: Transaction, recording_ids: Sequence[int]) -> dict[int, str]:
    """Return the same for several recordings; those without a document are not among them."""
    rows = tx.execute(
        text("""
            SELECT recording_id, string_agg(kind || ':' || sha256, E'\\n' ORDER BY kind) AS hashes
            FROM documents WHERE recording_id = ANY(:ids) AND replaced_at IS NULL GROUP BY recording_id
        """),
        {"ids": list(recording_ids)},
    )
    return {row.recording_id: hashlib.sha256(row.hashes.encode()).hexdigest() for row in rows}


def store_many(
    tx: Transaction,
    athlete_id: UUID,
    received: Mapping[int, Sequence[RawDocument]],
    *,
    staying: Mapping[int, frozenset[str]],
    received_at: datetime,
) -> set[int]:
    """
    Store documents by recording, in few statements; return the recordings of which any differs.

    `staying`: kinds of which one that is there already is not replaced.
    """
    rows = tx.execute(
        text("""
            SELECT id, recording_id, kind, sha256 FROM documents
            WHERE recording_id = ANY(:ids) AND replaced_at IS NULL ORDER BY id FOR UPDATE
        """),
        {"ids": list(received)},
    )
    current = {(row.recording_id, row.kind): row for row in rows}
    replaced: list[int] = []
    new: list[tuple[int, str, str, int, int, str]] = []
    bodies: list[bytes] = []
    packer = zstandard.ZstdCompressor()
    for recording_id, documents in received.items():
        for document in documents:
            sha256 = hashlib.sha256(document.body).hexdigest()
            known = current.get((recording_id, document.kind))
            stays = document.kind in staying[recording_id]
            if known is not None and (stays or known.sha256 == sha256):
                continue
            if known is not None:
                replaced.append(known.id)
            packed, size = packer.compress(document.body), len(document.body)
            bodies.append(packed)
            new.append((recording_id, document.kind, document.media_type, len(packed), size, sha256))
    if replaced:
        tx.execute(
            text("UPDATE documents SET replaced_at = :now WHERE id = ANY(:ids)"),
            {"ids": replaced, "now": received_at},
        )
    if new:
        columns = {f"c{n}": list(column) for n, column in enumerate(zip(*new, strict=True))}
        # An array of bodies would be sent as text, twice as long: they go one behind another, and are cut.
        tx.execute(
            text("""
                INSERT INTO documents
                    (athlete_id, recording_id, kind, media_type, body, size, sha256, received_at)
                SELECT :athlete_id, d.recording_id, d.kind, d.media_type,
                       substring(CAST(:bodies AS bytea) FROM d.begins FOR d.packed), d.size, d.sha256,
                       :received_at
                FROM unnest(CAST(:c0 AS bigint[]), CAST(:c1 AS text[]), CAST(:c2 AS text[]),
                            CAST(:c3 AS integer[]), CAST(:c4 AS bigint[]), CAST(:c5 AS text[]),
                            CAST(:begins AS integer[]))
                    AS d(recording_id, kind, media_type, packed, size, sha256, begins)
            """),
            {
                **columns,
                "athlete_id": athlete_id,
                "received_at": received_at,
                "bodies": b"".join(bodies),
                "begins": list(accumulate(map(len, bodies[:-1]), initial=1)),
            },
        )
    return {row[0] for row in new}
