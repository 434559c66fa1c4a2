"""The contract that plugins keep: found by their name, loaded, and understood."""

from collections.abc import Mapping
from importlib.metadata import EntryPoint, entry_points

import pluggy
import pytest

from training_analyzer.sdk import AnyPlugin, Plugin, PluginSettings, hookspecs
from training_analyzer.sdk.testing.network import NetworkGuard, WithoutNetwork


class PluginContract(WithoutNetwork):
    """
    The contract of `Plugin`. Give the fixture `name`; and `settings`, where some are required.

    The plugin has to be installed, as its users install it; `pip install --editable .` will do.
    """

    @pytest.fixture
    def name(self) -> str:
        raise NotImplementedError("give a fixture `name` that returns your plugin's name")

    @pytest.fixture
    def settings(self) -> Mapping[str, object]:
        return {}

    @pytest.fixture
    def entry_point(self, name: str) -> EntryPoint:
        found = entry_points(group=hookspecs.GROUP, name=name)
        assert found, f"no installed package has an entry point `{name}` in the group {hookspecs.GROUP}"
        assert len(found) == 1, f"{len(found)} installed packages bring a plugin named `{name}`"
        return next(iter(found))

    @pytest.fixture
    def plugin_class(self, entry_point: EntryPoint) -> type[AnyPlugin]:
        loaded = entry_point.load()
        assert isinstance(loaded, type), f"{entry_point.value} is not a class"
        assert issubclass(loaded, Plugin), f"{entry_point.value} is not a subclass of Plugin"
        return loaded

    def test_is_listed(self, entry_point: EntryPoint) -> None:
        name = entry_point.name
        assert name.isidentifier(), f"`{name}` has other characters than letters, digits and underscores"
        assert name == name.lower(), f"`{name}` is not in lower case"

    def test_loads(self, network_guard: NetworkGuard, plugin_class: type[AnyPlugin]) -> None:
        assert issubclass(plugin_class, Plugin)
        assert not network_guard.attempts, f"asked {network_guard.attempts} while it was imported"

    def test_refuses_unknown_settings(self, plugin_class: type[AnyPlugin]) -> None:
        model = plugin_class.settings_model
        assert issubclass(model, PluginSettings), "`settings_model` is not a subclass of PluginSettings"
        assert model.model_config.get("extra") == "forbid", "a misspelt setting has to be an error"

    def test_is_made_without_network(
        self, network_guard: NetworkGuard, plugin_class: type[AnyPlugin], settings: Mapping[str, object]
    ) -> None:
        made = plugin_class(plugin_class.settings_model.model_validate(dict(settings)))
        assert isinstance(made.settings, PluginSettings), "call super().__init__(settings)"
        assert not network_guard.attempts, f"asked {network_guard.attempts} while it was made"

    def test_offers_only_what_hooks_ask_for(
        self,
        network_guard: NetworkGuard,
        name: str,
        plugin_class: type[AnyPlugin],
        settings: Mapping[str, object],
    ) -> None:
        manager = pluggy.PluginManager(hookspecs.PROJECT)
        manager.add_hookspecs(hookspecs)
        hooks = list(vars(manager.hook))
        manager.register(plugin_class(plugin_class.settings_model.model_validate(dict(settings))), name)
        manager.check_pending()
        offered = [thing for hook in hooks for answer in getattr(manager.hook, hook)() for thing in answer]
        assert offered, f"it offers nothing: are its hooks among {', '.join(hooks)}, marked with @hookimpl?"
        assert not network_guard.attempts, f"asked {network_guard.attempts} when it was asked what it offers"
