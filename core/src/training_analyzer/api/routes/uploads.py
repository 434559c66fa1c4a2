"""Files that athletes hand over: received as they come, read in the background."""

import hashlib
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response, status
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import ClientDisconnect

from training_analyzer import pipeline
from training_analyzer.api.answers.uploads import (
    KnownFile,
    KnownFiles,
    UploadAnswer,
    UploadBegun,
    UploadList,
    UploadResultAnswer,
    UploadResultPage,
)
from training_analyzer.api.dependencies import MayRead, MayWrite, Session
from training_analyzer.api.openapi import OF_A_BODY, problems
from training_analyzer.api.paging import read_number, write_number
from training_analyzer.api.problems import Kind, Problem, invalid
from training_analyzer.api.receiving import Begins, Malformed, arrivals
from training_analyzer.ingestion.handing_over import readers
from training_analyzer.ingestion.uploads import received_event
from training_analyzer.runtime import Runtime
from training_analyzer.storage import upload_pieces, upload_results, uploads
from training_analyzer.storage.database import Transaction
from training_analyzer.storage.upload_pieces import PIECE_BYTES
from training_analyzer.storage.uploads import Upload

MEGABYTE: Final = 1_000_000
MOST_LISTED: Final = 100
LOOK_AGAIN_BYTES: Final = 16 * MEGABYTE
"""Several uploads at once share a limit: so often, each looks what the others have brought."""
_IDENTITY: Final = "sha256:"
HANG_UP: Final = {"Connection": "close"}
"""What is still on its way is not wanted: nobody reads ten gigabytes to throw them away."""

router = APIRouter(prefix="/uploads", tags=["uploads"], responses=problems(Kind.UNAUTHENTICATED))

FORM: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "properties": {
                        "file": {"type": "array", "items": {"type": "string", "format": "binary"}},
                    },
                    "required": ["file"],
                }
            }
        },
    }
}


@router.post(
    "",
    status_code=status.HTTP_202_ACCEPTED,
    responses=problems(Kind.MALFORMED_REQUEST, Kind.TOO_LARGE, Kind.UNKNOWN_PROVIDER),
    openapi_extra=FORM,
)
async def upload(
    session: MayWrite,
    request: Request,
    response: Response,
    provider: Annotated[
        str | None, Query(max_length=100, description="Which plugin reads them. Default: the only one.")
    ] = None,
) -> UploadBegun:
    """
    Hand over files: FIT, TCX, GPX, packed or not, or archives of them; as many as you like.

    They are stored as they arrive and read in the background. `GET /uploads/{id}` tells how far that is.
    """
    receiver = _Receiver(session, reader(session.runtime, provider))
    announced = request.headers.get("content-length", "")
    await run_in_threadpool(receiver.begin, int(announced) if announced.isdigit() else 0)
    try:
        async for arrival in arrivals(request.headers.get("content-type", ""), request.stream()):
            if isinstance(arrival, Begins):
                await run_in_threadpool(receiver.next_file, arrival.name)
            elif receiver.take(arrival.body):
                await run_in_threadpool(receiver.flush)
        begun = await run_in_threadpool(receiver.finish)
    except Malformed as error:
        await run_in_threadpool(receiver.discard)
        raise Problem(Kind.MALFORMED_REQUEST, str(error)) from error
    except ClientDisconnect as error:
        await run_in_threadpool(receiver.discard)
        raise Problem(Kind.MALFORMED_REQUEST, "The connection was cut off before all had come.") from error
    except Exception:
        with suppress(Exception):
            await run_in_threadpool(receiver.discard)
        raise
    except BaseException:  # cancelled: whoever waits for us to end waits for this too
        with suppress(Exception):
            receiver.discard()
        raise
    response.headers["Location"] = begun.progress
    return begun


@router.get("")
def list_uploads(session: MayRead) -> UploadList:
    """List the athlete's newest uploads, a hundred at most."""
    with session.transaction() as tx:
        found = uploads.newest(tx, session.athlete_id, limit=MOST_LISTED)
        return UploadList(items=[_answer(tx, upload) for upload in found])


class KnownRequest(BaseModel):
    """Files, each by the SHA-256 of its bytes, in hexadecimal."""

    model_config = ConfigDict(extra="forbid")

    sha256: Annotated[list[Annotated[str, Field(pattern="^[0-9a-f]{64}$")]], Field(max_length=1000)]


@router.post("/known", responses=problems(*OF_A_BODY))
def known_files(session: MayWrite, wanted: KnownRequest) -> KnownFiles:
    """Tell which of these files were handed over before, so that they need not be sent again."""
    with session.transaction() as tx:
        found = uploads.with_identities(
            tx, session.athlete_id, [_identity(digest) for digest in wanted.sha256]
        )
    return KnownFiles(
        items=[
            KnownFile(sha256=identity.removeprefix(_IDENTITY), upload_id=upload_id, state=state)
            for identity, upload_id, state in found
        ]
    )


@router.get("/{upload_id}", responses=problems(Kind.NOT_FOUND))
def read_upload(session: MayRead, upload_id: UUID) -> UploadAnswer:
    """Return how far an upload is, and what became of its files in numbers."""
    with session.transaction() as tx:
        return _answer(tx, _own(tx, upload_id))


@router.get("/{upload_id}/results", responses=problems(Kind.NOT_FOUND))
def list_upload_results(
    session: MayRead,
    upload_id: UUID,
    outcome: Literal["added", "changed", "known", "refused"] | None = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 200,
    cursor: Annotated[str | None, Query(max_length=200, description="`next_cursor` of a page.")] = None,
) -> UploadResultPage:
    """Return what became of each activity and each file that holds none, in the order of the files."""
    with session.transaction() as tx:
        _own(tx, upload_id)
        found = upload_results.listed(
            tx, upload_id, outcome=outcome, behind=read_number(cursor), limit=limit + 1
        )
    return UploadResultPage(
        items=[
            UploadResultAnswer(
                name=result.name,
                outcome=result.outcome,
                reason=result.reason,
                activity_id=activity_id,
            )
            for _, result, activity_id in found[:limit]
        ],
        next_cursor=write_number(found[limit - 1][0]) if len(found) > limit else None,
    )


@dataclass(slots=True)
class _Receiver:
    """Puts what arrives into the database, piece by piece."""

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
            self.file_id = uploads.add_file(tx, self.session.athlete_id, self.upload_id, name or "unnamed")
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
            pipeline.record(tx, [received_event(tx, _own(tx, self.upload_id))], now=now)
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
            uploads.identify(tx, self.file_id, _identity(self.digest.hexdigest()))
        self.piece.clear()
        self.digest = hashlib.sha256()

    def _store(self, tx: Transaction, body: bytes) -> None:
        upload_pieces.add(tx, self.session.athlete_id, self.file_id, self.number, body)
        self.number += 1
        self.waiting += len(body)
        self.unseen += len(body)
        if self.unseen >= LOOK_AGAIN_BYTES:
            self.waiting, self.unseen = upload_pieces.waiting_bytes(tx, self.session.athlete_id), 0


def _identity(digest: str) -> str:
    return f"{_IDENTITY}{digest}"


def reader(runtime: Runtime, wanted: str | None) -> str:
    """Return the plugin that reads uploads. Raises Problem where there is none, or it is not clear which."""
    there = list(readers(runtime.registry.providers))
    if wanted is not None and wanted in there:
        return wanted
    if wanted is None and len(there) == 1:
        return there[0]
    if not there:
        raise Problem(
            Kind.UNKNOWN_PROVIDER,
            "Nothing here reads files. Ask whoever runs this server to enable the plugin `files`.",
        )
    if wanted is None:
        raise invalid("query", "provider", f"Say which plugin reads the files: {', '.join(there)}.")
    raise Problem(Kind.UNKNOWN_PROVIDER, f"{wanted!r} reads no files here. There are: {', '.join(there)}.")


def _own(tx: Transaction, upload_id: UUID) -> Upload:
    found = uploads.find(tx, upload_id)
    if found is None:
        raise Problem(Kind.NOT_FOUND, "You have no such upload. `GET /api/v1/uploads` lists yours.")
    return found


def _answer(tx: Transaction, upload: Upload) -> UploadAnswer:
    progress = uploads.progress(tx, upload.id)
    return UploadAnswer(
        id=upload.id,
        state=upload.state,
        provider=upload.provider,
        created_at=upload.created_at,
        done_at=upload.done_at,
        files=progress.files,
        bytes=progress.bytes,
        files_read=progress.files_read,
        files_known=progress.files_known,
        added=progress.outcomes.get("added", 0),
        changed=progress.outcomes.get("changed", 0),
        known=progress.outcomes.get("known", 0),
        refused=progress.outcomes.get("refused", 0),
    )
