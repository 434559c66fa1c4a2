"""Work where an AI is installed that says what the test tells it to."""

import pytest

from tests.fakes.backend import ANSWER, ScriptedBackend
from tests.fakes.provider import FakeProvider, FakeService
from tests.fakes.registry import registry_of
from training_analyzer.registry.registry import Registry


@pytest.fixture
def backend() -> ScriptedBackend:
    return ScriptedBackend("scripted", ANSWER)


@pytest.fixture
def registry(service: FakeService, backend: ScriptedBackend) -> Registry:
    return registry_of(FakeProvider(service), backends=[backend])
