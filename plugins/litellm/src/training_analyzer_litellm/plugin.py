"""LiteLLM as a plugin: its settings and its backend."""

from collections.abc import Iterable
from typing import ClassVar

from training_analyzer.sdk import InsightBackend, Plugin, PluginSettings, hookimpl
from training_analyzer_litellm.backend import LiteLLMBackend
from training_analyzer_litellm.settings import LiteLLMSettings


class LiteLLMPlugin(Plugin[LiteLLMSettings]):
    """Offers whatever model is configured as a backend."""

    settings_model: ClassVar[type[PluginSettings]] = LiteLLMSettings

    @hookimpl
    def register_backends(self) -> Iterable[InsightBackend]:
        return [LiteLLMBackend(self.settings)]
