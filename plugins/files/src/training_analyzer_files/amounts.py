"""How much one file may bring: bytes that are read, sessions, and bytes that are kept of it."""

from training_analyzer_files.errors import LimitReached
from training_analyzer_files.recognition import Kind
from training_analyzer_files.settings import MEGABYTE, FilesSettings


def check_size(kind: Kind, size: int, limits: FilesSettings) -> None:
    """Raise `LimitReached` where a file is larger than one of its kind may be."""
    megabytes = limits.max_fit_megabytes if kind is Kind.FIT else limits.max_xml_megabytes
    if size > megabytes * MEGABYTE:
        raise LimitReached(f"The file holds more than {megabytes} MB, which is the limit for {kind}.")


def check_sessions(sessions: int, limits: FilesSettings) -> None:
    """Raise `LimitReached` where a file holds too many sessions: it is read and stored in one go."""
    if sessions > limits.max_sessions:
        raise LimitReached(
            f"The file holds {sessions:,} sessions, and the limit is {limits.max_sessions:,}. "
            "Split it, or export fewer at a time."
        )


def check_kept(sessions: int, size: int, limits: FilesSettings) -> None:
    """Raise `LimitReached` where what is kept of the file, for all of its sessions, is beyond measure."""
    if size > limits.max_file_bytes:
        raise LimitReached(
            f"For its {sessions:,} sessions, more than {limits.max_file_bytes // MEGABYTE} MB of the file "
            "would be kept, which is the limit. Split it, or export fewer at a time."
        )
