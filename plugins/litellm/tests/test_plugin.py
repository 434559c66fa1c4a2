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


def test_a_model_of_ones_own_costs_nothing_and_others_what_is_set() -> None:
    local = backend(model="ollama_chat/qwen3:8b")
    price = local.price("ollama_chat/qwen3:8b")
    assert price is not None
    assert price.output_usd == 0
    assert local.price("qwen3:8b") is not None
    assert local.price("gpt-5") is None
    assert backend(model="openai/gpt-5").price("openai/gpt-5") is None, "unknown is not free"
    paid = backend(model="openai/gpt-5", input_usd=1, output_usd=2)
    dated = paid.price("gpt-5-2026-08-07")
    assert dated is not None
    assert dated.output_usd == 2
    assert paid.price("gpt-50") is None


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
