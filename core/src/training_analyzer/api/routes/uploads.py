"""Files that athletes hand over: received as they come, read in the background."""

from contextlib import suppress
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response, status
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import ClientDisconnect

from training_analyzer.api.answers.uploads import (
    KnownFile,
    KnownFiles,
    UploadAnswer,
    UploadBegun,
    UploadPage,
    UploadResultAnswer,
    UploadResultPage,
)
from training_analyzer.api.dependencies import MayRead, MayWrite
from training_analyzer.api.openapi import OF_A_BODY, problems
from training_analyzer.api.paging import read_number, read_upload_cursor, write_number, write_upload_cursor
from training_analyzer.api.paths import UploadId
from training_analyzer.api.problems import Kind, Problem, invalid
from training_analyzer.api.receiving import Begins, Malformed, arrivals
from training_analyzer.api.upload_receiver import IDENTITY, Receiver, identity
from training_analyzer.domain.docstrings import describe_fields
from training_analyzer.ingestion.handing_over import readers
from training_analyzer.runtime import Runtime
from training_analyzer.storage import upload_files, upload_results, uploads
from training_analyzer.storage.database import Transaction
from training_analyzer.storage.uploads import Upload

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
    receiver = Receiver(session, reader(session.runtime, provider))
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
def list_uploads(
    session: MayRead,
    limit: Annotated[int, Query(ge=1, le=200, description="How many at most.")] = 50,
    cursor: Annotated[str | None, Query(max_length=200, description="`next_cursor` of a page.")] = None,
) -> UploadPage:
    """List the athlete's uploads, newest first."""
    with session.transaction() as tx:
        found = uploads.newest(tx, session.athlete_id, limit=limit + 1, behind=read_upload_cursor(cursor))
        return UploadPage(
            items=[_answer(tx, upload) for upload in found[:limit]],
            next_cursor=write_upload_cursor(found[limit - 1]) if len(found) > limit else None,
        )


class KnownRequest(BaseModel):
    """Files, each by the SHA-256 of its bytes, in hexadecimal."""

    model_config = ConfigDict(extra="forbid", json_schema_extra=describe_fields)

    sha256: Annotated[list[Annotated[str, Field(pattern="^[0-9a-f]{64}$")]], Field(max_length=1000)]
    """Of each file's bytes, in hexadecimal."""


@router.post("/known", responses=problems(*OF_A_BODY))
def known_files(session: MayWrite, wanted: KnownRequest) -> KnownFiles:
    """Tell which of these files were handed over before, so that they need not be sent again."""
    with session.transaction() as tx:
        found = upload_files.with_identities(
            tx, session.athlete_id, [identity(digest) for digest in wanted.sha256]
        )
    return KnownFiles(
        items=[
            KnownFile(sha256=known.removeprefix(IDENTITY), upload_id=upload_id, state=state)
            for known, upload_id, state in found
        ]
    )


@router.get("/{upload_id}", responses=problems(Kind.NOT_FOUND))
def read_upload(session: MayRead, upload_id: UploadId) -> UploadAnswer:
    """Return how far an upload is, and what became of its files in numbers."""
    with session.transaction() as tx:
        return _answer(tx, _own(tx, upload_id))


@router.get("/{upload_id}/results", responses=problems(Kind.NOT_FOUND))
def list_upload_results(
    session: MayRead,
    upload_id: UploadId,
    outcome: Annotated[
        Literal["added", "changed", "known", "refused"] | None, Query(description="Default: all of them.")
    ] = None,
    limit: Annotated[int, Query(ge=1, le=1000, description="How many at most.")] = 200,
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
        state=upload.state if upload.given_up is None else "given_up",
        given_up_because=upload.given_up,
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
        activities=progress.activities,
    )
