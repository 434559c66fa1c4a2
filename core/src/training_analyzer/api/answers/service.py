"""What became of the plugins, and whether the service is well."""

from collections.abc import Mapping
from typing import Literal

from training_analyzer.api.answers.answer import Answer
from training_analyzer.registry.report import PluginState


class PluginAnswer(Answer):
    """What became of a plugin."""

    name: str
    """As it is enabled."""
    state: PluginState
    """What became of it; `problem` says why."""
    distribution: str | None
    """The package that it came with; null where none is installed."""
    version: str | None
    """Of that package."""
    provides: list[str]
    """What it adds: providers, calculators, backends."""
    problem: str | None
    """What is wrong, and what to do; null where it works."""


class PluginList(Answer):
    """What became of all plugins."""

    items: list[PluginAnswer]
    """Those that are enabled or installed."""


class LiveAnswer(Answer):
    """The process answers."""

    status: Literal["live"] = "live"
    """It answers."""


class Check(Answer):
    """One thing that the service needs."""

    ok: bool
    """It does its work."""
    detail: str
    """What is wrong, or which one it is."""


class ReadyAnswer(Answer):
    """The service can do its work."""

    status: Literal["ready"] = "ready"
    """Everything that it needs is there."""
    checks: Mapping[str, Check]
    """By what is needed."""
