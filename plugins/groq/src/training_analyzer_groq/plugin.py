"""Groq as a plugin: its settings and its backend."""

from collections.abc import Iterable
from typing import ClassVar

from training_analyzer.sdk import InsightBackend, Plugin, PluginSettings, hookimpl
from training_analyzer_groq.backend import GroqBackend
from training_analyzer_groq.settings import GroqSettings


class GroqPlugin(Plugin[GroqSettings]):
    """Offers a model at Groq as a backend."""

    settings_model: ClassVar[type[PluginSettings]] = GroqSettings

    @hookimpl
    def register_backends(self) -> Iterable[InsightBackend]:
        return [GroqBackend(self.settings)]
