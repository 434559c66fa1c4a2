"""Asking for an insight while an AI that could write it does not answer."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from tests.conftest import StoppedClock
from tests.fakes.backend import ANSWER, ScriptedBackend
from tests.fakes.provider import FakeProvider, FakeService
from tests.fakes.registry import registry_of
from training_analyzer.registry.registry import Registry
from training_analyzer.sdk import Unavailable

QUARTER = timedelta(minutes=15)


@pytest.fixture
def backend() -> ScriptedBackend:
    return ScriptedBackend("scripted", Unavailable("503"))


@pytest.fixture
def registry(service: FakeService, backend: ScriptedBackend) -> Registry:
    return registry_of(FakeProvider(service), backends=[backend])


def week_of(client: httpx.Client) -> dict[str, Any]:
    """Return the insight of the week that stands."""
    newest: dict[str, Any] = client.get("/insights", params={"kind": "week"}).json()["items"][0]
    return newest


def told(client: httpx.Client) -> tuple[bool, datetime | None]:
    """Ask for the week, and return whether another is due, and from when on."""
    answer = client.post("/insights", json={"kind": "week"}).json()
    return answer["due"], answer["not_before"] and datetime.fromisoformat(answer["not_before"])


def test_an_ai_is_asked_again_when_who_asks_was_told(
    ann: httpx.Client,
    trained: UUID,
    clock: StoppedClock,
    backend: ScriptedBackend,
    work_off: Callable[[], int],
    subtests: pytest.Subtests,
) -> None:
    week = week_of(ann)
    written_at, better_after = (datetime.fromisoformat(week[name]) for name in ("written_at", "better_after"))
    assert week["backend"] == "rules"
    assert better_after < written_at + QUARTER
    prompts = len(backend.prompts)
    for moment in (
        better_after - timedelta(seconds=1),
        better_after,
        written_at + QUARTER - timedelta(seconds=1),
    ):
        with subtests.test(str(moment)):
            clock.moment = moment
            assert told(ann) == (False, written_at + QUARTER)
            work_off()
            assert len(backend.prompts) == prompts, "not before"
    backend.deeds = [ANSWER]
    clock.moment = written_at + QUARTER
    assert told(ann) == (False, clock.moment), "at once"
    work_off()
    assert len(backend.prompts) > prompts
    assert week_of(ann)["backend"] == "scripted"
    assert told(ann) == (False, None)


def test_a_longer_rest_of_the_ai_is_waited_for(
    ann: httpx.Client,
    trained: UUID,
    clock: StoppedClock,
    backend: ScriptedBackend,
    work_off: Callable[[], int],
) -> None:
    written_at = datetime.fromisoformat(week_of(ann)["written_at"])
    for _ in range(8):
        _, again_at = told(ann)
        assert again_at is not None
        clock.moment = max(clock.moment, again_at)
        work_off()
    better_after = datetime.fromisoformat(week_of(ann)["better_after"])
    assert better_after > clock.moment + QUARTER, "each failure doubles it"
    assert clock.moment > written_at + QUARTER
    prompts = len(backend.prompts)
    clock.moment = better_after - timedelta(seconds=1)
    assert told(ann) == (False, better_after)
    work_off()
    assert len(backend.prompts) == prompts
