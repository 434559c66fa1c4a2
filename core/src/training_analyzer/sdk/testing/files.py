"""What providers keep that read files, write them, or hand back those that came."""

import io
from collections.abc import Mapping, Sequence

import pytest

from training_analyzer.sdk import (
    Activity,
    BadData,
    BrokenRecord,
    DataProvider,
    ExportedFile,
    RawActivity,
    RawDocument,
    SupportsExport,
    SupportsOriginals,
    SupportsUpload,
)
from training_analyzer.sdk.testing import samples
from training_analyzer.sdk.testing.failures import NONSENSE
from training_analyzer.sdk.testing.network import NetworkGuard, WithoutNetwork


class FilesContract(WithoutNetwork):
    """The part of `ProviderContract` about files; what a provider does not support is not checked."""

    @pytest.fixture
    def uploads(self) -> Mapping[str, bytes]:
        """Override where your provider reads uploads: by name, files and archives that hold activities."""
        return {}

    def test_reads_uploads_file_by_file(
        self, network_guard: NetworkGuard, provider: DataProvider, uploads: Mapping[str, bytes]
    ) -> None:
        if isinstance(provider, SupportsUpload):
            assert uploads, "give a fixture `uploads`: by name, files that hold activities"
            for name, content in uploads.items():
                records = list(provider.read_upload(name, io.BytesIO(content)))
                assert any(isinstance(record, RawActivity) for record in records), f"{name}: no activity"
                numbers = [record.file.number if record.file is not None else 0 for record in records]
                assert all(numbers), f"{name}: each record names its file, counted from 1"
                assert numbers == sorted(numbers), f"{name}: files are read in the order of their numbers"
            assert not network_guard.attempts, "files are read without network"

    def test_reads_on_behind_what_was_read(
        self, provider: DataProvider, uploads: Mapping[str, bytes]
    ) -> None:
        if isinstance(provider, SupportsUpload):
            for name, content in uploads.items():
                whole = [_told(each) for each in provider.read_upload(name, io.BytesIO(content))]
                for skip in range(max((number for number, _ in whole), default=0) + 1):
                    rest = provider.read_upload(name, io.BytesIO(content), skip=skip)
                    expected = [each for each in whole if each[0] > skip]
                    assert [_told(each) for each in rest] == expected, f"{name}: behind {skip} files"

    def test_what_is_read_is_what_is_translated(
        self, provider: DataProvider, uploads: Mapping[str, bytes]
    ) -> None:
        if isinstance(provider, SupportsUpload):
            for name, content in uploads.items():
                for record in provider.read_upload(name, io.BytesIO(content)):
                    if isinstance(record, RawActivity) and record.activity is not None:
                        translated = everything(provider.translate(record.documents))
                        assert everything(record.activity) == translated, f"{name}: another activity"

    @pytest.mark.parametrize("body", NONSENSE, ids=repr)
    def test_an_upload_of_nonsense_is_told(self, provider: DataProvider, body: bytes) -> None:
        if isinstance(provider, SupportsUpload):
            for record in provider.read_upload("nonsense", io.BytesIO(body)):
                assert isinstance(record, BrokenRecord), f"{body!r} was taken for an activity"
                assert record.reason, "a broken record has a reason"

    def test_says_what_it_writes(self, provider: DataProvider) -> None:
        if isinstance(provider, SupportsExport):
            names = [one.name for one in provider.export_formats]
            assert names, "`export_formats` names at least one format"
            assert len(names) == len(set(names)), f"two formats have one name: {names}"
            assert all("/" in one.media_type for one in provider.export_formats), "a media type has a `/`"

    def test_writes_any_activity(
        self,
        network_guard: NetworkGuard,
        provider: DataProvider,
        documents: Mapping[str, Sequence[RawDocument]],
    ) -> None:
        if isinstance(provider, SupportsExport):
            own = {name: provider.translate(given) for name, given in documents.items()}
            for one in provider.export_formats:
                for name, activity in {**samples.activities(), **own}.items():
                    written = _written(provider, activity, one.name, where=f"{name} as {one.name}")
                    assert written == _written(provider, activity, one.name, where=name), (
                        f"{name} as {one.name}: other bytes the second time"
                    )
                whole = _written(provider, samples.full_activity(), one.name, where=one.name)
                assert whole is not None, f"{one.name} holds not even an ordinary ride"
                assert whole.content, f"{one.name}: an empty file"
                assert whole.suffix[:1] in {"", "."}, f"{one.name}: `suffix` begins with a dot, or is empty"
            assert not network_guard.attempts, "files are written without network"

    def test_an_original_is_as_received(
        self, provider: DataProvider, documents: Mapping[str, Sequence[RawDocument]]
    ) -> None:
        if isinstance(provider, SupportsOriginals):
            found = {name: provider.original(given) for name, given in documents.items()}
            assert any(found.values()), "give `documents` that hold an original"
            for name, original in found.items():
                received = [document.body for document in documents[name]]
                as_received = original is None or original.content in received
                assert as_received, f"{name}: the original is not what was received"


def _told(record: RawActivity | BrokenRecord) -> tuple[int, str]:
    number = record.file.number if record.file is not None else 0
    return number, record.external_id if isinstance(record, RawActivity) else record.reason


def _written(
    provider: SupportsExport, activity: Activity, format_name: str, *, where: str
) -> ExportedFile | None:
    """Return the file; None where the format cannot hold the activity."""
    try:
        return provider.export(activity, format_name)
    except BadData:
        return None
    except Exception as error:
        raise AssertionError(f"{where}: raises {type(error).__name__}, not BadData") from error


def everything(activity: Activity) -> tuple[str, str]:
    return activity.model_dump_json(exclude={"samples"}), activity.fingerprint()
