"""The contract of AI backends that ask over HTTP: what they do when their service does not."""

import json
import time
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Final

import pytest

from training_analyzer.sdk import InsightBackend, PluginError, Prompt, TimedOut, Unavailable
from training_analyzer.sdk.testing.backend import BackendContract

KEY: Final = "secret-key"
"""What every backend of a `Served` is given."""
RECEIVED_WITHIN_S: Final = 60.0


class Served(ABC):
    """A local server of yours that speaks the service's protocol, and how your backend asks it."""

    @property
    @abstractmethod
    def received(self) -> Sequence[Any]:
        """Every request so far, with `path`, `headers` (in lower case) and `body` (as read from JSON)."""

    @abstractmethod
    def backend(self, model: str = "", *, timeout_s: float = 60) -> InsightBackend:
        """Return a backend with `KEY` that asks this server; for your usual model, or the one given."""

    @abstractmethod
    def gone(self) -> InsightBackend:
        """Return a backend that asks where no server is."""


class ServedBackendContract(BackendContract):
    """
    What a backend does when its service fails. Give the fixture `served`.

    The server fails as the model's name tells it to. `FAILURES` names the models, the error that each
    leads to, and what its message matches; a server that is asked for `SLOW` does not answer in time.
    """

    FAILURES: ClassVar[Mapping[str, tuple[type[PluginError], str]]] = {}
    SLOW: ClassVar[str] = "slow"
    SLOW_TIMEOUT_S: ClassVar[float] = 0.2

    @pytest.fixture
    def served(self) -> Served:
        raise NotImplementedError("give a fixture `served` that returns your Served")

    @pytest.fixture
    def backend(self, served: Served) -> InsightBackend:
        return served.backend()

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        if "failure" in metafunc.fixturenames:
            assert self.FAILURES, "name in FAILURES what your server does, and what your backend makes of it"
            metafunc.parametrize("failure", list(self.FAILURES))

    def test_an_answer_is_one_request_and_holds_the_prompt(self, served: Served, prompt: Prompt) -> None:
        before = len(served.received)
        assert served.backend().generate(prompt).text
        assert len(served.received) == before + 1, "one request for one answer"
        told = json.dumps(served.received[-1].body, ensure_ascii=False)
        for part in (prompt.instructions, prompt.facts):
            assert json.dumps(part, ensure_ascii=False) in told, "the prompt travels as it is"
        assert str(prompt.max_output_tokens) in told, "the service is told how long an answer may be"

    def test_the_key_travels_in_a_header_and_nowhere_else(self, served: Served, prompt: Prompt) -> None:
        served.backend().generate(prompt)
        received = served.received[-1]
        assert any(KEY in value for value in received.headers.values())
        assert KEY not in received.path
        assert KEY not in json.dumps(received.body)

    def test_each_failure_is_one_request_and_one_of_our_errors(
        self, served: Served, prompt: Prompt, failure: str
    ) -> None:
        error, message = self.FAILURES[failure]
        before = len(served.received)
        with pytest.raises(error, match=message) as raised:
            served.backend(failure).generate(prompt)
        assert type(raised.value) is error
        assert KEY not in str(raised.value), "no error tells the key"
        assert len(served.received) == before + 1, "retries are the core's affair"

    def test_it_does_not_wait_longer_than_it_was_told(self, served: Served, prompt: Prompt) -> None:
        before = len(served.received)
        with pytest.raises(TimedOut):
            served.backend(self.SLOW, timeout_s=self.SLOW_TIMEOUT_S).generate(prompt)
        give_up_at = time.monotonic() + RECEIVED_WITHIN_S
        while len(served.received) == before and time.monotonic() < give_up_at:
            time.sleep(0.01)  # your server may get to it later than we gave it up
        assert len(served.received) == before + 1

    def test_a_server_that_is_not_there_is_unavailable(self, served: Served, prompt: Prompt) -> None:
        with pytest.raises(Unavailable):
            served.gone().generate(prompt)
