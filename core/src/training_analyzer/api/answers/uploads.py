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
    """Of the upload."""
    state: Literal["receiving", "reading", "given_up", "done"]
    """`receiving`: not all has come. `reading`: it is read in the background. `given_up`: reading failed too
    often; what came waits until `POST /parked/retry` has it tried again."""
    given_up_because: str | None
    """Why it was given up; null where it was not."""
    provider: str
    """The plugin that reads the files."""
    created_at: datetime
    """When it began."""
    done_at: datetime | None
    """When everything was read; null before."""
    files: int
    """How many were handed over. An archive is one."""
    bytes: int
    """How much was handed over."""
    files_read: int
    """Files in archives included."""
    files_known: int
    """How many there are to read, as far as is known: an archive inside an archive adds to it."""
    added: int
    """Recordings that were not here before."""
    changed: int
    """Recordings of which these files say more than was known."""
    known: int
    """Recordings that were here already."""
    refused: int
    """Files that could not be read: their results say why."""
    activities: int
    """Of how many sessions these recordings are, as far as they are measured: fewer where FIT and TCX of one
    came together."""


class UploadBegun(Answer):
    """Files that have come, and are read in the background."""

    id: UUID
    """Of the upload."""
    files: int
    """How many have come. An archive is one."""
    bytes: int
    """How much has come."""
    progress: str
    """Where to ask how far it is."""


class UploadResultPage(Answer):
    """What became of each activity, in the order of the files."""

    items: list[UploadResultAnswer]
    """At most `limit`."""
    next_cursor: str | None
    """Pass it as `cursor` for the next page; null on the last one."""


class UploadPage(Answer):
    """The athlete's uploads, newest first."""

    items: list[UploadAnswer]
    """At most `limit`."""
    next_cursor: str | None
    """Pass it as `cursor` for the next page; null on the last one."""


class KnownFile(Answer):
    """A file that was handed over before."""

    sha256: str
    """Of its bytes, in hexadecimal."""
    upload_id: UUID
    """The upload that it came with."""
    state: Literal["reading", "done"]
    """`reading`: it has come, and is not read yet."""


class KnownFiles(Answer):
    """Those of the files that were asked for that were handed over before."""

    items: list[KnownFile]
    """Those that are known; the others are not here yet."""
