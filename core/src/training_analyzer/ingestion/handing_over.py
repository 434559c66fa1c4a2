"""Handing over files that lie on a disk here: each is taken once, however often it is looked at."""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final
from uuid import UUID

from training_analyzer.domain.errors import Missing
from training_analyzer.domain.events import Event
from training_analyzer.ingestion.uploads import received_event
from training_analyzer.sdk import DataProvider, SupportsUpload
from training_analyzer.storage import upload_files, upload_pieces, uploads
from training_analyzer.storage.database import Database, Transaction
from training_analyzer.storage.upload_pieces import PIECE_BYTES
from training_analyzer.storage.uploads import Origin

MOST_FILES: Final = 200
MOST_BYTES: Final = 256 * 1024 * 1024
"""Of one upload. What is interrupted is handed over again from where the last whole upload ended."""


@dataclass(frozen=True, slots=True)
class Found:
    """A file on a disk. `name` is what results call it."""

    path: Path
    name: str
    size: int
    identity: str


def readers(providers: Mapping[str, DataProvider]) -> dict[str, SupportsUpload]:
    """Return those that read files, by name."""
    return {name: provider for name, provider in providers.items() if isinstance(provider, SupportsUpload)}


def reader_of(providers: Mapping[str, DataProvider]) -> tuple[str, SupportsUpload]:
    """Return the one that reads files. Raises Missing where there is none, or more than one."""
    there = readers(providers)
    if not there:
        raise Missing(
            "no enabled plugin reads files; add `files` to TRAINING_ANALYZER_PLUGINS, in this terminal or in "
            "the file .env of this folder"
        )
    if len(there) > 1:
        raise Missing(f"several enabled plugins read files ({', '.join(there)}); enable one of them")
    return next(iter(there.items()))


def look(path: Path, endings: Sequence[str] = ()) -> Iterator[Found]:
    """
    Yield the file, or the files in a folder and below, in the order of their names.

    In a folder, hidden files are passed over, and such as end otherwise than `endings` say, if these say
    anything. Links to folders are not followed. Raises OSError.
    """
    if not path.is_dir():
        yield _found(path, path.name)
        return
    for folder, folders, files in os.walk(path):
        folders.sort()
        for name in sorted(files):
            inside = Path(folder) / name
            is_hidden = any(part.startswith(".") for part in inside.relative_to(path).parts)
            wanted = not endings or name.lower().endswith(tuple(endings))
            if wanted and not is_hidden and inside.is_file():
                yield _found(inside, str(inside.relative_to(path)))


def bundles(files: Iterable[Found]) -> Iterator[list[Found]]:
    """Yield the files in such portions as make an upload."""
    bundle: list[Found] = []
    for file in files:
        if bundle and (len(bundle) >= MOST_FILES or sum(one.size for one in bundle) + file.size > MOST_BYTES):
            yield bundle
            bundle = []
        bundle.append(file)
    if bundle:
        yield bundle


@dataclass(frozen=True, slots=True)
class Desk:
    """Where an athlete's files are handed over. `owe` writes what an event owes."""

    database: Database
    athlete_id: UUID
    provider: str
    origin: Origin
    owe: Callable[[Transaction, Event], None]
    begun: list[UUID] = field(default_factory=list)
    """The uploads that were handed over here as a whole."""

    def new(self, files: Sequence[Found]) -> list[Found]:
        """Return those that were not handed over before, as they are now."""
        with self.database.transaction(self.athlete_id) as tx:
            taken = upload_files.taken(tx, self.athlete_id, [file.identity for file in files])
        return [file for file in files if file.identity not in taken]

    def unfinished(self, files: Sequence[Found]) -> list[UUID]:
        """Return the uploads in which these are that are still being read."""
        with self.database.transaction(self.athlete_id) as tx:
            return upload_files.unfinished(tx, self.athlete_id, [file.identity for file in files])

    def hand_over(self, files: Sequence[Found], *, now: datetime) -> Iterator[int]:
        """
        Store the files, owe the reading of them, and yield the bytes of each step on the way.

        Until the last step, nothing counts as handed over. Raises OSError where a file cannot be read.
        """
        with self.database.transaction(self.athlete_id) as tx:
            uploads.discard_abandoned(tx, self.athlete_id, before=now - uploads.LONGEST_RECEIVING)
            upload_id = uploads.begin(tx, self.athlete_id, self.provider, self.origin, now=now)
        try:
            for file in files:
                yield from self._store(upload_id, file)
        except BaseException:
            with self.database.transaction(self.athlete_id) as tx:
                uploads.discard(tx, upload_id)
            raise
        with self.database.transaction(self.athlete_id) as tx:
            uploads.received(tx, upload_id, now=now)
            upload = uploads.find(tx, upload_id)
            assert upload is not None
            self.owe(tx, received_event(tx, upload))
        self.begun.append(upload_id)

    def _store(self, upload_id: UUID, file: Found) -> Iterator[int]:
        with file.path.open("rb") as content:
            with self.database.transaction(self.athlete_id) as tx:
                file_id = upload_files.add(tx, self.athlete_id, upload_id, file.name, identity=file.identity)
            number = 0
            while piece := content.read(PIECE_BYTES):
                with self.database.transaction(self.athlete_id) as tx:
                    upload_pieces.add(tx, self.athlete_id, file_id, number, piece)
                number += 1
                yield len(piece)


def _found(path: Path, name: str) -> Found:
    state = path.stat()
    identity = f"{as_text(path.resolve())}|{state.st_size}|{state.st_mtime_ns}"
    return Found(path, as_text(name), state.st_size, identity)


def as_text(name: str | Path) -> str:
    """Return a name as text. In old archives it may be no UTF-8: then it shows the bytes that are none."""
    return os.fsencode(name).decode("utf-8", errors="backslashreplace")
