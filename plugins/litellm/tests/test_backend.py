"""The real LiteLLM against a local server that speaks OpenAI's wire protocol."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

import pytest

from training_analyzer.sdk import (
    BadData,
    InsightBackend,
    Misconfigured,
    NotAuthorized,
    PluginError,
    Prompt,
    QuotaSpent,
    RateLimited,
    Refused,
    Truncated,
    Unavailable,
    Usage,
)
from training_analyzer.sdk.testing import Served, ServedBackendContract
from training_analyzer_groq.standin import EMPTY_REPLY, GroqStandIn, running
from training_analyzer_litellm.backend import NO_LOOK_UPS, LiteLLMBackend, imported
from training_analyzer_litellm.settings import LiteLLMSettings

try:
    imported()
    IS_THERE = True
except Misconfigured:
    IS_THERE = False

needs_litellm = pytest.mark.skipif(not IS_THERE, reason="LiteLLM is not here; `make test-litellm` has it")

NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)
PROMPT = Prompt(
    instructions="Write about the week.",
    facts='{"facts":[],"rules":[]}',
    reply_schema={"type": "object", "properties": {}, "required": [], "additionalProperties": False},
    max_output_tokens=321,
)


@pytest.fixture(scope="module")
def standin() -> Iterator[GroqStandIn]:
    with running(slow_s=60) as server:
        yield server


def backend(standin: GroqStandIn, model: str = "small", **more: object) -> LiteLLMBackend:
    settings = {
        "api_key": "secret-key",
        "model": f"openai/{model}",
        "base_url": f"{standin.url}/openai/v1",
        "input_usd": 1,
        "output_usd": 2,
        "timeout_s": 50,
        **more,
    }
    return LiteLLMBackend(LiteLLMSettings.model_validate(settings), now=lambda: NOW)


@pytest.mark.skipif(IS_THERE, reason="LiteLLM is here")
def test_without_litellm_it_says_what_to_do(standin: GroqStandIn) -> None:
    with pytest.raises(Misconfigured, match=r"not installed.*pip install"):
        backend(standin).generate(PROMPT)


@needs_litellm
def test_it_carries_the_prompt_there_and_the_reply_back(standin: GroqStandIn) -> None:
    reply = backend(standin).generate(PROMPT)
    received = standin.received[-1]
    assert reply.text == EMPTY_REPLY
    assert reply.model == "small"
    assert reply.usage == Usage(input_tokens=198, output_tokens=61, cached_tokens=20)
    assert received.body["messages"] == [
        {"role": "system", "content": PROMPT.instructions},
        {"role": "user", "content": PROMPT.facts},
    ]
    assert received.body["max_tokens"] == 321
    assert received.body["response_format"]["json_schema"]["strict"] is True
    assert received.body["response_format"]["json_schema"]["schema"] == PROMPT.reply_schema
    assert received.headers["authorization"] == "Bearer secret-key"
    assert "secret-key" not in json.dumps(received.body)


@needs_litellm
def test_a_full_quota_says_when_to_come_back(standin: GroqStandIn) -> None:
    with pytest.raises(RateLimited) as raised:
        backend(standin, "minute").generate(PROMPT)
    assert raised.value.retry_at == NOW + timedelta(seconds=2)


@needs_litellm
@pytest.mark.parametrize(("effort", "tokens"), [("none", 0), ("low", 1000), (None, 1000)])
def test_a_model_is_told_to_think_as_little_as_the_deployer_says(
    standin: GroqStandIn, effort: str | None, tokens: int
) -> None:
    asked = backend(standin, reasoning_effort=effort)
    asked.generate(PROMPT)
    assert standin.received[-1].body.get("reasoning_effort") == effort
    assert asked.info.thinking_tokens == tokens


@needs_litellm
def test_what_a_service_does_not_know_can_be_left_out(standin: GroqStandIn) -> None:
    backend(standin, structured="none").generate(PROMPT)
    assert "response_format" not in standin.received[-1].body


@needs_litellm
def test_a_server_of_ones_own_needs_no_key(standin: GroqStandIn) -> None:
    assert backend(standin, api_key=None).generate(PROMPT).text == EMPTY_REPLY


@needs_litellm
def test_it_asks_nobody_while_it_is_imported() -> None:
    program = """
import socket, sys
asked = []
def refuse(self, address):
    asked.append(address)
    raise OSError("no network here")
socket.socket.connect = refuse
socket.getaddrinfo = lambda *given, **more: asked.append(given) or []
from training_analyzer_litellm.backend import imported
imported()
sys.exit(repr(asked) if asked else 0)
"""
    environment = {name: value for name, value in os.environ.items() if name not in NO_LOOK_UPS}
    done = subprocess.run(
        [sys.executable, "-c", program],
        check=False,
        timeout=300,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr


class ServedLiteLLM(Served):
    """A server that speaks OpenAI's protocol."""

    def __init__(self, standin: GroqStandIn) -> None:
        self._standin = standin

    @property
    def received(self) -> Sequence[Any]:
        return self._standin.received

    def backend(self, model: str = "", *, timeout_s: float = 60) -> InsightBackend:
        return backend(self._standin, model or "small", timeout_s=timeout_s)

    def gone(self) -> InsightBackend:
        with running() as gone:
            return backend(gone)


@needs_litellm
class TestContract(ServedBackendContract):
    SLOW_TIMEOUT_S = 1
    FAILURES: ClassVar[Mapping[str, tuple[type[PluginError], str]]] = {
        "minute": (RateLimited, "tokens per minute"),
        "daily": (QuotaSpent, "requests per day"),
        "busy": (Unavailable, "over capacity"),
        "full": (Unavailable, "at capacity"),
        "html": (Unavailable, "Bad Gateway"),
        "badkey": (NotAuthorized, "Invalid API Key"),
        "unknown": (Misconfigured, "does not exist"),
        "invalid": (BadData, "Failed to generate JSON"),
        "text": (BadData, "Expecting value"),
        "empty": (BadData, "choices"),
        "cut": (Truncated, "length"),
        "safety": (Refused, "content_filter"),
    }

    @pytest.fixture
    def served(self, standin: GroqStandIn) -> Served:
        return ServedLiteLLM(standin)

    def test_does_not_guess_prices(self, backend: InsightBackend) -> None:
        """What the deployer pays holds for whatever answers. Without that, nothing is known."""
        settings = LiteLLMSettings.model_validate({"model": backend.info.model})
        super().test_does_not_guess_prices(LiteLLMBackend(settings))
