"""`keys rotate`: every grant moves to the newest key, also when it is interrupted, also while it is used."""

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import text

from tests.conftest import Deployment
from tests.core.cli.conftest import Run
from tests.fakes.provider import FakeProvider
from tests.waiting import PATIENCE_S
from training_analyzer.runtime import Runtime
from training_analyzer.storage import athletes, connections, revocations
from training_analyzer.storage.secrets import KeyRing

OLD, NEW = KeyRing.generate("old"), KeyRing.generate("new")
BOTH = f"{NEW},{OLD}"


@pytest.fixture
def sealed(runtime: Runtime) -> dict[UUID, UUID]:
    """Twenty athletes' connections, sealed with the old key; by connection, whose it is."""
    made: dict[UUID, UUID] = {}
    for number in range(20):
        with runtime.database.transaction() as tx:
            athlete_id = athletes.register(
                tx, email=f"{number}@example.org", password_hash="-", name="", sex=None, birth_year=None
            )
            grant = FakeProvider.grant(f"account-{number}")
            made[connections.save(tx, athlete_id, "fake", grant, KeyRing.parse(OLD))] = athlete_id
    return made


def grants_with(runtime: Runtime, sealed: dict[UUID, UUID], ring: str) -> Iterator[str]:
    for connection_id, athlete_id in sealed.items():
        with runtime.database.transaction(athlete_id) as tx:
            grant = connections.grant(tx, connection_id, KeyRing.parse(ring))
        assert grant is not None
        yield grant.account_id


def test_every_grant_moves_to_the_newest_key_and_the_old_one_may_go(
    run: Run, configured: dict[str, str], runtime: Runtime, sealed: dict[UUID, UUID]
) -> None:
    said = run("keys", "rotate", **configured | {"SECRET_KEYS": BOTH})
    assert said.code == 0, said.err
    assert "20 moved to the key 'new'; 0 left" in said.out
    assert "Older keys may be removed" in said.out
    assert "Older keys" not in run("keys", "rotate", **configured | {"SECRET_KEYS": NEW}).out, (
        "there are none"
    )
    assert sorted(grants_with(runtime, sealed, NEW)) == sorted(f"account-{n}" for n in range(20))

    again = run("keys", "rotate", "--json", **configured | {"SECRET_KEYS": NEW})
    assert json.loads(again.out) == {"key": "new", "moved": 0, "left": 0, "broken": {}}


def test_the_grant_of_a_connection_that_is_gone_moves_too_until_its_provider_knows(
    run: Run, configured: dict[str, str], runtime: Runtime, sealed: dict[UUID, UUID]
) -> None:
    gone, athlete_id = next(iter(sealed.items()))
    with runtime.database.transaction(athlete_id) as tx:
        revocations.keep(tx, gone, until=runtime.now() + timedelta(days=7))
        tx.execute(text("DELETE FROM connections WHERE id = :id"), {"id": gone})
    without_old = run("keys", "rotate", "--json", **configured | {"SECRET_KEYS": NEW})
    assert json.loads(without_old.out)["left"] == 20, "it is counted"
    said = run("keys", "rotate", "--json", **configured | {"SECRET_KEYS": BOTH})
    assert json.loads(said.out) == {"key": "new", "moved": 20, "left": 0, "broken": {}}
    with runtime.database.transaction(athlete_id) as tx:
        kept = revocations.find(tx, gone)
    assert kept is not None
    assert kept.grant(KeyRing.parse(NEW)).account_id == "account-0"


def test_what_cannot_be_opened_stops_nobody_and_is_named(
    run: Run, configured: dict[str, str], runtime: Runtime, sealed: dict[UUID, UUID]
) -> None:
    (broken, athlete_id), (donor, _) = list(sealed.items())[:2]
    with runtime.database.transaction(athlete_id) as tx:
        tx.execute(
            text("UPDATE connections SET grant_sealed = sha256(grant_sealed) WHERE id = :id"), {"id": broken}
        )
    said = run("keys", "rotate", **configured | {"SECRET_KEYS": BOTH})
    assert said.code == 1
    assert "19 moved to the key 'new'; 1 left with older keys" in said.out
    assert f"connection {broken}: " in said.err
    assert str(donor) not in said.err


def test_without_the_old_key_nothing_is_lost_and_the_reason_is_told(
    run: Run, configured: dict[str, str], runtime: Runtime, sealed: dict[UUID, UUID]
) -> None:
    said = run("keys", "rotate", **configured | {"SECRET_KEYS": NEW})
    assert said.code == 1
    assert "'old' is not in TRAINING_ANALYZER_SECRET_KEYS" in said.err
    assert len(list(grants_with(runtime, sealed, OLD))) == 20


def test_it_goes_on_where_it_was_interrupted_and_refreshing_goes_on_beside_it(
    deployment: Deployment, runtime: Runtime, sealed: dict[UUID, UUID]
) -> None:
    """Two rotations and workers that store fresh grants, all at once: each grant stays what was stored last."""
    ring = KeyRing.parse(BOTH)
    some = list(sealed.items())[:5]
    for connection_id, athlete_id in some:  # as far as the interrupted one came
        with runtime.database.transaction(athlete_id) as tx:
            assert connections.seal_again(tx, connection_id, ring)

    def rotate() -> int:
        with runtime.database.transaction() as tx:
            due = connections.sealed_otherwise(tx, ring.newest)
        moved = 0
        for connection_id, athlete_id in due:
            with runtime.database.transaction(athlete_id) as tx:
                moved += connections.seal_again(tx, connection_id, ring)
        return moved

    def refresh() -> int:
        for number, (connection_id, athlete_id) in enumerate(sealed.items()):
            with runtime.database.transaction(athlete_id) as tx:
                connections.grant(tx, connection_id, ring, lock=True)
                connections.replace_grant(tx, connection_id, FakeProvider.grant(f"fresh-{number}"), ring)
        return 0

    jobs: list[Callable[[], int]] = [rotate, refresh, rotate, refresh]
    with ThreadPoolExecutor(4) as pool:
        moved = sum(job.result(timeout=PATIENCE_S) for job in [pool.submit(job) for job in jobs])
    assert moved <= 15
    assert list(grants_with(runtime, sealed, NEW)) == [f"fresh-{number}" for number in range(20)]


def test_another_name_can_be_generated(run: Run) -> None:
    said = run("keys", "generate", "--name", "2")
    assert said.out.startswith("2:")
    KeyRing.parse(f"{said.out.strip()},{KeyRing.generate()}")
