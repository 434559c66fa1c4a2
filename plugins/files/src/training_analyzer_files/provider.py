"""The athlete's own files as a source of activities."""

from collections.abc import Iterator, Sequence
from typing import BinaryIO

from training_analyzer.sdk import (
    Account,
    Activity,
    BrokenRecord,
    DataProvider,
    DataRights,
    ExportedFile,
    ExportFormat,
    NotFound,
    Page,
    ProviderInfo,
    RawActivity,
    RawDocument,
    SupportsExport,
    SupportsOriginals,
    SupportsUpload,
    Window,
)
from training_analyzer_files import exports, formats
from training_analyzer_files.documents import MEDIA_TYPES, open_original, understand
from training_analyzer_files.reading import Upload
from training_analyzer_files.recognition import Kind
from training_analyzer_files.settings import FilesSettings
from training_analyzer_files.writing.fit import write_fit
from training_analyzer_files.writing.originals import original_of
from training_analyzer_files.writing.tcx import write_tcx


class FilesProvider(DataProvider, SupportsUpload, SupportsExport, SupportsOriginals):
    """Files know no account: nothing can be listed or fetched, only handed over."""

    info = ProviderInfo(
        name="files",
        title="Files",
        homepage="https://developer.garmin.com/fit/overview/",
        rights=DataRights(),  # the athlete's own: everything is permitted
    )

    upload_endings = (".fit", ".tcx", ".gpx", ".zip", ".fit.gz", ".tcx.gz", ".gpx.gz")
    export_formats = (
        ExportFormat(name="fit", media_type=MEDIA_TYPES[Kind.FIT]),
        ExportFormat(name="tcx", media_type=MEDIA_TYPES[Kind.TCX]),
    )

    def __init__(self, settings: FilesSettings) -> None:
        self._settings = settings

    def list_activities(
        self,
        account: Account,  # noqa: ARG002 - the contract's arguments; there is nobody to ask
        window: Window,  # noqa: ARG002
        cursor: str | None,  # noqa: ARG002
    ) -> Page:
        """Nothing: there is no service behind files."""
        return Page(activities=())

    def fetch_activity(
        self,
        account: Account,  # noqa: ARG002 - see above
        external_id: str,
    ) -> tuple[RawDocument, ...]:
        raise NotFound(
            f"The recording {external_id} came as a file; there is no service that has more of it."
        )

    def translate(self, documents: Sequence[RawDocument]) -> Activity:
        given = understand(documents)
        if given.received is None:
            return exports.manual_activity(given.details or {})
        original = open_original(given.received, self._settings.max_file_bytes)
        activity = formats.translate(original, given.session - 1, self._settings)
        return exports.with_details(activity, given.details, is_part=given.is_part)

    def read_upload(
        self, name: str, content: BinaryIO, skip: int = 0
    ) -> Iterator[RawActivity | BrokenRecord]:
        """
        Read a file, or an archive file by file. Nothing is ever written under a name of the archive's.

        Each broken file becomes a `BrokenRecord` with its name and its reason, and stops no other.
        """
        yield from Upload(self._settings, skip).read(name, content)

    def export(self, activity: Activity, format_name: str) -> ExportedFile:
        written = write_fit(activity) if format_name == "fit" else write_tcx(activity)
        media_type = next(one.media_type for one in self.export_formats if one.name == format_name)
        return ExportedFile(media_type=media_type, suffix=f".{format_name}", content=written)

    def original(self, documents: Sequence[RawDocument]) -> ExportedFile | None:
        return original_of(documents)
