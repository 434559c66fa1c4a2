"""A provider, and the real recordings where they are at hand."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest

from training_analyzer.sdk import Activity, BadData, BrokenRecord, RawActivity
from training_analyzer_files.provider import FilesProvider
from training_analyzer_files.settings import FilesSettings

RECORDINGS = Path(__file__).resolve().parents[3] / ".." / "shared" / "data"


@pytest.fixture(scope="session")
def provider() -> FilesProvider:
    return FilesProvider(FilesSettings())


@pytest.fixture
def read(provider: FilesProvider) -> Callable[[bytes, str], list[RawActivity | BrokenRecord]]:
    return lambda content, name: list(provider.read_upload(name, io.BytesIO(content)))


@pytest.fixture
def translated(provider: FilesProvider) -> Callable[[bytes], Activity]:
    """Read a file that holds one activity, and translate it."""

    def translate(content: bytes) -> Activity:
        (found,) = provider.read_upload("a file", io.BytesIO(content))
        if isinstance(found, BrokenRecord):
            raise BadData(found.reason)
        activity = provider.translate(found.documents)
        assert found.activity is not None
        assert found.activity.fingerprint() == activity.fingerprint(), "read and translated alike"
        return activity

    return translate


@pytest.fixture(scope="session")
def recordings() -> Path:
    if not RECORDINGS.is_dir():
        pytest.skip("the folder of real recordings, ../shared/data, is absent")
    return RECORDINGS
