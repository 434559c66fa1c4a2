"""Plugins, one good and many bad. `fails` names the test that has to find the fault."""

from collections.abc import Mapping
from typing import ClassVar

import pytest

from training_analyzer.sdk.testing import PluginContract


class Contract(PluginContract):
    """Tests the plugin that `called` names."""

    called: ClassVar[str] = "example_good"
    fails: ClassVar[str | None] = None

    @pytest.fixture
    def name(self) -> str:
        return self.called

    @pytest.fixture
    def settings(self) -> Mapping[str, object]:
        return {"client_id": "7"}


class TestGood(Contract):
    pass


class TestNotInstalled(Contract):
    called = "example_absent"
    fails = "test_is_listed"


class TestAnImpossibleName(Contract):
    called = "Example-Loud"
    fails = "test_is_listed"


class TestAsksTheNetworkAtImport(Contract):
    called = "example_connected"
    fails = "test_loads"


class TestNoClass(Contract):
    called = "example_number"
    fails = "test_loads"


class TestLenientSettings(Contract):
    called = "example_lenient"
    fails = "test_refuses_unknown_settings"


class TestAsksTheNetworkWhenMade(Contract):
    called = "example_hasty"
    fails = "test_is_made_without_network"


class TestMisspeltHook(Contract):
    called = "example_misspelt"
    fails = "test_offers_only_what_hooks_ask_for"


class TestUnmarkedHook(Contract):
    called = "example_empty"
    fails = "test_offers_only_what_hooks_ask_for"
