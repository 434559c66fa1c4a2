"""The plugin as a deployer meets it. None of this needs LiteLLM."""

import importlib.util
import subprocess
import sys
from collections.abc import Mapping

import pytest
from pydantic import ValidationError

from training_analyzer.sdk.testing import PluginContract
from training_analyzer_litellm.backend import LiteLLMBackend
from training_analyzer_litellm.settings import LiteLLMSettings


def backend(**settings: object) -> LiteLLMBackend:
    return LiteLLMBackend(LiteLLMSettings.model_validate(settings))


class TestContract(PluginContract):
    @pytest.fixture
    def name(self) -> str:
        return "litellm"

    @pytest.fixture
    def settings(self) -> Mapping[str, object]:
        return {"model": "ollama_chat/qwen3:8b"}


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"model": "gpt-5"},
        {"model": "openai/"},
        {"model": "openai/gpt 5"},
        {"model": "openai/x", "api_key": "pasted\n"},
        {"model": "openai/x", "base_url": "localhost:11434"},
        {"model": "openai/x", "structured": "please"},
        {"model": "openai/x", "input_usd": 1},
    ],
)
def test_settings_that_make_no_sense_are_refused(settings: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        LiteLLMSettings.model_validate(settings)


@pytest.mark.parametrize("model", ["ollama_chat/qwen3:8b", "llamafile/mine", "lm_studio/local-model"])
@pytest.mark.parametrize("answered", ["qwen3:8b", "LLaMA_CPP", "qwen2.5-7b-instruct"])
def test_a_model_of_ones_own_costs_nothing_whatever_it_is_called(model: str, answered: str) -> None:
    for name in (model, answered):
        price = backend(model=model).price(name)
        assert price is not None
        assert (price.input_usd, price.output_usd) == (0, 0)


@pytest.mark.parametrize(
    ("model", "answered"),
    [
        ("openai/gpt-5", "gpt-5-2026-08-07"),
        ("azure/my-deployment", "gpt-4o-2024-08-06"),
        ("mistral/mistral-small-latest", "mistral-small-2506"),
        ("lm_studio/local-model", "qwen2.5-7b-instruct"),
    ],
)
def test_what_the_deployer_pays_holds_for_whatever_answers(model: str, answered: str) -> None:
    paid = backend(model=model, input_usd=1, output_usd=2)
    for name in (model, answered):
        price = paid.price(name)
        assert price is not None
        assert (price.input_usd, price.output_usd) == (1, 2)


def test_unknown_is_not_free() -> None:
    assert backend(model="openai/gpt-5").price("openai/gpt-5") is None


def test_where_the_data_goes_is_the_truth() -> None:
    assert backend(model="ollama_chat/qwen3:8b").info.data_goes_to == "your own (ollama_chat)"
    assert backend(model="mistral/small").info.data_goes_to == "those of mistral"
    assert (
        backend(model="openai/x", base_url="http://gpu.lan:8000/v1").info.data_goes_to == "those at gpu.lan"
    )


def test_a_missing_key_and_a_missing_litellm_are_told_of() -> None:
    told = list(backend(model="ollama_chat/qwen3:8b").warnings())
    is_there = importlib.util.find_spec("litellm") is not None
    assert [text.split(":")[0][:25] for text in told] == ([] if is_there else ["LiteLLM is not installed."])
    assert list(backend(model="mistral/small").warnings()) == [
        *told,
        "no API_KEY is set, and mistral probably asks for one",
    ]


def test_litellm_is_not_imported_before_it_is_needed() -> None:
    program = """
import sys
from training_analyzer_litellm.plugin import LiteLLMPlugin
from training_analyzer_litellm.settings import LiteLLMSettings
(backend,) = LiteLLMPlugin(LiteLLMSettings(model="ollama_chat/x")).register_backends()
backend.price(backend.info.model)
sys.exit("litellm" in sys.modules)
"""
    assert subprocess.run([sys.executable, "-c", program], check=False, timeout=300).returncode == 0
