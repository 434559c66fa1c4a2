"""Plugins, one good and many bad."""

import contextlib
from collections.abc import Iterable, Sequence
from typing import Final

import httpx
from pydantic import ConfigDict

from training_analyzer.sdk import (
    Account,
    Activity,
    DataProvider,
    DataRights,
    Page,
    Plugin,
    PluginSettings,
    ProviderInfo,
    RawDocument,
    Window,
    hookimpl,
)

NUMBER: Final = 7


class Source(DataProvider):
    info = ProviderInfo(name="example_good", title="G", homepage="https://example.org", rights=DataRights())

    def list_activities(self, account: Account, window: Window, cursor: str | None) -> Page:
        raise NotImplementedError

    def fetch_activity(self, account: Account, external_id: str) -> tuple[RawDocument, ...]:
        raise NotImplementedError

    def translate(self, documents: Sequence[RawDocument]) -> Activity:
        raise NotImplementedError


class Settings(PluginSettings):
    client_id: int


class Good(Plugin[PluginSettings]):
    settings_model = Settings

    @hookimpl
    def register_providers(self) -> Iterable[DataProvider]:
        return [Source()]


class LenientSettings(Settings):
    model_config = ConfigDict(extra="ignore")


class Lenient(Good):
    settings_model = LenientSettings


class Hasty(Good):
    def __init__(self, settings: PluginSettings) -> None:
        super().__init__(settings)
        with contextlib.suppress(httpx.ConnectError):
            httpx.get("http://192.0.2.1/version")


class Misspelt(Good):
    @hookimpl
    def register_provider(self) -> Iterable[DataProvider]:
        return [Source()]


class Empty(Plugin[PluginSettings]):
    settings_model = Settings

    def register_providers(self) -> Iterable[DataProvider]:
        return [Source()]
