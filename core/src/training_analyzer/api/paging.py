"""Cursors: where the next page of a list begins, opaque to whoever holds them."""

import base64
import json
from datetime import date, datetime
from typing import Final
from uuid import UUID

from training_analyzer.api.problems import Problem, invalid
from training_analyzer.domain.insight import Insight, InsightKind
from training_analyzer.storage import insights, uploads
from training_analyzer.storage.activities import Place

_STRANGE: Final = (ValueError, TypeError, AttributeError, RecursionError)
"""What reading may raise where somebody made up a cursor; `binascii.Error` is a `ValueError`."""


def write_cursor(place: Place | None) -> str | None:
    """Return where the page behind an activity begins; None where there is none."""
    if place is None:
        return None
    return _written(place.started_at.isoformat(), place.id.hex)


def read_cursor(cursor: str | None) -> Place | None:
    """Return the place. Raises Problem where the cursor is not one of ours."""
    if cursor is None:
        return None
    try:
        started_at, activity_id = _read(cursor)
        return Place(_moment(started_at), UUID(activity_id))
    except _STRANGE:
        raise _not_ours() from None


def write_insight_cursor(insight_id: UUID, insight: Insight) -> str:
    """Return where the page behind an insight begins."""
    return _written(
        insight.last_day.isoformat(), insight.kind, insight.written_at.isoformat(), insight_id.hex
    )


def read_insight_cursor(cursor: str | None) -> insights.Place | None:
    """Return the place. Raises Problem where the cursor is not one of ours."""
    if cursor is None:
        return None
    try:
        last_day, kind, written_at, insight_id = _read(cursor)
        return insights.Place(
            date.fromisoformat(last_day), InsightKind(kind), _moment(written_at), UUID(insight_id)
        )
    except _STRANGE:
        raise _not_ours() from None


def write_upload_cursor(upload: uploads.Upload) -> str:
    """Return where the page behind an upload begins."""
    return _written(upload.created_at.isoformat(), upload.id.hex)


def read_upload_cursor(cursor: str | None) -> uploads.Place | None:
    """Return the place. Raises Problem where the cursor is not one of ours."""
    if cursor is None:
        return None
    try:
        created_at, upload_id = _read(cursor)
        return uploads.Place(_moment(created_at), UUID(upload_id))
    except _STRANGE:
        raise _not_ours() from None


def write_number(number: int) -> str:
    return base64.urlsafe_b64encode(str(number).encode()).decode().rstrip("=")


def read_number(cursor: str | None) -> int:
    """Return the number behind which the page begins. Raises Problem where the cursor is not one of ours."""
    if cursor is None:
        return 0
    try:
        number = int(_decoded(cursor))
    except _STRANGE:
        number = -1
    if not 0 <= number < 2**63:
        raise _not_ours()
    return number


def _written(*parts: str) -> str:
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


def _read(cursor: str) -> list[str]:
    parts: list[str] = json.loads(_decoded(cursor))
    return parts


def _decoded(cursor: str) -> bytes:
    return base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)


def _moment(written: str) -> datetime:
    moment = datetime.fromisoformat(written)
    if moment.tzinfo is None:
        raise ValueError(written)
    return moment


def _not_ours() -> Problem:
    return invalid("query", "cursor", "This is not a cursor of ours. Pass `next_cursor` as you got it.")
