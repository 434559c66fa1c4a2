"""Asking for an insight while an AI that could write it does not answer."""

from datetime import datetime

import httpx
import pytest

from tests.conftest import NOW
from tests.fakes.backend import ScriptedBackend
from tests.fakes.provider import FakeProvider, FakeService
from tests.fakes.registry import registry_of
from training_analyzer.registry.registry import Registry
from training_analyzer.sdk import Unavailable


@pytest.fixture
def registry(service: FakeService) -> Registry:
    return registry_of(FakeProvider(service), backends=[ScriptedBackend("scripted", Unavailable("503"))])


@pytest.mark.usefixtures("trained")
def test_who_asks_is_told_when_an_ai_is_asked_again(ann: httpx.Client) -> None:
    (week,) = ann.get("/insights", params={"kind": "week"}).json()["items"]
    assert week["backend"] == "rules"
    told = ann.post("/insights", json={"kind": "week"}).json()
    assert (told["insight"], told["due"], told["not_before"]) == (week["id"], False, week["better_after"])
    assert datetime.fromisoformat(told["not_before"]) > NOW
