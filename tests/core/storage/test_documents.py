"""Documents and recordings: the very bytes, every version, and nothing twice."""

import hashlib
from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from tests.conftest import NOW
from training_analyzer.runtime import Runtime
from training_analyzer.sdk import BrokenRecord, RawActivity, RawDocument
from training_analyzer.storage import documents, recordings, rejections
from training_analyzer.storage.database import Transaction

LATER = NOW + timedelta(hours=1)


def raw(
    body: bytes = b"{}", *, kind: str = "summary", external_id: str = "1", more: bool = True
) -> RawActivity:
    document = RawDocument(kind=kind, media_type="application/json", body=body)
    return RawActivity(external_id=external_id, started_at=NOW, documents=(document,), has_more=more)


@pytest.fixture
def tx(runtime: Runtime, athlete_id: UUID) -> Iterator[Transaction]:
    with runtime.database.transaction(athlete_id) as tx:
        yield tx


@pytest.fixture
def recording_id(tx: Transaction, athlete_id: UUID) -> int:
    return recordings.receive(tx, athlete_id, None, "fake", raw(), now=NOW).recording_id


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.one_of(st.binary(max_size=300), st.sampled_from([b"", b"\0", b"x" * 100_000])), max_size=4)
)
def test_every_version_comes_back_byte_for_byte(
    tx: Transaction, athlete_id: UUID, recording_id: int, bodies: list[bytes]
) -> None:
    tx.execute(text("DELETE FROM documents"))
    expected: list[bytes] = []
    for body in bodies:
        document = RawDocument(kind="file", media_type="application/octet-stream", body=body)
        changed = documents.store(tx, athlete_id, recording_id, document, received_at=NOW)
        assert changed == (expected[-1:] != [body])
        if changed:
            expected.append(body)
    ids = tx.execute(text("SELECT id FROM documents ORDER BY id")).scalars()
    found = [documents.find(tx, number) for number in ids]
    assert [one.body for one in found if one is not None] == expected
    assert [one.body for one in documents.current(tx, recording_id)] == expected[-1:]
    stored = tx.execute(text("SELECT size, sha256, replaced_at IS NULL FROM documents ORDER BY id")).all()
    assert [tuple(one) for one in stored] == [
        (len(body), hashlib.sha256(body).hexdigest(), number == len(expected))
        for number, body in enumerate(expected, 1)
    ]


def test_of_many_recordings_each_gets_its_own(
    tx: Transaction, athlete_id: UUID, recording_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[list[int]] = []
    really = documents.packed

    def packed(tx: Transaction, some: list[int]) -> object:
        read.append(some)
        return really(tx, some)

    monkeypatch.setattr(documents, "packed", packed)
    monkeypatch.setattr(documents, "TOGETHER_BYTES", 50)  # two or three documents of these
    without_any = -1
    others = [
        recordings.receive(tx, athlete_id, None, "fake", raw(external_id=f"other {number}"), now=NOW)
        for number in range(4)
    ]
    for number, other in enumerate(others):
        streams = RawDocument(kind="streams", media_type="text/plain", body=b"%d" % number)
        documents.store(tx, athlete_id, other.recording_id, streams, received_at=NOW)
    ids = [others[2].recording_id, without_any, others[0].recording_id, recording_id, others[3].recording_id]
    found = list(documents.current_of_each(tx, ids))
    assert found == [documents.current(tx, one) for one in ids]
    assert [len(one) for one in found] == [2, 0, 2, 1, 2]
    assert [one for some in read for one in some] == ids
    assert 1 < len(read) < len(ids)


def test_the_digest_tells_documents_apart_by_kind_and_bytes(
    tx: Transaction, athlete_id: UUID, recording_id: int
) -> None:
    seen = {documents.digest(tx, recording_id)}
    for kind, body in (("summary", b"2"), ("streams", b"2"), ("file", b""), ("streams", b"3")):
        document = RawDocument(kind=kind, media_type="text/plain", body=body)
        documents.store(tx, athlete_id, recording_id, document, received_at=NOW)
        seen.add(documents.digest(tx, recording_id))
    assert len(seen) == 5
    again = RawDocument(kind="streams", media_type="text/plain", body=b"2")
    documents.store(tx, athlete_id, recording_id, again, received_at=NOW)
    assert documents.digest(tx, recording_id) in seen  # what was, is again
    assert documents.find(tx, 10**9) is None


def test_receiving_again_changes_nothing(tx: Transaction, athlete_id: UUID) -> None:
    first = recordings.receive(tx, athlete_id, None, "fake", raw(b"one"), now=NOW)
    again = recordings.receive(tx, athlete_id, None, "fake", raw(b"one"), now=LATER)
    changed = recordings.receive(tx, athlete_id, None, "fake", raw(b"two"), now=LATER)
    elsewhere = recordings.receive(tx, athlete_id, None, "other", raw(b"one"), now=LATER)
    assert (first.changed, again.changed, changed.changed, elsewhere.changed) == (True, False, True, True)
    assert first.recording_id == again.recording_id == changed.recording_id != elsewhere.recording_id
    assert first.wants_fetch
    assert changed.wants_fetch


def test_what_was_fetched_or_is_not_there_is_not_wanted_again(tx: Transaction, athlete_id: UUID) -> None:
    ids = [
        recordings.receive(tx, athlete_id, None, "fake", raw(external_id=str(number)), now=NOW).recording_id
        for number in range(3)
    ]
    streams = RawDocument(kind="streams", media_type="application/json", body=b"[]")
    first, second = (recordings.find(tx, number) for number in ids[:2])
    assert first
    assert second
    assert recordings.complete(tx, first, [streams], now=NOW)
    assert not recordings.complete(tx, first, [streams], now=NOW)
    recordings.nothing_to_fetch(tx, second, "not_found")
    wanted = [found.wants_fetch for number in ids if (found := recordings.find(tx, number)) is not None]
    assert wanted == [False, False, True]
    again = [
        recordings.receive(tx, athlete_id, None, "fake", raw(b"new", external_id=str(number)), now=NOW)
        for number in range(3)
    ]
    assert [one.wants_fetch for one in again] == [False, False, True]
    assert recordings.find(tx, 10**9) is None


def test_new_documents_give_a_suspect_a_fresh_start(tx: Transaction, athlete_id: UUID) -> None:
    number = recordings.receive(tx, athlete_id, None, "fake", raw(b"one"), now=NOW).recording_id
    tx.execute(text("UPDATE recordings SET attempts = 3"))
    recordings.receive(tx, athlete_id, None, "fake", raw(b"one"), now=NOW)
    assert tx.execute(text("SELECT attempts FROM recordings WHERE id = :id"), {"id": number}).scalar() == 3
    recordings.receive(tx, athlete_id, None, "fake", raw(b"two"), now=NOW)
    assert tx.execute(text("SELECT attempts FROM recordings WHERE id = :id"), {"id": number}).scalar() == 0


def test_what_is_no_activity_is_kept_once_with_its_bytes(
    runtime: Runtime, athlete_id: UUID, connect: object
) -> None:
    assert callable(connect)
    connection_id = connect()
    document = RawDocument(kind="summary", media_type="application/json", body=b'{"id": "\xff')
    with runtime.database.transaction(athlete_id) as tx:
        for reason in ("no start", "no start, again"):
            broken = BrokenRecord(reason=reason, document=document)
            rejections.reject(tx, athlete_id, connection_id, broken, now=NOW)
        assert rejections.rejected(tx, connection_id) == ["no start"]
        kept = tx.execute(text("SELECT body FROM rejections")).scalar_one()
    assert zstandard.decompress(kept) == document.body


def test_an_activity_may_be_deleted_and_its_recordings_stay(tx: Transaction, athlete_id: UUID) -> None:
    """Everything that processing makes can be made again, because nothing that was received goes with it."""
    recordings.receive(tx, athlete_id, None, "fake", raw(b"bytes"), now=NOW)
    activity_id = tx.execute(
        text("""
            INSERT INTO activities (athlete_id, sport, started_at, utc_offset_s, local_date, elapsed_s, moving_s)
            VALUES (:id, 'ride', :now, 0, '2026-06-15', 1, 1) RETURNING id
        """),
        {"id": athlete_id, "now": NOW},
    ).scalar_one()
    tx.execute(text("UPDATE recordings SET activity_id = :id"), {"id": activity_id})
    tx.execute(text("DELETE FROM activities"))
    left = tx.execute(text("SELECT activity_id, (SELECT count(*) FROM documents) FROM recordings")).one()
    assert tuple(left) == (None, 1)
