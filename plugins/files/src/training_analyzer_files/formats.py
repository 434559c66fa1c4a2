"""One door to all formats: the sessions of a file as activities, all of them or one."""

from collections.abc import Iterator

from training_analyzer.sdk import Activity, BadData
from training_analyzer_files.documents import Original
from training_analyzer_files.errors import LimitReached
from training_analyzer_files.fit import translation as fit
from training_analyzer_files.recognition import Kind
from training_analyzer_files.settings import MEGABYTE, FilesSettings
from training_analyzer_files.xml.gpx import read_gpx
from training_analyzer_files.xml.recordings import RecordingRead, activity_of
from training_analyzer_files.xml.tcx import read_tcx


def activities_of(original: Original, limits: FilesSettings) -> Iterator[Activity | BadData]:
    """
    Yield each session of the file, or why it makes no sense, decoding the file once.

    Raises `BadData` where the file as a whole is no sound recording.
    """
    _check_size(original, limits)
    if original.kind is Kind.FIT:
        yield from fit.activities_of(original.content, limits)
        return
    for recording in _recordings(original, limits):
        try:
            yield activity_of(recording)
        except BadData as error:
            yield error


def translate(original: Original, session: int, limits: FilesSettings) -> Activity:
    """Make an activity of one session of the file. Raises `BadData`."""
    _check_size(original, limits)
    if original.kind is Kind.FIT:
        return fit.translate(original.content, session, limits)
    recordings = _recordings(original, limits)
    if session >= len(recordings):
        raise BadData(f"The file has {len(recordings)} activities; number {session + 1} does not exist.")
    return activity_of(recordings[session])


def _recordings(original: Original, limits: FilesSettings) -> list[RecordingRead]:
    read = read_tcx if original.kind is Kind.TCX else read_gpx
    return read(original.content, limits.max_points)


def _check_size(original: Original, limits: FilesSettings) -> None:
    megabytes = limits.max_fit_megabytes if original.kind is Kind.FIT else limits.max_xml_megabytes
    if len(original.content) > megabytes * MEGABYTE:
        raise LimitReached(
            f"The file holds more than {megabytes} MB, which is the limit for {original.kind}."
        )
