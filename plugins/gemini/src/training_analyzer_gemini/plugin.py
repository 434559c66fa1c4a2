"""Google's Gemini as a plugin: its settings, its backend, and a stand-in for demonstrations."""

from collections.abc import Iterable
from contextlib import AbstractContextManager
from typing import ClassVar

from training_analyzer.sdk import (
    DemoOptions,
    DemoStandIn,
    InsightBackend,
    Plugin,
    PluginSettings,
    SupportsDemo,
    hookimpl,
)
from training_analyzer_gemini.backend import GeminiBackend
from training_analyzer_gemini.settings import GeminiSettings


class GeminiPlugin(Plugin[GeminiSettings], SupportsDemo):
    """Offers Gemini as a backend."""

    settings_model: ClassVar[type[PluginSettings]] = GeminiSettings

    @hookimpl
    def register_backends(self) -> Iterable[InsightBackend]:
        return [GeminiBackend(self.settings)]

    @classmethod
    def demo(cls, options: DemoOptions) -> AbstractContextManager[DemoStandIn]:
        del options  # it composes from whatever facts it is sent
        from training_analyzer_gemini.standin import running

        return running()
