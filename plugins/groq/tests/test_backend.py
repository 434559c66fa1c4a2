"""The real SDK against a local server that speaks Groq's wire protocol."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

import pytest

from training_analyzer.sdk import (
    BadData,
    InsightBackend,
    LimitReading,
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
from training_analyzer.sdk.testing import BackendContract, Served, ServedBackendContract
from training_analyzer_groq.backend import GroqBackend
from training_analyzer_groq.limits import duration
from training_analyzer_groq.settings import GroqSettings
from training_analyzer_groq.standin import EMPTY_REPLY, PATH, GroqStandIn, running

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


def backend(standin: GroqStandIn, model: str = "openai/gpt-oss-20b", timeout_s: float = 60) -> GroqBackend:
    settings = GroqSettings.model_validate(
        {"api_key": "secret-key", "model": model, "base_url": standin.url, "timeout_s": timeout_s}
    )
    return GroqBackend(settings, now=lambda: NOW)


def test_it_carries_the_prompt_there_and_the_reply_back(standin: GroqStandIn) -> None:
    reply = backend(standin).generate(PROMPT)
    received = standin.received[-1]
    assert reply.text == EMPTY_REPLY
    assert reply.model == "openai/gpt-oss-20b"
    assert reply.usage == Usage(input_tokens=198, output_tokens=61, cached_tokens=20)
    assert received.path == PATH
    assert received.body["messages"] == [
        {"role": "system", "content": PROMPT.instructions},
        {"role": "user", "content": PROMPT.facts},
    ]
    assert received.body["max_completion_tokens"] == 321
    assert received.body["reasoning_effort"] == "low"
    schema = received.body["response_format"]["json_schema"]
    assert schema["strict"] is True
    assert schema["schema"] == PROMPT.reply_schema


@pytest.mark.parametrize(
    ("model", "effort", "tokens"),
    [
        ("openai/gpt-oss-20b", "low", 1000),
        ("openai/gpt-oss-120b", "low", 1000),
        ("qwen/qwen3.8-27b", "none", 0),
        ("meta-llama/llama-4-scout", None, 0),
    ],
)
def test_each_model_is_told_to_think_as_little_as_it_can(
    standin: GroqStandIn, model: str, effort: str | None, tokens: int
) -> None:
    asked = backend(standin, model)
    asked.generate(PROMPT)
    assert standin.received[-1].body.get("reasoning_effort") == effort
    assert asked.info.thinking_tokens == tokens


def test_a_deployer_knows_better_what_a_model_thinks() -> None:
    settings = GroqSettings.model_validate({"api_key": "k", "model": "new", "thinking_tokens": 300})
    assert GroqBackend(settings).info.thinking_tokens == 300


def test_a_full_quota_says_when_to_come_back(standin: GroqStandIn) -> None:
    with pytest.raises(RateLimited) as raised:
        backend(standin, "minute").generate(PROMPT)
    assert raised.value.retry_at == NOW + timedelta(seconds=2)


def test_a_cut_off_answer_says_what_it_used(standin: GroqStandIn) -> None:
    with pytest.raises(Truncated) as raised:
        backend(standin, "cut").generate(PROMPT)
    assert raised.value.usage == Usage(input_tokens=198, output_tokens=61, cached_tokens=20)


def test_the_model_that_answered_sets_the_price(standin: GroqStandIn) -> None:
    asked = backend(standin, "rerouted")
    reply = asked.generate(PROMPT)
    price = asked.price(reply.model)
    assert reply.model == "openai/gpt-oss-120b"
    assert price is not None
    assert price.cost_usd(Usage(input_tokens=1_000_000, output_tokens=1_000_000)) == pytest.approx(0.75)


def test_a_deployers_price_is_for_the_model_that_they_chose() -> None:
    settings = GroqSettings.model_validate({"api_key": "k", "model": "new", "input_usd": 1, "output_usd": 2})
    priced = GroqBackend(settings)
    price = priced.price("new")
    assert price is not None
    assert price.output_usd == 2
    assert priced.price("other") is None


def test_where_the_data_goes_is_the_truth(standin: GroqStandIn) -> None:
    groq = GroqBackend(GroqSettings.model_validate({"api_key": "k"}))
    assert groq.info.data_goes_to == "Groq's (GroqCloud API)"
    assert "127.0.0.1" in backend(standin).info.data_goes_to


def test_each_answer_says_how_much_of_the_limits_is_left(standin: GroqStandIn) -> None:
    assert backend(standin).generate(PROMPT).limits == (
        LimitReading(
            unit="requests",
            per="day",
            limit=14400,
            remaining=14370,
            resets_at=NOW + timedelta(minutes=2, seconds=59.56),
        ),
        LimitReading(
            unit="tokens", per="minute", limit=18000, remaining=17997, resets_at=NOW + timedelta(seconds=7.66)
        ),
    )


@pytest.mark.parametrize(
    ("written", "seconds"),
    [("7.66s", 7.66), ("2m59.56s", 179.56), ("1h2m3s", 3723), ("1d", 86400), ("230ms", 0.23), ("2m", 120)],
)
def test_durations_are_read_as_groq_writes_them(written: str, seconds: float) -> None:
    assert duration(written).total_seconds() == pytest.approx(seconds)


@pytest.mark.parametrize("written", ["", "soon", "-1s", "7.66"])
def test_what_is_no_duration_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="no duration"):
        duration(written)


def test_a_model_that_died_is_told_of_at_start() -> None:
    settings = GroqSettings.model_validate({"api_key": "k", "model": "llama-3.3-70b-versatile"})
    (warning,) = GroqBackend(settings).warnings()
    assert "was switched off on 2026-08-16; set openai/gpt-oss-120b in its place" in warning


class ServedGroq(Served):
    """The stand-in of Groq."""

    def __init__(self, standin: GroqStandIn) -> None:
        self._standin = standin

    @property
    def received(self) -> Sequence[Any]:
        return self._standin.received

    def backend(self, model: str = "", *, timeout_s: float = 60) -> InsightBackend:
        return backend(self._standin, model or "openai/gpt-oss-20b", timeout_s)

    def gone(self) -> InsightBackend:
        with running() as gone:
            return backend(gone)


class TestContract(ServedBackendContract):
    FAILURES: ClassVar[Mapping[str, tuple[type[PluginError], str]]] = {
        "busy": (Unavailable, "over capacity"),
        "full": (Unavailable, "498"),
        "html": (Unavailable, "502"),
        "badkey": (NotAuthorized, "Invalid API Key"),
        "invalid": (BadData, "Failed to generate JSON"),
        "text": (BadData, "could not be read"),
        "empty": (BadData, "without choices"),
        "cut": (Truncated, "length"),
        "minute": (RateLimited, "tokens per minute"),
        "daily": (QuotaSpent, "requests per day"),
        "safety": (Refused, "content_filter"),
        "unknown": (Misconfigured, "does not exist.*Set another model"),
    }

    @pytest.fixture
    def served(self, standin: GroqStandIn) -> Served:
        return ServedGroq(standin)


class TestContractWithoutServer(BackendContract):
    @pytest.fixture
    def backend(self) -> InsightBackend:
        return GroqBackend(GroqSettings.model_validate({"api_key": "not-valid"}))
