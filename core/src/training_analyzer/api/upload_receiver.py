"""What arrives of an upload, put into the database piece by piece."""

import hashlib
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from training_analyzer import pipeline
from training_analyzer.api.answers.uploads import UploadBegun
from training_analyzer.api.dependencies import Session
from training_analyzer.api.problems import Kind, Problem
from training_analyzer.ingestion.uploads import received_event
from training_analyzer.storage import upload_files, upload_pieces, uploads
from training_analyzer.storage.database import Transaction
from training_analyzer.storage.upload_pieces import PIECE_BYTES

MEGABYTE: Final = 1_000_000
LOOK_AGAIN_BYTES: Final = 16 * MEGABYTE
"""Several uploads at once share a limit: so often, each looks what the others have brought."""
IDENTITY: Final = "sha256:"
HANG_UP: Final = {"Connection": "close"}
"""What is still on its way is not wanted: nobody reads ten gigabytes to throw them away."""


def identity(digest: str) -> str:
    """Return by what a file is known: the hexadecimal SHA-256 of its bytes."""
    return f"{IDENTITY}{digest}"


@dataclass(slots=True)
class Receiver:
    """One upload that is coming in."""

    session: Session
    provider: str
    upload_id: UUID | None = None
    file_id: int = 0
    number: int = 0
    files: int = 0
    size: int = 0
    waiting: int = 0
    """What lies in the database, of this upload and of others that come in at the same time."""
    unseen: int = 0
    """How much of it came in since the others were last looked at."""
    piece: bytearray = field(default_factory=bytearray)
    digest: "hashlib._Hash" = field(default_factory=hashlib.sha256)
    """Of the file so far: by it, nobody has to send the file again."""

    def begin(self, announced: int) -> None:
        """Begin. Raises Problem where the request says that it will be too large."""
        now = self.session.runtime.now()
        with self.session.transaction() as tx:
            uploads.discard_abandoned(tx, self.session.athlete_id, before=now - uploads.LONGEST_RECEIVING)
            self.waiting = upload_pieces.waiting_bytes(tx, self.session.athlete_id)
            self._check(announced)
            self.upload_id = uploads.begin(tx, self.session.athlete_id, self.provider, "api", now=now)

    def next_file(self, name: str) -> None:
        """The former file is whole; another one begins."""
        assert self.upload_id is not None
        limit = self.session.runtime.settings.upload_max_files
        if self.files >= limit:
            raise Problem(
                Kind.TOO_LARGE,
                f"One upload may hold {limit:,} files at most. Send the rest in another, or all in a zip.",
                headers=HANG_UP,
            )
        self._end_file()
        with self.session.transaction() as tx:
            self.file_id = upload_files.add(tx, self.session.athlete_id, self.upload_id, name or "unnamed")
        self.number, self.files = 0, self.files + 1

    def take(self, body: bytes) -> bool:
        """Take bytes, and return whether there are enough to be stored. Raises Problem at the limit."""
        self.size += len(body)
        self.piece += body
        self.digest.update(body)
        self._check(len(self.piece))
        return len(self.piece) >= PIECE_BYTES

    def _check(self, size: int) -> None:
        limit = self.session.runtime.settings.upload_max_megabytes
        if self.waiting + size > limit * MEGABYTE:
            raise Problem(
                Kind.TOO_LARGE,
                f"Files that wait to be read may hold {limit:,} MB together. "
                "Wait until your earlier uploads are done, send fewer at once, or ask whoever runs this "
                "server to raise TRAINING_ANALYZER_UPLOAD_MAX_MEGABYTES.",
                headers=HANG_UP,
            )

    def flush(self) -> None:
        """Store the pieces that are whole."""
        with self.session.transaction() as tx:
            while len(self.piece) >= PIECE_BYTES:
                self._store(tx, bytes(self.piece[:PIECE_BYTES]))
                del self.piece[:PIECE_BYTES]

    def finish(self) -> UploadBegun:
        """Everything has come: owe the reading of it."""
        assert self.upload_id is not None
        if not self.files:
            raise Problem(
                Kind.MALFORMED_REQUEST, "The form holds no file. Send one with `-F file=@ride.fit`."
            )
        self._end_file()
        now = self.session.runtime.now()
        with self.session.transaction() as tx:
            uploads.received(tx, self.upload_id, now=now)
            whole = uploads.find(tx, self.upload_id)
            assert whole is not None
            pipeline.record(tx, [received_event(tx, whole)], now=now)
        return UploadBegun(
            id=self.upload_id,
            files=self.files,
            bytes=self.size,
            progress=f"/api/v1/uploads/{self.upload_id}",
        )

    def discard(self) -> None:
        if self.upload_id is not None:
            with self.session.transaction() as tx:
                uploads.discard(tx, self.upload_id)

    def _end_file(self) -> None:
        """Store what is left of a file, if one was begun, and by what it is known."""
        if not self.files:
            return
        with self.session.transaction() as tx:
            if self.piece:
                self._store(tx, bytes(self.piece))
            upload_files.identify(tx, self.file_id, identity(self.digest.hexdigest()))
        self.piece.clear()
        self.digest = hashlib.sha256()

    def _store(self, tx: Transaction, body: bytes) -> None:
        upload_pieces.add(tx, self.session.athlete_id, self.file_id, self.number, body)
        self.number += 1
        self.waiting += len(body)
        self.unseen += len(body)
        if self.unseen >= LOOK_AGAIN_BYTES:
            self.waiting, self.unseen = upload_pieces.waiting_bytes(tx, self.session.athlete_id), 0
