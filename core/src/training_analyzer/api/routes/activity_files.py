"""An activity as a file: the one that it came as, or one that other programs read."""

from typing import Annotated, Final

from fastapi import APIRouter, Query, Response

from training_analyzer.api.dependencies import MayRead
from training_analyzer.api.openapi import problems
from training_analyzer.api.paths import ActivityId
from training_analyzer.api.problems import Kind
from training_analyzer.processing import handing_back

router = APIRouter(prefix="/activities", tags=["activities"], responses=problems(Kind.UNAUTHENTICATED))

BYTES: Final = {"type": "string", "format": "binary"}
WRITTEN_AS: Final = (
    "application/vnd.ant.fit",
    "application/vnd.garmin.tcx+xml",
    "application/gpx+xml",
    "application/gzip",
    "application/octet-stream",
    "*/*",
)
"""Media types of activities; the last stands for those of plugins that the core does not know."""


@router.get(
    "/{activity_id}/export",
    response_class=Response,
    responses={
        200: {
            "description": "The file, with its media type and a name.",
            "content": {media_type: {"schema": BYTES} for media_type in WRITTEN_AS},
        },
        **problems(Kind.NOT_FOUND, Kind.NOT_POSSIBLE),
    },
)
def export_activity(
    session: MayRead,
    activity_id: ActivityId,
    format_name: Annotated[
        str,
        Query(
            alias="format",
            pattern=r"^[a-z0-9_]{1,20}$",
            description="`original`: byte for byte as it came; `fit` or `tcx`: written for other programs.",
        ),
    ] = handing_back.ORIGINAL,
    recording_id: Annotated[
        int | None,
        Query(
            alias="recording",
            ge=1,
            le=2**63 - 1,
            description="Default: the one that leads; of the originals, that of the first that has one.",
        ),
    ] = None,
) -> Response:
    """Return the activity as a file. What came without one, as from Strava, can be written as FIT or TCX."""
    providers = session.runtime.registry.providers
    with session.transaction() as tx:
        make = handing_back.hand_back(tx, activity_id, format_name, providers, recording_id=recording_id)
    file = make()
    return Response(
        file.content,
        media_type=file.media_type,
        headers={"Content-Disposition": f'attachment; filename="{file.name}"'},
    )
