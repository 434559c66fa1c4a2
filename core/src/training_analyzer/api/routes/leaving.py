"""Taking one's data along, and going: the export of everything, and the end of an athlete."""

from collections.abc import Iterator
from typing import Final

from fastapi import APIRouter, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict

from training_analyzer.api.answers.erasures import ErasureAnswer
from training_analyzer.api.confirming import Confirmation
from training_analyzer.api.dependencies import LoggedIn
from training_analyzer.api.exporting import export
from training_analyzer.api.openapi import OF_A_BODY, problems
from training_analyzer.api.problems import Kind
from training_analyzer.api.requests import GivenPassword
from training_analyzer.domain.docstrings import describe_fields
from training_analyzer.ingestion import disconnecting

router = APIRouter(prefix="/me", tags=["athletes"], responses=problems(Kind.UNAUTHENTICATED))

ZIP: Final = "application/zip"


class Leaving(BaseModel):
    """The password once more."""

    model_config = ConfigDict(extra="forbid", json_schema_extra=describe_fields)

    password: GivenPassword
    """The athlete's own, once more."""


@router.get(
    "/export", response_class=Response, responses={200: {"content": {ZIP: {}}, "description": "A zip."}}
)
def export_everything(session: LoggedIn) -> StreamingResponse:
    """
    Return everything that is held of the athlete, as a zip.

    `documents/` has what providers sent, byte for byte; `data/` the rest, one JSON file a table.
    """
    pieces: Iterator[bytes] = export(session.runtime.database, session.athlete_id, now=session.runtime.now())
    return StreamingResponse(
        pieces,
        media_type=ZIP,
        headers={"Content-Disposition": 'attachment; filename="training-analyzer.zip"'},
    )


@router.delete("", responses=problems(*OF_A_BODY, Kind.WRONG_CREDENTIALS, Kind.TOO_MANY_ATTEMPTS, Kind.BUSY))
def erase_everything(session: LoggedIn, leaving: Leaving, confirmation: Confirmation) -> ErasureAnswer:
    """
    Erase the athlete and everything that is held of them, at once. There is no way back.

    Providers are told first. The password is asked for again.
    """
    runtime = session.runtime
    confirmation.require(leaving.password, otherwise="Nothing was erased.")
    return ErasureAnswer.of(
        disconnecting.erase_athlete(
            runtime.database,
            runtime.known_source,
            session.athlete_id,
            runtime.keys,
            asked_by="athlete",
            now=runtime.now(),
        )
    )
