"""What the SDK raises, as the errors that the core knows: one table."""

import re
from datetime import datetime
from typing import Final

import groq

from training_analyzer.sdk import (
    BadData,
    BadRequest,
    Misconfigured,
    NotAuthorized,
    PluginError,
    QuotaSpent,
    RateLimited,
    TimedOut,
    Unavailable,
    told_to_wait,
)
from training_analyzer_groq.limits import read_limits

_PER_DAY: Final = re.compile(r"per day|\((?:RPD|TPD)\)", re.IGNORECASE)
_NOT_A_BUG: Final = {"json_validate_failed"}
"""The model wrote what does not fit the schema: it answered badly, we asked well."""

_CAPACITY_EXCEEDED: Final = 498  # Groq's own status
_UNAVAILABLE: Final = {408, _CAPACITY_EXCEEDED}
_HTTP_SERVER_ERROR: Final = 500


def translated(error: Exception, now: datetime) -> PluginError:
    """Return the SDK's error as one of ours; what nobody has foreseen is bad data."""
    match error:
        case groq.APITimeoutError() if type(error.__cause__).__name__ != "ConnectTimeout":
            # It was sent, and may be billed.
            return TimedOut(f"no answer from Groq: {type(error).__name__}")
        case groq.APIConnectionError():
            return Unavailable(f"no answer from Groq: {type(error).__name__}")
        case groq.APIStatusError():
            return _answered(error, now)
        case _:
            return BadData(f"Groq's answer could not be read: {type(error).__name__}")


def _answered(error: groq.APIStatusError, now: datetime) -> PluginError:
    message = _message(error)
    match error:
        case groq.RateLimitError():
            limits = tuple(read_limits(error.response.headers, now))
            kind = QuotaSpent if _PER_DAY.search(message) else RateLimited
            retry_at = now + told_to_wait(error.response.headers.get("retry-after"))
            return kind(message, retry_at=retry_at, limits=limits)
        case groq.AuthenticationError() | groq.PermissionDeniedError():
            return NotAuthorized(message)
        case groq.NotFoundError():
            return Misconfigured(f"{message} Set another model, or the right base URL.")
        case groq.BadRequestError() if _code(error) in _NOT_A_BUG:
            return BadData(f"status {error.status_code}: {message}")
    if error.status_code in _UNAVAILABLE or error.status_code >= _HTTP_SERVER_ERROR:
        return Unavailable(f"status {error.status_code}: {message}")
    return BadRequest(f"status {error.status_code}: {message}")


def _message(error: groq.APIStatusError) -> str:
    return str(_told(error).get("message") or f"status {error.status_code}")


def _code(error: groq.APIStatusError) -> str:
    return str(_told(error).get("code"))


def _told(error: groq.APIStatusError) -> dict[str, object]:
    body = error.body
    inner = body.get("error", body) if isinstance(body, dict) else None
    return inner if isinstance(inner, dict) else {}
