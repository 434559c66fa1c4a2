"""What became of the plugins, and whether the service is well."""

from collections.abc import Mapping
from typing import Literal

from training_analyzer.api.answers.answer import Answer
from training_analyzer.registry.report import PluginState


class PluginAnswer(Answer):
    """What became of a plugin."""

    name: str
    state: PluginState
    distribution: str | None
    version: str | None
    provides: list[str]
    problem: str | None


class PluginList(Answer):
    items: list[PluginAnswer]


class LiveAnswer(Answer):
    status: Literal["live"] = "live"


class Check(Answer):
    """One thing that the service needs."""

    ok: bool
    detail: str


class ReadyAnswer(Answer):
    status: Literal["ready"] = "ready"
    checks: Mapping[str, Check]
