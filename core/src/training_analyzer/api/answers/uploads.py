"""Uploads, as the API answers with them."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from training_analyzer.api.answers.answer import Answer


class UploadResultAnswer(Answer):
    """What became of one activity, or of one file that holds none."""

    name: str
    """The file's name; in an archive, its path there."""
    outcome: Literal["added", "changed", "known", "refused"]
    """`changed`: it was there, and this archive says more of it. `known`: it was there already."""
    reason: str | None
    """Why it was refused."""
    activity_id: UUID | None
    """Null while it is being measured."""


class UploadAnswer(Answer):
    """Files that were handed over at once, and what became of them."""

    id: UUID
    state: Literal["receiving", "reading", "done"]
    provider: str
    created_at: datetime
    done_at: datetime | None
    files: int
    """How many were handed over. An archive is one."""
    bytes: int
    files_read: int
    """Files in archives included."""
    files_known: int
    """How many there are to read, as far as is known: an archive inside an archive adds to it."""
    added: int
    changed: int
    known: int
    refused: int


class UploadBegun(Answer):
    """Files that have come, and are read in the background."""

    id: UUID
    files: int
    bytes: int
    progress: str
    """Where to ask how far it is."""


class UploadResultPage(Answer):
    """What became of each activity, in the order of the files."""

    items: list[UploadResultAnswer]
    next_cursor: str | None


class UploadList(Answer):
    """The athlete's uploads, newest first."""

    items: list[UploadAnswer]


class KnownFile(Answer):
    """A file that was handed over before."""

    sha256: str
    upload_id: UUID
    state: Literal["reading", "done"]


class KnownFiles(Answer):
    """Those of the files that were asked for that were handed over before."""

    items: list[KnownFile]
