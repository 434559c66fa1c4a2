"""`athletes` and `erase`: for whoever runs this."""

import io
import json
from collections.abc import Callable
from uuid import UUID

import pytest

from tests.conftest import NOW
from tests.core.cli.conftest import Run
from tests.fakes.provider import FakeService
from training_analyzer.runtime import Runtime
from training_analyzer.storage import athletes


def test_who_is_here_is_listed_and_can_be_erased(
    run: Run,
    configured: dict[str, str],
    runtime: Runtime,
    service: FakeService,
    athlete_id: UUID,
    connect: Callable[[], UUID],
    work_off: Callable[[], int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    service.add(1, NOW)
    service.add(2, NOW, title="nonsense")
    connect()
    work_off()
    with runtime.database.transaction() as tx:
        athletes.register(tx, email="ben@example.org", password_hash="-", name="", sex=None, birth_year=None)

    listed = json.loads(run("athletes", "--json", **configured).out)
    (ann,) = (one for one in listed if one["email"] == "athlete@example.org")
    assert len(listed) == 2
    assert (ann["connections"], ann["activities"], ann["parked"]) == (["fake: active"], 1, 1)
    assert ann["stored_bytes"] > 0
    printed = run("athletes", **configured).out
    assert "ben@example.org" in printed

    monkeypatch.setattr("sys.stdin", io.StringIO())  # nobody is there to answer
    asked = run("erase", "athlete@example.org", **configured)
    assert asked.code == 1
    erased = run("erase", "ATHLETE@example.org", "--yes", "--json", **configured)
    assert erased.code == 0, erased.err
    record = json.loads(erased.out)
    assert (record["activities"], record["not_told"]) == (1, ["fake"]), "its plugin is not enabled there"
    again = run("erase", "athlete@example.org", "--yes", **configured)
    assert again.code == 1
    assert "no athlete has the e-mail address" in again.err
    assert [one["email"] for one in json.loads(run("athletes", "--json", **configured).out)] == [
        "ben@example.org"
    ]
