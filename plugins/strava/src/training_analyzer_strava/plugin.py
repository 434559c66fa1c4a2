"""The Strava plugin: what the entry point names."""

from collections.abc import Iterable
from contextlib import AbstractContextManager
from typing import ClassVar

from training_analyzer.sdk import (
    DataProvider,
    DemoOptions,
    DemoStandIn,
    Plugin,
    PluginSettings,
    SupportsDemo,
    hookimpl,
)
from training_analyzer_strava.demo import local_strava
from training_analyzer_strava.provider import StravaProvider
from training_analyzer_strava.settings import StravaSettings


class StravaPlugin(Plugin[StravaSettings], SupportsDemo):
    """Athletes connect their Strava account; in a demonstration, a local stand-in's."""

    settings_model: ClassVar[type[PluginSettings]] = StravaSettings

    @hookimpl
    def register_providers(self) -> Iterable[DataProvider]:
        return [StravaProvider(self.settings)]

    @classmethod
    def demo(cls, options: DemoOptions) -> AbstractContextManager[DemoStandIn]:
        return local_strava(options)
