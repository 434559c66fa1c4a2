"""What athletes are told of a unit that fails: what was written for them, and of the rest its kind."""

from collections.abc import Callable
from uuid import UUID

import pytest
from sqlalchemy import text

from tests.conftest import NOW
from tests.fakes.provider import FakeService
from training_analyzer import pipeline
from training_analyzer.domain.errors import ConfigurationError
from training_analyzer.domain.events import AccessRevoked
from training_analyzer.runtime import Runtime
from training_analyzer.sdk import Forbidden
from training_analyzer.storage import connections


def test_what_is_wrong_with_a_setting_is_told_in_the_log_alone(
    runtime: Runtime,
    service: FakeService,
    athlete_id: UUID,
    connect: Callable[[], UUID],
    work_off: Callable[[], int],
    caplog: pytest.LogCaptureFixture,
) -> None:
    service.add(1, NOW)

    def fault(method: str, _subject: str) -> None:
        if method == "fetch":
            raise ConfigurationError("the key '1' is not in TRAINING_ANALYZER_SECRET_KEYS")

    service.fault = fault
    connect()
    work_off()
    with runtime.database.transaction(athlete_id) as tx:
        told = tx.execute(text("SELECT why FROM troubles")).scalars().all()
    assert told == ["ConfigurationError: the log says more"]
    assert "the key '1' is not in TRAINING_ANALYZER_SECRET_KEYS" in caplog.text


def test_what_a_provider_says_when_it_is_asked_again_is_told_to_its_athlete_alone(
    runtime: Runtime,
    service: FakeService,
    athlete_id: UUID,
    connect: Callable[[], UUID],
    work_off: Callable[[], int],
) -> None:
    connection_id = connect()
    work_off()
    revoked = AccessRevoked(
        athlete_id=athlete_id,
        connection_id=connection_id,
        provider="fake",
        ask_again_at=(("daily", runtime.now()),),
    )

    def fault(_method: str, _subject: str) -> None:
        raise Forbidden("Ann is not allowed.")

    service.fault = fault
    with runtime.database.transaction(athlete_id) as tx:
        connections.mark_reconnect(tx, connection_id, "Not allowed.")
        pipeline.record(tx, [revoked], now=runtime.now())
    work_off()
    with runtime.database.transaction() as tx:
        across = tx.execute(text("SELECT last_error FROM work WHERE kind = 'let_in'")).scalar_one()
    with runtime.database.transaction(athlete_id) as tx:
        told = tx.execute(text("SELECT why FROM troubles")).scalars().all()
    assert across == "Forbidden"
    assert told == ["Forbidden: Ann is not allowed."]
