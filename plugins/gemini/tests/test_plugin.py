"""The plugin as a deployer and the demonstration meet it."""

import json
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

import pytest
from pydantic import ValidationError

from training_analyzer.sdk import DemoOptions, Prompt
from training_analyzer.sdk.testing import PluginContract
from training_analyzer_gemini.plugin import GeminiPlugin
from training_analyzer_gemini.settings import GeminiSettings


class TestContract(PluginContract):
    @pytest.fixture
    def name(self) -> str:
        return "gemini"

    @pytest.fixture
    def settings(self) -> Mapping[str, object]:
        return {"api_key": "not-valid"}


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"api_key": ""},
        {"api_key": "pasted\n"},
        {"api_key": "k", "model": "a model: of mine"},
        {"api_key": "k", "modell": "x"},
        {"api_key": "k", "base_url": "generativelanguage.googleapis.com"},
        {"api_key": "k", "timeout_s": 0},
        {"api_key": "k", "input_usd": 1},
        {"api_key": "k", "input_usd": -1, "output_usd": 1},
    ],
)
def test_settings_that_make_no_sense_are_refused(settings: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        GeminiSettings.model_validate(settings)


def test_the_key_is_not_shown() -> None:
    assert "secret-key" not in repr(GeminiSettings.model_validate({"api_key": "secret-key"}))


def test_the_sdk_is_not_imported_before_it_is_needed() -> None:
    program = """
import sys
from training_analyzer_gemini.plugin import GeminiPlugin
from training_analyzer_gemini.settings import GeminiSettings
(backend,) = GeminiPlugin(GeminiSettings(api_key="k")).register_backends()
backend.price(backend.info.model)
sys.exit("google.genai" in sys.modules)
"""
    assert subprocess.run([sys.executable, "-c", program], check=False, timeout=180).returncode == 0


def test_the_stand_in_says_what_it_is_and_answers_from_the_facts() -> None:
    facts = {
        "facts": {"load_change": ["weekly load against the usual", "18%", "up"]},
        "rules": [{"severity": "notice", "text": "Up {load_change}.", "advice": "Rest."}],
    }
    with GeminiPlugin.demo(DemoOptions()) as standin:
        assert "stand-in" in standin.description
        settings = GeminiSettings.model_validate(dict(standin.settings))
        (backend,) = GeminiPlugin(settings).register_backends()
        reply = backend.generate(Prompt(instructions="", facts=json.dumps(facts), reply_schema={}))
        assert standin.requests() == {"generate": 1}
    assert json.loads(reply.text) == {
        "status": "insight",
        "observations": [{"facts": ["load_change"], "direction": "up", "text": "Up {load_change}."}],
        "caveats": [],
        "recommendation": "Rest.",
        "headline": "Weekly load is up {load_change}",
    }
    assert reply.model == "gemini-stand-in"
    price = backend.price(reply.model)
    assert price is not None
    assert price.cost_usd(reply.usage) == 0


@pytest.mark.parametrize("facts", ["", "null", "[]", '{"facts": []}', '{"facts": [{}], "rules": []}'])
def test_the_stand_in_has_an_answer_to_anything(facts: str) -> None:
    assert _answered(facts or " ")["status"] == "insufficient_data"


def test_the_stand_in_repairs_by_saying_the_rules_alone() -> None:
    facts = {
        "facts": {
            "load_change": ["weekly load against the usual", "18%", "up"],
            "ramp_change": ["ramp rate against a week ago", "2", "down"],
        },
        "rules": [{"severity": "notice", "text": "Up {load_change}.", "advice": "Rest."}],
    }
    at_first = _answered(json.dumps(facts))
    assert [said["text"] for said in at_first["observations"]] == [
        "Up {load_change}.",
        "Ramp rate is down {ramp_change} against a week ago.",
    ]
    repaired = _answered(f"{json.dumps(facts)}\n\nYour former answer: 4321. It cannot be used.")
    in_rules_words = {"observations": at_first["observations"][:1], "headline": "The week in short"}
    assert repaired == {**at_first, **in_rules_words}


def _answered(facts: str) -> dict[str, Any]:
    with GeminiPlugin.demo(DemoOptions()) as standin:
        settings = GeminiSettings.model_validate(dict(standin.settings))
        (backend,) = GeminiPlugin(settings).register_backends()
        reply = backend.generate(Prompt(instructions="", facts=facts, reply_schema={}))
    answered: dict[str, Any] = json.loads(reply.text)
    return answered
