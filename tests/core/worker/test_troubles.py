"""What athletes are told of a unit that fails: what was written for them, and of the rest its kind."""

from collections.abc import Callable
from uuid import UUID

import pytest
from sqlalchemy import text

from tests.conftest import NOW
from tests.fakes.provider import FakeService
from training_analyzer.domain.errors import ConfigurationError
from training_analyzer.runtime import Runtime


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
