"""Find plugins by name, and make one of each that is enabled. What is not enabled is never imported."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import Distribution, EntryPoint, distributions
from typing import Any, Final

from pydantic import ValidationError
from stevedore import DriverManager

from training_analyzer.registry.reasons import ENABLED_VARIABLE, describe_settings, hide, suggestion
from training_analyzer.registry.report import PluginProblem, PluginState, contained
from training_analyzer.sdk import AnyPlugin, Plugin, PluginSettings
from training_analyzer.sdk.hookspecs import GROUP

PLUGIN_NAME: Final = re.compile(r"[a-z][a-z0-9_]*")
"""A plugin's name is part of settings, addresses and metric keys."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An installed entry point, and the distribution that brings it."""

    entry: EntryPoint
    distribution: str
    version: str


@dataclass(frozen=True, slots=True)
class Installed:
    """Every installed plugin by name, and the distributions whose entry points make no sense."""

    plugins: Mapping[str, tuple[Candidate, ...]]
    unreadable: tuple[str, ...] = ()


class _Driver(DriverManager[AnyPlugin]):
    """
    Loads the one plugin of a name.

    stevedore would read entry points from a cache, in memory and in the user's home folder, which
    hides what was installed a moment ago and forgets the distributions: it is handed them instead.
    """

    def __init__(self, name: str, entries: list[EntryPoint]) -> None:
        self._entries = entries
        super().__init__(GROUP, name, on_missing_entrypoints_callback=None)

    def list_entry_points(self) -> list[EntryPoint]:
        return self._entries


def find_installed() -> Installed:
    """Read what is installed now, without importing any of it."""
    found: dict[str, dict[str, list[Candidate]]] = {}
    unreadable: list[str] = []
    seen: set[str] = set()
    for distribution in distributions():
        try:
            entries = list(distribution.entry_points.select(group=GROUP))
            if not entries:
                continue
            name, version = _identity(distribution)
        except Exception:  # noqa: BLE001 - a folder with damaged metadata must not hide the others
            unreadable.append(_folder(distribution))
            continue
        key = re.sub(r"[-_.]+", "-", name).lower()
        if key in seen:  # further down the path: Python would not import this one
            continue
        seen.add(key)
        for entry in entries:
            found.setdefault(entry.name, {}).setdefault(key, []).append(Candidate(entry, name, version))
    return Installed(
        {name: tuple(c for group in found[name].values() for c in group) for name in sorted(found)},
        tuple(sorted(unreadable)),
    )


def load_plugin_class(name: str, installed: Installed | None = None) -> type[AnyPlugin]:
    """Import the class of one plugin. Raises `PluginProblem`."""
    installed = installed or find_installed()
    candidates = installed.plugins.get(name, ())
    if not candidates:
        raise PluginProblem(PluginState.MISSING, _missing(name, installed))
    if len(candidates) > 1:
        raise PluginProblem(PluginState.AMBIGUOUS, _ambiguous(name, candidates))
    if not PLUGIN_NAME.fullmatch(name):
        raise PluginProblem(
            PluginState.BROKEN,
            f"`{name}` cannot be a plugin's name: it needs lower-case letters, digits and underscores.",
        )
    with contained("It cannot be imported"):
        loaded: object = _Driver(name, [candidates[0].entry]).driver
    if not (isinstance(loaded, type) and issubclass(loaded, Plugin)):
        raise PluginProblem(
            PluginState.BROKEN,
            f"Its entry point `{candidates[0].entry.value}` is not a subclass of the SDK's Plugin.",
        )
    return loaded


def create(plugin_class: type[AnyPlugin], name: str, settings: Mapping[str, object]) -> AnyPlugin:
    """Validate the settings by the plugin's own model and make the one instance. Raises `PluginProblem`."""
    model: Any = plugin_class.settings_model
    if not (isinstance(model, type) and issubclass(model, PluginSettings)):
        raise PluginProblem(PluginState.BROKEN, "Its settings_model is not a subclass of PluginSettings.")
    with contained("Its settings cannot be checked", settings):
        try:
            validated = model.model_validate(dict(settings))
        except ValidationError as error:
            reason = hide(describe_settings(name, model.model_fields, error), settings)
            # Without its cause: pydantic's error carries the values that were set.
            raise PluginProblem(PluginState.MISCONFIGURED, reason) from None
    with contained("It cannot be made", settings):
        made: object = plugin_class(validated)
    if not isinstance(made, Plugin):
        raise PluginProblem(PluginState.BROKEN, "Making it gives something that is no Plugin.")
    return made


def _identity(distribution: Distribution) -> tuple[str, str]:
    name, version = distribution.metadata["Name"], distribution.metadata["Version"]
    if not name:
        raise ValueError("a distribution without a name")
    return str(name), str(version or "unknown")


def _folder(distribution: Distribution) -> str:
    """Name a distribution whose metadata cannot be read."""
    return str(getattr(getattr(distribution, "_path", None), "name", "an installed distribution"))


def _missing(name: str, installed: Installed) -> str:
    said = f"No installed package brings a plugin named `{name}`.{suggestion(name, installed.plugins)}"
    if installed.unreadable:
        said += f" These installed packages could not be read: {', '.join(installed.unreadable)}."
    return f"{said} Install its package, or correct {ENABLED_VARIABLE}."


def _ambiguous(name: str, candidates: tuple[Candidate, ...]) -> str:
    packages = list(dict.fromkeys(f"{found.distribution} {found.version}" for found in candidates))
    if len(packages) == 1:
        return f"{packages[0]} brings two plugins named `{name}`. Update it, or report it to its authors."
    return f"{' and '.join(packages)} both bring a plugin named `{name}`. Uninstall all but one of them."
