"""One door to all formats: the sessions of a file as activities, all of them or one."""

from collections.abc import Iterator
from dataclasses import dataclass

from training_analyzer.sdk import Activity, BadData
from training_analyzer_files.amounts import check_kept, check_sessions, check_size
from training_analyzer_files.documents import Original
from training_analyzer_files.fit import translation as fit
from training_analyzer_files.recognition import Kind
from training_analyzer_files.settings import FilesSettings
from training_analyzer_files.xml.gpx import read_gpx
from training_analyzer_files.xml.recordings import RecordingRead, activity_of
from training_analyzer_files.xml.tcx import read_tcx


@dataclass(frozen=True, slots=True)
class Session:
    """One session of a file: what is kept of the file for it, and the activity or why it makes no sense."""

    kept: Original
    activity: Activity | BadData


def sessions_of(original: Original, limits: FilesSettings) -> list[Session]:
    """
    Return the sessions of a file, decoding it once.

    Raises `BadData` where the file as a whole is no sound recording, or holds more than is read.
    """
    check_size(original.kind, len(original.content), limits)
    if original.kind is Kind.FIT:
        file = fit.FitFile.of(original.content, limits)
        check_kept(len(file.sessions), len(file.sessions) * len(original.received), limits)
        return [Session(original, activity) for activity in file.activities()]
    recordings = _recordings(original, limits)
    check_sessions(len(recordings), limits)
    kept = list(_each_kept(original, recordings, limits))
    return [
        Session(part, _activity_or_why(recording)) for part, recording in zip(kept, recordings, strict=True)
    ]


def translate(original: Original, session: int, limits: FilesSettings) -> Activity:
    """Make an activity of one session of the file. Raises `BadData`."""
    check_size(original.kind, len(original.content), limits)
    if original.kind is Kind.FIT:
        return fit.translate(original.content, session, limits)
    recordings = _recordings(original, limits)
    if session >= len(recordings):
        raise BadData(f"The file has {len(recordings)} activities; number {session + 1} does not exist.")
    return activity_of(recordings[session])


def _recordings(original: Original, limits: FilesSettings) -> list[RecordingRead]:
    read = read_tcx if original.kind is Kind.TCX else read_gpx
    return read(original.content, limits.max_points)


def _each_kept(
    original: Original, recordings: list[RecordingRead], limits: FilesSettings
) -> Iterator[Original]:
    """Yield what to keep of the file for each of its sessions: the file, or this one cut out of several."""
    if len(recordings) == 1:
        yield original
        return
    size = 0
    for recording in recordings:
        cut = None if recording.piece is None else recording.piece.as_file()
        kept = original if cut is None else original.part(cut)
        size += len(kept.received)
        check_kept(len(recordings), size, limits)
        yield kept


def _activity_or_why(recording: RecordingRead) -> Activity | BadData:
    try:
        return activity_of(recording)
    except BadData as error:
        return error
