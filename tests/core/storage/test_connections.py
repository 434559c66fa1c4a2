"""Connections: grants that nobody reads, accounts that belong to one athlete, and erasing while work goes on."""

import logging
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import text

from tests.conftest import NOW
from tests.fakes.provider import FakeProvider, FakeService
from training_analyzer.domain.errors import AlreadyExists, ConfigurationError
from training_analyzer.processing import measuring
from training_analyzer.runtime import Runtime
from training_analyzer.storage import connections, erasing, oauth_states
from training_analyzer.storage.secrets import KeyRing

SECRETS = ("access-secret", "refresh-secret")


def test_a_grant_comes_back_as_it_was_and_never_shows_itself(
    runtime: Runtime, athlete_id: UUID, connect: Callable[[], UUID], caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        connection_id = connect()
        with runtime.database.transaction(athlete_id) as tx:
            grant = connections.grant(tx, connection_id, runtime.keys)
            stored = connections.find(tx, connection_id)
            tables = tx.execute(
                text(
                    "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"
                )
            ).scalars()
            everything = "".join(
                str(tx.execute(text(f"SELECT {table}::text FROM {table}")).scalars().all())
                for table in tables
            )
            sealed: bytes = tx.execute(text("SELECT grant_sealed FROM connections")).scalar_one()
    assert grant == FakeProvider.grant("account-1", expires_at=grant.expires_at if grant else None)
    assert "account-1" in everything
    for secret in SECRETS:
        assert secret not in everything
        assert secret.encode() not in sealed
        assert secret not in repr(grant) + repr(stored)
        assert secret not in caplog.text


def test_a_grant_moved_to_another_row_does_not_open(
    runtime: Runtime, athlete_id: UUID, connect: Callable[[], UUID]
) -> None:
    connect()
    with runtime.database.transaction(athlete_id) as tx:
        second = connections.save(tx, athlete_id, "fake", FakeProvider.grant("account-2"), runtime.keys)
        tx.execute(
            text(
                "UPDATE connections SET grant_sealed = (SELECT grant_sealed FROM connections WHERE id <> :id)"
                " WHERE id = :id"
            ),
            {"id": second},
        )
        with pytest.raises(ConfigurationError, match="cannot be opened"):
            connections.grant(tx, second, runtime.keys)


def test_keys_are_replaced_without_reconnecting(
    runtime: Runtime, athlete_id: UUID, connect: Callable[[], UUID]
) -> None:
    connection_id = connect()
    assert runtime.settings.secret_keys is not None
    old = runtime.settings.secret_keys.get_secret_value()
    both = KeyRing.parse(f"{KeyRing.generate('new')},{old}")
    with runtime.database.transaction(athlete_id) as tx:
        grant = connections.grant(tx, connection_id, both)
        assert grant is not None
        connections.replace_grant(tx, connection_id, grant, both)
        assert connections.grant(tx, connection_id, both) == grant
        with pytest.raises(ConfigurationError, match="'new' is not in"):
            connections.grant(tx, connection_id, runtime.keys)


def test_an_account_belongs_to_one_athlete(
    runtime: Runtime, other_id: UUID, connect: Callable[[], UUID]
) -> None:
    connect()
    with pytest.raises(AlreadyExists), runtime.database.transaction(other_id) as tx:
        connections.save(tx, other_id, "fake", FakeProvider.grant("account-1"), runtime.keys)
    with runtime.database.transaction(other_id) as tx:
        connections.save(tx, other_id, "fake", FakeProvider.grant("account-2"), runtime.keys)
        assert connections.athletes_connected(tx, "fake") == 2
        assert len(connections.of_athlete(tx, other_id)) == 1


def test_a_refusal_that_is_older_than_the_connection_says_nothing_of_it(
    runtime: Runtime, athlete_id: UUID, connect: Callable[[], UUID]
) -> None:
    with runtime.database.transaction(athlete_id) as tx:
        before = connections.find(tx, connect())
    assert before is not None
    connection_id = connect()  # again
    with runtime.database.transaction(athlete_id) as tx:
        assert not connections.mark_reconnect(tx, connection_id, "Old.", unless_after=before.updated_at)
        stored = connections.find(tx, connection_id)
        assert stored is not None
        assert stored.status == connections.ACTIVE
        assert connections.mark_reconnect(tx, connection_id, "New.", unless_after=stored.updated_at)
    with runtime.database.transaction(athlete_id) as tx:
        assert not connections.mark_reconnect(tx, connection_id, "Again.", unless_after=stored.updated_at)
        marked = connections.find(tx, connection_id)
    assert marked is not None
    assert (marked.status, marked.problem) == (connections.RECONNECT, "New.")


def test_requests_are_counted_by_purpose(
    runtime: Runtime, athlete_id: UUID, connect: Callable[[], UUID]
) -> None:
    connection_id = connect()
    with runtime.database.transaction(athlete_id) as tx:
        for purpose, requests in (("list", 1), ("fetch", 2), ("list", 3)):
            connections.count_requests(tx, athlete_id, connection_id, purpose, requests)
        assert connections.requests_spent(tx, connection_id) == {"fetch": 2, "list": 4}


def test_erasing_leaves_nothing_of_what_is_measured_meanwhile(
    runtime: Runtime,
    athlete_id: UUID,
    service: FakeService,
    connect: Callable[[], UUID],
    work_off: Callable[[], int],
) -> None:
    service.add(1, NOW, has_streams=False)
    connection_id = connect()
    work_off()
    service.sessions[0].minutes = 30
    with runtime.database.transaction(athlete_id) as tx:
        tx.execute(text("UPDATE activities SET measured_from = NULL"))
        batch = measuring.choose(tx, athlete_id, runtime.plan, runtime.registry.providers)
        connection = connections.find(tx, connection_id)
    assert connection is not None
    assert len(batch.recordings) == 1
    with runtime.database.transaction(athlete_id) as tx:
        erased = erasing.erase_connection(tx, connection)
    with runtime.database.transaction(athlete_id) as tx:
        measuring.measure_batch(tx, athlete_id, batch, runtime.plan, runtime.registry.providers)
        left = tx.execute(
            text(
                "SELECT (SELECT count(*) FROM activities), (SELECT count(*) FROM recordings), "
                "(SELECT count(*) FROM documents), (SELECT count(*) FROM measurements), "
                "(SELECT count(*) FROM connections), "
                "(SELECT count(*) FROM work WHERE kind <> 'measure')"
            )
        ).one()
    assert tuple(left) == (0, 0, 0, 0, 0, 0)
    assert (erased.recordings, erased.activities) == (1, 1)


def test_a_state_is_used_up_by_whoever_brings_it_back(runtime: Runtime, athlete_id: UUID) -> None:
    begun = oauth_states.OAuthState(athlete_id, "fake", "http://127.0.0.1/back", password_hash="-")
    with runtime.database.transaction(athlete_id) as tx:
        for state in ("one", "two"):
            oauth_states.remember(tx, state, begun, expires_at=NOW + timedelta(minutes=10))
        assert tx.execute(text("SELECT count(*) FROM oauth_states WHERE digest = 'one'::bytea")).scalar() == 0
    for state, moment, expected in (
        ("one", NOW, begun),
        ("one", NOW, None),
        ("two", NOW + timedelta(minutes=10), None),
        ("two", NOW, None),
        ("", NOW, None),
    ):
        with runtime.database.transaction() as tx:
            assert oauth_states.take(tx, state, now=moment) == expected
