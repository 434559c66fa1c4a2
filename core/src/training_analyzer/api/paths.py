"""Parts of addresses that name something of the athlete's, and where their ids are told."""

from typing import Annotated
from uuid import UUID

from fastapi import Path

ActivityId = Annotated[UUID, Path(description="The `id` of one of `GET /activities`.")]
ConnectionId = Annotated[UUID, Path(description="The `id` of one of `GET /connections`.")]
InsightId = Annotated[UUID, Path(description="The `id` of one of `GET /insights`.")]
KeyId = Annotated[UUID, Path(description="The `id` of one of `GET /api-keys`.")]
SuggestionId = Annotated[UUID, Path(description="The `id` of one of `GET /me/suggestions`.")]
ThresholdId = Annotated[UUID, Path(description="The `id` of one of `GET /me/thresholds`.")]
UploadId = Annotated[UUID, Path(description="The `id` of one of `GET /uploads`.")]
DocumentId = Annotated[
    int, Path(ge=1, le=2**63 - 1, description="The `id` of one of an activity's `documents`.")
]
RecordingPath = Annotated[
    int, Path(ge=1, le=2**63 - 1, description="The `id` of one of the activity's `recordings`.")
]
