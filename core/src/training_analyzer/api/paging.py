"""Cursors: where the next page of a list begins, opaque to whoever holds them."""

import base64
import binascii
import json
from datetime import datetime
from uuid import UUID

from training_analyzer.api.problems import invalid
from training_analyzer.storage.activities import Place


def write_cursor(place: Place | None) -> str | None:
    if place is None:
        return None
    written = json.dumps([place.started_at.isoformat(), place.id.hex]).encode()
    return base64.urlsafe_b64encode(written).decode().rstrip("=")


def read_cursor(cursor: str | None) -> Place | None:
    """Return the place. Raises Problem where the cursor is not one of ours."""
    if cursor is None:
        return None
    try:
        written = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        started_at, activity_id = json.loads(written)
        place = Place(datetime.fromisoformat(started_at), UUID(activity_id))
    except (ValueError, TypeError, AttributeError, RecursionError, binascii.Error):
        place = None
    if place is None or place.started_at.tzinfo is None:
        raise invalid("query", "cursor", "This is not a cursor of ours. Pass `next_cursor` as you got it.")
    return place


def write_number(number: int) -> str:
    return base64.urlsafe_b64encode(str(number).encode()).decode().rstrip("=")


def read_number(cursor: str | None) -> int:
    """Return the number behind which the page begins. Raises Problem where the cursor is not one of ours."""
    if cursor is None:
        return 0
    try:
        number = int(base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True))
    except (ValueError, binascii.Error):
        number = -1
    if not 0 <= number < 2**63:
        raise invalid("query", "cursor", "This is not a cursor of ours. Pass `next_cursor` as you got it.")
    return number
