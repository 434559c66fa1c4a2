"""What the SDK raises, as the errors that the core knows: one table."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any, Final

from google.genai import errors

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

# Daily quotas are renewed at midnight Pacific time (ai.google.dev/gemini-api/docs/rate-limits). In
# summer this is an hour late, which does no harm.
PACIFIC: Final = timezone(timedelta(hours=-8))

_HTTP_NOT_FOUND: Final = 404
_HTTP_REQUEST_TIMEOUT: Final = 408
_HTTP_TOO_MANY_REQUESTS: Final = 429
_HTTP_GATEWAY_TIMEOUT: Final = 504
_HTTP_SERVER_ERROR: Final = 500


def translated(error: Exception, now: datetime) -> PluginError:
    """Return the SDK's error as one of ours; what nobody has foreseen is bad data."""
    if isinstance(error, errors.APIError):
        return _answered(error, now)
    # The SDK lets its HTTP library's errors through: httpx2, or httpx where so configured.
    if type(error).__module__.partition(".")[0] in {"httpx", "httpx2"}:
        name = type(error).__name__
        # What was not sent cannot be billed; what was sent and not answered can.
        kind = TimedOut if name in {"ReadTimeout", "WriteTimeout"} else Unavailable
        return kind(f"no answer from Gemini: {name}")
    return BadData(f"Gemini's answer could not be read: {type(error).__name__}")


def _answered(error: errors.APIError, now: datetime) -> PluginError:
    details = _details(error)
    message = error.message or f"status {error.code}"
    if error.code == _HTTP_TOO_MANY_REQUESTS:
        if _day_is_spent(details):
            return QuotaSpent(message, retry_at=_next_midnight(now))
        return RateLimited(message, retry_at=_retry_at(details, now))
    if error.code in {401, 403} or any(detail.get("reason") == "API_KEY_INVALID" for detail in details):
        return NotAuthorized(message)
    if error.status == "FAILED_PRECONDITION":
        # The free tier is not offered in the athlete's country, or billing is off.
        return NotAuthorized(message)
    if error.code == _HTTP_NOT_FOUND:
        return Misconfigured(f"{message} Set another model.")
    if error.code == _HTTP_GATEWAY_TIMEOUT:
        return TimedOut(f"status {error.code}: {message}")
    if error.code == _HTTP_REQUEST_TIMEOUT or error.code >= _HTTP_SERVER_ERROR:
        return Unavailable(f"status {error.code}: {message}")
    return BadRequest(f"status {error.code}: {message}")


def _details(error: errors.APIError) -> list[dict[str, Any]]:
    body: Any = error.details
    if isinstance(body, dict):
        body = body.get("error", body)
    found = body.get("details") if isinstance(body, dict) else None
    return [detail for detail in found if isinstance(detail, dict)] if isinstance(found, list) else []


def _day_is_spent(details: list[dict[str, Any]]) -> bool:
    violations = [violation for detail in details for violation in detail.get("violations") or []]
    return any("PerDay" in str(violation.get("quotaId", "")) for violation in violations)


def _next_midnight(now: datetime) -> datetime:
    today = now.astimezone(PACIFIC).replace(hour=0, minute=0, second=0, microsecond=0)
    return (today + timedelta(days=1)).astimezone(UTC)


def _retry_at(details: list[dict[str, Any]], now: datetime) -> datetime:
    delays = (detail["retryDelay"] for detail in details if detail.get("retryDelay"))
    return now + told_to_wait(next(delays, None))
