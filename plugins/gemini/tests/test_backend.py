"""The real SDK against a local server that speaks Gemini's wire protocol."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

import pytest

from training_analyzer.sdk import (
    BadData,
    BadRequest,
    InsightBackend,
    Misconfigured,
    NotAuthorized,
    PluginError,
    Prompt,
    QuotaSpent,
    RateLimited,
    Refused,
    TimedOut,
    Truncated,
    Unavailable,
    Usage,
)
from training_analyzer.sdk.testing import BackendContract, Served, ServedBackendContract
from training_analyzer_gemini.backend import GeminiBackend
from training_analyzer_gemini.settings import GeminiSettings
from training_analyzer_gemini.standin import GeminiStandIn, running

NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)
PROMPT = Prompt(
    instructions="Write about the week.",
    facts=json.dumps(
        {
            "facts": {
                "load_week": ["load of the week", "412"],
                "load_change": ["weekly load against the usual", "18%", "up"],
            },
            "rules": [],
        }
    ),
    reply_schema={"type": "object", "properties": {"headline": {"type": "string"}}, "required": ["headline"]},
    max_output_tokens=321,
)


@pytest.fixture(scope="module")
def standin() -> Iterator[GeminiStandIn]:
    with running(slow_s=60) as server:
        yield server


def backend(
    standin: GeminiStandIn, model: str = "gemini-3.5-flash-lite", timeout_s: float = 60
) -> GeminiBackend:
    settings = GeminiSettings.model_validate(
        {"api_key": "secret-key", "model": model, "base_url": standin.url, "timeout_s": timeout_s}
    )
    return GeminiBackend(settings, now=lambda: NOW)


def test_it_carries_the_prompt_there_and_the_reply_back(standin: GeminiStandIn) -> None:
    reply = backend(standin).generate(PROMPT)
    received = standin.scenario.received[-1]
    assert json.loads(reply.text)["headline"] == "Weekly load is up {load_change}"
    assert reply.model == "gemini-3.5-flash-lite"
    assert received.body["contents"][0]["parts"][0]["text"] == PROMPT.facts
    assert received.body["systemInstruction"]["parts"][0]["text"] == PROMPT.instructions
    configuration = received.body["generationConfig"]
    assert configuration["maxOutputTokens"] == 321
    assert configuration["responseMimeType"] == "application/json"
    assert configuration["responseJsonSchema"] == PROMPT.reply_schema


def test_the_sdk_logs_nothing_of_its_own(standin: GeminiStandIn, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("DEBUG", logger="google_genai"):
        backend(standin).generate(PROMPT)
    assert [one.message for one in caplog.records if one.name.startswith("google")] == []


@pytest.mark.parametrize(
    ("model", "told", "tokens"),
    [
        ("gemini-3.5-flash-lite", {"thinking_level": "MINIMAL"}, 0),
        ("gemini-3.5-flash-lite-001", {"thinking_level": "MINIMAL"}, 0),
        ("gemini-3-flash-preview", {"thinking_level": "MINIMAL"}, 0),
        ("gemini-3.8-flash", {"thinking_level": "LOW"}, 1000),
        ("gemini-3.1-pro-preview", {"thinking_level": "LOW"}, 1000),
        ("gemini-2.5-flash-lite", {"thinking_budget": 0}, 0),
        ("gemini-2.5-pro", {"thinking_budget": 128}, 128),
        ("gemini-2.0-flash", None, 0),
        ("gemini-9-next", None, 1000),
    ],
)
def test_each_model_is_told_to_think_as_little_as_it_can(
    standin: GeminiStandIn, model: str, told: dict[str, object] | None, tokens: int
) -> None:
    asked = backend(standin, model)
    asked.generate(PROMPT)
    assert standin.scenario.received[-1].body["generationConfig"].get("thinkingConfig") == told
    assert asked.info.thinking_tokens == tokens


def test_a_minutes_quota_says_when_to_come_back(standin: GeminiStandIn) -> None:
    with pytest.raises(RateLimited) as raised:
        backend(standin, "minute").generate(PROMPT)
    assert raised.value.retry_at == NOW + timedelta(seconds=2.5)


def test_a_days_quota_lasts_until_midnight_at_the_pacific(standin: GeminiStandIn) -> None:
    with pytest.raises(RateLimited) as raised:
        backend(standin, "daily").generate(PROMPT)
    assert raised.value.retry_at == datetime(2026, 7, 2, 8, tzinfo=UTC)


def test_thoughts_are_output_also_of_an_answer_that_was_cut_off(standin: GeminiStandIn) -> None:
    with pytest.raises(Truncated) as raised:
        backend(standin, "cut").generate(PROMPT)
    assert raised.value.usage is not None
    assert raised.value.usage.output_tokens == 510


@pytest.mark.parametrize("model", ["badjson", "schema", "invented"])
def test_what_the_reply_says_is_for_the_core_to_judge(standin: GeminiStandIn, model: str) -> None:
    assert backend(standin, model).generate(PROMPT).text


def test_the_model_that_answered_sets_the_price(standin: GeminiStandIn) -> None:
    asked = backend(standin, "gemini-3.5-flash-lite-rerouted")
    reply = asked.generate(PROMPT)
    assert reply.model == "gemini-3.8-flash-001"
    assert "gemini-3.8-flash" in asked.known_models(), "what it costs is reserved beforehand"
    price = asked.price(reply.model)
    assert price is not None
    assert price.cost_usd(Usage(input_tokens=1_000_000, output_tokens=1_000_000)) == pytest.approx(
        0.75 + 3.75
    )


def test_a_deployers_price_is_for_the_model_that_they_chose() -> None:
    settings = GeminiSettings.model_validate(
        {"api_key": "k", "model": "gemini-9-next", "input_usd": 1, "output_usd": 2}
    )
    priced = GeminiBackend(settings)
    price, other = priced.price("gemini-9-next-002"), priced.price("gemini-3.5-flash")
    assert price is not None
    assert price.output_usd == 2
    assert other is not None
    assert other.output_usd == 9


def test_where_the_data_goes_is_the_truth(standin: GeminiStandIn) -> None:
    google = GeminiBackend(GeminiSettings.model_validate({"api_key": "k"}))
    assert google.info.data_goes_to == "Google's (Gemini API)"
    assert "127.0.0.1" in backend(standin).info.data_goes_to


def test_a_model_that_dies_is_told_of_at_start() -> None:
    def warned(model: str, on: datetime) -> list[str]:
        settings = GeminiSettings.model_validate({"api_key": "k", "model": model})
        return list(GeminiBackend(settings, now=lambda: on).warnings())

    (before,) = warned("gemini-2.5-flash", NOW)
    assert before == (
        "the model gemini-2.5-flash will be switched off on 2026-12-01; set gemini-3.5-flash-lite in its place"
    )
    (after,) = warned("models/gemini-2.5-pro", datetime(2026, 12, 1, tzinfo=UTC))
    assert "was switched off on 2026-12-01" in after
    assert warned("gemini-3.5-flash-lite", NOW) == []


def test_the_limits_of_the_contract_are_told() -> None:
    settings = GeminiSettings.model_validate({"api_key": "k", "requests_per_minute": 15, "timeout_s": 7})
    info = GeminiBackend(settings).info
    assert [(limit.unit, limit.per, limit.limit) for limit in info.limits] == [("requests", "minute", 15)]
    assert info.timeout_s == 7


class ServedGemini(Served):
    """The stand-in of Gemini."""

    def __init__(self, standin: GeminiStandIn) -> None:
        self._standin = standin

    @property
    def received(self) -> Sequence[Any]:
        return self._standin.scenario.received

    def backend(self, model: str = "", *, timeout_s: float = 60) -> InsightBackend:
        return backend(self._standin, model or "gemini-3.5-flash-lite", timeout_s)

    def gone(self) -> InsightBackend:
        with running() as gone:
            return backend(gone)


class TestContract(ServedBackendContract):
    FAILURES: ClassVar[Mapping[str, tuple[type[PluginError], str]]] = {
        "busy": (Unavailable, "overloaded"),
        "html": (Unavailable, "502"),
        "badkey": (NotAuthorized, "API key not valid"),
        "text": (BadData, "could not be read"),
        "blocked": (Refused, "PROHIBITED_CONTENT"),
        "safety": (Refused, "SAFETY"),
        "cut": (Truncated, "MAX_TOKENS"),
        "minute": (RateLimited, "quota"),
        "daily": (QuotaSpent, "quota"),
        "unknown": (Misconfigured, "not found.*Set another model"),
        "malformed": (BadRequest, "Invalid JSON payload"),
        "late": (TimedOut, "504"),
    }

    @pytest.fixture
    def served(self, standin: GeminiStandIn) -> Served:
        return ServedGemini(standin)


class TestContractWithoutServer(BackendContract):
    @pytest.fixture
    def backend(self) -> InsightBackend:
        return GeminiBackend(GeminiSettings.model_validate({"api_key": "not-valid"}))
