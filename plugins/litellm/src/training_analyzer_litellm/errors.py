"""
What LiteLLM raises, as the errors that the core knows: one table.

LiteLLM gives its errors the classes of the OpenAI SDK, and loses some of what the services said: an
answer that could not be read comes as a failed connection or a server's error.
"""

import re
from datetime import datetime, timedelta
from typing import Any, Final

from litellm import exceptions

from training_analyzer.sdk import (
    BadData,
    BadRequest,
    Misconfigured,
    NotAuthorized,
    PluginError,
    QuotaSpent,
    RateLimited,
    Refused,
    TimedOut,
    Unavailable,
    told_to_wait,
)

_UNREADABLE: Final = re.compile(
    r"Expecting value|200 OK|no 'choices'|has no attribute|json_validate|Failed to generate JSON",
    re.IGNORECASE,
)
"""An answer came, and was none: the service may have billed it."""
_PER_DAY: Final = re.compile(r"per ?day|\((?:RPD|TPD)\)|insufficient_quota", re.IGNORECASE)
_RETRY_DELAY: Final = re.compile(r"retryDelay\W+(\d+(?:\.\d+)?)s")
_HTTP_SERVER_ERROR: Final = 500
_CAPACITY_EXCEEDED: Final = 498


# The special before the general. `RateLimited` is handled apart: it needs a time.
_TABLE: Final[tuple[tuple[tuple[type[Exception], ...], type[PluginError]], ...]] = (
    ((exceptions.Timeout,), TimedOut),
    ((exceptions.AuthenticationError, exceptions.PermissionDeniedError), NotAuthorized),
    ((exceptions.ContentPolicyViolationError,), Refused),
    ((exceptions.NotFoundError, exceptions.LiteLLMUnknownProvider), Misconfigured),
    ((exceptions.APIResponseValidationError,), BadData),
    ((exceptions.BadRequestError, exceptions.UnprocessableEntityError), BadRequest),
    ((exceptions.APIConnectionError,), Unavailable),
)


def translated(error: Exception, now: datetime) -> PluginError:
    """Return LiteLLM's error as one of ours; what nobody has foreseen is bad data."""
    message = str(error).removeprefix("litellm.")
    if isinstance(error, exceptions.RateLimitError):
        kind = QuotaSpent if _PER_DAY.search(str(error)) else RateLimited
        return kind(message, retry_at=now + _wait(error))
    if _UNREADABLE.search(str(error)):
        return BadData(message)
    for classes, ours in _TABLE:
        if isinstance(error, classes):
            return ours(message)
    status = getattr(error, "status_code", None)
    if isinstance(status, int) and (status >= _HTTP_SERVER_ERROR or status == _CAPACITY_EXCEEDED):
        return Unavailable(message)
    return BadData(f"LiteLLM's answer could not be read: {type(error).__name__}")


def _wait(error: Exception) -> timedelta:
    headers: Any = getattr(error, "litellm_response_headers", None) or {}
    return told_to_wait(headers.get("retry-after") or next(iter(_RETRY_DELAY.findall(str(error))), None))
