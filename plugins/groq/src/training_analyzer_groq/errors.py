"""What the SDK raises, as the errors that the core knows: one table."""

from datetime import datetime, timedelta
from typing import Final

import groq

from training_analyzer.sdk import BadData, NotAuthorized, PluginError, RateLimited, Unavailable

DEFAULT_WAIT: Final = timedelta(minutes=1)
"""The window of Groq's token quota, for a refusal that does not say how long it lasts."""

_CAPACITY_EXCEEDED: Final = 498  # Groq's own status
_UNAVAILABLE: Final = {408, _CAPACITY_EXCEEDED}
_HTTP_SERVER_ERROR: Final = 500
_MESSAGE_LENGTH: Final = 200


def translated(error: Exception, now: datetime) -> PluginError:
    """Return the SDK's error as one of ours; what nobody has foreseen is bad data."""
    match error:
        case groq.APIConnectionError():  # timeouts too
            return Unavailable(f"no answer from Groq: {type(error).__name__}")
        case groq.APIStatusError():
            return _answered(error, now)
        case _:
            return BadData(f"Groq's answer could not be read: {type(error).__name__}")


def _answered(error: groq.APIStatusError, now: datetime) -> PluginError:
    message = _message(error)
    match error:
        case groq.RateLimitError():
            return RateLimited(message, retry_at=now + _wait(error))
        case groq.AuthenticationError() | groq.PermissionDeniedError():
            return NotAuthorized(message)
    if error.status_code in _UNAVAILABLE or error.status_code >= _HTTP_SERVER_ERROR:
        return Unavailable(f"status {error.status_code}: {message}")
    return BadData(f"status {error.status_code}: {message}")


def _message(error: groq.APIStatusError) -> str:
    body = error.body
    inner = body.get("error", body) if isinstance(body, dict) else None
    message = inner.get("message") if isinstance(inner, dict) else None
    return str(message or f"status {error.status_code}")[:_MESSAGE_LENGTH]


def _wait(error: groq.RateLimitError) -> timedelta:
    try:
        return timedelta(seconds=float(error.response.headers["retry-after"]))
    except (KeyError, ValueError, OverflowError):
        return DEFAULT_WAIT
