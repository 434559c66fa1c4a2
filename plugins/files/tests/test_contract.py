"""The SDK's contracts, kept by the plugin and its provider."""

import gzip
from collections.abc import Mapping, Sequence

import pytest

from plugins.files.tests import made_files
from training_analyzer.sdk import DataProvider, RawDocument
from training_analyzer.sdk.testing import PluginContract, ProviderContract
from training_analyzer_files.documents import details_document, part_document
from training_analyzer_files.provider import FilesProvider
from training_analyzer_files.settings import FilesSettings


def file_document(content: bytes) -> RawDocument:
    return RawDocument(kind="file", media_type="application/octet-stream", body=content)


class TestPlugin(PluginContract):
    @pytest.fixture
    def name(self) -> str:
        return "files"


class TestProvider(ProviderContract):
    @pytest.fixture
    def provider(self) -> DataProvider:
        return FilesProvider(FilesSettings())

    @pytest.fixture
    def documents(self) -> Mapping[str, Sequence[RawDocument]]:
        two = made_files.tcx(made_files.tcx_activity(), made_files.tcx_activity(600, "Biking"))
        columns = ["Activity ID", "Activity Date", "Activity Name", "Activity Type", "Elapsed Time"]
        row = ["1", "Mar 2, 2026, 5:06:07 AM", "By hand", "Yoga", "600"]
        return {
            "a ride in FIT": [file_document(made_files.ride())],
            "the same, packed": [file_document(gzip.compress(made_files.ride()))],
            "the second of two": [file_document(two), part_document(2)],
            "the second of two, alone": [file_document(made_files.tcx()), part_document(2, alone=True)],
            "a GPX": [file_document(made_files.gpx())],
            "entered by hand": [details_document({"source": "strava", "columns": columns, "values": row})],
        }

    @pytest.fixture
    def unknown_sport(self) -> Sequence[RawDocument]:
        return [file_document(made_files.tcx(sport="UnderwaterHockey"))]

    @pytest.fixture
    def uploads(self) -> Mapping[str, bytes]:
        two = made_files.tcx(made_files.tcx_activity(), made_files.tcx_activity(600, "Biking"))
        inner = made_files.zipped({"inner.fit": made_files.ride(20), "broken.fit": made_files.ride()[:-5]})
        headings = "Activity ID,Activity Date,Activity Name,Activity Type,Elapsed Time,Filename"
        listed = (
            '7,"Mar 2, 2026, 5:06:07 AM",By hand,Yoga,600,\n8,"Mar 3, 2026, 5:06:07 AM",Lost,Run,60,x.fit'
        )
        return {
            "ride.fit": made_files.ride(),
            "two.tcx": two,
            "export.zip": made_files.zipped(
                {
                    "a.fit": made_files.ride(30),
                    "photo.jpg": b"\xff\xd8\xff",
                    "two.tcx": two,
                    "inner.zip": inner,
                    "empty.fit": b"",
                    "damaged.zip": b"PK\x03\x04 damaged",
                    "activities.csv": f"{headings}\n{listed}".encode(),
                    "z.gpx": made_files.gpx(),
                }
            ),
        }
