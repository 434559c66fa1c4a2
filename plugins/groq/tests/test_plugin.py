"""The plugin as a deployer meets it."""

import subprocess
import sys
from collections.abc import Mapping

import pytest
from pydantic import ValidationError

from training_analyzer.sdk.testing import PluginContract
from training_analyzer_groq.settings import GroqSettings


class TestContract(PluginContract):
    @pytest.fixture
    def name(self) -> str:
        return "groq"

    @pytest.fixture
    def settings(self) -> Mapping[str, object]:
        return {"api_key": "not-valid"}


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({}, "api_key"),
        ({"api_key": ""}, "copy it again"),
        ({"api_key": "pasted\n"}, "copy it again"),
        ({"api_key": "k", "model": "a model: of mine"}, "model"),
        ({"api_key": "k", "modell": "x"}, "modell"),
        ({"api_key": "k", "base_url": "https://api.groq.com/openai/v1"}, "leave out /openai/v1"),
        ({"api_key": "k", "timeout_s": 0}, "timeout_s"),
        ({"api_key": "k", "output_usd": 1}, "set both"),
    ],
)
def test_settings_that_make_no_sense_are_refused(settings: dict[str, object], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        GroqSettings.model_validate(settings)


def test_the_key_is_not_shown() -> None:
    assert "secret-key" not in repr(GroqSettings.model_validate({"api_key": "secret-key"}))


def test_the_sdk_is_not_imported_before_it_is_needed() -> None:
    program = """
import sys
from training_analyzer_groq.plugin import GroqPlugin
from training_analyzer_groq.settings import GroqSettings
(backend,) = GroqPlugin(GroqSettings(api_key="k")).register_backends()
backend.price(backend.info.model)
sys.exit("groq" in sys.modules)
"""
    assert subprocess.run([sys.executable, "-c", program], check=False, timeout=180).returncode == 0
