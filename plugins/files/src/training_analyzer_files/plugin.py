"""The files plugin: what the entry point names."""

from collections.abc import Iterable
from typing import ClassVar

from training_analyzer.sdk import DataProvider, Plugin, PluginSettings, hookimpl
from training_analyzer_files.provider import FilesProvider
from training_analyzer_files.settings import FilesSettings


class FilesPlugin(Plugin[FilesSettings]):
    """Athletes hand over their own files."""

    settings_model: ClassVar[type[PluginSettings]] = FilesSettings

    @hookimpl
    def register_providers(self) -> Iterable[DataProvider]:
        return [FilesProvider(self.settings)]
