"""The SDK's contracts, kept by the plugin and its provider."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from training_analyzer.sdk import DataProvider, RawDocument
from training_analyzer.sdk.testing import PluginContract, ProviderContract
from training_analyzer_strava.provider import StravaProvider
from training_analyzer_strava.settings import StravaSettings

SETTINGS: Mapping[str, object] = {"client_id": 7, "client_secret": "s3cret"}
SUMMARY: dict[str, Any] = {
    "id": 154504250376823,
    "name": "Früh, kalt",
    "sport_type": "Ride",
    "start_date": "2026-03-02T05:06:07Z",
    "start_date_local": "2026-03-02T06:06:07Z",
    "elapsed_time": 62,
    "moving_time": 60,
    "device_watts": True,
}
STREAMS = {
    "time": {"data": [0, 1, 2]},
    "watts": {"data": [0, None, 250]},
    "latlng": {"data": [[47, 8], None, []]},
}


def document(kind: str, content: object) -> RawDocument:
    return RawDocument(kind=kind, media_type="application/json", body=json.dumps(content).encode())


class TestPlugin(PluginContract):
    @pytest.fixture
    def name(self) -> str:
        return "strava"

    @pytest.fixture
    def settings(self) -> Mapping[str, object]:
        return SETTINGS


class TestProvider(ProviderContract):
    @pytest.fixture
    def provider(self) -> DataProvider:
        return StravaProvider(StravaSettings.model_validate(dict(SETTINGS)))

    @pytest.fixture
    def documents(self) -> Mapping[str, Sequence[RawDocument]]:
        summary = document("summary", SUMMARY)
        return {
            "a ride": [summary, document("streams", STREAMS)],
            "its summary": [summary],
            "a manual entry": [document("summary", {**SUMMARY, "manual": True, "start_latlng": []})],
        }

    @pytest.fixture
    def unknown_sport(self) -> Sequence[RawDocument]:
        return [document("summary", {**SUMMARY, "sport_type": "UnderwaterHockey", "type": "Swim"})]
