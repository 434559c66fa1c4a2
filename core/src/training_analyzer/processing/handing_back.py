"""An activity as a file for its athlete: the one that it came as, or one that is written for them."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final
from uuid import UUID

from training_analyzer.domain.errors import NotPossible
from training_analyzer.processing.sessions import Kept, kept_of, recording_of
from training_analyzer.sdk import BadData, DataProvider, ExportedFile, SupportsExport, SupportsOriginals
from training_analyzer.storage import recordings
from training_analyzer.storage.database import Transaction
from training_analyzer.storage.recordings import Recording

ORIGINAL: Final = "original"


@dataclass(frozen=True, slots=True)
class NamedFile:
    """A file, and how it is to be called: plain letters, digits, hyphens and dots."""

    name: str
    media_type: str
    content: bytes


def formats(providers: Mapping[str, DataProvider]) -> list[str]:
    """Return the formats that can be asked for now."""
    written = [
        one.name
        for provider in providers.values()
        if isinstance(provider, SupportsExport)
        for one in provider.export_formats
    ]
    return [ORIGINAL, *dict.fromkeys(written)]


def hand_back(
    tx: Transaction,
    activity_id: UUID,
    format_name: str,
    providers: Mapping[str, DataProvider],
    *,
    recording_id: int | None = None,
) -> Callable[[], NamedFile]:
    """
    Return what makes a file of the activity, in one of `formats`: for when the transaction has ended.

    `recording_id`: of which of its recordings; None: of the leading one or, where that came without a file,
    the original of another. The original is looked for at once; what has to be written is written later.
    Raises Missing where there is no such activity or recording, and NotPossible where it cannot be had so;
    what is returned may do that too.
    """
    first = recording_of(tx, activity_id, recording_id)
    found = [first] if recording_id is not None else recordings.of_activity(tx, activity_id)
    make = (
        _original(tx, found, providers)
        if format_name == ORIGINAL
        else _written(tx, first, format_name, providers)
    )

    def named() -> NamedFile:
        file = make()
        return NamedFile(_name(first) + file.suffix, file.media_type, file.content)

    return named


def _original(
    tx: Transaction, found: list[Recording], providers: Mapping[str, DataProvider]
) -> Callable[[], ExportedFile]:
    why: list[NotPossible] = []
    for recording in found:
        provider = providers.get(recording.provider)
        if provider is not None and not isinstance(provider, SupportsOriginals):
            continue  # of an active plugin that knows no files, nothing more is to be said
        try:
            kept = kept_of(tx, recording, providers)
        except NotPossible as error:
            why.append(error)
            continue
        file = provider.original(kept.documents) if isinstance(provider, SupportsOriginals) else None
        if file is not None:
            return lambda: file
    if why:
        raise why[0]
    sources = " and ".join(sorted({recording.provider for recording in found}))
    others = ", ".join(formats(providers)[1:])
    instead = (
        f"Take it as {others}." if others else "A plugin that writes files, such as `files`, can make one."
    )
    raise NotPossible(f"It came through {sources}, without a file. {instead}")


def _written(
    tx: Transaction, recording: Recording, format_name: str, providers: Mapping[str, DataProvider]
) -> Callable[[], ExportedFile]:
    writer = next(
        (
            provider
            for provider in providers.values()
            if isinstance(provider, SupportsExport)
            and any(one.name == format_name for one in provider.export_formats)
        ),
        None,
    )
    if writer is None:
        raise no_writer(format_name, formats(providers))
    return partial(_export, kept_of(tx, recording, providers), writer, format_name)


def _export(kept: Kept, writer: SupportsExport, format_name: str) -> ExportedFile:
    try:
        return writer.export(kept.session(), format_name)
    except BadData as error:
        raise NotPossible(str(error)) from error


def no_writer(format_name: str, known: Collection[str]) -> NotPossible:
    """Return what to raise where nobody writes a format."""
    return NotPossible(f"No active plugin writes {format_name}. There is: {', '.join(known)}.")


def _name(recording: Recording) -> str:
    """Return a name that tells files apart, and holds nothing that a system could take for a path."""
    return f"{recording.started_at:%Y-%m-%d-%H%M%S}-{recording.id}"
