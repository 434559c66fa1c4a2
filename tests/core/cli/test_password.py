"""`password`: another one for somebody who has forgotten theirs."""

import io
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from fastapi.testclient import TestClient

from tests.conftest import NOW
from tests.core.cli.conftest import Run
from training_analyzer.api.app import create_app
from training_analyzer.api.security import Passwords
from training_analyzer.domain.scope import Scope
from training_analyzer.runtime import Runtime
from training_analyzer.storage import api_keys, athletes

EMAIL = "athlete@example.org"


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Have something stand on standard input."""
    return lambda text: monkeypatch.setattr("sys.stdin", io.StringIO(text))


def test_a_forgotten_password_is_set_and_every_session_ends(
    run: Run, configured: dict[str, str], runtime: Runtime, athlete_id: UUID, typed: Callable[[str], None]
) -> None:
    with runtime.database.transaction(athlete_id) as tx:
        athletes.open_session(tx, athlete_id, "token", expires_at=NOW + timedelta(days=1))
        api_keys.make(tx, athlete_id, "tak_1", name="script", scopes={Scope.READ}, expires_at=None, now=NOW)
    typed("a long password\n")
    done = run("password", "ATHLETE@example.org", **configured)
    assert done.code == 0, done.err
    assert "1 session and 1 key ended" in done.out
    assert "a long password" not in done.out + done.err
    with runtime.database.transaction() as tx:
        found = athletes.login(tx, EMAIL)
        assert athletes.session_athlete(tx, "token", now=NOW) is None
        assert api_keys.recognize(tx, "tak_1", now=NOW) is None
    assert found is not None
    assert Passwords().verify("a long password", found[1])


def test_who_guessed_too_often_may_log_in_with_the_new_one(
    run: Run, configured: dict[str, str], runtime: Runtime, athlete_id: UUID, typed: Callable[[str], None]
) -> None:
    client = TestClient(create_app(runtime))

    def log_in(password: str) -> int:
        return client.post("/api/v1/sessions", json={"email": EMAIL, "password": password}).status_code

    assert [log_in(f"a guess {number}") for number in range(11)] == [401] * 10 + [429]
    typed("a long password\n")
    assert run("password", "ATHLETE@example.org", **configured).code == 0
    assert log_in("a long password") == 201


@pytest.mark.usefixtures("athlete_id")
@pytest.mark.parametrize("errors", ["surrogateescape", "strict"])  # as the locale has it: `C`, or another
def test_bytes_that_are_no_text_are_no_password(
    run: Run, configured: dict[str, str], monkeypatch: pytest.MonkeyPatch, errors: str
) -> None:
    typed = io.TextIOWrapper(io.BytesIO(b"a long password \xff\n"), encoding="utf-8", errors=errors)
    monkeypatch.setattr("sys.stdin", typed)
    refused = run("password", EMAIL, **configured)
    assert refused.code == 2
    assert "no text in Unicode" in refused.err


def test_what_is_no_password_changes_nothing(
    run: Run, configured: dict[str, str], runtime: Runtime, athlete_id: UUID, typed: Callable[[str], None]
) -> None:
    for text in ("", "short\n"):
        typed(text)
        refused = run("password", EMAIL, **configured)
        assert refused.code == 2
        assert "10 to 1024 characters" in refused.err
    typed("a long password\n")
    assert "no athlete has the e-mail address" in run("password", "bob@example.org", **configured).err
    with runtime.database.transaction() as tx:
        assert athletes.login(tx, EMAIL) == (athlete_id, "-")
